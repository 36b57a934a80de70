//! Which pair is merged next: the most frequent one; of equally frequent ones, the one whose symbols
//! came first.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::pairs::{Pair, PairCounts, priority};

/// A pair, with the words in which it came up in one round.
pub(crate) struct Queued {
    pub(crate) count: u64,
    pub(crate) pair: Pair,
    /// Of a pair that was queued twice, the words of the earlier time come first.
    order: u64,
    pub(crate) words: Box<[u32]>,
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
    heap: BinaryHeap<Queued>,
    pushed: u64,
}

impl Queue {
    /// Queue a pair with the words in which it came up.
    pub(crate) fn push(&mut self, pair: Pair, count: i64, words: Vec<u32>) {
        let queued =
            Queued { count: priority(count), pair, order: self.pushed, words: words.into() };
        self.pushed += 1;
        self.heap.push(queued);
    }

    /// Take the next pair, its count as it is now.
    pub(crate) fn pop(&mut self, counts: &PairCounts) -> Option<Queued> {
        loop {
            let mut top = self.heap.pop()?;
            let now = counts.priority(top.pair);
            if top.count == now {
                return Some(top);
            }
            top.count = now;
            self.heap.push(top);
        }
    }
}
