//! Whether a text already is in a normalization form: exact, and quick where nothing is in doubt.

use super::compose::compose;
use super::properties::{Form, Properties};
use super::segments::Segments;

/// Whether the form leaves the text as it is.
pub(super) fn is_normalized(text: &str, form: Form) -> bool {
    let mut at = 0;
    // The last character that nothing before it can influence, and what stands right before `at`.
    let mut segment = 0;
    let mut previous = None;
    let mut last_class = 0;
    while let Some(unusual) = find_unusual(text, at, form.first_lead) {
        at = last_plain(text, at, unusual);
        let Some(character) = text[at..].chars().next() else { break };
        let properties = Properties::of(character);
        let class = properties.class();
        if form.changes(properties) || (class != 0 && class < last_class) {
            return false;
        }
        if !form.joins(properties) {
            segment = at;
            previous = Some((character, properties));
        } else if form.composes && (properties.is_second() || form.decomposes(properties)) {
            match composes_with(previous, (character, properties), form) {
                Some(true) => return false,
                Some(false) => previous = None,
                None => {
                    at = segment_end(text, at, form);
                    if !is_unchanged(&text[segment..at], form) {
                        return false;
                    }
                    (segment, previous, last_class) = (at, None, 0);
                    continue;
                }
            }
        } else {
            previous = None;
        }
        last_class = class;
        at += character.len_utf8();
    }
    true
}

/// The first byte from `at` on that belongs to a character not known to stay as it is.
#[inline]
fn find_unusual(text: &str, at: usize, first_lead: u8) -> Option<usize> {
    const CHUNK: usize = 32;
    let bytes = &text.as_bytes()[at..];
    if *bytes.first()? >= first_lead {
        return Some(at);
    }
    let plain = |chunk: &&[u8]| chunk.iter().fold(0, |most, &byte| byte.max(most)) < first_lead;
    let skipped = bytes.chunks_exact(CHUNK).take_while(plain).count() * CHUNK;
    bytes[skipped..].iter().position(|&byte| byte >= first_lead).map(|found| at + skipped + found)
}

/// The start of the plain character before an unusual one, which may compose with it; `unusual` when there is none.
#[inline]
fn last_plain(text: &str, at: usize, unusual: usize) -> usize {
    match text[at..unusual].chars().next_back() {
        Some(plain) => unusual - plain.len_utf8(),
        None => unusual,
    }
}

/// Whether a character composes with the one right before it, where that alone decides.
///
/// It does not when one of them decomposes (marks may trade places) or other marks stand between.
#[inline]
fn composes_with(
    previous: Option<(char, Properties)>,
    character: (char, Properties),
    form: Form,
) -> Option<bool> {
    let alone = |&(_, properties): &(char, Properties)| !form.decomposes(properties);
    let (previous, _) = previous.filter(alone)?;
    let (character, _) = Some(character).filter(alone)?;
    Some(compose(previous, character).is_some())
}

/// The next character from `at` on that nothing before it can influence.
fn segment_end(text: &str, at: usize, form: Form) -> usize {
    let mut rest = text[at..].char_indices();
    rest.find(|&(_, character)| !form.joins(Properties::of(character)))
        .map_or(text.len(), |(offset, _)| at + offset)
}

fn is_unchanged(segment: &str, form: Form) -> bool {
    Segments::new(segment, form).map(|unit| unit.character).eq(segment.chars())
}
