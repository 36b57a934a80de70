//! Short units: at most 15 bytes and four tokens, 32 bytes an entry, two entries a cache line.

#![allow(clippy::inline_always, reason = "what a level of instructions runs is compiled for it")]
#![allow(clippy::cast_possible_truncation, reason = "fields are cut out of wider words on purpose")]

use crate::cache::UnitTokens;
use crate::token::TokenId;
use crate::util::pages::Pages;
use crate::util::prefetch::prefetch;

/// Longest unit, in bytes, that fits into a key.
pub(crate) const MAX_KEY: usize = 15;
const MAX_TOKENS: usize = 4;
const MAX_ID: TokenId = (1 << 24) - 1;
const MAX_WORDS: u32 = 7;

const FIRST_BUCKETS: usize = 1 << 10;
/// 2^18 buckets of two entries are 16 MiB: more does not raise the hit rate enough to pay for the misses
/// in the processor's own caches.
const MOST_BUCKETS: usize = 1 << 18;
/// The table grows when one slot of so many is taken. Many more, and too many units meet in one bucket.
const SLOTS_PER_UNIT: usize = 3;
/// The same while growing is put off.
const LEAST_SLOTS_PER_UNIT: usize = 2;
/// Up to so many buckets the table grows to four times its size, then, in place, to twice: pages that are never used
/// are cleared all the same.
const SMALL_BUCKETS: usize = 1 << 14;

/// A unit's key: its bytes, and in the top byte its length with the caller's salt in the high bit.
pub(crate) type Key = u128;

/// A key that no unit has: what stands for a unit too long for one.
pub(crate) const NO_KEY: Key = Key::MAX;

/// For each length, the bits of a key that hold the unit, and the length itself.
const SHAPES: [[Key; 2]; MAX_KEY + 1] = {
    let mut shapes = [[0; 2]; MAX_KEY + 1];
    let mut len = 0;
    while len <= MAX_KEY {
        shapes[len] = [(1 << (8 * len)) - 1, (len as Key) << 120];
        len += 1;
    }
    shapes
};

/// The key of the unit `start..end` of a text, without salt, or [`NO_KEY`] if it is too long for one.
#[inline(always)]
pub(crate) fn key_within(text: &[u8], (start, end): (u32, u32)) -> Key {
    let (start, end) = (start as usize, end as usize);
    let Some([mask, tag]) = SHAPES.get(end - start) else { return NO_KEY };
    // Sixteen bytes at once, those behind the unit masked out, is one load; near the end of the text
    // they are not there.
    match text.get(start..).and_then(<[u8]>::first_chunk::<16>) {
        Some(bytes) => u128::from_le_bytes(*bytes) & mask | tag,
        None => key_of(&text[start..end], false),
    }
}

/// A key with salt.
pub(crate) fn key_salted(key: Key) -> Key {
    key | 1 << 127
}

/// The key of a unit of at most [`MAX_KEY`] bytes. `salt` tells units apart that encode differently in
/// different places (the first of a text, the others).
pub(crate) fn key_of(unit: &[u8], salt: bool) -> Key {
    let mut bytes = [0u8; 16];
    bytes[..unit.len()].copy_from_slice(unit);
    // The length is at most 15, and never 0 for a unit, so no key is 0: that marks an empty entry.
    bytes[15] = u8::try_from(unit.len()).unwrap_or(15) | (u8::from(salt) << 7);
    u128::from_le_bytes(bytes)
}

/// For each choice of tokens that begin another word, how many words began up to each token.
const STEPS: [[u32; MAX_TOKENS]; 1 << MAX_TOKENS] = {
    let mut steps = [[0; MAX_TOKENS]; 1 << MAX_TOKENS];
    let mut bits = 0;
    while bits < steps.len() {
        let mut index = 0;
        while index < MAX_TOKENS {
            steps[bits][index] = (bits << (MAX_TOKENS - 1 - index) & 15).count_ones();
            index += 1;
        }
        bits += 1;
    }
    steps
};

/// A key in two halves, and a [`Hit`] in two halves; zero where nothing is kept.
type Entry = [u64; 4];

/// Two entries, the newer first: one cache line.
type Bucket = [Entry; 2];

