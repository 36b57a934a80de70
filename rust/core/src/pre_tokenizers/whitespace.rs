//! Cut at white space; `Whitespace` also between words and what is no word.

use fissile_unicode::category;

use super::fixed_length::slices;
use crate::error::Result;
use crate::text::{NormalizedText, Pattern, Pieces, SplitBehavior};

/// `WhitespaceSplit`: white space is dropped.
pub(super) fn cut_at_space(pieces: &mut Pieces) -> Result<()> {
    let space = Pattern::Chars(category::is_whitespace);
    pieces.split(|_, text| text.split(&space, SplitBehavior::Removed))
}

/// `Whitespace`: the matches of `\w+|[^\w\s]+`.
pub(super) fn cut_words(pieces: &mut Pieces) -> Result<()> {
    pieces.split(|_, text| Ok(words(&text)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Space,
    Word,
    Other,
}

fn kind(c: char) -> Kind {
    if category::is_word(c) {
        Kind::Word
    } else if category::is_whitespace(c) {
        Kind::Space
    } else {
        Kind::Other
    }
}

fn words(text: &NormalizedText) -> Vec<NormalizedText> {
    let mut runs = Vec::new();
    let mut open: Option<(Kind, usize)> = None;
    for (at, c) in text.get().char_indices() {
        let kind = kind(c);
        if open.is_some_and(|(known, _)| known == kind) {
            continue;
        }
        if let Some((Kind::Word | Kind::Other, start)) = open {
            runs.extend(slices(text, &[start, at]));
        }
        open = Some((kind, at));
    }
    if let Some((Kind::Word | Kind::Other, start)) = open {
        runs.extend(slices(text, &[start, text.len()]));
    }
    runs
}
