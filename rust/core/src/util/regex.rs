//! The one door to the regex engine.

use crate::error::Result;
use crate::token::Span;

/// A compiled regular expression in the reference's dialect.
#[derive(Clone)]
pub struct Regex {
    source: std::sync::Arc<str>,
}
#[allow(unused_variables, clippy::todo)]
impl Regex {
    /// Compile `source` (Oniguruma's Ruby dialect, Unicode 16).
    pub fn new(source: &str) -> Result<Self> { todo!() }
    /// The source.
    pub fn source(&self) -> &str { &self.source }
    /// All matches, leftmost first, none overlapping.
    pub fn find_all(&self, text: &str) -> Result<Vec<Span>> { todo!() }
}
