//! Which pair is merged next: the most frequent one; of equally frequent ones, the one whose symbols
//! came first.
//!
//! Most pairs are rare and never come to the top. They wait in a bucket for each count, where putting
//! and forgetting them costs next to nothing; only what is at the top is kept in order, in a heap.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::pairs::{Pair, PairCounts, priority};

/// Pairs that occur less often than this have buckets.
const BUCKETS: usize = 1 << 14;

/// So many words are kept in a queued pair itself.
const INLINE: usize = 5;

/// The words in which a pair came up.
pub(crate) enum Stands {
    /// Few.
    Few(u8, [u32; INLINE]),
    /// Many.
    Many(Box<[u32]>),
}

impl Stands {
    fn new(words: &[u32]) -> Self {
        if words.len() > INLINE {
            return Self::Many(words.into());
        }
        let mut few = [0; INLINE];
        few[..words.len()].copy_from_slice(words);
        Self::Few(words.len() as u8, few)
    }

    /// The words.
    pub(crate) fn words(&self) -> &[u32] {
        match self {
            Self::Few(length, words) => &words[..usize::from(*length)],
            Self::Many(words) => words,
        }
    }
}

/// A pair, with the words in which it came up in one round.
pub(crate) struct Queued {
    pub(crate) count: u64,
    pub(crate) pair: Pair,
    /// Of a pair that was queued twice, the words of the earlier time come first.
    order: u64,
    pub(crate) stands: Stands,
}

impl Queued {
    fn key(&self) -> (u64, Reverse<(Pair, u64)>) {
        (self.count, Reverse((self.pair, self.order)))
    }
}

impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Queued {}

impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Queued {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

/// Pairs by count. A count that has changed since is noticed when the pair is taken.
#[derive(Default)]
pub(crate) struct Queue {
    /// All pairs with a count of at least `buckets.len()`.
    top: BinaryHeap<Queued>,
    /// The others, by count; the buckets of counts that have been reached are gone.
    buckets: Vec<Vec<Queued>>,
    pushed: u64,
}

impl Queue {
    /// No pairs.
    pub(crate) fn new() -> Self {
        let buckets = (0..BUCKETS).map(|_| Vec::new()).collect();
        Self { buckets, ..Self::default() }
    }

    /// Queue a pair with the words in which it came up.
    pub(crate) fn push(&mut self, pair: Pair, count: i64, words: &[u32]) {
        let order = self.pushed;
        self.pushed += 1;
        self.put(Queued { count: priority(count), pair, order, stands: Stands::new(words) });
    }

    #[inline]
    fn put(&mut self, queued: Queued) {
        let bucket = usize::try_from(queued.count).unwrap_or(usize::MAX);
        match self.buckets.get_mut(bucket) {
            Some(bucket) => bucket.push(queued),
            None => self.top.push(queued),
        }
    }

    /// Take the next pair, its count as it is now.
    pub(crate) fn pop(&mut self, counts: &PairCounts) -> Option<Queued> {
        loop {
            let Some(mut next) = self.top.pop() else {
                // The next lower count has its turn.
                self.top = self.buckets.pop()?.into();
                continue;
            };
            let now = counts.priority(next.pair);
            if next.count == now {
                return Some(next);
            }
            next.count = now;
            self.put(next);
        }
    }
}
