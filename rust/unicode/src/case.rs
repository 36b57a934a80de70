//! Lower and upper case, a character at a time.
//!
//! These are the mappings of the Rust standard library that the reference was built with, frozen: the standard
//! library's own follow the compiler. There is no look at the neighbours, so a final sigma becomes `σ`, as in
//! the reference. Not for case-insensitive comparison.

use crate::tables::PageTable;
use crate::tables::lowercase::{LOWER_CASE, LOWER_DELTAS, LOWER_SPECIALS};
use crate::tables::uppercase::{UPPER_CASE, UPPER_DELTAS, UPPER_SPECIALS};

/// The one to three characters that a character maps to.
#[derive(Clone, Debug)]
pub struct CaseMapping {
    characters: [char; 3],
    next: usize,
    end: usize,
}

impl CaseMapping {
    fn one(character: char) -> Self {
        Self { characters: [character, '\0', '\0'], next: 0, end: 1 }
    }

    fn several(characters: [char; 3]) -> Self {
        let end = if characters[2] == '\0' { 2 } else { 3 };
        Self { characters, next: 0, end }
    }
}

impl Iterator for CaseMapping {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        let character = *self.characters[..self.end].get(self.next)?;
        self.next += 1;
        Some(character)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.end - self.next, Some(self.end - self.next))
    }
}

impl ExactSizeIterator for CaseMapping {}
impl std::iter::FusedIterator for CaseMapping {}

/// Lower case by the reference's `Lowercase` normalizer: `'İ'` gives two characters, all others one.
#[inline]
pub fn lowercase(character: char) -> CaseMapping {
    if character.is_ascii() {
        return CaseMapping::one(character.to_ascii_lowercase());
    }
    map(character, &LOWER_CASE, &LOWER_DELTAS, &LOWER_SPECIALS)
}

/// Upper case by the reference's `NormalizedString.uppercase`: `'ß'` gives `"SS"`.
#[inline]
pub fn uppercase(character: char) -> CaseMapping {
    if character.is_ascii() {
        return CaseMapping::one(character.to_ascii_uppercase());
    }
    map(character, &UPPER_CASE, &UPPER_DELTAS, &UPPER_SPECIALS)
}

fn map(
    character: char,
    table: &PageTable<u8, u8>,
    deltas: &[i32],
    specials: &[[char; 3]],
) -> CaseMapping {
    let number = usize::from(table.get_latin_first(character));
    if number == 0 {
        return CaseMapping::one(character);
    }
    match deltas.get(number) {
        Some(&delta) => CaseMapping::one(shift(character, delta)),
        None => CaseMapping::several(specials[number - deltas.len()]),
    }
}

fn shift(character: char, delta: i32) -> char {
    (character as u32)
        .checked_add_signed(delta)
        .and_then(char::from_u32)
        .expect("the table leads from characters to characters")
}
