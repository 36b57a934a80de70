//! Units that do not fit the table: longer, or of many tokens. Bounded by bytes; emptied when full.

#![allow(clippy::cast_possible_truncation, reason = "arenas and units are bounded")]

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::cache::UnitTokens;
use crate::token::TokenId;
use crate::util::hash::Map;

/// Longer units are rare and rarely come back.
const MAX_UNIT: usize = 255;
const MAX_BYTES: usize = 16 << 20;

/// A token of a unit, packed; spans and words are small because the unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LongToken {
    pub(crate) id: TokenId,
    pub(crate) start: u8,
    pub(crate) end: u8,
    pub(crate) word: u8,
}

/// A unit found: its tokens and how many words it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LongHit<'a> {
    pub(crate) tokens: &'a [LongToken],
    pub(crate) word_count: u32,
}

/// Where a unit's key and tokens lie.
struct Entry {
    key: u32,
    tokens: u32,
    key_len: u8,
    salt: bool,
    token_count: u16,
    word_count: u16,
}

/// Units and what they encode to. Keys and tokens lie in two arenas, so that a unit costs no allocation
/// of its own and finding one touches few cache lines.
#[derive(Default)]
pub(crate) struct LongUnits {
    table: HashTable<Entry>,
    keys: Vec<u8>,
    tokens: Vec<LongToken>,
    /// The rare units some of whose tokens have texts of their own.
    with_texts: Map<Box<[u8]>, UnitTokens>,
    with_texts_bytes: usize,
}

impl LongUnits {
    /// A unit without texts of its own.
    pub(crate) fn get(&self, unit: &[u8], salt: bool) -> Option<LongHit<'_>> {
        if unit.len() > MAX_UNIT {
            return None;
        }
        let entry = self.table.find(hash(unit, salt), |entry| self.is_key(entry, unit, salt))?;
        let start = entry.tokens as usize;
        Some(LongHit {
            tokens: &self.tokens[start..start + usize::from(entry.token_count)],
            word_count: u32::from(entry.word_count),
        })
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
        } else if let (Ok(token_count), Ok(word_count)) =
            (u16::try_from(tokens.ids.len()), u16::try_from(tokens.word_count))
            && self.push_tokens(tokens)
        {
            let first = self.tokens.len() - usize::from(token_count);
            // Both arenas are bounded well below 4 GiB.
            let (key, first) = (self.keys.len() as u32, first as u32);
            self.keys.extend_from_slice(unit);
            let key_len = unit.len() as u8;
            let entry = Entry { key, tokens: first, key_len, salt, token_count, word_count };
            let Self { table, keys, .. } = self;
            let of = |entry: &Entry| {
                let start = entry.key as usize;
                hash(&keys[start..start + usize::from(entry.key_len)], entry.salt)
            };
            table.insert_unique(hash(unit, salt), entry, of);
        }
    }

    /// Put the tokens into their arena; whether they are small enough.
    fn push_tokens(&mut self, tokens: &UnitTokens) -> bool {
        // Starting over costs one miss per unit met again, and there is no bookkeeping on a hit.
        let bytes = self.keys.len()
            + self.tokens.len() * size_of::<LongToken>()
            + self.table.len() * size_of::<Entry>();
        if bytes > MAX_BYTES {
            self.table.clear();
            self.keys.clear();
            self.tokens.clear();
        }
        let before = self.tokens.len();
        for (index, &id) in tokens.ids.iter().enumerate() {
            let ((start, end), word) = (tokens.spans[index], tokens.words[index]);
            let (Ok(start), Ok(end), Ok(word)) =
                (start.try_into(), end.try_into(), word.try_into())
            else {
                self.tokens.truncate(before);
                return false;
            };
            self.tokens.push(LongToken { id, start, end, word });
        }
        true
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

    fn is_key(&self, entry: &Entry, unit: &[u8], salt: bool) -> bool {
        let start = entry.key as usize;
        entry.salt == salt && &self.keys[start..start + usize::from(entry.key_len)] == unit
    }
}

fn hash(unit: &[u8], salt: bool) -> u64 {
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

    #[test]
    fn it_gives_back_what_it_holds_and_stays_within_its_bound() {
        let mut cache = LongUnits::default();
        for i in 0..200_000u32 {
            let mut tokens = UnitTokens { word_count: 3, ..UnitTokens::default() };
            (0..20).for_each(|n| tokens.push(i + n, (n, n + 1), n % 3));
            cache.insert(&i.to_le_bytes(), i % 2 == 0, &tokens);
            assert!(cache.tokens.len() * size_of::<LongToken>() <= MAX_BYTES + 1024);
        }
        let hit = cache.get(&199_999u32.to_le_bytes(), false).unwrap();
        assert_eq!((hit.tokens.len(), hit.word_count), (20, 3));
        assert_eq!(hit.tokens[5], LongToken { id: 200_004, start: 5, end: 6, word: 2 });
        assert_eq!(cache.get(&199_999u32.to_le_bytes(), true), None);
    }

    #[test]
    fn units_with_texts_are_kept_apart() {
        let mut cache = LongUnits::default();
        let mut tokens = UnitTokens { texts: vec![(0, "x".into())], ..UnitTokens::default() };
        tokens.push(7, (0, 1), 0);
        cache.insert(b"unknown", true, &tokens);
        assert_eq!(cache.get(b"unknown", true), None);
        assert_eq!(cache.get_with_texts(b"unknown", true), Some(&tokens));
        assert_eq!(cache.get_with_texts(b"unknown", false), None);
    }
}
