//! Combining marks dropped, of all three kinds: spacing, nonspacing and enclosing.

use std::borrow::Cow;

use fissile_unicode::category;

use super::plain::rewrite;
use crate::text::NormalizedText;

pub(super) fn edit(text: &mut NormalizedText) {
    text.filter(|character| !category::is_accent(character));
}

pub(super) fn leaves_unchanged(text: &str) -> bool {
    text.is_ascii() || !text.chars().any(category::is_accent)
}

pub(super) fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    rewrite(text, leaves_unchanged, |text| {
        text.chars().filter(|character| !category::is_accent(*character)).collect()
    })
}
