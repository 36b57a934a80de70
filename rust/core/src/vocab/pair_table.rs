//! From a pair of numbers to a number: the lookup inside every merge loop and trie walk.

#![allow(clippy::inline_always, reason = "what a level of instructions runs is compiled for it")]

use std::fmt;
use std::hint::select_unpredictable;

use crate::util::hash::Map;
use crate::util::pages::Pages;
use crate::util::prefetch::prefetch;
use crate::util::sections::{Sections, Stored};

/// A frozen map from pairs of numbers to numbers.
///
/// Open addressing over one word per pair (left, right and value packed together). Before it stand a set of bits
/// that turns most absent pairs away, and the pairs given first, which for merges are those met most: two
/// small tables that stay near, so that few lookups touch the large one. What does not fit the packing goes into
/// an ordinary hash map.
#[derive(Clone)]
pub(crate) struct PairTable {
    /// `left << 44 | right << 24 | value`, or [`FREE`].
    slots: Pages<u64>,
    /// Some of these, each where its hash says.
    front: Box<[u64; 1 << FRONT_BITS]>,
    /// Two bits of one word for each pair.
    filter: Vec<u64>,
    /// How far to shift a hash to get its place in `slots`.
    shift: u32,
    wide: Option<Box<Map<(u32, u32), u32>>>,
}

/// What [`PairTable::get`] gives for a pair that is not there; no value of the table.
pub(crate) const ABSENT: u32 = u32::MAX;

const PART_BITS: u32 = 20;
const VALUE_BITS: u32 = 24;
const VALUE_MASK: u32 = (1 << VALUE_BITS) - 1;
const FREE: u64 = u64::MAX;
/// The filter has 2^2 bits for each slot: small enough to stay near.
const FILTER_BITS: u32 = 2;
/// 2^14 words of the front are 128 KiB.
const FRONT_BITS: u32 = 14;
/// How many pairs are looked up together.
const TOGETHER: usize = 32;

impl PairTable {
    /// From pairs and their values; a later pair replaces an equal one. No value may be [`ABSENT`].
    pub(crate) fn new(entries: impl ExactSizeIterator<Item = ((u32, u32), u32)> + Clone) -> Self {
        Self::with_len(entries).0
    }

    /// As [`new`](Self::new), with the number of different pairs.
    pub(crate) fn with_len(
        entries: impl ExactSizeIterator<Item = ((u32, u32), u32)> + Clone,
    ) -> (Self, usize) {
        // The largest parts and values excluded: a slot must never look like FREE, nor a key like NO_KEY.
        let most = (1 << PART_BITS) - 1;
        let fits = entries
            .clone()
            .all(|((left, right), value)| left.max(right) < most && value < VALUE_MASK);
        if !fits {
            let wide: Map<_, _> = entries.collect();
            let len = wide.len();
            return (Self::empty(6, Some(Box::new(wide))), len);
        }
        let bits = (entries.len() * 4 / 3).next_power_of_two().trailing_zeros().max(6);
        let mut table = Self::empty(bits, None);
        let mut len = 0;
        for ((left, right), value) in entries.clone() {
            len += usize::from(table.put(left, right, value));
        }
        for ((left, right), value) in entries {
            let key = key(left, right);
            let at = &mut table.front[place(hash(key), FRONT_BITS)];
            // Of equal pairs, what the table holds.
            if *at == FREE || *at >> VALUE_BITS == key {
                *at = key << VALUE_BITS | u64::from(value);
            }
        }
        (table, len)
    }

    fn empty(bits: u32, wide: Option<Box<Map<(u32, u32), u32>>>) -> Self {
        let filter = vec![0; 1 << (bits + FILTER_BITS - 6)];
        let front = vec![FREE; 1 << FRONT_BITS].into_boxed_slice();
        let front = front.try_into().expect("made of that length");
        Self { slots: free_slots(1 << bits), front, filter, shift: 64 - bits, wide }
    }

