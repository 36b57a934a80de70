//! Word-level models: the most frequent words.

use fissile_core::models::WordLevel;
use fissile_core::vocab::{AddedToken, Vocab};

use crate::count::WordCounts;

/// Trains word-level models.
#[derive(Debug, Clone, PartialEq)]
pub struct WordLevelTrainer {
    /// Words at most, special tokens included.
    pub vocab_size: usize,
    /// How often a word has to occur.
    pub min_frequency: u64,
    /// Tokens that come first.
    pub special_tokens: Vec<AddedToken>,
}

impl Default for WordLevelTrainer {
    fn default() -> Self {
        Self { vocab_size: 30_000, min_frequency: 0, special_tokens: Vec::new() }
    }
}

impl WordLevelTrainer {
    /// Train a model on counted words: special tokens, then words by falling count, equal counts by
    /// text. A special token that occurs as a word as well has the word's id, as in the reference.
    pub fn train(&self, counts: &WordCounts, unk_token: &str) -> WordLevel {
        let mut words: Vec<(&str, u64)> =
            counts.iter().filter(|(_, count)| *count >= self.min_frequency).collect();
        words.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let special = self.special_tokens.iter().map(|token| token.content.as_str());
        let tokens = special.chain(words.into_iter().map(|(word, _)| word)).take(self.vocab_size);
        WordLevel::new(Vocab::from_pairs(tokens.zip(0..)), unk_token.to_owned())
    }
}
