//! GPT-2's cut, and every byte as a character of the byte alphabet.

use std::sync::LazyLock;

use crate::error::Result;
use crate::text::byte_alphabet::{self, ByteLevel};
use crate::text::{NormalizedText, Pattern, Pieces, SplitBehavior};
use crate::util::regex::{Regex, famous};

static GPT2: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::Regex(Regex::new(famous::GPT2).expect("GPT-2's pattern is valid")));

/// GPT-2's regular expression, compiled once.
pub fn gpt2_pattern() -> &'static Pattern {
    &GPT2
}

pub(super) fn cut(options: ByteLevel, pieces: &mut Pieces) -> Result<()> {
    pieces.split(|_, mut text| {
        if options.add_prefix_space && !text.get().starts_with(' ') {
            text.prepend(" ");
        }
        if options.use_regex { text.split(&GPT2, SplitBehavior::Isolated) } else { Ok(vec![text]) }
    })?;
    pieces.normalize(|text| {
        show_bytes(text);
        Ok(())
    })
}

/// Every byte as a character; those of one character all come from it.
fn show_bytes(text: &mut NormalizedText) {
    let dest: Vec<(char, isize)> = text
        .get()
        .bytes()
        .map(|byte| {
            let is_continuation = byte & 0xC0 == 0x80;
            (byte_alphabet::byte_to_char(byte), isize::from(is_continuation))
        })
        .collect();
    text.transform(dest, 0);
}
