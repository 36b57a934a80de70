//! Units that do not fit the table: longer, or of many tokens. Bounded by bytes; emptied when full.

#![allow(clippy::cast_possible_truncation, reason = "arenas and units are bounded")]

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use crate::cache::UnitTokens;
use crate::token::TokenId;
use crate::util::hash::Map;
use crate::util::prefetch::prefetch;

/// Longer units are rare and rarely come back.
const MAX_UNIT: usize = 255;
const MAX_BYTES: usize = 16 << 20;
/// A slot that leads nowhere.
const FREE: u64 = 0;
const FIRST_BITS: u32 = 10;

/// A unit found: the columns of its tokens, and how many words it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LongHit<'a> {
    pub(crate) ids: &'a [TokenId],
    /// `start | end << 16`, as the unit is short enough.
    pub(crate) spans: &'a [u32],
    pub(crate) words: &'a [u32],
    pub(crate) word_count: u32,
}

/// Units and what they encode to. Each is one record in an arena, so that a unit costs no allocation of its own and
/// finding one touches two places of memory, which can be asked for ahead.
pub(crate) struct LongUnits {
    /// The upper half of a hash, and where the record lies; the highest bits choose the slot.
    slots: Vec<u64>,
    len: usize,
    /// Records: the lengths of the key (with the salt) and of the columns, the number of words, the key, the columns.
    records: Vec<u32>,
    /// The rare units some of whose tokens have texts of their own.
    with_texts: Map<Box<[u8]>, UnitTokens>,
    with_texts_bytes: usize,
}

impl Default for LongUnits {
    fn default() -> Self {
        Self {
            slots: vec![FREE; 1 << FIRST_BITS],
            len: 0,
            // No record lies at 0, so that no slot in use is FREE.
            records: vec![0],
            with_texts: Map::default(),
            with_texts_bytes: 0,
        }
    }
}

impl LongUnits {
    /// Have the processor fetch the slot of a hash.
    pub(crate) fn fetch_slot(&self, hash: u64) {
        prefetch(&self.slots[self.place(hash)]);
    }

    /// Have it fetch the record that the slot leads to, most likely the one.
    pub(crate) fn fetch_record(&self, hash: u64) {
        let record = self.slots[self.place(hash)] as u32 as usize;
        self.records.get(record).into_iter().for_each(prefetch);
    }

    /// A unit without texts of its own, by its [`hash`].
    pub(crate) fn get(&self, unit: &[u8], salt: bool, hash: u64) -> Option<LongHit<'_>> {
        if unit.len() > MAX_UNIT {
            return None;
        }
        let mut at = self.place(hash);
        loop {
            let slot = self.slots[at];
            if slot == FREE {
                return None;
            }
            if (slot ^ hash) >> 32 == 0
                && let Some(hit) = self.read(slot as u32 as usize, unit, salt)
            {
                return Some(hit);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// The record at a place, if it is that of a unit.
    fn read(&self, at: usize, unit: &[u8], salt: bool) -> Option<LongHit<'_>> {
        let record = &self.records[at..];
        let columns = 2 + unit.len().div_ceil(4);
        if record[0] & KEY_SHAPE != key_shape(unit, salt)
            || bytemuck::cast_slice::<u32, u8>(&record[2..columns])[..unit.len()] != *unit
        {
            return None;
        }
        let count = (record[0] >> 16) as usize;
        let (ids, rest) = record[columns..].split_at(count);
        let (spans, rest) = rest.split_at(count);
        let words = if record[0] & ONE_WORD == 0 { rest } else { &FIRST_WORD };
        Some(LongHit { ids, spans, words: &words[..count], word_count: record[1] })
    }

    /// A unit with texts of its own.
    pub(crate) fn get_with_texts(&self, unit: &[u8], salt: bool) -> Option<&UnitTokens> {
        if self.with_texts.is_empty() || unit.len() > MAX_UNIT {
            return None;
        }
        self.with_texts.get(&*keyed(unit, salt))
    }

    pub(crate) fn insert(&mut self, unit: &[u8], salt: bool, tokens: &UnitTokens) {
        if unit.len() > MAX_UNIT {
            return;
        }
        if !tokens.texts.is_empty() {
            self.insert_with_texts(unit, salt, tokens);
            return;
        }
        let is_small = |&(start, end): &(u32, u32)| start.max(end) >> 16 == 0;
        let Ok(count) = u16::try_from(tokens.ids.len()) else { return };
        if !tokens.spans.iter().all(is_small) {
            return;
        }
        self.make_room();
        let record = self.records.len() as u32;
        // Most units are one word.
        let is_one_word =
            tokens.ids.len() <= FIRST_WORD.len() && tokens.words.iter().all(|&word| word == 0);
        let one_word = if is_one_word { ONE_WORD } else { 0 };
        self.records.push(key_shape(unit, salt) | one_word | u32::from(count) << 16);
        self.records.push(tokens.word_count);
        let (words, rest) = unit.as_chunks::<4>();
        self.records.extend(words.iter().map(|word| u32::from_ne_bytes(*word)));
        if !rest.is_empty() {
            let mut last = [0; 4];
            last[..rest.len()].copy_from_slice(rest);
            self.records.push(u32::from_ne_bytes(last));
        }
        self.records.extend_from_slice(&tokens.ids);
        self.records.extend(tokens.spans.iter().map(|&(start, end)| start | end << 16));
        if !is_one_word {
            self.records.extend_from_slice(&tokens.words);
        }
        self.put((hash(unit, salt) >> 32) << 32 | u64::from(record));
        self.len += 1;
    }

    /// See to it that there is room for one more, within the bound.
    fn make_room(&mut self) {
        // Starting over costs one miss per unit met again, and there is no bookkeeping on a hit.
        if size_of_val(self.records.as_slice()) + size_of_val(self.slots.as_slice()) > MAX_BYTES {
            self.records.truncate(1);
            self.slots.fill(FREE);
            self.len = 0;
        }
        if 2 * self.len >= self.slots.len() {
            let larger = vec![FREE; 2 * self.slots.len()];
            let old = std::mem::replace(&mut self.slots, larger);
            old.into_iter().filter(|slot| *slot != FREE).for_each(|slot| self.put(slot));
        }
    }

    fn put(&mut self, slot: u64) {
        let mut at = self.place(slot);
        while self.slots[at] != FREE {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = slot;
    }

    fn place(&self, hash: u64) -> usize {
        (hash >> (self.slots.len().leading_zeros() + 1)) as usize
    }

    fn insert_with_texts(&mut self, unit: &[u8], salt: bool, tokens: &UnitTokens) {
        if self.with_texts_bytes > MAX_BYTES / 4 {
            self.with_texts.clear();
            self.with_texts_bytes = 0;
        }
        let texts: usize = tokens.texts.iter().map(|(_, text)| 24 + text.len()).sum();
        self.with_texts_bytes += 256 + unit.len() + tokens.ids.len() * 16 + texts;
        self.with_texts.insert(keyed(unit, salt).into(), tokens.clone());
    }
}

/// Of a record's first word, what [`key_shape`] gives.
const KEY_SHAPE: u32 = 0x1ff;
/// In a record's first word: all tokens are of the first word, and have no column that says so.
const ONE_WORD: u32 = 1 << 9;
static FIRST_WORD: [u32; MAX_UNIT] = [0; MAX_UNIT];

/// What a record's first word says of a key.
fn key_shape(unit: &[u8], salt: bool) -> u32 {
    unit.len() as u32 | u32::from(salt) << 8
}

/// The hash of a unit.
pub(crate) fn hash(unit: &[u8], salt: bool) -> u64 {
    FixedState::with_seed(u64::from(salt)).hash_one(unit)
}

fn keyed(unit: &[u8], salt: bool) -> std::borrow::Cow<'_, [u8]> {
    if salt {
        // No text holds the byte 0xFF, so a salted key equals no plain one.
        let mut key = Vec::with_capacity(unit.len() + 1);
        key.push(0xff);
        key.extend_from_slice(unit);
        key.into()
    } else {
        unit.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get<'a>(cache: &'a LongUnits, unit: &[u8], salt: bool) -> Option<LongHit<'a>> {
        cache.get(unit, salt, hash(unit, salt))
    }

