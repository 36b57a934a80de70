//! `WordPiece`: the tokens are those of a BPE model whose symbols inside a word carry a prefix. This is
//! the reference's way; the paper's picks pairs by another score.

use fissile_core::Result;
use fissile_core::models::WordPiece;
use fissile_core::models::wordpiece::WordPieceOptions;

use crate::bpe::BpeTrainer;
use crate::count::WordCounts;
use crate::progress::Progress;

/// Trains `WordPiece` models.
#[derive(Debug, Clone, PartialEq)]
pub struct WordPieceTrainer {
    /// What the merges are learned with.
    pub bpe: BpeTrainer,
}

impl Default for WordPieceTrainer {
    fn default() -> Self {
        let continuing_subword_prefix = Some("##".to_owned());
        Self { bpe: BpeTrainer { continuing_subword_prefix, ..BpeTrainer::default() } }
    }
}

impl WordPieceTrainer {
    /// Train a model on counted words. What is not learned (the unknown token, the longest word) is
    /// taken from `options`.
    ///
    /// # Errors
    /// As [`BpeTrainer::train`].
    pub fn train(
        &self,
        words: &WordCounts,
        options: &WordPieceOptions,
        progress: &mut Progress<'_>,
    ) -> Result<WordPiece> {
        let learned = self.bpe.learn(words, progress)?;
        let prefix = self.bpe.continuing_subword_prefix.as_deref().unwrap_or("##");
        let options =
            WordPieceOptions { continuing_subword_prefix: prefix.to_owned(), ..options.clone() };
        Ok(WordPiece::new(learned.symbols.to_vocab(), options))
    }
}
