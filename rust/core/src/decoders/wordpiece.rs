//! `##` removed, words joined by spaces.

/// The prefix and whether to clean up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordPieceDecoder {
    /// `##` by default.
    pub prefix: String,
    /// Undo the spaces that tokenizing put before punctuation.
    pub cleanup: bool,
}
