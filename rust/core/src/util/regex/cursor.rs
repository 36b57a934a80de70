//! Reading a pattern character by character, and saying where something is wrong with it.

use crate::error::Error;

/// A place in a pattern.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'p> {
    source: &'p str,
    at: usize,
}

impl<'p> Cursor<'p> {
    pub(crate) fn new(source: &'p str) -> Self {
        Self { source, at: 0 }
    }

    /// Byte position.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Go back (or on) to a position that [`at`](Self::at) gave.
    pub(crate) fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// What is left.
    pub(crate) fn rest(&self) -> &'p str {
        &self.source[self.at..]
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at >= self.source.len()
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Step over `text` if it comes next.
    pub(crate) fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Up to `most` digits of the base, as text.
    pub(crate) fn digits(&mut self, base: u32, most: usize) -> &'p str {
        let rest = self.rest();
        let length = rest.bytes().take(most).take_while(|&b| char::from(b).is_digit(base)).count();
        self.at += length;
        &rest[..length]
    }

    /// The pattern is malformed here.
    pub(crate) fn error(&self, message: &str) -> Error {
        self.error_at(self.at, message)
    }

    /// The pattern is malformed at `at`.
    pub(crate) fn error_at(&self, at: usize, message: &str) -> Error {
        Error::invalid(format!(
            "{message}, at byte {at} of the regular expression {:?}",
            self.source
        ))
    }

    /// The pattern is fine, but this part of the dialect is not built.
    pub(crate) fn unsupported(&self, at: usize, construct: &str) -> Error {
        Error::unsupported(format!(
            "{construct} is not supported, at byte {at} of the regular expression {:?}",
            self.source
        ))
        .hinting("write the pattern without it, or cut the text with a custom pre-tokenizer")
    }
}
