//! Every byte shown as a printable character.

use std::borrow::Cow;

use super::plain::rewrite;
use crate::text::NormalizedText;
use crate::text::byte_alphabet::byte_to_char;

pub(super) fn edit(text: &mut NormalizedText) {
    if leaves_unchanged(text.get()) && text.keeps_still() {
        return;
    }
    let before = text.clone();
    let starts_character = |byte: u8| !(0x80..0xC0).contains(&byte);
    let bytes = before.get().bytes();
    text.transform(bytes.map(|byte| (byte_to_char(byte), isize::from(!starts_character(byte)))), 0);
}

/// Printable ASCII, but for the space, stands for itself.
pub(super) fn leaves_unchanged(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

pub(super) fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    rewrite(text, leaves_unchanged, |text| text.bytes().map(byte_to_char).collect())
}
