//! Lower case, character by character.

use std::borrow::Cow;

use fissile_unicode::case;

use super::plain::rewrite;

pub(super) fn leaves_unchanged(text: &str) -> bool {
    if text.is_ascii() {
        return !text.bytes().any(|byte| byte.is_ascii_uppercase());
    }
    text.chars().all(|character| case::lowercase(character).eq([character]))
}

pub(super) fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    rewrite(text, leaves_unchanged, |text| {
        if text.is_ascii() {
            return text.to_ascii_lowercase();
        }
        text.chars().flat_map(case::lowercase).collect()
    })
}
