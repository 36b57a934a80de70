//! `<0xE3>` tokens back into bytes.

use crate::error::Result;
use crate::stages::Decode;

/// The decoder of byte tokens. It has no settings.
pub(super) struct ByteFallback;

/// The byte that a token like `<0xE3>` stands for.
///
/// The two places take whatever Rust reads as a hexadecimal number (`+5` too), as in the reference.
pub(super) fn byte_of(token: &str) -> Option<u8> {
    let digits = token.strip_prefix("<0x")?.strip_suffix('>')?;
    if digits.len() == 2 { u8::from_str_radix(digits, 16).ok() } else { None }
}

/// Consecutive byte tokens, not yet ended by another token.
#[derive(Debug, Clone, Default)]
pub(super) struct ByteRun {
    /// What is valid so far.
    text: String,
    /// The beginning of a character behind it.
    pending: Vec<u8>,
    count: usize,
    is_broken: bool,
}

/// What a run of byte tokens looks like in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RunView<'a> {
    /// The bytes are valid UTF-8: one token.
    Text(&'a str),
    /// They are not: so many tokens of U+FFFD.
    Invalid(usize),
}

impl ByteRun {
    /// Take one more byte.
    pub(super) fn push(&mut self, byte: u8) {
        self.count += 1;
        if self.is_broken {
            return;
        }
        self.pending.push(byte);
        match std::str::from_utf8(&self.pending) {
            Ok(character) => {
                self.text.push_str(character);
                self.pending.clear();
            }
            Err(error) => self.is_broken = error.error_len().is_some(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// What the run would be if it ended here.
    pub(super) fn view(&self) -> RunView<'_> {
        if self.is_broken || !self.pending.is_empty() {
            RunView::Invalid(self.count)
        } else {
            RunView::Text(&self.text)
        }
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.pending.clear();
        self.count = 0;
        self.is_broken = false;
    }

    fn end(&mut self, tokens: &mut Vec<String>) {
        if !self.is_empty() {
            match self.view() {
                RunView::Text(text) => tokens.push(text.to_owned()),
                RunView::Invalid(count) => {
                    tokens.extend(std::iter::repeat_n("\u{FFFD}".to_owned(), count));
                }
            }
            self.clear();
        }
    }
}

impl Decode for ByteFallback {
    fn decode_chain(&self, tokens: Vec<String>) -> Result<Vec<String>> {
        let mut decoded = Vec::with_capacity(tokens.len());
        let mut run = ByteRun::default();
        for token in tokens {
            if let Some(byte) = byte_of(&token) {
                run.push(byte);
            } else {
                run.end(&mut decoded);
                decoded.push(token);
            }
        }
        run.end(&mut decoded);
        Ok(decoded)
    }
}
