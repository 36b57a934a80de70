//! Unigram models that grow: old pieces keep their ids and scores, new ones come behind them.

use fissile_core::models::unigram::UnigramOptions;
use fissile_core::models::{PieceTokens, Unigram};
use fissile_core::util::hash::Set;
use fissile_core::{Error, Result, TokenId};

use super::UnigramTrainer;
use crate::bpe::gap;
use crate::count::WordCounts;
use crate::progress::{Progress, Stage};

/// How often the scores of new pieces are estimated.
const ROUNDS: usize = 2;

/// What a piece that is never used counts.
const LEAST_USED: f64 = 0.5;

/// Words that are cut between two looks at who wants the work to stop.
const PAUSE: usize = 1 << 10;

impl UnigramTrainer {
    /// A model with more pieces: every piece of `old` keeps its id and its score, tokens that were `added`
    /// to the tokenizer keep their ids and become pieces. New characters come first, then the pieces that a
    /// training on `counts` alone finds the likeliest; their scores are estimated beside the old ones.
    ///
    /// # Errors
    /// When the ids of the added tokens have gaps, the vocabulary is too small for the new characters, or the
    /// listener of `progress` says so.
    pub fn extend(
        &self,
        old: &Unigram,
        added: &[(String, TokenId)],
        counts: &WordCounts,
        progress: &mut Progress<'_>,
    ) -> Result<Unigram> {
        let mut more = self.first_pieces(old, added)?;
        let first = old.pieces().len() + more.len();
        let fresh = self.fresh_pieces(old, &more, counts, progress)?;
        let begins = more.len();
        more.extend(fresh);
        let certain = UnigramOptions { alpha: None, nbest_size: None, ..old.options().clone() };
        for _ in 0..ROUNDS {
            if begins == more.len() {
                break;
            }
            let model = old.with_more_pieces(&more)?.with_options(certain.clone())?;
            let uses = uses(&model, counts, progress)?;
            let total: f64 = uses.iter().sum();
            for ((_, score), uses) in more[begins..].iter_mut().zip(&uses[first..]) {
                *score = uses.max(LEAST_USED).ln() - total.max(1.0).ln();
            }
        }
        progress.tell(Stage::Expectation, ROUNDS, ROUNDS)?;
        old.with_more_pieces(&more)
    }

    /// The tokens that are no matter of learning: those that were added, and the special ones.
    fn first_pieces(
        &self,
        old: &Unigram,
        added: &[(String, TokenId)],
    ) -> Result<Vec<(String, f64)>> {
        let mut known: Set<&str> = old.pieces().iter().map(|(text, _)| text.as_str()).collect();
        let mut added: Vec<_> = added.iter().filter(|(text, _)| !known.contains(&**text)).collect();
        added.sort_unstable_by_key(|(_, id)| *id);
        let mut pieces = Vec::new();
        for (text, id) in added {
            let expected = old.pieces().len() + pieces.len();
            if *id as usize != expected {
                return Err(gap(expected, text, *id));
            }
            known.insert(text);
            pieces.push((text.clone(), 0.0));
        }
        for token in &self.special_tokens {
            if known.insert(&token.content) {
                pieces.push((token.content.clone(), 0.0));
            }
        }
        Ok(pieces)
    }

    /// The pieces that there is room for, best first behind what has to be there.
    fn fresh_pieces(
        &self,
        old: &Unigram,
        more: &[(String, f64)],
        counts: &WordCounts,
        progress: &mut Progress<'_>,
    ) -> Result<Vec<(String, f64)>> {
        let room = self.vocab_size.saturating_sub(old.pieces().len() + more.len());
        if room == 0 {
            return Ok(Vec::new());
        }
        let alone = Self { special_tokens: Vec::new(), unk_token: None, ..self.clone() };
        let trained = alone.train(counts, progress)?;
        let known: Set<&str> =
            old.pieces().iter().chain(more).map(|(text, _)| text.as_str()).collect();
        let required: Set<String> = if old.options().byte_fallback {
            Set::default()
        } else {
            self.required(counts).into_iter().collect()
        };
        let is_required =
            |text: &str| required.contains(text) || self.seed_tokens.iter().any(|t| t == text);
        let new = trained.pieces().iter().filter(|(text, _)| !known.contains(&**text));
        let (mut first, others): (Vec<_>, Vec<_>) =
            new.cloned().partition(|(text, _)| is_required(text));
        if first.len() > room {
            return Err(Error::invalid("there is no room for the new characters and seed tokens")
                .in_field("vocab_size")
                .expecting(format!("at least {}", self.vocab_size - room + first.len()))
                .finding(self.vocab_size.to_string()));
        }
        first.extend(others);
        first.truncate(room);
        Ok(first)
    }
}

/// How often each piece is used in all words.
fn uses(model: &Unigram, counts: &WordCounts, progress: &mut Progress<'_>) -> Result<Vec<f64>> {
    let mut uses = vec![0.0; model.pieces().len()];
    let mut tokens = PieceTokens::new();
    for (at, (word, count)) in counts.iter().enumerate() {
        if at % PAUSE == 0 {
            progress.step(Stage::Expectation, at, counts.len())?;
        }
        model.encode_piece(word, &mut tokens)?;
        tokens.iter().for_each(|(id, _)| uses[id as usize] += count as f64);
    }
    Ok(uses)
}
