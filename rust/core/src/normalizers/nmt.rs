//! The clean-up of NMT models: some control characters out, odd white space made a space.

use std::borrow::Cow;

use super::plain::rewrite;
use crate::text::NormalizedText;

pub(super) fn edit(text: &mut NormalizedText) {
    text.filter(|character| !is_dropped(character)).map(spaced);
}

pub(super) fn leaves_unchanged(text: &str) -> bool {
    text.chars().all(|character| !is_dropped(character) && spaced(character) == character)
}

pub(super) fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    rewrite(text, leaves_unchanged, |text| {
        text.chars().filter(|character| !is_dropped(*character)).map(spaced).collect()
    })
}

fn is_dropped(character: char) -> bool {
    matches!(
        character,
        '\u{1}'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{8f}' | '\u{9f}'
    )
}

fn spaced(character: char) -> char {
    match character {
        '\t'
        | '\n'
        | '\u{c}'
        | '\r'
        | '\u{1680}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{2581}'
        | '\u{feff}'
        | '\u{fffd}' => ' ',
        other => other,
    }
}