    #[test]
    fn units_of_all_lengths_are_told_apart() {
        let mut cache = LongUnits::default();
        let unit = |len: usize| (0..len).map(|at| (at % 7) as u8).collect::<Vec<_>>();
        for len in 1..MAX_UNIT + 2 {
            let mut tokens = UnitTokens { word_count: 1, ..UnitTokens::default() };
            tokens.push(len as u32, (0, len as u32), 0);
            cache.insert(&unit(len), false, &tokens);
        }
        for len in 1..=MAX_UNIT {
            let hit = get(&cache, &unit(len), false).unwrap();
            assert_eq!((hit.ids, hit.words), (&[len as u32][..], &[0][..]));
        }
        assert_eq!(get(&cache, &unit(MAX_UNIT + 1), false), None);
    }

    #[test]
    fn it_gives_back_what_it_holds_and_stays_within_its_bound() {
        let mut cache = LongUnits::default();
        for i in 0..200_000u32 {
            let mut tokens = UnitTokens { word_count: 3, ..UnitTokens::default() };
            (0..20).for_each(|n| tokens.push(i + n, (n, n + 1), n % 3));
            cache.insert(&i.to_le_bytes(), i % 2 == 0, &tokens);
            let bytes = 4 * cache.records.len() + 8 * cache.slots.len();
            assert!(bytes <= MAX_BYTES + (MAX_BYTES >> 2));
        }
        for i in 199_000..200_000u32 {
            let hit = get(&cache, &i.to_le_bytes(), i % 2 == 0).unwrap();
            assert_eq!((hit.ids.len(), hit.word_count), (20, 3));
            assert_eq!((hit.ids[5], hit.spans[5], hit.words[5]), (i + 5, 5 | 6 << 16, 2));
            assert_eq!(get(&cache, &i.to_le_bytes(), i % 2 == 1), None);
        }
    }

    #[test]
    fn units_with_texts_are_kept_apart() {
        let mut cache = LongUnits::default();
        let mut tokens = UnitTokens { texts: vec![(0, "x".into())], ..UnitTokens::default() };
        tokens.push(7, (0, 1), 0);
        cache.insert(b"unknown", true, &tokens);
        assert_eq!(get(&cache, b"unknown", true), None);
        assert_eq!(cache.get_with_texts(b"unknown", true), Some(&tokens));
        assert_eq!(cache.get_with_texts(b"unknown", false), None);
    }
}
