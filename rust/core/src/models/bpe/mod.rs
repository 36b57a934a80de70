//! Byte-pair encoding.

use std::sync::Arc;

use crate::error::Result;
use crate::token::TokenId;
use crate::vocab::Vocab;

/// What can be set on a BPE model without touching its tables.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BpeOptions {
    /// Chance of skipping a merge, 0 to 1.
    pub dropout: Option<f32>,
    /// What stands for the unknown.
    pub unk_token: Option<String>,
    /// Put before every symbol but the first of a word.
    pub continuing_subword_prefix: Option<String>,
    /// Put behind the last symbol of a word.
    pub end_of_word_suffix: Option<String>,
    /// One unknown token for a run of unknowns.
    pub fuse_unk: bool,
    /// `<0x00>` tokens for what is unknown.
    pub byte_fallback: bool,
    /// A piece that is a token is that token, whatever the merges say.
    pub ignore_merges: bool,
}

/// A BPE model: tables behind an `Arc`, options beside them.
#[derive(Debug, Clone)]
pub struct Bpe {
    tables: Arc<BpeTables>,
    options: BpeOptions,
}
/// The tables, built once.
#[derive(Debug)]
struct BpeTables {
    vocab: Vocab,
}
#[allow(unused_variables, clippy::todo)]
impl Bpe {
    /// From a vocabulary and merges in order of rank. Every merge's parts and result must be tokens.
    pub fn new(vocab: Vocab, merges: Vec<(String, String)>, options: BpeOptions) -> Result<Self> { todo!() }
    pub fn vocab(&self) -> &Vocab { &self.tables.vocab }
    pub fn options(&self) -> &BpeOptions { &self.options }
    /// The same tables under other options; a dropout outside 0 to 1 is an error.
    pub fn with_options(&self, options: BpeOptions) -> Result<Self> { todo!() }
    /// The merges by ascending rank, as token texts.
    pub fn merges(&self) -> impl Iterator<Item = (&str, &str)> { std::iter::empty() }
    /// For byte-level vocabularies: encode raw bytes (not their printable stand-ins), appending ids and the raw
    /// byte length of each. `None` when this vocabulary or these options rule that road out.
    pub fn encode_bytes(&self, bytes: &[u8], ids: &mut Vec<TokenId>, lengths: &mut Vec<u32>) -> Option<()> { todo!() }
}
