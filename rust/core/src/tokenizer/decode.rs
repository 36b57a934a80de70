//! Ids back into text.

use crate::decoders::Decoder;
use crate::error::Result;
use crate::stages::Decode;
use crate::token::TokenId;
use crate::tokenizer::Tokenizer;

impl Tokenizer {
    /// The text of ids. Unknown ids are passed over; without a decoder the tokens are joined by spaces.
    ///
    /// # Errors
    /// When the decoder fails (one written elsewhere).
    pub fn decode(&self, ids: &[TokenId], skip_special_tokens: bool) -> Result<String> {
        let tokens: Vec<String> =
            self.kept_tokens(ids, skip_special_tokens).map(|(_, token)| token.to_owned()).collect();
        match &self.decoder {
            Some(decoder) => Ok(decoder.decode_chain(tokens)?.concat()),
            None => Ok(tokens.join(" ")),
        }
    }

    /// The ids that decoding sees, with their tokens.
    fn kept_tokens<'a>(
        &'a self,
        ids: &'a [TokenId],
        skip_special_tokens: bool,
    ) -> impl Iterator<Item = (TokenId, &'a str)> {
        let added = &self.front.added;
        ids.iter().filter_map(move |&id| {
            let token = self.id_to_token(id)?;
            (!skip_special_tokens || !added.is_special(id, token)).then_some((id, token))
        })
    }

    /// The raw bytes an id stands for when decoded: what a byte-level or byte-fallback token is before
    /// it is made text. `None` for an id that is not in the vocabulary.
    pub fn token_bytes(&self, id: TokenId) -> Option<Vec<u8>> {
        let token = self.id_to_token(id)?;
        let is_added = self.front.added.get(id).is_some();
        Some(self.bytes_of(token, is_added))
    }

    /// The bytes of ids, joined, with no replacement for what is not UTF-8.
    ///
    /// # Errors
    /// When the decoder fails (one written elsewhere).
    pub fn decode_bytes(&self, ids: &[TokenId], skip_special_tokens: bool) -> Result<Vec<u8>> {
        let joins_bytes = self.decoder.as_ref().is_some_and(Decoder::joins_bytes);
        if !joins_bytes {
            return Ok(self.decode(ids, skip_special_tokens)?.into_bytes());
        }
        let added = &self.front.added;
        Ok(self
            .kept_tokens(ids, skip_special_tokens)
            .flat_map(|(id, token)| self.bytes_of(token, added.get(id).is_some()))
            .collect())
    }

    fn bytes_of(&self, token: &str, is_added: bool) -> Vec<u8> {
        match &self.decoder {
            Some(decoder) if !is_added => decoder.token_bytes(token),
            _ => token.as_bytes().to_vec(),
        }
    }
}
