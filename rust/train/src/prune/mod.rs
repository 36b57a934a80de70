//! Smaller vocabularies: the tokens that texts use, without the others.
//!
//! What stays is numbered anew without gaps, in the old order, tokens of the model before those that were
//! added to the tokenizer; [`Pruned::old_ids`] says which rows of an embedding matrix stay. A word all of
//! whose tokens stay is cut as before, for every kind of model:
//!
//! * BPE: a token stays with all that it is merged from ([`parts`]), and a merge stays with its tokens.
//! * `WordPiece`: the longest match, had it stayed, was the longest before.
//! * Unigram: the best way, had it stayed, was the best before. The piece with the lowest score stays, for
//!   it says what the unknown costs.

mod parts;
mod rebuild;

use fissile_core::models::{Model, PieceTokens};
use fissile_core::post_processors::PostProcessor;
use fissile_core::stages::Tokenize;
use fissile_core::text::byte_alphabet::byte_to_char;
use fissile_core::{Error, Result, TokenId, Tokenizer};

use crate::count::WordCounts;
use crate::progress::{Progress, Stage};
use parts::Parts;

/// Which tokens stay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pruner {
    /// Tokens at most, added ones included; by default all that nothing else speaks against.
    pub size: Option<usize>,
    /// How often a token has to be used.
    pub min_count: u64,
    /// Tokens that stay, however rare they are.
    pub keep: Vec<String>,
    /// Tokens that go, however frequent they are, with all BPE tokens that are merged from them.
    pub drop: Vec<String>,
}

/// A smaller tokenizer.
pub struct Pruned {
    /// The tokenizer.
    pub tokenizer: Tokenizer,
    /// For every new id the old one.
    pub old_ids: Vec<TokenId>,
}

impl Pruner {
    /// Prune the vocabulary of `tokenizer` to what the words of `counts` use most. Tokens that are used
    /// equally often stay in order of their ids; without counts, this is true of all of them.
    ///
    /// Added tokens, the unknown token, the tokens of the post-processor and of the padding, and those for
    /// single bytes always stay.
    ///
    /// # Errors
    /// When a token of `keep` or `drop` is none of the model's, one of `drop` has to stay, `size` has no room
    /// for what has to stay, or the listener of `progress` says so.
    pub fn prune(
        &self,
        tokenizer: &Tokenizer,
        counts: &WordCounts,
        progress: &mut Progress<'_>,
    ) -> Result<Pruned> {
        let model = tokenizer.model();
        let uses = uses(model, counts, progress)?;
        let parts = match model {
            Model::Bpe(bpe) => Parts::of(bpe, uses.len()),
            _ => Parts::none(uses.len()),
        };
        let mut choice = Choice::new(model, &parts);
        for id in required(tokenizer) {
            choice.keep(id);
        }
        let dropped = self.dropped(model, &choice)?;
        for token in &self.keep {
            let id = id_of(model, token, "keep")?;
            if choice.needs(id).iter().any(|part| dropped.contains(part)) {
                return Err(Error::invalid("a token cannot stay without what it is merged from")
                    .in_field("keep")
                    .finding(token.clone()));
            }
            choice.keep(id);
        }
        if let Some(lowest) = lowest_piece(model).filter(|id| !dropped.contains(id)) {
            choice.keep(lowest);
        }
        let beyond = tokenizer.vocab_size(true) - tokenizer.vocab_size(false);
        let room = self.room(choice.kept.len() + beyond, beyond)?;
        let mut order: Vec<TokenId> = choice.ids.clone();
        order.sort_by_key(|&id| std::cmp::Reverse(uses[id as usize]));
        for id in order {
            if uses[id as usize] < self.min_count {
                break;
            }
            let needed = choice.needs(id);
            let fits = choice.kept.len() + needed.len() <= room;
            if fits && !needed.iter().any(|part| dropped.contains(part)) {
                choice.kept.extend(needed);
            }
        }
        rebuild::rebuild(tokenizer, &choice.kept)
    }

    /// How many tokens of the model can stay.
    fn room(&self, needed: usize, beyond: usize) -> Result<usize> {
        let Some(size) = self.size else { return Ok(usize::MAX) };
        if needed > size {
            return Err(Error::invalid("there is no room for the tokens that have to stay")
                .in_field("size")
                .expecting(format!("at least {needed}"))
                .finding(size.to_string()));
        }
        Ok(size - beyond)
    }

    /// The tokens that the caller wants to go.
    fn dropped(&self, model: &Model, choice: &Choice<'_>) -> Result<Ids> {
        let mut dropped = Ids::default();
        for token in &self.drop {
            let id = id_of(model, token, "drop")?;
            if choice.kept.contains(&id) {
                return Err(Error::invalid("a token that has to stay cannot be dropped")
                    .in_field("drop")
                    .finding(token.clone())
                    .hinting(
                        "added tokens, the unknown token, tokens of the post-processor and the padding, \
                         those for single bytes, and what these are merged from stay",
                    ));
            }
            dropped.insert(id);
        }
        Ok(dropped)
    }
}

