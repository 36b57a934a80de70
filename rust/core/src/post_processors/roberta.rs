//! `<s> A </s></s> B </s>`, offsets trimmed.

use crate::token::TokenId;

/// RoBERTa's frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobertaProcessing {
    /// Closes every sequence.
    pub sep: (String, TokenId),
    /// Opens the first.
    pub cls: (String, TokenId),
    /// Leave white space out of the offsets.
    pub trim_offsets: bool,
    /// Whether the pre-tokenizer added a space in front.
    pub add_prefix_space: bool,
}
