//! Whether a text already is in a normalization form: exact, and quick where nothing is in doubt.

use super::compose::compose;
use super::properties::{Form, Properties};
use super::segments::Segments;

/// Whether the form leaves the text as it is.
pub(super) fn is_normalized(text: &str, form: Form) -> bool {
    let mut at = 0;
    while let Some(unstable) = find_unstable(text, at, form) {
        match check_segment(text, last_start(text, at, unstable), unstable, form) {
            Some(end) => at = end,
            None => return false,
        }
    }
    true
}

/// The first character from `at` on that the form changes, or that may reorder or compose with what is before it.
fn find_unstable(text: &str, mut at: usize, form: Form) -> Option<usize> {
    /// After so many bytes of unusual characters it is worth trying to skip again.
    const WINDOW: usize = 96;
    loop {
        at = skip_plain(text, at, form.first_lead);
        let mut characters = text[at..].char_indices();
        let stop = characters.find(|&(offset, character)| {
            form.is_unstable(Properties::of(character)) || offset >= WINDOW
        });
        let (offset, character) = stop?;
        at += offset;
        if form.is_unstable(Properties::of(character)) {
            return Some(at);
        }
    }
}

/// Skips characters below `first_lead`, none of which any form touches, a chunk at a time.
#[inline]
fn skip_plain(text: &str, at: usize, first_lead: u8) -> usize {
    const CHUNK: usize = 32;
    let plain = |chunk: &&[u8]| chunk.iter().fold(0, |most, &byte| byte.max(most)) < first_lead;
    let chunks = text.as_bytes()[at..].chunks_exact(CHUNK).take_while(plain).count();
    (at..=at + chunks * CHUNK).rfind(|&end| text.is_char_boundary(end)).unwrap_or(at)
}

/// The start of the character before `end`, which nothing before can influence; `end` when there is none from `at` on.
fn last_start(text: &str, at: usize, end: usize) -> usize {
    let before = text[at..end].chars().next_back();
    end - before.map_or(0, char::len_utf8)
}

/// Checks the segment at `start`, whose first unstable character is at `unstable`: its end, or none if it changes.
fn check_segment(text: &str, start: usize, unstable: usize, form: Form) -> Option<usize> {
    let mut end = text.len();
    let mut in_doubt = false;
    let mut last_class = 0;
    let mut before = text[start..unstable].chars().next();
    for (offset, character) in text[unstable..].char_indices() {
        let properties = Properties::of(character);
        let class = properties.class();
        if form.changes(properties) || (class != 0 && class < last_class) {
            return None;
        }
        if !form.joins(properties) {
            end = unstable + offset;
            break;
        }
        if form.composes && (properties.is_second() || form.decomposes(properties)) {
            match composes_with(before, character, form) {
                Some(true) => return None,
                Some(false) => (),
                None => in_doubt = true,
            }
        }
        last_class = class;
        before = None;
    }
    (!in_doubt || is_unchanged(&text[start..end], form)).then_some(end)
}

/// Whether a character composes with the one right before it, where that alone decides.
///
/// It does not when one of them decomposes (marks may trade places) or marks stand between.
fn composes_with(before: Option<char>, character: char, form: Form) -> Option<bool> {
    let whole = |character: &char| !form.decomposes(Properties::of(*character));
    let before = before.filter(whole)?;
    Some(character).filter(whole).map(|character| compose(before, character).is_some())
}

fn is_unchanged(segment: &str, form: Form) -> bool {
    Segments::new(segment, form).map(|unit| unit.character).eq(segment.chars())
}
