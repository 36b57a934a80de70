//! Counts of the words that come all the time, in front of the table that has all of them.
//!
//! Nine of ten words of a text are short and have been seen a moment ago. Each of them has one place here, and
//! counting it again touches one cache line; a word that finds another one in its place sends it, with what
//! was counted so far, to the table.

use fissile_core::Result;

/// Bytes of the longest word that is counted here.
const LONGEST: usize = 15;

/// How many places there are: half a megabyte of them, which stays in the second-level cache.
const PLACES: usize = 1 << 14;

/// A word of at most [`LONGEST`] bytes, with its form and its length in the last byte. No word is 0.
#[derive(Clone, Copy, Default)]
struct Place {
    key: u128,
    count: u64,
}

/// The places.
pub(crate) struct Front {
    places: Box<[Place]>,
}

impl Default for Front {
    fn default() -> Self {
        Self { places: vec![Place::default(); PLACES].into() }
    }
}

impl Front {
    /// Count a word of some form once more. What has to be counted in the table goes to `spill`: form, word
    /// and how often.
    #[inline]
    pub(crate) fn count(
        &mut self,
        form: u8,
        word: &str,
        spill: impl FnOnce(u8, &str, u64) -> Result<()>,
    ) -> Result<()> {
        if word.is_empty() || word.len() > LONGEST {
            return spill(form, word, 1);
        }
        let key = key(form, word.as_bytes());
        let place = &mut self.places[slot(key)];
        if place.key == key {
            place.count += 1;
            return Ok(());
        }
        let old = std::mem::replace(place, Place { key, count: 1 });
        if old.count == 0 { Ok(()) } else { old.spill(spill) }
    }

    /// Send all that was counted to `spill`.
    pub(crate) fn empty(
        &mut self,
        mut spill: impl FnMut(u8, &str, u64) -> Result<()>,
    ) -> Result<()> {
        for place in &mut self.places {
            let place = std::mem::take(place);
            if place.count > 0 {
                place.spill(&mut spill)?;
            }
        }
        Ok(())
    }
}

impl Place {
    fn spill(self, spill: impl FnOnce(u8, &str, u64) -> Result<()>) -> Result<()> {
        let bytes = self.key.to_le_bytes();
        let (form, length) = (bytes[LONGEST] >> 4, usize::from(bytes[LONGEST] & 15));
        let word = std::str::from_utf8(&bytes[..length]).expect("made of a string");
        spill(form, word, self.count)
    }
}

#[inline]
fn key(form: u8, word: &[u8]) -> u128 {
    let mut bytes = [0; LONGEST + 1];
    bytes[..word.len()].copy_from_slice(word);
    bytes[LONGEST] = form << 4 | word.len() as u8;
    u128::from_le_bytes(bytes)
}

#[inline]
fn slot(key: u128) -> usize {
    let folded = (key as u64 ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul((key >> 64) as u64 | 1);
    let mixed = (folded ^ folded >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (mixed >> 50) as usize % PLACES
}
