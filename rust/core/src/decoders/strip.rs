//! Characters stripped from the ends of each token.

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
