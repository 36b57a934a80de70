//! The most likely segmentation.

use std::sync::Arc;

use crate::error::Result;
use crate::token::TokenId;

/// What can be set on a Unigram model without touching its tables.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UnigramOptions {
    /// The id of the unknown token.
    pub unk_id: Option<usize>,
    /// `<0x00>` tokens for what is unknown.
    pub byte_fallback: bool,
    /// Sampling: smoothing of the distribution.
    pub alpha: Option<f64>,
    /// Sampling: out of the best so many (-1: all).
    pub nbest_size: Option<i64>,
}

/// A Unigram model.
#[derive(Debug, Clone)]
pub struct Unigram {
    tables: Arc<UnigramTables>,
    options: UnigramOptions,
}
#[derive(Debug)]
struct UnigramTables {
    pieces: Vec<(String, f64)>,
}
#[allow(unused_variables, clippy::todo)]
impl Unigram {
    /// From pieces and their scores, in order of id; `unk_id` must lie inside.
    pub fn new(pieces: Vec<(String, f64)>, options: UnigramOptions) -> Result<Self> { todo!() }
    pub fn pieces(&self) -> &[(String, f64)] { &self.tables.pieces }
    pub fn options(&self) -> &UnigramOptions { &self.options }
    pub fn with_options(&self, options: UnigramOptions) -> Result<Self> { todo!() }
    /// The `n` best segmentations.
    pub fn nbest(&self, text: &str, n: usize) -> Vec<Vec<TokenId>> { todo!() }
}
