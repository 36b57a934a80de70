//! `[CLS] A [SEP] B [SEP]`.

use crate::token::TokenId;

/// BERT's frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BertProcessing {
    /// Closes every sequence.
    pub sep: (String, TokenId),
    /// Opens the first.
    pub cls: (String, TokenId),
}
