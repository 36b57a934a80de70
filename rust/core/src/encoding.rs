//! What encoding a text gives: ids, and everything that can be said about them.
//!
//! An [`Encoding`] is a short list of segments over shared, immutable [`TokenRun`]s. Truncating slices
//! segments, padding and framing add some, overflowing parts point into the same run: none of them
//! copies tokens. What is rarely read (token texts, masks, word ids) is worked out when it is asked for.

use std::sync::Arc;

use crate::token::{Span, TokenId};

/// Where the texts of ids are looked up when somebody asks.
pub trait TokenNames: Send + Sync {
    /// The text of an id.
    fn name(&self, id: TokenId) -> Option<&str>;
}

/// The tokens of one encoded text, as the model gave them: immutable and shared.
pub struct TokenRun {
    pub(crate) ids: Vec<TokenId>,
    /// Offsets into the original text, in the unit asked for; empty when none were asked for.
    pub(crate) offsets: Vec<(u32, u32)>,
    /// Word numbers, `u32::MAX` for none; empty when none were asked for.
    pub(crate) words: Vec<u32>,
    /// Texts that are not simply the name of the id, by ascending index.
    pub(crate) texts: Vec<(u32, Box<str>)>,
    /// Names of the ids; `None` gives empty texts.
    pub(crate) names: Option<Arc<dyn TokenNames>>,
}

/// The result of encoding. See the module's docs.
#[derive(Clone)]
pub struct Encoding {}

/// Which end truncation and padding work on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// The beginning.
    Left,
    /// The end.
    #[default]
    Right,
}
#[allow(unused_variables, clippy::todo)]
impl Encoding {
    /// An encoding of one run, all of one type.
    pub fn from_run(run: Arc<TokenRun>, type_id: u32) -> Self { todo!() }
    pub fn len(&self) -> usize { todo!() }
    pub fn is_empty(&self) -> bool { self.len() == 0 }
    pub fn ids(&self) -> Vec<TokenId> { todo!() }
    pub fn type_ids(&self) -> Vec<u32> { todo!() }
    pub fn tokens(&self) -> Vec<String> { todo!() }
    pub fn word_ids(&self) -> Vec<Option<u32>> { todo!() }
    pub fn sequence_ids(&self) -> Vec<Option<usize>> { todo!() }
    pub fn offsets(&self) -> Vec<Span> { todo!() }
    pub fn special_tokens_mask(&self) -> Vec<u32> { todo!() }
    pub fn attention_mask(&self) -> Vec<u32> { todo!() }
    pub fn overflowing(&self) -> &[Encoding] { todo!() }
    pub fn n_sequences(&self) -> usize { todo!() }
    pub fn set_sequence_id(&mut self, sequence: usize) { todo!() }
    pub fn word_to_tokens(&self, word: u32, sequence: usize) -> Option<Span> { todo!() }
    pub fn word_to_chars(&self, word: u32, sequence: usize) -> Option<Span> { todo!() }
    pub fn token_to_sequence(&self, token: usize) -> Option<usize> { todo!() }
    pub fn token_to_chars(&self, token: usize) -> Option<(usize, Span)> { todo!() }
    pub fn token_to_word(&self, token: usize) -> Option<(usize, u32)> { todo!() }
    pub fn char_to_token(&self, position: usize, sequence: usize) -> Option<usize> { todo!() }
    pub fn char_to_word(&self, position: usize, sequence: usize) -> Option<u32> { todo!() }
    /// Cut to `max_length` tokens, the rest into `overflowing`. An error when `stride >= max_length`.
    pub fn truncate(&mut self, max_length: usize, stride: usize, direction: Direction) -> crate::Result<()> { todo!() }
    pub fn pad(&mut self, length: usize, direction: Direction, id: TokenId, type_id: u32, token: &str) { todo!() }
    /// Join encodings (and all combinations of their overflowing parts).
    pub fn merge(encodings: Vec<Encoding>, growing_offsets: bool) -> Encoding { todo!() }
    /// The reference's JSON of an encoding (what its pickle holds), and back.
    pub fn to_json(&self) -> String { todo!() }
    pub fn from_json(json: &str) -> crate::Result<Self> { todo!() }
}
