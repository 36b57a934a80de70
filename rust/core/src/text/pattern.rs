//! What to look for in a text: a literal, a regular expression, a kind of character.

use crate::error::Result;
use crate::token::Span;
use crate::util::regex::Regex;

/// Something to find in a text.
#[derive(Clone)]
pub enum Pattern {
    /// This very string.
    Literal(String),
    /// A regular expression.
    Regex(Regex),
    /// Any character for which the function is true.
    Chars(fn(char) -> bool),
    /// The other pattern, matches and gaps exchanged.
    Invert(Box<Pattern>),
}

#[allow(unused_variables, clippy::todo)]
impl Pattern {
    /// The whole text as spans in order, each marked whether it is a match. An empty text gives `[(0..0, false)]`.
    pub fn find_matches(&self, text: &str) -> Result<Vec<(Span, bool)>> { todo!() }
}

/// A pattern and what to put in place of its matches: the data of the `Replace` normalizer and decoder.
#[derive(Clone)]
pub struct Replacement {
    /// What to look for (`Literal` or `Regex`).
    pub pattern: Pattern,
    /// What to put there.
    pub content: String,
}
