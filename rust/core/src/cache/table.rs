//! Short units: at most 15 bytes and four tokens, 32 bytes an entry, two entries a cache line.

#![allow(clippy::cast_possible_truncation, reason = "fields are cut out of wider words on purpose")]

use crate::cache::UnitTokens;
use crate::token::TokenId;

/// Longest unit, in bytes, that fits into a key.
pub(crate) const MAX_KEY: usize = 15;
const MAX_TOKENS: usize = 4;
const MAX_ID: TokenId = (1 << 24) - 1;
const MAX_WORDS: u32 = 7;

const FIRST_BUCKETS: usize = 1 << 10;
/// 2^17 buckets of two entries are 8 MiB: more did not raise the hit rate enough to pay for the misses
/// in the processor's own caches.
const MOST_BUCKETS: usize = 1 << 17;

/// A unit's key: its bytes, and in the top byte its length with the caller's salt in the high bit.
pub(crate) type Key = u128;

/// The key of a unit of at most [`MAX_KEY`] bytes. `salt` tells units apart that encode differently in
/// different places (the first of a text, the others).
pub(crate) fn key_of(unit: &[u8], salt: bool) -> Key {
    let mut bytes = [0u8; 16];
    bytes[..unit.len()].copy_from_slice(unit);
    // The length is at most 15, and never 0 for a unit, so no key is 0: that marks an empty entry.
    bytes[15] = u8::try_from(unit.len()).unwrap_or(15) | (u8::from(salt) << 7);
    u128::from_le_bytes(bytes)
}

/// Tokens packed: 24 bits per id in `ids`, and in `shape` their number (3 bits), the end of each in the
/// unit (4 × 4), whether each begins another word than the one before (4), and the words (3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Entry {
    key: Key,
    low: u64,
    high: u64,
}

/// What an entry says, unpacked on demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    low: u64,
    high: u64,
}

impl Hit {
    /// Number of tokens.
    pub(crate) fn len(self) -> usize {
        (self.high >> 32 & 7) as usize
    }

    /// All four id slots; those behind `len` are zero.
    pub(crate) fn ids(self) -> [TokenId; MAX_TOKENS] {
        let mask = u64::from(MAX_ID);
        [
            (self.low & mask) as TokenId,
            (self.low >> 24 & mask) as TokenId,
            ((self.low >> 48 | self.high << 16) & mask) as TokenId,
            (self.high >> 8 & mask) as TokenId,
        ]
    }

    /// The end, inside the unit, of token `index`; it begins where the one before ends.
    pub(crate) fn end(self, index: usize) -> u32 {
        (self.high >> (35 + 4 * index) & 15) as u32
    }

    /// Whether token `index` begins another word than the token before it.
    pub(crate) fn starts_word(self, index: usize) -> bool {
        self.high >> (51 + index) & 1 == 1
    }

    /// Number of words.
    pub(crate) fn word_count(self) -> u32 {
        (self.high >> 55 & 7) as u32
    }

    /// Pack tokens, where they fit: few, contiguous from the start, small ids, no texts of their own.
    fn pack(tokens: &UnitTokens) -> Option<Self> {
        let count = tokens.ids.len();
        if count > MAX_TOKENS || tokens.word_count > MAX_WORDS || !tokens.texts.is_empty() {
            return None;
        }
        let (mut ids, mut shape) = (0u128, count as u64);
        let (mut end, mut word) = (0, 0);
        for index in 0..count {
            let (span, id) = (tokens.spans[index], tokens.ids[index]);
            let step = tokens.words[index].checked_sub(word)?;
            if span.0 != end || id > MAX_ID || step > 1 {
                return None;
            }
            (end, word) = (span.1, tokens.words[index]);
            ids |= u128::from(id) << (24 * index);
            shape |= u64::from(end) << (3 + 4 * index) | u64::from(step) << (19 + index);
        }
        shape |= u64::from(tokens.word_count) << 23;
        let packed = ids | u128::from(shape) << 96;
        Some(Self { low: packed as u64, high: (packed >> 64) as u64 })
    }
}

#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Bucket([Entry; 2]);

/// The table: open buckets of two, the newer entry first; it grows with use up to its bound.
pub(crate) struct UnitTable {
    buckets: Vec<Bucket>,
    used: usize,
}

