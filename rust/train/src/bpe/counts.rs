//! How often each pair of neighbours occurs.

use fissile_core::util::prefetch::prefetch;

use super::pairs::Pair;

/// A table of counts, which can fall below zero, as in the reference. A count is one memory access away, and can
/// be asked for ahead of time: there are millions, and every round changes some all over the table.
pub(crate) struct PairCounts {
    /// As many as a power of two, a quarter of them free at least. A pair is where its hash says, or behind.
    slots: Vec<Slot>,
    /// How many are not free.
    taken: usize,
}

#[derive(Clone, Copy)]
struct Slot {
    pair: Pair,
    count: i64,
}

/// No pair: there are not so many symbols.
const FREE: Slot = Slot { pair: Pair(u32::MAX, u32::MAX), count: 0 };

/// Slots of a table with nothing in it.
const FEWEST: usize = 1 << 10;

impl Default for PairCounts {
    fn default() -> Self {
        Self { slots: vec![FREE; FEWEST], taken: 0 }
    }
}

impl PairCounts {
    /// Add to a count; the sum.
    pub(crate) fn add(&mut self, pair: Pair, change: i64) -> i64 {
        let slot = self.slot(pair);
        slot.count = slot.count.saturating_add(change);
        slot.count
    }

    /// A count.
    pub(crate) fn get(&self, pair: Pair) -> i64 {
        self.slots[self.find(pair)].count
    }

    /// Set a count to nothing.
    pub(crate) fn reset(&mut self, pair: Pair) {
        self.slot(pair).count = 0;
    }

    /// A count as the queue orders by it: one below zero comes before all others.
    pub(crate) fn priority(&self, pair: Pair) -> u64 {
        priority(self.get(pair))
    }

    /// A count will be needed soon.
    #[inline]
    pub(crate) fn expect(&self, pair: Pair) {
        prefetch(&self.slots[self.home(pair)]);
    }

    fn slot(&mut self, pair: Pair) -> &mut Slot {
        let mut at = self.find(pair);
        if self.slots[at].pair != pair {
            if self.taken >= self.slots.len() / 4 * 3 {
                self.make_room();
                at = self.find(pair);
            }
            self.slots[at].pair = pair;
            self.taken += 1;
        }
        &mut self.slots[at]
    }

    /// Where a pair is, or would be.
    #[inline]
    fn find(&self, pair: Pair) -> usize {
        let mut at = self.home(pair);
        while self.slots[at].pair != pair && self.slots[at].pair != FREE.pair {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    #[inline]
    fn home(&self, Pair(left, right): Pair) -> usize {
        let key = u64::from(left) << 32 | u64::from(right);
        let folded = (key ^ key >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (folded ^ folded >> 32) as usize & (self.slots.len() - 1)
    }

    /// Forget the pairs that are no more, and have half of the slots free at least.
    fn make_room(&mut self) {
        let is_there = |slot: &&Slot| slot.count != 0;
        self.taken = self.slots.iter().filter(is_there).count();
        let mut size = FEWEST;
        while size < 2 * self.taken {
            size *= 2;
        }
        let old = std::mem::replace(&mut self.slots, vec![FREE; size]);
        for slot in old.iter().filter(is_there) {
            let at = self.find(slot.pair);
            self.slots[at] = *slot;
        }
    }
}

pub(super) fn priority(count: i64) -> u64 {
    count.cast_unsigned()
}