    /// The value of a pair, or [`ABSENT`].
    #[inline]
    pub(crate) fn get(&self, left: u32, right: u32) -> u32 {
        let key = key(left, right);
        let hash = hash(key);
        if self.may_have(hash) == 1 {
            return find(self.slots.as_slice(), key, cut(hash >> self.shift));
        }
        self.wide.as_ref().map_or(ABSENT, |wide| get_wide(wide, (left, right)))
    }

    /// The value of each of several pairs. The few that are not near are asked for together, so that their
    /// memory comes at the same time.
    #[inline(always)]
    pub(crate) fn get_each(&self, pairs: &[(u32, u32)], values: &mut [u32]) {
        if let Some(wide) = &self.wide {
            return values.iter_mut().zip(pairs).for_each(|(at, pair)| *at = get_wide(wide, *pair));
        }
        let slots = self.slots.as_slice();
        for (pairs, values) in pairs.chunks(TOGETHER).zip(values.chunks_mut(TOGETHER)) {
            let mut far = [(0_u8, 0_u64); TOGETHER];
            let mut count = 0;
            // No branch in here, which would be guessed wrong and stop what is under way.
            for (index, (&(left, right), value)) in (0_u8..).zip(pairs.iter().zip(&mut *values)) {
                let key = key(left, right);
                let hash = hash(key);
                let near = self.front[place(hash, FRONT_BITS)];
                let is_near = near >> VALUE_BITS == key;
                *value = select_unpredictable(is_near, value_of(near), ABSENT);
                far[count & (TOGETHER - 1)] = (index, key);
                count += self.may_have(hash) & usize::from(!is_near);
            }
            let far = &mut far[..count.min(TOGETHER)];
            let place_of = |key| cut(hash(key) >> self.shift);
            for &(_, key) in &*far {
                prefetch(&slots[place_of(key) & (slots.len() - 1)]);
            }
            let mut left = 0;
            for at in 0..far.len() {
                let (index, key) = far[at];
                let slot = slots[place_of(key) & (slots.len() - 1)];
                let is_it = slot >> VALUE_BITS == key;
                values[usize::from(index)] = select_unpredictable(is_it, value_of(slot), ABSENT);
                far[left] = (index, key);
                left += usize::from(!is_it) & usize::from(slot != FREE);
            }
            for &(index, key) in &far[..left] {
                values[usize::from(index)] = find(slots, key, place_of(key) + 1);
            }
        }
    }

    /// Write it down, which is possible where the pairs fit the packing.
    pub(super) fn store(&self, sections: &mut Sections) -> Option<()> {
        if self.wide.is_some() {
            return None;
        }
        sections.row(self.slots.as_slice());
        sections.row(&self.filter);
        sections.row(&self.front[..]);
        Some(())
    }

    /// Read what [`store`](Self::store) wrote of values below `bound`; `None` if it cannot be that.
    pub(super) fn restore(stored: &mut Stored<'_>, bound: u32) -> Option<Self> {
        let slots: Pages<u64> = Pages::restore(stored)?;
        let filter: Vec<u64> = stored.row()?;
        let front: Box<[u64]> = stored.row()?.into_boxed_slice();
        let front: Box<[u64; 1 << FRONT_BITS]> = front.try_into().ok()?;
        let count = slots.as_slice().len();
        let bits = count.trailing_zeros();
        let has_sizes = count.is_power_of_two()
            && (6..=u64::BITS / 2).contains(&bits)
            && filter.len() == 1 << (bits + FILTER_BITS - 6);
        let mut values = slots.as_slice().iter().chain(&front[..]).filter(|slot| **slot != FREE);
        // A search ends where a slot is free.
        let is_sound = has_sizes
            && slots.as_slice().contains(&FREE)
            && values.all(|slot| value_of(*slot) < bound);
        is_sound.then(|| Self { slots, front, filter, shift: 64 - bits, wide: None })
    }

