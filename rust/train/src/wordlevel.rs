//! Word-level models: the most frequent words.

use std::cmp::Reverse;

use fissile_core::models::WordLevel;
use fissile_core::util::hash::Set;
use fissile_core::vocab::{AddedToken, Vocab};
use fissile_core::{Error, Result, TokenId};

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
    /// Words that come next, whether they occur or not.
    pub seed_tokens: Vec<String>,
}

impl Default for WordLevelTrainer {
    fn default() -> Self {
        Self {
            vocab_size: 30_000,
            min_frequency: 0,
            special_tokens: Vec::new(),
            seed_tokens: Vec::new(),
        }
    }
}

impl WordLevelTrainer {
    /// Train a model on counted words: special tokens, then words by falling count, equal counts by
    /// text. A special token that occurs as a word as well has the word's id, as in the reference.
    pub fn train(&self, counts: &WordCounts, unk_token: &str) -> WordLevel {
        let special = self.special_tokens.iter().map(|token| token.content.as_str());
        let seeds = self.seed_tokens.iter().map(String::as_str);
        let is_seed = |word: &str| self.seed_tokens.iter().any(|token| token == word);
        let words = self.frequent(counts).filter(|word| !is_seed(word));
        let tokens = special.chain(seeds).chain(words).take(self.vocab_size);
        WordLevel::new(Vocab::from_pairs(tokens.zip(0..)), unk_token.to_owned())
    }

    /// A model with more words, behind those that `old` has and the tokens that were `added`, which
    /// become words; all of them keep their ids.
    ///
    /// # Errors
    /// When no id is left.
    pub fn extend(
        &self,
        old: &WordLevel,
        added: &[(String, TokenId)],
        counts: &WordCounts,
    ) -> Result<WordLevel> {
        let mut tokens: Vec<(&str, TokenId)> = old.vocab().iter().collect();
        let outside = added.iter().map(|(text, id)| (text.as_str(), *id));
        tokens.extend(outside.filter(|(text, _)| old.vocab().id(text).is_none()));
        let mut taken: Set<&str> = tokens.iter().map(|&(token, _)| token).collect();
        let mut next =
            (tokens.iter().map(|&(_, id)| id).max()).map_or(Some(0), |id| id.checked_add(1));
        let special = self.special_tokens.iter().map(|token| token.content.as_str());
        let seeds = self.seed_tokens.iter().map(String::as_str);
        for word in special.chain(seeds).chain(self.frequent(counts)) {
            if taken.len() >= self.vocab_size {
                break;
            }
            if taken.insert(word) {
                let id = next.ok_or_else(|| Error::invalid("no id is left for another word"))?;
                tokens.push((word, id));
                next = id.checked_add(1);
            }
        }
        Ok(WordLevel::new(Vocab::from_pairs(tokens), old.unk_token().to_owned()))
    }

    /// Words by falling count, equal counts by text.
    fn frequent<'a>(&self, counts: &'a WordCounts) -> impl Iterator<Item = &'a str> {
        let mut words: Vec<(&str, u64)> =
            counts.iter().filter(|(_, count)| *count >= self.min_frequency).collect();
        // Counted words come in order, and sorting numbers takes a fraction of the time.
        if !words.is_sorted_by_key(|&(word, _)| word) {
            words.sort_unstable();
        }
        words.sort_by_key(|&(_, count)| Reverse(count));
        words.into_iter().map(|(word, _)| word)
    }
}
