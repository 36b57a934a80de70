//! `WordPiece`: the tokens are those of a BPE model whose symbols inside a word carry a prefix. This is
//! the reference's way; the paper's picks pairs by another score.

use fissile_core::models::wordpiece::WordPieceOptions;
use fissile_core::models::{PieceTokens, WordPiece};
use fissile_core::util::hash::Map;
use fissile_core::vocab::Vocab;
use fissile_core::{Result, TokenId};

use crate::bpe::{Bounds, BpeTrainer, Learned, Words, numbered};
use crate::count::WordCounts;
use crate::progress::{Progress, Stage};
use crate::symbols::Symbols;

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

    /// A model with more tokens: every token of `old` and every one that was `added` keeps its id, and what
    /// is learned on `counts` comes behind them. Words are cut by the old tokens first; pairs of what comes
    /// out are merged.
    ///
    /// Of the trainer's settings the vocabulary's size (old tokens included), the lowest frequency, the
    /// alphabet, the seed tokens and the special tokens count; the prefix is the old one.
    ///
    /// # Errors
    /// When ids of the old vocabulary have gaps, or the listener of `progress` says so.
    pub fn extend(
        &self,
        old: &WordPiece,
        added: &[(String, TokenId)],
        counts: &WordCounts,
        progress: &mut Progress<'_>,
    ) -> Result<WordPiece> {
        let options = old.options();
        let bpe = BpeTrainer {
            continuing_subword_prefix: Some(options.continuing_subword_prefix.clone()),
            end_of_word_suffix: None,
            ..self.bpe.clone()
        };
        let mut symbols = numbered(old.vocab(), added)?;
        progress.tell(Stage::Symbols, 0, counts.len())?;
        for token in &bpe.special_tokens {
            symbols.put(&token.content)?;
        }
        bpe.new_characters(counts, &mut symbols)?;
        for token in &bpe.seed_tokens {
            symbols.put(token)?;
        }
        let mut words = cut_by(options, &symbols, bpe.vocab_size, counts, progress)?;
        let mut learned = Learned { symbols, merges: Vec::new() };
        bpe.merge_words(&mut words, &mut learned, progress)?;
        Ok(WordPiece::new(learned.symbols.to_vocab(), options.clone()))
    }
}

/// The text of the token for the unknown while words are cut.
const UNKNOWN: &str = "\0unknown";

/// The words as the tokens that there are cut them; those that they cannot cut are left out.
fn cut_by(
    options: &WordPieceOptions,
    symbols: &Symbols,
    vocab_size: usize,
    counts: &WordCounts,
    progress: &mut Progress<'_>,
) -> Result<Words> {
    // No text holds this token: it stands for the unknown and nothing else.
    let unknown = TokenId::MAX;
    let vocab = Vocab::from_pairs(symbols.iter().chain([(UNKNOWN, unknown)]));
    let options = WordPieceOptions { unk_token: UNKNOWN.to_owned(), ..options.clone() };
    let model = WordPiece::new(vocab, options);
    let mut tokens = PieceTokens::new();
    let bounds = Bounds { symbols: vocab_size.max(symbols.len()), width: None };
    Words::spelled(counts, bounds, &Map::default(), progress, |word, out| {
        model.encode_piece(word, &mut tokens)?;
        out.extend(tokens.iter().map(|(id, _)| id).filter(|&id| id != unknown));
        Ok(())
    })
}
