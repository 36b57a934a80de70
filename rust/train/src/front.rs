//! Counts of short words, in front of the table that has all others.
//!
//! Nine of ten words of a text are short and have been seen a moment ago. Each of them has one place here, and
//! counting it again touches one cache line; a word that finds another one in its place sends it, with what
//! was counted so far, to a table of all short words, whose entries are the words themselves: that is one more
//! cache line, where a table of texts takes four.

use fissile_core::{Error, Result};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// Bytes of the longest word that is counted here.
const LONGEST: usize = 15;

/// How many places there are: half a megabyte of them, which stays in the second-level cache.
const PLACES: usize = 1 << 14;

/// A word of at most [`LONGEST`] bytes, with its form and its length in the last byte. No word is 0.
type Key = [u64; 2];

#[derive(Clone, Copy, Default)]
struct Place {
    key: Key,
    count: u64,
}

/// The places, and the table behind them.
pub(crate) struct Front {
    places: Box<[Place]>,
    /// On the way from a place to the table.
    late: Vec<Place>,
    table: HashTable<Place>,
}

/// So many words go into the table together: each of them waits for memory, and they wait at the same time.
const TOGETHER: usize = 32;

impl Default for Front {
    fn default() -> Self {
        Self {
            places: vec![Place::default(); PLACES].into(),
            late: Vec::with_capacity(TOGETHER),
            table: HashTable::new(),
        }
    }
}

impl Front {
    /// Count a word of some form once more; whether it is short enough for that.
    ///
    /// # Errors
    /// When a count passes 2⁶⁴.
    #[inline]
    pub(crate) fn count(&mut self, form: u8, word: &str) -> Result<bool> {
        if word.is_empty() || word.len() > LONGEST {
            return Ok(false);
        }
        let key = key(form, word.as_bytes());
        let place = &mut self.places[(hash(key) >> 50) as usize % PLACES];
        if place.key == key {
            place.count += 1;
            return Ok(true);
        }
        let old = std::mem::replace(place, Place { key, count: 1 });
        if old.count > 0 {
            self.late.push(old);
            if self.late.len() == TOGETHER {
                self.put_late()?;
            }
        }
        Ok(true)
    }

    #[inline(never)]
    fn put_late(&mut self) -> Result<()> {
        let known = |place: &&Place| {
            self.table.find(hash(place.key), |other| other.key == place.key).is_some()
        };
        std::hint::black_box(self.late.iter().filter(known).count());
        let mut late = std::mem::take(&mut self.late);
        let result = late.drain(..).try_for_each(|place| self.put(place));
        self.late = late;
        result
    }

    fn put(&mut self, place: Place) -> Result<()> {
        if place.count == 0 {
            return Ok(());
        }
        let same = |other: &Place| other.key == place.key;
        match self.table.entry(hash(place.key), same, |other| hash(other.key)) {
            Entry::Occupied(mut known) => {
                let sum = &mut known.get_mut().count;
                *sum = sum.checked_add(place.count).ok_or_else(too_often)?;
            }
            Entry::Vacant(free) => _ = free.insert(place),
        }
        Ok(())
    }

    /// Bring all that was counted into the table.
    pub(crate) fn settle(&mut self) -> Result<()> {
        self.put_late()?;
        for at in 0..PLACES {
            let place = std::mem::take(&mut self.places[at]);
            self.put(place)?;
        }
        Ok(())
    }

    /// Whether nothing was counted, once it is [settled](Self::settle).
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Whether all words are of one form.
    pub(crate) fn all_are(&self, form: u8) -> bool {
        self.table.iter().all(|place| place.form() == form)
    }

    /// Add what was counted elsewhere; both are [settled](Self::settle).
    pub(crate) fn merge(&mut self, other: &Self) -> Result<()> {
        other.table.iter().try_for_each(|place| self.put(*place))
    }

    /// Form, word and count of everything, once it is [settled](Self::settle).
    pub(crate) fn each(&self, mut take: impl FnMut(u8, &str, u64) -> Result<()>) -> Result<()> {
        self.table.iter().try_for_each(|place| {
            let bytes = bytes(place.key);
            let length = usize::from(bytes[LONGEST] & 15);
            let word = std::str::from_utf8(&bytes[..length]).expect("made of a string");
            take(place.form(), word, place.count)
        })
    }
}

impl Place {
    fn form(self) -> u8 {
        bytes(self.key)[LONGEST] >> 4
    }
}

fn too_often() -> Error {
    Error::invalid("the texts hold too many occurrences of a word to count")
}

fn bytes(key: Key) -> [u8; LONGEST + 1] {
    (u128::from(key[1]) << 64 | u128::from(key[0])).to_le_bytes()
}

#[inline]
fn key(form: u8, word: &[u8]) -> Key {
    let length = word.len();
    let tag = u64::from(form << 4 | length as u8) << 56;
    match (word.first_chunk(), word.last_chunk()) {
        (Some(first), Some(last)) if length > 8 => {
            [u64::from_le_bytes(*first), u64::from_le_bytes(*last) >> (8 * (16 - length)) | tag]
        }
        (Some(first), _) => [u64::from_le_bytes(*first), tag],
        _ => [few(word), tag],
    }
}

/// Less than eight bytes, without a loop over them: from both ends, which may overlap.
#[inline]
fn few(word: &[u8]) -> u64 {
    let length = word.len();
    if let (Some(first), Some(last)) = (word.first_chunk(), word.last_chunk()) {
        let [first, last] = [first, last].map(|half| u64::from(u32::from_le_bytes(*half)));
        return first | last << (8 * (length - 4));
    }
    let (middle, last) = (length / 2, length - 1);
    let byte = |at: usize| u64::from(word[at]) << (8 * at);
    byte(0) | byte(middle) | byte(last)
}

#[inline]
fn hash(key: Key) -> u64 {
    let folded = (key[0] ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(key[1] | 1);
    let mixed = (folded ^ folded >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed ^ mixed >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_word_with_its_length_and_form() {
        let word = b"abcdefghijklmno";
        for length in 1..=LONGEST {
            let key = bytes(key(2, &word[..length]));
            assert_eq!(key[..length], word[..length]);
            assert!(key[length..LONGEST].iter().all(|&byte| byte == 0));
            assert_eq!(key[LONGEST], 2 << 4 | length as u8);
        }
    }
}