/// Tokens packed: 24 bits per id in `ids`, and in `shape` their number (3 bits), the end of each in the
/// unit (4 × 4), whether each begins another word than the one before (4), and the words (3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    low: u64,
    high: u64,
}

impl Hit {
    /// Not in the table. A number of tokens that no unit here has marks the hits that are none.
    pub(crate) const MISSING: Self = Self { low: 0, high: 7 << 32 };

    /// The tokens lie elsewhere, under this number.
    pub(crate) fn aside(number: usize) -> Self {
        Self { low: number as u64, high: 6 << 32 }
    }

    /// The number that [`aside`](Self::aside) was given, if this came from it.
    #[inline]
    pub(crate) fn number_aside(self) -> Option<usize> {
        (self.len() > MAX_TOKENS).then_some(self.low as usize)
    }

    #[inline]
    pub(crate) fn is_missing(self) -> bool {
        self.high == Self::MISSING.high
    }

    /// In the table, but its tokens do not fit there.
    pub(crate) const ELSEWHERE: Self = Self { low: 0, high: 5 << 32 };

    /// Whether the table does not hold the tokens.
    #[inline(always)]
    #[allow(clippy::needless_bitwise_bool, reason = "a branch would be guessed wrong")]
    pub(crate) fn is_open(self) -> bool {
        self.is_missing() | (self.high == Self::ELSEWHERE.high)
    }

    /// Number of tokens.
    pub(crate) fn len(self) -> usize {
        (self.high >> 32 & 7) as usize
    }

    /// All four id slots; those behind `len` are zero.
    #[inline(always)]
    pub(crate) fn ids(self) -> [TokenId; MAX_TOKENS] {
        let mask = u64::from(MAX_ID);
        [
            (self.low & mask) as TokenId,
            (self.low >> 24 & mask) as TokenId,
            ((self.low >> 48 | self.high << 16) & mask) as TokenId,
            (self.high >> 8 & mask) as TokenId,
        ]
    }

    /// Where each of the four begins and ends, the unit beginning at `base`.
    #[inline(always)]
    pub(crate) fn spans(self, base: u32) -> [u32; 2 * MAX_TOKENS] {
        // A token begins where the one before ends, and the first one at 0, of which no bit is left.
        const SHIFTS: [u32; 2 * MAX_TOKENS] = [31, 3, 3, 7, 7, 11, 11, 15];
        let shape = (self.high >> 32) as u32 & i32::MAX.cast_unsigned();
        SHIFTS.map(|shift| base + (shape >> shift & 15))
    }

    /// The word of each of the four, `word` being the number of the unit's first.
    #[inline(always)]
    pub(crate) fn words(self, word: u32) -> [u32; MAX_TOKENS] {
        STEPS[(self.high >> 51 & 15) as usize].map(|steps| word + steps)
    }

    /// Number of words.
    pub(crate) fn word_count(self) -> u32 {
        (self.high >> 55 & 7) as u32
    }

    /// Pack the tokens of one word, each behind the one before it: id, start, end. [`ELSEWHERE`](Self::ELSEWHERE) where
    /// they do not fit.
    #[inline]
    pub(crate) fn of_word(tokens: impl Iterator<Item = (TokenId, u32, u32)>) -> Self {
        let (mut ids, mut ends, mut count, mut widest) = (0_u128, 0, 0, 0);
        for (id, _, end) in tokens {
            if count == MAX_TOKENS {
                return Self::ELSEWHERE;
            }
            ids |= u128::from(id) << (24 * count);
            ends |= u64::from(end) << (4 * count);
            widest |= id;
            count += 1;
        }
        if widest > MAX_ID {
            return Self::ELSEWHERE;
        }
        let shape = count as u64 | ends << 3 | 1 << 23;
        Self { low: ids as u64, high: (ids >> 64) as u64 | shape << 32 }
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

/// The table: open buckets of two, and what finds its bucket full goes next door; it grows with use up to its
/// bound, when a third of it is taken.
pub(crate) struct UnitTable {
    buckets: Pages<Bucket>,
    used: usize,
    /// Whether it grows only once half of it is taken.
    pub(super) grows_late: bool,
}

/// A table to look things up in.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    buckets: &'a [Bucket],
}

/// Where in the table a key would be.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place(u32);

impl View<'_> {
    /// The place of a key.
    #[inline(always)]
    pub(crate) fn place(self, key: Key) -> Place {
        Place(index(key, self.buckets.len()) as u32)
    }

