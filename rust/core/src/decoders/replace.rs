//! Matches of a pattern replaced, token by token.

use std::borrow::Cow;

use crate::error::Result;
use crate::stages::Decode;
use crate::text::{Pattern, Replacement};

impl Replacement {
    /// The text of one token.
    pub(super) fn token<'t>(&self, token: &'t str) -> Result<Cow<'t, str>> {
        match &self.pattern {
            _ if token.is_empty() => Ok(Cow::Borrowed(token)),
            // An empty literal stands between all characters; `str::replace` sees it the same way.
            Pattern::Literal(literal) if token.contains(literal.as_str()) => {
                Ok(Cow::Owned(token.replace(literal.as_str(), &self.content)))
            }
            Pattern::Literal(_) => Ok(Cow::Borrowed(token)),
            pattern => {
                let mut text = String::with_capacity(token.len());
                for (span, is_match) in pattern.find_matches(token)? {
                    text.push_str(if is_match { &self.content } else { &token[span.range()] });
                }
                Ok(Cow::Owned(text))
            }
        }
    }
}

impl Decode for Replacement {
    fn decode_chain(&self, tokens: Vec<String>) -> Result<Vec<String>> {
        tokens.iter().map(|token| Ok(self.token(token)?.into_owned())).collect()
    }
}