impl UnitTable {
    pub(crate) fn new() -> Self {
        Self { buckets: vec![Bucket::default(); FIRST_BUCKETS], used: 0 }
    }

    #[inline]
    pub(crate) fn get(&self, key: Key) -> Option<Hit> {
        let bucket = &self.buckets[self.index(key)].0;
        let entry = if bucket[0].key == key { &bucket[0] } else { &bucket[1] };
        (entry.key == key).then_some(Hit { low: entry.low, high: entry.high })
    }

    /// Keep what a unit encodes to; whether it fits.
    pub(crate) fn insert(&mut self, key: Key, tokens: &UnitTokens) -> bool {
        let Some(hit) = Hit::pack(tokens) else { return false };
        if self.used * 4 > self.buckets.len() * 2 * 3 && self.buckets.len() < MOST_BUCKETS {
            self.grow();
        }
        self.place(Entry { key, low: hit.low, high: hit.high });
        true
    }

    fn place(&mut self, entry: Entry) {
        let index = self.index(entry.key);
        let bucket = &mut self.buckets[index].0;
        self.used += usize::from(bucket[1].key == 0);
        bucket[1] = bucket[0];
        bucket[0] = entry;
    }

    fn grow(&mut self) {
        let bigger = vec![Bucket::default(); self.buckets.len() * 4];
        let old = std::mem::replace(&mut self.buckets, bigger);
        self.used = 0;
        for bucket in old {
            for entry in bucket.0.into_iter().rev().filter(|entry| entry.key != 0) {
                self.place(entry);
            }
        }
    }

    #[inline]
    fn index(&self, key: Key) -> usize {
        // Folded multiplication: the middle bits of the product depend on all bits of the key.
        let product = u128::from(key as u64 ^ 0x9e37_79b9_7f4a_7c15)
            * u128::from((key >> 64) as u64 ^ 0xd1b5_4a32_d192_ed03);
        let hash = (product >> 64) as u64 ^ product as u64;
        (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & (self.buckets.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(items: &[(TokenId, u32, u32)], word_count: u32) -> UnitTokens {
        let mut tokens = UnitTokens { word_count, ..UnitTokens::default() };
        let mut start = 0;
        for &(id, end, word) in items {
            tokens.push(id, (start, end), word);
            start = end;
        }
        tokens
    }

    #[test]
    fn what_goes_in_comes_out() {
        let mut table = UnitTable::new();
        let unit = tokens(&[(MAX_ID, 3, 0), (0, 7, 1), (0xab_cdef, 8, 1), (1, 15, 2)], 3);
        assert!(table.insert(key_of(b"fifteen bytes..", false), &unit));
        let hit = table.get(key_of(b"fifteen bytes..", false)).unwrap();
        assert_eq!(hit.ids(), [MAX_ID, 0, 0xab_cdef, 1]);
        assert_eq!((0..4).map(|i| hit.end(i)).collect::<Vec<_>>(), [3, 7, 8, 15]);
        assert_eq!(
            (0..4).map(|i| hit.starts_word(i)).collect::<Vec<_>>(),
            [false, true, false, true]
        );
        assert_eq!((hit.len(), hit.word_count()), (4, 3));
        assert!(table.get(key_of(b"fifteen bytes..", true)).is_none());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut table = UnitTable::new();
        let gap = UnitTokens {
            ids: vec![1],
            spans: vec![(1, 2)],
            words: vec![0],
            ..UnitTokens::default()
        };
        for unit in
            [tokens(&[(MAX_ID + 1, 1, 0)], 1), tokens(&[(1, 1, 0); 5], 1), tokens(&[], 8), gap]
        {
            assert!(!table.insert(key_of(b"x", false), &unit));
        }
    }

    #[test]
    fn growing_loses_little_and_changes_nothing() {
        let mut table = UnitTable::new();
        let count = 20_000u32;
        for i in 0..count {
            assert!(table.insert(key_of(&i.to_le_bytes(), false), &tokens(&[(i, 4, 0)], 1)));
        }
        let found: Vec<_> = (0..count)
            .filter_map(|i| Some((i, table.get(key_of(&i.to_le_bytes(), false))?)))
            .collect();
        assert!(found.iter().all(|(i, hit)| hit.ids()[0] == *i && hit.len() == 1));
        assert!(found.len() > count as usize * 3 / 4, "{}", found.len());
    }
}
