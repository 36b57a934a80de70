//! From a text to its position: open addressing over four bytes a text.
//!
//! A slot holds a position and as many bits of the text's hash as there is room for, so that another text is hardly
//! ever looked at, and a text that is not there costs one line of memory.

#![allow(clippy::cast_possible_truncation, reason = "hashes are cut to their parts")]

use crate::util::pages::Pages;
use crate::util::prefetch::prefetch;
use crate::util::sections::{Sections, Stored};

/// A slot that holds nothing; positions are kept plus one.
const FREE: u32 = 0;
/// A table has at least so many slots.
const LEAST_BITS: u32 = 4;

/// Positions by the hashes of their texts. The texts lie elsewhere.
#[derive(Clone)]
pub(super) struct TextIndex {
    slots: Pages<u32>,
    /// How many bits of a slot are the position; the slots are as many.
    bits: u32,
    len: usize,
}

impl Default for TextIndex {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}

impl TextIndex {
    /// With room for so many texts.
    pub(super) fn with_capacity(texts: usize) -> Self {
        let bits = (2 * texts).next_power_of_two().trailing_zeros().max(LEAST_BITS);
        Self { slots: Pages::zeroed(1 << bits), bits, len: 0 }
    }

    /// Whether half of the slots are taken, so that a larger table is needed for more.
    pub(super) fn is_full(&self) -> bool {
        2 * self.len >= self.slots.as_slice().len()
    }

    /// Put a position in, whose text is not there yet.
    pub(super) fn insert(&mut self, hash: u64, position: u32) {
        debug_assert!(!self.is_full());
        let (mut at, tag) = (self.place(hash), self.tag(hash));
        let slots = self.slots.as_mut_slice();
        while slots[at] != FREE {
            at = (at + 1) & (slots.len() - 1);
        }
        slots[at] = tag | (position + 1);
        self.len += 1;
    }

    /// The position of the text with this hash for which `is_it` holds.
    #[inline]
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let (mut at, tag) = (self.place(hash), self.tag(hash));
        let slots = self.slots.as_slice();
        let positions = (1 << self.bits) - 1;
        loop {
            let slot = slots[at & (slots.len() - 1)];
            if slot == FREE {
                return None;
            }
            let position = (slot & positions).wrapping_sub(1);
            if slot & !positions == tag && is_it(position) {
                return Some(position);
            }
            at += 1;
        }
    }

    /// Have the processor fetch the place of a hash.
    #[inline]
    pub(super) fn fetch(&self, hash: u64) {
        prefetch(&self.slots.as_slice()[self.place(hash)]);
    }

    /// Give each position another number.
    pub(super) fn renumber(&mut self, number: impl Fn(u32) -> u32) {
        let positions = (1 << self.bits) - 1;
        for slot in self.slots.as_mut_slice().iter_mut().filter(|slot| **slot != FREE) {
            *slot = (*slot & !positions) | (number((*slot & positions) - 1) + 1);
        }
    }

    /// Write it down.
    pub(super) fn store(&self, sections: &mut Sections) {
        sections.row(self.slots.as_slice());
    }

    /// Read what [`store`](Self::store) wrote of so many texts; `None` if it cannot be that.
    pub(super) fn restore(stored: &mut Stored<'_>, texts: usize) -> Option<Self> {
        let slots = Pages::restore(stored)?;
        let count = slots.as_slice().len();
        let bits = count.trailing_zeros();
        if !count.is_power_of_two() || !(LEAST_BITS..u32::BITS).contains(&bits) || 2 * texts > count
        {
            return None;
        }
        let taken = || slots.as_slice().iter().filter(|slot| **slot != FREE);
        let position = |slot: &u32| (slot & ((1 << bits) - 1)).wrapping_sub(1) as usize;
        let is_sound = taken().count() == texts && taken().all(|slot| position(slot) < texts);
        is_sound.then_some(Self { slots, bits, len: texts })
    }

    /// The highest bits.
    #[inline]
    fn place(&self, hash: u64) -> usize {
        (hash >> (u64::BITS - self.bits)) as usize
    }

    /// As many of the lowest bits as there is room for, above the position.
    #[inline]
    fn tag(&self, hash: u64) -> u32 {
        (hash << self.bits) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_one_hash_are_told_apart() {
        let mut index = TextIndex::with_capacity(300);
        let hash = |position: u32| u64::from(position % 7) << 60 | u64::from(position % 5);
        (0..300).for_each(|position| index.insert(hash(position), position));
        for position in 0..300 {
            assert_eq!(index.find(hash(position), |at| at == position), Some(position));
            assert_eq!(index.find(hash(position), |_| false), None);
        }
        index.renumber(|position| 299 - position);
        for position in 0..300 {
            assert_eq!(index.find(hash(299 - position), |at| at == position), Some(position));
        }
    }

    #[test]
    fn only_a_sound_index_is_restored() {
        let mut index = TextIndex::with_capacity(5);
        (0..5).for_each(|position| index.insert(u64::from(position) << 61, position));
        let restore = |slots: &[u32], texts| {
            let mut sections = Sections::default();
            sections.row(slots);
            let bytes = sections.into_whole();
            TextIndex::restore(&mut Stored::new(&mut &*bytes, bytes.len()), texts)
        };
        let slots = index.slots.as_slice().to_vec();
        let restored = restore(&slots, 5).expect("it is sound");
        (0..5).for_each(|at| assert_eq!(restored.find(u64::from(at) << 61, |_| true), Some(at)));
        // Too few texts, too many, an odd number of slots, no free slot, a position that is none.
        assert!(restore(&slots, 4).is_none() && restore(&slots, 6).is_none());
        assert!(restore(&slots[1..], 5).is_none() && restore(&[], 0).is_none());
        assert!(restore(&[1; 16], 16).is_none());
        for wrong in [6, 1 << 4] {
            let mut slots = slots.clone();
            *slots.iter_mut().find(|slot| **slot != FREE).expect("some are taken") = wrong;
            assert!(restore(&slots, 5).is_none(), "{wrong}");
        }
    }
}