/// Ids in order.
type Ids = std::collections::BTreeSet<TokenId>;

/// What stays.
struct Choice<'a> {
    parts: &'a Parts,
    /// All ids of the model, ascending.
    ids: Vec<TokenId>,
    kept: Ids,
}

impl<'a> Choice<'a> {
    fn new(model: &Model, parts: &'a Parts) -> Self {
        let ids: Ids = model.vocab_iter().map(|(_, id)| id).collect();
        Self { parts, ids: ids.into_iter().collect(), kept: Ids::new() }
    }

    /// The token and all that it is merged from, as far as it is not there already.
    fn needs(&self, id: TokenId) -> Ids {
        let mut needed = Ids::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if !self.kept.contains(&id) && needed.insert(id) {
                open.extend(self.parts.of_token(id).into_iter().flatten());
            }
        }
        needed
    }

    fn keep(&mut self, id: TokenId) {
        if self.ids.binary_search(&id).is_ok() {
            let needed = self.needs(id);
            self.kept.extend(needed);
        }
    }
}

fn id_of(model: &Model, token: &str, field: &str) -> Result<TokenId> {
    model.token_to_id(token).ok_or_else(|| {
        Error::invalid("the model has no such token").in_field(field).finding(token.to_owned())
    })
}

/// How often each token is used, by id.
fn uses(model: &Model, counts: &WordCounts, progress: &mut Progress<'_>) -> Result<Vec<u64>> {
    let bound = model.vocab_iter().map(|(_, id)| id as usize + 1).max().unwrap_or_default();
    let mut uses = vec![0_u64; bound];
    let model = without_chance(model)?;
    let mut tokens = PieceTokens::new();
    for (at, (word, count)) in counts.iter().enumerate() {
        model.encode_piece(word, &mut tokens)?;
        for (id, _) in tokens.iter() {
            let sum = &mut uses[id as usize];
            *sum = sum.saturating_add(count);
        }
        progress.step(Stage::Symbols, at, counts.len())?;
    }
    Ok(uses)
}

/// The same model without dropout and sampling.
fn without_chance(model: &Model) -> Result<Model> {
    Ok(match model {
        Model::Bpe(bpe) => {
            let mut options = bpe.options().clone();
            options.dropout = None;
            Model::Bpe(bpe.with_options(options)?)
        }
        Model::Unigram(unigram) => {
            let mut options = unigram.options().clone();
            options.alpha = None;
            options.nbest_size = None;
            Model::Unigram(unigram.with_options(options)?)
        }
        other => other.clone(),
    })
}

/// The tokens without which the tokenizer does not work as it does.
fn required(tokenizer: &Tokenizer) -> Vec<TokenId> {
    let model = tokenizer.model();
    let mut ids: Vec<TokenId> = tokenizer.added_tokens().texts().map(|(_, id)| id).collect();
    ids.extend(tokenizer.padding().map(|padding| padding.pad_id));
    ids.extend(tokenizer.post_processor().into_iter().flat_map(framing));
    let (unk, fallback) = match model {
        Model::Bpe(bpe) => (bpe.options().unk_token.clone(), bpe.options().byte_fallback),
        Model::WordPiece(pieces) => (Some(pieces.options().unk_token.clone()), false),
        Model::WordLevel(words) => (Some(words.unk_token().to_owned()), false),
        Model::Unigram(unigram) => {
            ids.extend(unigram.options().unk_id.and_then(|id| TokenId::try_from(id).ok()));
            (None, unigram.options().byte_fallback)
        }
    };
    ids.extend(unk.and_then(|unk| model.token_to_id(&unk)));
    let bytes = |shown: fn(u8) -> String| -> Option<Vec<TokenId>> {
        (0..=255).map(|byte| model.token_to_id(&shown(byte))).collect()
    };
    ids.extend(bytes(|byte| byte_to_char(byte).to_string()).into_iter().flatten());
    if fallback {
        ids.extend((0..=255_u8).filter_map(|byte| model.token_to_id(&format!("<0x{byte:02X}>"))));
    }
    ids
}

/// The ids that a post-processor puts around texts.
fn framing(processor: &PostProcessor) -> Vec<TokenId> {
    match processor {
        PostProcessor::Bert(frame) => vec![frame.sep.1, frame.cls.1],
        PostProcessor::Roberta(frame) => vec![frame.sep.1, frame.cls.1],
        PostProcessor::ByteLevel(_) => Vec::new(),
        PostProcessor::Template(template) => {
            template.special_tokens().values().flat_map(|token| token.ids.iter().copied()).collect()
        }
        PostProcessor::Sequence(list) => list.iter().flat_map(framing).collect(),
    }
}

/// The Unigram piece whose score the cost of the unknown goes by.
fn lowest_piece(model: &Model) -> Option<TokenId> {
    let Model::Unigram(unigram) = model else { return None };
    let scores = (0..).zip(unigram.pieces()).map(|(id, (_, score))| (id, *score));
    scores.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(id, _)| id)
}
