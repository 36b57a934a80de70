//! Filling encodings up to one length.

use crate::encoding::Direction;
use crate::token::TokenId;

/// Up to which length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaddingStrategy {
    /// The longest of the batch.
    BatchLongest,
    /// This one.
    Fixed(usize),
}

/// How to pad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaddingOptions {
    /// Up to which length.
    pub strategy: PaddingStrategy,
    /// Which end is filled.
    pub direction: Direction,
    /// Round the length up to a multiple of this (zero and `None` do not).
    pub pad_to_multiple_of: Option<usize>,
    /// The id put there.
    pub pad_id: TokenId,
    /// Its type id.
    pub pad_type_id: u32,
    /// Its text.
    pub pad_token: String,
}

impl Default for PaddingOptions {
    fn default() -> Self {
        Self {
            strategy: PaddingStrategy::BatchLongest,
            direction: Direction::Right,
            pad_to_multiple_of: None,
            pad_id: 0,
            pad_type_id: 0,
            pad_token: "[PAD]".to_owned(),
        }
    }
}
