//! `##` removed, words joined by spaces.

use std::borrow::Cow;

use crate::error::Result;
use crate::stages::Decode;

/// The prefix and whether to clean up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordPieceDecoder {
    /// `##` by default.
    pub prefix: String,
    /// Undo the spaces that tokenizing put before punctuation.
    pub cleanup: bool,
}

impl Default for WordPieceDecoder {
    fn default() -> Self {
        Self { prefix: "##".to_owned(), cleanup: true }
    }
}

/// What cleaning up replaces, in this order.
const CLEAN_UPS: [(&str, &str); 11] = [
    (" .", "."),
    (" ?", "?"),
    (" !", "!"),
    (" ,", ","),
    (" ' ", "'"),
    (" n't", "n't"),
    (" 'm", "'m"),
    (" do not", " don't"),
    (" 's", "'s"),
    (" 've", "'ve"),
    (" 're", "'re"),
];

/// Undo the spaces that tokenizing put before punctuation.
pub(super) fn clean_up(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if !may_need_it(&text) {
        return text;
    }
    for (from, to) in CLEAN_UPS {
        if text.contains(from) {
            text = Cow::Owned(text.replace(from, to));
        }
    }
    text
}

/// Whether some space stands before what may be the rest of one of [`CLEAN_UPS`]. Most tokens have one space and a
/// letter behind it, and eleven searches take a hundred times as long as this.
fn may_need_it(text: &str) -> bool {
    let starts = |(place, _)| {
        matches!(
            text.as_bytes().get(place + 1),
            Some(b'.' | b'?' | b'!' | b',' | b'\'' | b'n' | b'd')
        )
    };
    text.match_indices(' ').any(starts)
}

impl WordPieceDecoder {
    /// The text of one token. The first one keeps its prefix and gets no space.
    pub(super) fn token<'t>(&self, token: &'t str, is_first: bool) -> Cow<'t, str> {
        let text = if is_first {
            Cow::Borrowed(token)
        } else if let Some(rest) = token.strip_prefix(&self.prefix) {
            Cow::Borrowed(rest)
        } else {
            Cow::Owned(format!(" {token}"))
        };
        if !self.cleanup {
            return text;
        }
        match text {
            Cow::Borrowed(text) => clean_up(text),
            Cow::Owned(text) => Cow::Owned(clean_up(&text).into_owned()),
        }
    }
}

impl Decode for WordPieceDecoder {
    fn decode_chain(&self, tokens: Vec<String>) -> Result<Vec<String>> {
        let texts = tokens.iter().enumerate();
        Ok(texts.map(|(index, token)| self.token(token, index == 0).into_owned()).collect())
    }
}
