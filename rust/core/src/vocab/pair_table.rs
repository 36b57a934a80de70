//! From a pair of numbers to a number: the lookup inside every merge loop and trie walk.

use std::fmt;

use crate::util::hash::Map;
use crate::util::pages::Pages;

/// A frozen map from pairs of numbers to numbers.
///
/// Open addressing over one word per pair (left, right and value packed together), with a bitmap in
/// front that turns most absent pairs away without touching the large table. What does not fit the
/// packing goes into an ordinary hash map.
#[derive(Clone)]
pub(crate) struct PairTable {
    /// `left << 44 | right << 24 | value`, or [`FREE`].
    slots: Pages<u64>,
    /// One bit per 1/4 of a slot's range of hashes.
    filter: Vec<u64>,
    /// How far to shift a hash to get its place in `slots`.
    shift: u32,
    wide: Option<Box<Map<(u32, u32), u32>>>,
}

/// What [`PairTable::get`] gives for a pair that is not there; no value of the table.
pub(crate) const ABSENT: u32 = u32::MAX;

/// What a first look can leave open; no value of the table either.
const UNSURE: u32 = u32::MAX - 1;

const PART_BITS: u32 = 20;
const VALUE_BITS: u32 = 24;
const VALUE_MASK: u32 = (1 << VALUE_BITS) - 1;
const FREE: u64 = u64::MAX;
/// The filter has 2^2 bits for each slot: small enough to stay near.
const FILTER_BITS: u32 = 2;

impl PairTable {
    /// From pairs and their values; a later pair replaces an equal one. No value may be [`ABSENT`].
    pub(crate) fn new(entries: impl ExactSizeIterator<Item = ((u32, u32), u32)> + Clone) -> Self {
        Self::with_len(entries).0
    }

    /// As [`new`](Self::new), with the number of different pairs.
    pub(crate) fn with_len(
        entries: impl ExactSizeIterator<Item = ((u32, u32), u32)> + Clone,
    ) -> (Self, usize) {
        // Largest values excluded: a slot must never look like FREE.
        let fits = entries
            .clone()
            .all(|((left, right), value)| (left | right) >> PART_BITS == 0 && value < VALUE_MASK);
        if !fits {
            let wide: Map<_, _> = entries.collect();
            let len = wide.len();
            let wide = Some(Box::new(wide));
            return (Self { slots: free_slots(1), filter: vec![0], shift: 63, wide }, len);
        }
        let bits = (entries.len() * 4 / 3).next_power_of_two().trailing_zeros().max(4);
        let mut table = Self {
            slots: free_slots(1 << bits),
            filter: vec![0; 1 << (bits + FILTER_BITS - 6)],
            shift: 64 - bits,
            wide: None,
        };
        let mut len = 0;
        for ((left, right), value) in entries {
            len += usize::from(table.put(left, right, value));
        }
        (table, len)
    }

