//! Ids back into text.

use crate::error::Result;
use crate::stages::Decode;
use crate::token::TokenId;
use crate::tokenizer::{Tokenizer, bytes};

impl Tokenizer {
    /// The text of ids. Unknown ids are passed over; without a decoder the tokens are joined by spaces.
    ///
    /// # Errors
    /// When the decoder fails (one written elsewhere).
    pub fn decode(&self, ids: &[TokenId], skip_special_tokens: bool) -> Result<String> {
        let tokens: Vec<String> =
            self.kept_tokens(ids, skip_special_tokens).map(str::to_owned).collect();
        match &self.decoder {
            Some(decoder) => Ok(decoder.decode_chain(tokens)?.concat()),
            None => Ok(tokens.join(" ")),
        }
    }

    /// The raw bytes an id stands for when decoded: what a byte-level or byte-fallback token is before
    /// it is made text. `None` for an id that is not in the vocabulary.
    pub fn token_bytes(&self, id: TokenId) -> Option<Vec<u8>> {
        Some(bytes::of_token(self.decoder.as_ref(), self.id_to_token(id)?))
    }

    /// The bytes of ids, joined, with no replacement for what is not UTF-8. For decoders that do not
    /// work on bytes these are the bytes of the text.
    ///
    /// # Errors
    /// When the decoder fails (one written elsewhere).
    pub fn decode_bytes(&self, ids: &[TokenId], skip_special_tokens: bool) -> Result<Vec<u8>> {
        let tokens = self.kept_tokens(ids, skip_special_tokens);
        match self.decoder.as_ref().and_then(|decoder| bytes::of_tokens(decoder, tokens)) {
            Some(bytes) => Ok(bytes),
            None => Ok(self.decode(ids, skip_special_tokens)?.into_bytes()),
        }
    }

    /// The tokens that decoding sees.
    fn kept_tokens<'a>(
        &'a self,
        ids: &'a [TokenId],
        skip_special_tokens: bool,
    ) -> impl Iterator<Item = &'a str> {
        let added = &self.front.added;
        ids.iter().filter_map(move |&id| {
            let token = self.id_to_token(id)?;
            (!skip_special_tokens || !added.is_special(id, token)).then_some(token)
        })
    }
}
