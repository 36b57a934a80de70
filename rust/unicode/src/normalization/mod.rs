//! Canonical and compatibility forms of Unicode 9, with alignment.
//!
//! Each form comes in two alignments. [`nfc`], [`nfd`], [`nfkc`] and [`nfkd`] count changes as the reference does,
//! which identical offsets need. [`nfc_aligned`] and its kin tell the bytes that each character really comes from;
//! for the composing forms the two differ wherever a composition spans several source characters.
//!
//! The quick checks are exact: true means that the form returns the very same characters, false that it does not.

mod compose;
mod decompose;
mod hangul;
mod properties;
mod quick_check;
mod segments;

use std::iter::FusedIterator;
use std::ops::Range;

use properties::{Form, Properties};
use segments::Segments;

/// Normalized characters, each with its change: 0 replaces a character, 1 is a new one, -n replaces one and removes the
/// n after it.
#[derive(Clone)]
pub struct Changes<'t>(Segments<'t>);

impl Iterator for Changes<'_> {
    type Item = (char, isize);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|unit| (unit.character, unit.change))
    }
}

impl FusedIterator for Changes<'_> {}

/// Normalized characters, each with the byte range of the source that it comes from.
///
/// Ranges may overlap: the parts of one decomposed character share its range, and a composition that reaches over a
/// mark covers that mark.
#[derive(Clone)]
pub struct Aligned<'t>(Segments<'t>);

impl Iterator for Aligned<'_> {
    type Item = (char, Range<usize>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|unit| (unit.character, unit.start..unit.end))
    }
}

impl FusedIterator for Aligned<'_> {}

/// NFC with the reference's changes: canonical decomposition, then composition.
pub fn nfc(text: &str) -> Changes<'_> {
    Changes(Segments::new(text, Form::NFC))
}

/// NFD with the reference's changes: canonical decomposition.
pub fn nfd(text: &str) -> Changes<'_> {
    Changes(Segments::new(text, Form::NFD))
}

/// NFKC with the reference's changes: compatibility decomposition, then composition.
pub fn nfkc(text: &str) -> Changes<'_> {
    Changes(Segments::new(text, Form::NFKC))
}

/// NFKD with the reference's changes: compatibility decomposition.
pub fn nfkd(text: &str) -> Changes<'_> {
    Changes(Segments::new(text, Form::NFKD))
}

/// NFC with truthful alignment.
///
/// ```
/// let aligned: Vec<_> = fissile_unicode::normalization::nfc_aligned("e\u{301}x").collect();
/// assert_eq!(aligned, [('é', 0..3), ('x', 3..4)]);
/// ```
pub fn nfc_aligned(text: &str) -> Aligned<'_> {
    Aligned(Segments::new(text, Form::NFC))
}

/// NFD with truthful alignment.
pub fn nfd_aligned(text: &str) -> Aligned<'_> {
    Aligned(Segments::new(text, Form::NFD))
}

/// NFKC with truthful alignment.
pub fn nfkc_aligned(text: &str) -> Aligned<'_> {
    Aligned(Segments::new(text, Form::NFKC))
}

/// NFKD with truthful alignment.
pub fn nfkd_aligned(text: &str) -> Aligned<'_> {
    Aligned(Segments::new(text, Form::NFKD))
}

/// Whether NFC leaves the text as it is; every change is then 0 too, so a normalizer may skip it.
pub fn is_nfc(text: &str) -> bool {
    quick_check::is_normalized(text, Form::NFC)
}

/// Whether NFD leaves the text as it is.
pub fn is_nfd(text: &str) -> bool {
    quick_check::is_normalized(text, Form::NFD)
}

/// Whether NFKC leaves the text as it is.
pub fn is_nfkc(text: &str) -> bool {
    quick_check::is_normalized(text, Form::NFKC)
}

/// Whether NFKD leaves the text as it is.
pub fn is_nfkd(text: &str) -> bool {
    quick_check::is_normalized(text, Form::NFKD)
}

/// The canonical combining class, by Unicode 9: 0 for all that is not reordered.
///
/// For characters that decompose it is 0, as no step of normalization ever asks for theirs.
pub fn combining_class(character: char) -> u8 {
    Properties::of(character).class()
}
