//! Which pair is merged next: the most frequent one; of equally frequent ones, the one whose symbols
//! came first.
//!
//! Most pairs are rare and never come to the top. They wait in a bucket for each count, where putting
//! and forgetting them costs next to nothing; only what is at the top is kept in order, in a heap. The
//! places of all pairs of a bucket lie behind each other, and go with it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::counts::{PairCounts, priority};
use super::pairs::Pair;

/// Pairs that occur less often than this have buckets.
const BUCKETS: usize = 1 << 14;

/// Pairs that were equally frequent when they were queued, one behind the other: its two symbols, its
/// order, the number of its places, the places.
#[derive(Default)]
struct Bucket(Vec<u32>);

/// What lies before the places of a pair.
const HEAD: usize = 4;

impl Bucket {
    fn put(&mut self, pair: Pair, order: u32, places: &[u32]) -> usize {
        let at = self.0.len();
        self.0.extend_from_slice(&[pair.0, pair.1, order, places.len() as u32]);
        self.0.extend_from_slice(places);
        at
    }

    fn places(&self, at: usize) -> &[u32] {
        &self.0[at + HEAD..][..self.0[at + HEAD - 1] as usize]
    }

    /// All pairs, with their order and where they are.
    fn iter(&self) -> impl Iterator<Item = (Pair, u32, usize)> + '_ {
        let mut next = 0;
        std::iter::from_fn(move || {
            let at = next;
            let &[left, right, order, places] = self.0.get(at..at + HEAD)?.first_chunk()?;
            next += HEAD + places as usize;
            Some((Pair(left, right), order, at))
        })
    }
}

/// By count; of equal ones, the pair whose symbols came first.
type Key = (u64, Reverse<(Pair, u32)>);

/// The pair that is next.
pub(crate) struct Queued {
    pub(crate) count: u64,
    pub(crate) pair: Pair,
    at: usize,
}

/// Pairs by count. A count that has changed since is noticed when the pair is taken.
#[derive(Default)]
pub(crate) struct Queue {
    /// All pairs with a count of at least `buckets.len()`, and where they are in `reached`.
    top: BinaryHeap<(Key, usize)>,
    reached: Bucket,
    /// The others, by count; the buckets of counts that have been reached are gone.
    buckets: Vec<Bucket>,
    /// How often was pushed. Of a pair that is queued twice, the places of the earlier time come first.
    pushed: u32,
}

impl Queue {
    /// No pairs.
    pub(crate) fn new() -> Self {
        let buckets = (0..BUCKETS).map(|_| Bucket::default()).collect();
        Self { buckets, ..Self::default() }
    }

    /// Queue a pair with the places in which it came up.
    pub(crate) fn push(&mut self, pair: Pair, count: i64, places: &[u32]) {
        let (order, count) = (self.pushed, priority(count));
        self.pushed = self.pushed.saturating_add(1);
        if let Some(bucket) = bucket(&mut self.buckets, count) {
            bucket.put(pair, order, places);
        } else {
            let at = self.reached.put(pair, order, places);
            self.top.push(((count, Reverse((pair, order))), at));
        }
    }

    /// The places of a pair that was taken just now.
    pub(crate) fn places(&self, of: &Queued) -> &[u32] {
        self.reached.places(of.at)
    }

    /// Take the next pair, its count as it is now.
    pub(crate) fn pop(&mut self, counts: &PairCounts) -> Option<Queued> {
        loop {
            let Some(((then, Reverse((pair, order))), at)) = self.top.pop() else {
                // The next lower count has its turn.
                let count = self.buckets.len().checked_sub(1)? as u64;
                self.reached = self.buckets.pop()?;
                let keyed = self.reached.iter().map(|(pair, order, at)| {
                    counts.expect(pair);
                    ((count, Reverse((pair, order))), at)
                });
                self.top = keyed.collect();
                continue;
            };
            let count = counts.priority(pair);
            if count == then {
                return Some(Queued { count, pair, at });
            }
            if let Some(bucket) = bucket(&mut self.buckets, count) {
                bucket.put(pair, order, self.reached.places(at));
            } else {
                self.top.push(((count, Reverse((pair, order))), at));
            }
        }
    }
}

fn bucket(buckets: &mut [Bucket], count: u64) -> Option<&mut Bucket> {
    buckets.get_mut(usize::try_from(count).unwrap_or(usize::MAX))
}