    /// The value of a pair, or [`ABSENT`].
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "hashes and slots are cut to their parts")]
    pub(crate) fn get(&self, left: u32, right: u32) -> u32 {
        let key = key(left, right);
        let hash = hash(key);
        let bit = hash >> (self.shift - FILTER_BITS);
        let passes = self.filter[(bit >> 6) as usize] >> (bit & 63) & 1 != 0;
        // Numbers too large for the packing would alias others.
        if !passes || (left | right) >> PART_BITS != 0 {
            return self.get_wide(left, right);
        }
        let slots = self.slots.as_slice();
        let mut at = (hash >> self.shift) as usize;
        loop {
            let slot = slots[at & (slots.len() - 1)];
            // First, since a free slot reads as the pair of the two largest numbers.
            if slot == FREE {
                return ABSENT;
            }
            if slot >> VALUE_BITS == key {
                return slot as u32 & VALUE_MASK;
            }
            at += 1;
        }
    }

    /// The value of each of several pairs. Nothing that is read decides what is read next, so that the
    /// memory of all comes at the same time.
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "hashes and slots are cut to their parts")]
    #[allow(clippy::needless_bitwise_bool, reason = "a branch would be guessed wrong")]
    pub(crate) fn get_each(&self, pairs: &[(u32, u32)], values: &mut [u32]) {
        let (slots, filter) = (self.slots.as_slice(), self.filter.as_slice());
        for (&(left, right), value) in pairs.iter().zip(values.iter_mut()) {
            let key = key(left, right);
            let hash = hash(key);
            let bit = hash >> (self.shift - FILTER_BITS);
            // Numbers too large for the packing would alias others.
            let fits = u64::from((left | right) >> PART_BITS == 0);
            let passes = filter[(bit >> 6) as usize] >> (bit & 63) & fits;
            // What does not pass reads the first slot, which is always near.
            let at = (hash >> self.shift) & passes.wrapping_neg();
            let slot = slots[at as usize & (slots.len() - 1)];
            // No branch here, which would be guessed wrong and stop what is under way.
            let is_it = (passes == 1) & (slot >> VALUE_BITS == key) & (slot != FREE);
            let otherwise = if passes == 0 { ABSENT } else { UNSURE };
            *value = if is_it { slot as u32 & VALUE_MASK } else { otherwise };
        }
        for (&(left, right), value) in pairs.iter().zip(values) {
            if *value == UNSURE || self.wide.is_some() {
                *value = self.get(left, right);
            }
        }
    }

    #[inline]
    fn get_wide(&self, left: u32, right: u32) -> u32 {
        match &self.wide {
            None => ABSENT,
            Some(wide) => wide.get(&(left, right)).copied().unwrap_or(ABSENT),
        }
    }

    /// Whether the pair is a new one.
    #[allow(clippy::cast_possible_truncation, reason = "a hash is cut to its part")]
    fn put(&mut self, left: u32, right: u32, value: u32) -> bool {
        let key = key(left, right);
        let hash = hash(key);
        let bit = hash >> (self.shift - FILTER_BITS);
        self.filter[(bit >> 6) as usize] |= 1 << (bit & 63);
        let slots = self.slots.as_mut_slice();
        let mask = slots.len() - 1;
        let mut at = (hash >> self.shift) as usize;
        while slots[at] != FREE && slots[at] >> VALUE_BITS != key {
            at = (at + 1) & mask;
        }
        let is_new = slots[at] == FREE;
        slots[at] = key << VALUE_BITS | u64::from(value);
        is_new
    }
}

impl fmt::Debug for PairTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PairTable")
            .field("slots", &self.slots.as_slice().len())
            .finish_non_exhaustive()
    }
}

fn free_slots(len: usize) -> Pages<u64> {
    let mut slots = Pages::zeroed(len);
    slots.as_mut_slice().fill(FREE);
    slots
}

#[inline]
fn key(left: u32, right: u32) -> u64 {
    u64::from(left) << PART_BITS | u64::from(right)
}

#[inline]
fn hash(key: u64) -> u64 {
    // Fibonacci hashing alone sends keys that differ only in the left half to few distinct high
    // bits; folding the halves first costs one cycle.
    (key ^ key >> 29).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_and_nothing_else() {
        let entries: Vec<_> = (0..5000_u32).map(|i| ((i * 7 % 4096, i % 611), i)).collect();
        let table = PairTable::new(entries.iter().copied());
        let map: Map<_, _> = entries.iter().copied().collect();
        for left in 0..600 {
            for right in 0..700 {
                let expected = map.get(&(left, right)).copied().unwrap_or(ABSENT);
                assert_eq!(table.get(left, right), expected, "{left} {right}");
            }
            let pairs: Vec<_> = (0..700).map(|right| (left, right)).collect();
            let mut values = vec![0; pairs.len()];
            table.get_each(&pairs, &mut values);
            for (pair, value) in pairs.iter().zip(values) {
                assert_eq!(value, table.get(pair.0, pair.1));
            }
        }
    }

    #[test]
    fn large_numbers_take_the_wide_road() {
        let entries = [((1 << 20, 0), 7), ((3, u32::MAX - 1), 8), ((0, 0), 1 << 25)];
        let table = PairTable::new(entries.into_iter());
        for ((left, right), value) in entries {
            assert_eq!(table.get(left, right), value);
            let mut values = [0; 2];
            table.get_each(&[(left, right), (1, 1 << 20)], &mut values);
            assert_eq!(values, [value, ABSENT]);
        }
        assert_eq!(table.get(1, 1 << 20), ABSENT);
    }

    #[test]
    fn numbers_beyond_the_packing_do_not_alias() {
        let table = PairTable::new([((1, 0), 7)].into_iter());
        assert_eq!(table.get(1, 0), 7);
        assert_eq!(table.get(0, 1 << 20), ABSENT);
        assert_eq!(PairTable::new([].into_iter()).get(0, 0), ABSENT);
        let largest = (1 << 20) - 1;
        let table = PairTable::new((0..3).map(|value| ((largest, largest - value), value)));
        assert_eq!(table.get(largest, largest), 0);
        assert_eq!(table.get(largest - 1, largest - 1), ABSENT);
    }
}
