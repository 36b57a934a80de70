//! Beginning with merges that are there already: seed tokens, and vocabularies that are extended.

use fissile_core::models::Bpe;
use fissile_core::models::PieceTokens;
use fissile_core::models::bpe::BpeOptions;
use fissile_core::util::hash::Map;
use fissile_core::vocab::Vocab;
use fissile_core::{Error, Result, TokenId};

use super::words::{Affixes, Bounds, Spelling, Words};
use super::{BpeTrainer, Learned};
use crate::count::WordCounts;
use crate::progress::{Progress, Stage};
use crate::symbols::Symbols;

impl BpeTrainer {
    /// A model with more tokens: every token of `old` keeps its id, every merge its rank, and what is
    /// learned on `counts` comes behind them. `added` tokens, which stand outside of the model, keep
    /// their ids as well, and become tokens of the model.
    ///
    /// Of the trainer's settings the vocabulary's size (old tokens included), the lowest frequency, the
    /// longest token, the seed tokens and the special tokens count; prefix and suffix are the old ones.
    ///
    /// # Errors
    /// When ids of the old vocabulary have gaps or are shared, or the listener of `progress` says so.
    pub fn extend(
        &self,
        old: &Bpe,
        added: &[(String, TokenId)],
        counts: &WordCounts,
        progress: &mut Progress<'_>,
    ) -> Result<Bpe> {
        let options = old.options();
        let trainer = Self {
            continuing_subword_prefix: options.continuing_subword_prefix.clone(),
            end_of_word_suffix: options.end_of_word_suffix.clone(),
            ..self.clone()
        };
        let mut start = learned(old, added)?;
        progress.tell(Stage::Symbols, 0, counts.len())?;
        for token in &self.special_tokens {
            start.symbols.put(&token.content)?;
        }
        if !options.byte_fallback {
            trainer.new_characters(counts, &mut start.symbols)?;
        }
        let seeds = trainer.seed_merges(&mut start.symbols)?;
        start.merges.extend(seeds);
        trainer.go_on(counts, &mut start, progress)?;
        start.to_model(options.clone())
    }

    /// Number the characters that the old vocabulary does not have.
    pub(crate) fn new_characters(&self, counts: &WordCounts, symbols: &mut Symbols) -> Result<()> {
        let mut initial = self.initial_alphabet.clone();
        initial.extend(self.seed_tokens.iter().flat_map(|token| token.chars()));
        for character in crate::alphabet::alphabet([counts], &initial, self.limit_alphabet) {
            symbols.put(character.encode_utf8(&mut [0; 4]))?;
        }
        self.affixes().number([counts], symbols)
    }

    /// The merges that make the seed tokens, each from left to right.
    pub(super) fn seed_merges(&self, symbols: &mut Symbols) -> Result<Vec<(TokenId, TokenId)>> {
        let table: WordCounts = self.seed_tokens.iter().map(|token| (token, 1)).collect();
        self.affixes().number([&table], symbols)?;
        let prefix = self.continuing_subword_prefix.as_deref();
        let mut merges = Vec::new();
        let mut spelled = Vec::new();
        for token in &self.seed_tokens {
            spelled.clear();
            Spelling::new(symbols, self.affixes()).spell(token, &mut spelled);
            if spelled.len() != token.chars().count() {
                return Err(Error::invalid("a seed token has characters that are left out")
                    .in_field("seed_tokens")
                    .finding(token.clone())
                    .hinting("raise limit_alphabet"));
            }
            let mut parts = spelled.iter();
            let Some(&(mut left)) = parts.next() else { continue };
            for &right in parts {
                if !merges.contains(&(left, right)) {
                    merges.push((left, right));
                }
                left = symbols.put(&symbols.join(left, right, prefix))?;
            }
        }
        Ok(merges)
    }
}

/// What an old model has learned, its tokens numbered as they are.
fn learned(old: &Bpe, added: &[(String, TokenId)]) -> Result<Learned> {
    let symbols = numbered(old.vocab(), added)?;
    let id = |text: &str| {
        symbols.id(text).ok_or_else(|| Error::model(format!("the merges need the token '{text}'")))
    };
    let merges = old.merges().map(|(left, right)| Ok((id(left)?, id(right)?)));
    let merges = merges.collect::<Result<Vec<_>>>()?;
    Ok(Learned { symbols, merges })
}

/// The tokens of an old vocabulary and those that were added behind it, numbered as they are.
pub(crate) fn numbered(old: &Vocab, added: &[(String, TokenId)]) -> Result<Symbols> {
    let mut tokens: Vec<(&str, TokenId)> = old.iter().collect();
    let outside = added.iter().map(|(text, id)| (text.as_str(), *id));
    tokens.extend(outside.filter(|(text, _)| old.id(text).is_none()));
    tokens.sort_unstable_by_key(|&(_, id)| id);
    let mut symbols = Symbols::default();
    for (text, id) in tokens {
        if symbols.put(text)? != id {
            return Err(gap(symbols.len() - 1, text, id));
        }
    }
    Ok(symbols)
}

/// The ids of an old vocabulary leave some out.
pub(crate) fn gap(expected: usize, text: &str, id: TokenId) -> Error {
    Error::invalid("a vocabulary whose ids have gaps cannot be extended")
        .expecting(format!("a token with the id {expected}"))
        .finding(format!("'{text}' with {id}"))
}

/// The words, with the merges that are there already carried out.
pub(super) fn merged_words(
    counts: &WordCounts,
    start: &Learned,
    affixes: Affixes<'_>,
    bounds: Bounds,
    progress: &mut Progress<'_>,
) -> Result<Words> {
    let model = start.to_model(BpeOptions {
        continuing_subword_prefix: affixes.prefix.map(str::to_owned),
        end_of_word_suffix: affixes.suffix.map(str::to_owned),
        ..BpeOptions::default()
    })?;
    let mut widths: Map<TokenId, u32> = Map::default();
    for &(left, right) in &start.merges {
        let width = |id| widths.get(&id).copied().unwrap_or(1);
        let token = start.symbols.id(&start.symbols.join(left, right, affixes.prefix));
        let width = width(left) + width(right);
        widths.extend(token.map(|token| (token, width)));
    }
    let mut tokens = PieceTokens::new();
    Words::spelled(counts, bounds, &widths, progress, |word, out| {
        tokens.clear();
        model.encode_piece(word, &mut tokens)?;
        out.extend(tokens.iter().map(|(id, _)| id));
        Ok(())
    })
}