    /// 1 if a pair with this hash can be in the table, 0 if not.
    #[inline(always)]
    fn may_have(&self, hash: u64) -> usize {
        let (word, first, second) = self.filter_place(hash);
        let word = self.filter[word & (self.filter.len() - 1)];
        cut(word >> first & word >> second & 1)
    }

    /// The word of the filter for a hash, and two of its bits.
    #[inline(always)]
    fn filter_place(&self, hash: u64) -> (usize, u64, u64) {
        (cut(hash >> (self.shift + 6 - FILTER_BITS)), hash >> 38 & 63, hash >> 32 & 63)
    }

    /// Whether the pair is a new one.
    fn put(&mut self, left: u32, right: u32, value: u32) -> bool {
        let key = key(left, right);
        let hash = hash(key);
        let (word, first, second) = self.filter_place(hash);
        self.filter[word] |= 1 << first | 1 << second;
        let slots = self.slots.as_mut_slice();
        let mask = slots.len() - 1;
        let mut at = cut(hash >> self.shift);
        while slots[at] != FREE && slots[at] >> VALUE_BITS != key {
            at = (at + 1) & mask;
        }
        let is_new = slots[at] == FREE;
        slots[at] = key << VALUE_BITS | u64::from(value);
        is_new
    }
}

/// The value of a key, looked for from its place on.
#[inline(always)]
fn find(slots: &[u64], key: u64, place: usize) -> u32 {
    let mut at = place;
    loop {
        let slot = slots[at & (slots.len() - 1)];
        if slot >> VALUE_BITS == key {
            return value_of(slot);
        }
        if slot == FREE {
            return ABSENT;
        }
        at += 1;
    }
}

fn get_wide(wide: &Map<(u32, u32), u32>, pair: (u32, u32)) -> u32 {
    wide.get(&pair).copied().unwrap_or(ABSENT)
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

/// A key that no slot has, not even a free one.
const NO_KEY: u64 = u64::MAX;

/// Numbers too large for the packing would look like others: such pairs are in no slot.
#[inline(always)]
fn key(left: u32, right: u32) -> u64 {
    let key = u64::from(left) << PART_BITS | u64::from(right);
    if (left | right) >> PART_BITS == 0 { key } else { NO_KEY }
}

#[inline(always)]
fn hash(key: u64) -> u64 {
    // Fibonacci hashing alone sends keys that differ only in the left half to few distinct high
    // bits; folding the halves first costs one cycle.
    (key ^ key >> 29).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The highest bits.
#[inline(always)]
fn place(hash: u64, bits: u32) -> usize {
    cut(hash >> (64 - bits))
}

#[inline(always)]
#[allow(clippy::cast_possible_truncation, reason = "a place in a table that lies in memory")]
fn cut(place: u64) -> usize {
    place as usize
}

#[inline(always)]
#[allow(clippy::cast_possible_truncation, reason = "a slot is cut to its value")]
fn value_of(slot: u64) -> u32 {
    slot as u32 & VALUE_MASK
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

    #[test]
    fn only_a_sound_table_is_restored() {
        let table = PairTable::new((0..100).map(|value| ((value, value + 1), value)));
        let restore = |change: &dyn Fn(&mut PairTable), bound| {
            let mut changed = table.clone();
            change(&mut changed);
            let mut sections = Sections::default();
            changed.store(&mut sections)?;
            let bytes = sections.into_whole();
            PairTable::restore(&mut Stored::new(&mut &*bytes, bytes.len()), bound)
        };
        let restored = restore(&|_| (), 100).expect("it is sound");
        (0..100).for_each(|value| assert_eq!(restored.get(value, value + 1), value));
        assert_eq!(restored.get(1, 1), ABSENT);
        assert!(restore(&|_| (), 99).is_none());
        assert!(restore(&|table| table.slots.as_mut_slice().fill(0), 100).is_none());
        assert!(restore(&|table| table.slots = free_slots(96), 100).is_none());
        assert!(restore(&|table| table.filter.truncate(1), 100).is_none());
        assert!(restore(&|table| table.wide = Some(Box::default()), 100).is_none());
    }
}
