//! ▁ back into spaces.

use std::borrow::Cow;

use crate::error::Result;
use crate::stages::Decode;
use crate::text::metaspace::{Metaspace, PrependScheme};

impl Metaspace {
    /// The text of one token. In the first token every ▁ is dropped, unless none was ever put in front.
    pub(super) fn token(self, token: &str, is_first: bool) -> Cow<'_, str> {
        if !token.contains(self.replacement) {
            return Cow::Borrowed(token);
        }
        let drops = is_first && self.prepend_scheme != PrependScheme::Never;
        Cow::Owned(token.replace(self.replacement, if drops { "" } else { " " }))
    }
}

impl Decode for Metaspace {
    fn decode_chain(&self, tokens: Vec<String>) -> Result<Vec<String>> {
        let texts = tokens.iter().enumerate();
        Ok(texts.map(|(index, token)| self.token(token, index == 0).into_owned()).collect())
    }
}
