//! A suffix that marks the end of a word becomes a space.

use crate::error::Result;
use crate::stages::Decode;

/// The suffix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BpeSuffix {
    /// `</w>` by default.
    pub suffix: String,
}

impl Default for BpeSuffix {
    fn default() -> Self {
        Self { suffix: "</w>".to_owned() }
    }
}

impl BpeSuffix {
    /// The text of one token: its suffixes become spaces, or nothing when it is the last.
    pub(super) fn token(&self, token: &str, is_last: bool) -> String {
        token.replace(&self.suffix, if is_last { "" } else { " " })
    }
}

impl Decode for BpeSuffix {
    fn decode_chain(&self, tokens: Vec<String>) -> Result<Vec<String>> {
        let count = tokens.len();
        let texts = tokens.iter().enumerate();
        Ok(texts.map(|(index, token)| self.token(token, index + 1 == count)).collect())
    }
}