    /// Have the processor fetch a place.
    #[inline(always)]
    pub(crate) fn fetch(self, place: Place) {
        prefetch(&self.buckets[place.0 as usize & (self.buckets.len() - 1)]);
    }

    /// The place where a key can be that finds its own full.
    #[inline(always)]
    pub(crate) fn next_door(place: Place) -> Place {
        Place(place.0 ^ 1)
    }

    /// What is kept under a key, or [`Hit::MISSING`]. No branch hangs on what is found, so that the
    /// processor waits for the memory of many calls at once.
    #[inline(always)]
    pub(crate) fn get(self, key: Key, place: Place) -> Hit {
        let [newer, older] = &self.buckets[place.0 as usize & (self.buckets.len() - 1)];
        let [key_low, key_high] = halves(key);
        let is_newer = (newer[0] ^ key_low) | (newer[1] ^ key_high) == 0;
        let is_older = (older[0] ^ key_low) | (older[1] ^ key_high) == 0;
        let low = if is_newer { newer[2] } else { older[2] };
        let high = if is_newer { newer[3] } else { older[3] };
        let high = if is_newer | is_older { high } else { Hit::MISSING.high };
        Hit { low, high }
    }
}

impl UnitTable {
    pub(crate) fn new() -> Self {
        Self { buckets: Pages::zeroed(FIRST_BUCKETS), used: 0, grows_late: false }
    }

    #[inline]
    pub(crate) fn view(&self) -> View<'_> {
        View { buckets: self.buckets.as_slice() }
    }

    /// What is kept under a key, or [`Hit::MISSING`].
    #[cfg(test)]
    fn get(&self, key: Key) -> Hit {
        let view = self.view();
        let place = view.place(key);
        let hit = view.get(key, place);
        if hit.is_missing() { view.get(key, View::next_door(place)) } else { hit }
    }

    /// The same for a key that is not in its own place: if it is next door, the two that met there change
    /// places, so that what is met often is at home.
    pub(crate) fn bring_home(&mut self, key: Key) -> Hit {
        let view = self.view();
        let place = view.place(key);
        let hit = view.get(key, place);
        if !hit.is_missing() {
            return hit;
        }
        let hit = view.get(key, View::next_door(place));
        if !hit.is_missing() {
            let at = place.0 as usize;
            let buckets = self.buckets.as_mut_slice();
            let slot = usize::from(buckets[at ^ 1][0][..2] != halves(key));
            let [newer, older] = buckets[at];
            buckets[at] = [buckets[at ^ 1][slot], newer];
            buckets[at ^ 1][slot] = older;
        }
        hit
    }

    /// Keep what a unit encodes to, and give it back packed, or [`Hit::ELSEWHERE`] if it does not fit.
    pub(crate) fn insert(&mut self, key: Key, tokens: &UnitTokens) -> Hit {
        let hit = Hit::pack(tokens).unwrap_or(Hit::ELSEWHERE);
        self.insert_hit(key, hit);
        hit
    }

    /// Keep what was packed before.
    pub(crate) fn insert_hit(&mut self, key: Key, hit: Hit) {
        let buckets = self.buckets.as_slice().len();
        let slots_per_unit = if self.grows_late { LEAST_SLOTS_PER_UNIT } else { SLOTS_PER_UNIT };
        if self.used * slots_per_unit > buckets * 2 && buckets < MOST_BUCKETS {
            self.grow(if buckets < SMALL_BUCKETS { 4 } else { 2 });
        }
        let [key_low, key_high] = halves(key);
        self.put([key_low, key_high, hit.low, hit.high]);
    }

    fn put(&mut self, entry: Entry) {
        let buckets = self.buckets.as_mut_slice();
        let key = u128::from(entry[1]) << 64 | u128::from(entry[0]);
        let place = index(key, buckets.len());
        let [newer, older] = buckets[place];
        // Of two units the one of fewer tokens is met more often: that is what the model was made by.
        let older_stays = !is_free(&older) && token_count(&older) < token_count(&newer);
        let (stays, goes) = if older_stays { (older, newer) } else { (newer, older) };
        buckets[place] = [entry, stays];
        self.used += usize::from(is_free(&goes));
        if is_free(&goes) {
            return;
        }
        let next_door = &mut buckets[place ^ 1];
        if let Some(slot) = next_door.iter_mut().rev().find(|slot| is_free(slot)) {
            *slot = goes;
            self.used += 1;
        }
    }

    /// Two buckets beside each other become as many more at the same part of the table, so that one pass from the end to
    /// the beginning does it in the memory that is there.
    fn grow(&mut self, times: usize) {
        let len = self.buckets.as_slice().len();
        self.buckets.enlarge(len * times, MOST_BUCKETS);
        self.used = 0;
        for pair in (0..len).step_by(2).rev() {
            let buckets = self.buckets.as_mut_slice();
            let entries = [buckets[pair], buckets[pair + 1]];
            buckets[pair * times..(pair + 2) * times].fill([[0; 4]; 2]);
            for bucket in entries {
                for entry in bucket.iter().rev().filter(|entry| !is_free(entry)) {
                    self.put(*entry);
                }
            }
        }
    }
}

