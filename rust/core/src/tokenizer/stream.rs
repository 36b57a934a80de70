//! Decoding ids one by one, as generation gives them.

use crate::error::Result;
use crate::token::TokenId;
use crate::tokenizer::Tokenizer;

/// The state of a decoding stream: what has been given out and what is still open.
#[derive(Debug, Clone, Default)]
pub struct DecodeStream {}
#[allow(unused_variables, clippy::todo)]
impl DecodeStream {
    /// A stream that starts behind `ids` (a prompt, say), which are not given out.
    pub fn new(ids: Vec<TokenId>, skip_special_tokens: bool) -> Self {
        todo!()
    }
    /// Take ids; the text that became certain with them, if any.
    pub fn step(&mut self, tokenizer: &Tokenizer, ids: &[TokenId]) -> Result<Option<String>> {
        todo!()
    }
}
