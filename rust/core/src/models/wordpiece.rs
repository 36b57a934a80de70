//! Greedy longest match.

use std::sync::Arc;

use crate::vocab::Vocab;

/// A WordPiece model.
#[derive(Debug, Clone)]
pub struct WordPiece {
    vocab: Arc<Vocab>,
    options: WordPieceOptions,
}
/// What can be set on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordPieceOptions {
    pub unk_token: String,
    pub continuing_subword_prefix: String,
    pub max_input_chars_per_word: usize,
}
impl Default for WordPieceOptions {
    fn default() -> Self {
        Self { unk_token: "[UNK]".into(), continuing_subword_prefix: "##".into(), max_input_chars_per_word: 100 }
    }
}
impl WordPiece {
    pub fn new(vocab: Vocab, options: WordPieceOptions) -> Self { Self { vocab: Arc::new(vocab), options } }
    pub fn vocab(&self) -> &Vocab { &self.vocab }
    pub fn options(&self) -> &WordPieceOptions { &self.options }
    #[must_use]
    pub fn with_options(&self, options: WordPieceOptions) -> Self { Self { vocab: self.vocab.clone(), options } }
}