#[inline(always)]
fn halves(key: Key) -> [u64; 2] {
    [key as u64, (key >> 64) as u64]
}

fn token_count(entry: &Entry) -> usize {
    Hit { low: entry[2], high: entry[3] }.len()
}

/// No key is 0.
fn is_free(entry: &Entry) -> bool {
    entry[0] | entry[1] == 0
}

#[inline(always)]
fn index(key: Key, buckets: usize) -> usize {
    let [low, high] = halves(key);
    // Folded multiplication: the middle bits of the product depend on all bits of the key.
    let product =
        u128::from(low ^ 0x9e37_79b9_7f4a_7c15) * u128::from(high ^ 0xd1b5_4a32_d192_ed03);
    let hash = (product >> 64) as u64 ^ product as u64;
    // The highest bits: a larger table has the same units in the same order, so that growing goes through both
    // from one end to the other.
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (buckets.leading_zeros() + 1)) as usize
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
        let hit = table.insert(key_of(b"fifteen bytes..", false), &unit);
        assert_eq!(table.get(key_of(b"fifteen bytes..", false)), hit);
        assert_eq!(hit.ids(), [MAX_ID, 0, 0xab_cdef, 1]);
        assert_eq!(hit.spans(100), [100, 103, 103, 107, 107, 108, 108, 115]);
        assert_eq!(hit.words(7), [7, 8, 8, 9]);
        assert_eq!((hit.len(), hit.word_count()), (4, 3));
        assert!(table.get(key_of(b"fifteen bytes..", true)).is_missing());
        assert!(table.get(NO_KEY).is_missing());
    }

    #[test]
    fn a_key_is_the_same_wherever_the_unit_stands() {
        let text = b"a text of more than thirty bytes, twice";
        for start in 0..text.len() {
            for end in start + 1..=text.len().min(start + 20) {
                let unit = &text[start..end];
                let place = (u32::try_from(start).unwrap(), u32::try_from(end).unwrap());
                let expected = if unit.len() > MAX_KEY { NO_KEY } else { key_of(unit, true) };
                assert_eq!(key_salted(key_within(text, place)), expected);
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_elsewhere() {
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
            assert_eq!(table.insert(key_of(b"x", false), &unit), Hit::ELSEWHERE);
            assert_eq!(table.get(key_of(b"x", false)), Hit::ELSEWHERE);
        }
    }

    #[test]
    fn growing_loses_little_and_changes_nothing() {
        let mut table = UnitTable::new();
        let count = 20_000u32;
        for i in 0..count {
            let unit = tokens(&[(i, 4, 0)], 1);
            table.insert(key_of(&i.to_le_bytes(), false), &unit);
        }
        let found: Vec<_> = (0..count)
            .map(|i| (i, table.get(key_of(&i.to_le_bytes(), false))))
            .filter(|(_, hit)| !hit.is_missing())
            .collect();
        assert!(found.iter().all(|(i, hit)| hit.ids()[0] == *i && hit.len() == 1));
        assert!(found.len() > count as usize * 19 / 20, "{}", found.len());
    }
}
