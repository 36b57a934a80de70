//! Repeats and blanks of a CTC output removed.

use crate::decoders::wordpiece::clean_up;
use crate::error::Result;
use crate::stages::Decode;

/// How a CTC output is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ctc {
    /// The blank.
    pub pad_token: String,
    /// What stands between words.
    pub word_delimiter_token: String,
    /// Undo the spaces that tokenizing put before punctuation.
    pub cleanup: bool,
}

impl Default for Ctc {
    fn default() -> Self {
        Self { pad_token: "<pad>".to_owned(), word_delimiter_token: "|".to_owned(), cleanup: true }
    }
}

impl Ctc {
    /// The text of one token that does not repeat the one before, if it has any. Delimiters become
    /// spaces only when cleaning up, as in the reference.
    pub(super) fn token(&self, token: &str) -> Option<String> {
        let mut text = token.replace(&self.pad_token, "");
        if self.cleanup {
            text = clean_up(&text).replace(&self.word_delimiter_token, " ");
        }
        (!text.is_empty()).then_some(text)
    }
}

impl Decode for Ctc {
    fn decode_chain(&self, mut tokens: Vec<String>) -> Result<Vec<String>> {
        tokens.dedup();
        Ok(tokens.iter().filter_map(|token| self.token(token)).collect())
    }
}
