//! Characters stripped from the ends of each token.

use crate::error::Result;
use crate::stages::Decode;

/// How many of which character to strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StripDecoder {
    /// The character.
    pub content: char,
    /// At most so many from the front.
    pub start: usize,
    /// At most so many from the back.
    pub stop: usize,
}

impl Default for StripDecoder {
    fn default() -> Self {
        Self { content: ' ', start: 0, stop: 0 }
    }
}

impl StripDecoder {
    /// The text of one token. Where front and back would overlap, nothing is left (the reference
    /// panics there).
    pub(super) fn token<'t>(&self, token: &'t str) -> &'t str {
        let width = self.content.len_utf8();
        let is_content = |character: &char| *character == self.content;
        let front = token.chars().take(self.start).take_while(is_content).count() * width;
        let back = token.chars().rev().take(self.stop).take_while(is_content).count() * width;
        token.get(front..token.len() - back).unwrap_or("")
    }
}

impl Decode for StripDecoder {
    fn decode_chain(&self, tokens: Vec<String>) -> Result<Vec<String>> {
        Ok(tokens.iter().map(|token| self.token(token).to_owned()).collect())
    }
}
