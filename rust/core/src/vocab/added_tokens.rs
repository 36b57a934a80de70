//! Tokens added on top of a model's vocabulary, and the matcher that finds them in a text.

use crate::token::TokenId;

/// A token that is found in the text before the model sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedToken {
    /// Its text.
    pub content: String,
    /// Only where it is a word of its own.
    pub single_word: bool,
    /// Takes the white space to its left with it.
    pub lstrip: bool,
    /// Takes the white space to its right with it.
    pub rstrip: bool,
    /// Looked for in the normalized text (`true`) or in the raw one.
    pub normalized: bool,
    /// Left out when decoding, on request.
    pub special: bool,
}

impl AddedToken {
    /// A token with the field's defaults: looked for in the normalized text unless it is special.
    pub fn new(content: impl Into<String>, special: bool) -> Self {
        Self {
            content: content.into(),
            single_word: false,
            lstrip: false,
            rstrip: false,
            normalized: !special,
            special,
        }
    }
}

/// All added tokens of a tokenizer.
#[derive(Clone, Default)]
pub struct AddedTokens {
    by_id: std::collections::BTreeMap<TokenId, AddedToken>,
}

impl AddedTokens {
    /// Tokens by ascending id.
    pub fn iter(&self) -> impl Iterator<Item = (TokenId, &AddedToken)> {
        self.by_id.iter().map(|(id, token)| (*id, token))
    }
}
