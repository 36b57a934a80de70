//! Ids back into text.

use std::ops::RangeInclusive;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::decoders::{DecodeTable, Decoder, Entry, Tokens};
use crate::error::Result;
use crate::stages::Tokenize;
use crate::text::byte_alphabet::{byte_to_char, char_to_byte};
use crate::token::TokenId;
use crate::tokenizer::{Tokenizer, bytes};
use crate::util::hash::Map;
use crate::vocab::added_tokens::AddedTokens;

/// So many ids are decoded one by one before there is a table.
const WITHOUT_TABLE: usize = 1 << 10;

/// What decoding derives from a tokenizer, shared by its copies.
#[derive(Default)]
pub(super) struct Decoding {
    /// Added tokens in the spelling that the decoder reads.
    respelled: OnceLock<Map<TokenId, Box<str>>>,
    unlike: OnceLock<Unlike>,
    /// What each id adds to a text, where there can be such a table.
    table: OnceLock<Option<DecodeTable>>,
    /// Ids decoded without it.
    ids: AtomicUsize,
}

impl Tokenizer {
    /// The text of ids. Unknown ids are passed over; without a decoder the tokens are joined by spaces.
    ///
    /// # Errors
    /// When the decoder fails (one written elsewhere).
    pub fn decode(&self, ids: &[TokenId], skip_special_tokens: bool) -> Result<String> {
        self.prepare_decoding(ids.len());
        let mut text = String::new();
        self.decode_into(ids, skip_special_tokens, &mut text)?;
        Ok(text)
    }

    /// Append the text of ids, by the table if there is one.
    pub(super) fn decode_into(
        &self,
        ids: &[TokenId],
        skip_special_tokens: bool,
        text: &mut String,
    ) -> Result<()> {
        if let Some(Some(table)) = self.decoding.table.get() {
            return table.append(ids, skip_special_tokens, self, text);
        }
        text.push_str(&self.decode_slowly(ids, skip_special_tokens)?);
        Ok(())
    }

    /// The same by way of tokens and decoders: the readable twin, and what serves before many ids have
    /// been decoded.
    ///
    /// # Errors
    /// When the decoder fails.
    pub fn decode_slowly(&self, ids: &[TokenId], skip_special_tokens: bool) -> Result<String> {
        let tokens = self.kept_tokens(ids, skip_special_tokens);
        match &self.decoder {
            Some(decoder) => decoder.decode_tokens(tokens),
            None => Ok(tokens.collect::<Vec<_>>().join(" ")),
        }
    }

    /// Make the table of what each id adds to a text, once enough ids have been decoded for memory of its own;
    /// `more` are about to be decoded.
    pub(super) fn prepare_decoding(&self, more: usize) {
        let decoding = &*self.decoding;
        if decoding.table.get().is_some() {
            return;
        }
        let before = decoding.ids.fetch_add(more, Ordering::Relaxed);
        if before.saturating_add(more) >= WITHOUT_TABLE {
            decoding.table.get_or_init(|| self.new_decode_table());
        }
    }

    fn new_decode_table(&self) -> Option<DecodeTable> {
        // A vocabulary may have holes: most of its ids are below this all the same.
        DecodeTable::new(self.decoder.as_ref(), self.vocab_size(true) + WITHOUT_TABLE)
    }

    /// The token that decoding sees for an id; `None` for one that is unknown or left out.
    pub(crate) fn kept_token(&self, id: TokenId, skip_special_tokens: bool) -> Option<&str> {
        let token = self.id_to_token(id)?;
        if skip_special_tokens && self.front.added.is_special(id, token) {
            return None;
        }
        Some(self.respelled().get(&id).map_or(token, |spelled| spelled))
    }

    /// The tokens that decoding sees.
    fn kept_tokens<'a>(
        &'a self,
        ids: &'a [TokenId],
        skip_special_tokens: bool,
    ) -> impl Iterator<Item = &'a str> {
        ids.iter().filter_map(move |&id| self.kept_token(id, skip_special_tokens))
    }

    /// Added tokens that a byte-level decoder would misread: their text is itself spelled in characters of
    /// the byte alphabet ("naïve"), so it is handed over in the stand-ins of its bytes. A text that is also
    /// a token of the model stays what the model means by it. The reference misreads them, and so does
    /// decoding here unless it is told otherwise.
    fn respelled(&self) -> &Map<TokenId, Box<str>> {
        self.decoding.respelled.get_or_init(|| {
            let added = &self.front.added;
            if !(self.verbatim_added_tokens && self.decoder.as_ref().is_some_and(reads_stand_ins)) {
                return Map::default();
            }
            let misread = added.iter().filter(|(id, token)| {
                self.front.model.id_to_token(*id).is_none()
                    && added.decoded_text(*id) == Some(&token.content)
                    && token.content.chars().all(|c| char_to_byte(c).is_some())
                    && !token.content.is_ascii()
            });
            let spelled = misread.map(|(id, token)| {
                let text: String = token.content.bytes().map(byte_to_char).collect();
                (id, text.into_boxed_str())
            });
            spelled.collect()
        })
    }

    /// The raw bytes an id stands for when decoded: what a byte-level or byte-fallback token is before
    /// it is made text. `None` for an id that is not in the vocabulary.
    pub fn token_bytes(&self, id: TokenId) -> Option<Vec<u8>> {
        Some(bytes::of_token(self.decoder.as_ref(), self.kept_token(id, false)?))
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
}

/// What tells at a glance that a token is none of those that were added.
struct Unlike {
    /// All added ids, and others between them.
    ids: RangeInclusive<TokenId>,
    /// The bytes that texts begin with that are, or were once, special.
    starts: [bool; 256],
}

impl Unlike {
    fn of(added: &AddedTokens) -> Self {
        let mut starts = [false; 256];
        for byte in added.special_texts().filter_map(|text| text.bytes().next()) {
            starts[usize::from(byte)] = true;
        }
        let all = || added.iter().map(|(id, _)| id);
        // An empty range where there are none.
        let ids = all().min().unwrap_or(1)..=all().max().unwrap_or(0);
        Self { ids, starts }
    }
}

impl Tokens for Tokenizer {
    fn entry(&self, id: TokenId) -> Option<Entry<'_>> {
        let added = &self.front.added;
        let Unlike { ids, starts } = self.decoding.unlike.get_or_init(|| Unlike::of(added));
        if !ids.contains(&id) {
            let token = self.front.model.id_to_token(id)?;
            let may_be_special = token.bytes().next().is_some_and(|byte| starts[usize::from(byte)]);
            let is_special = may_be_special && added.is_special(id, token);
            return Some(Entry { token, is_special });
        }
        let is_special = self.front.added.is_special(id, self.id_to_token(id)?);
        Some(Entry { token: self.kept_token(id, false)?, is_special })
    }
}

/// Whether a decoder takes tokens for bytes shown as characters.
fn reads_stand_ins(decoder: &Decoder) -> bool {
    match decoder {
        Decoder::ByteLevel(_) => true,
        Decoder::Sequence(steps) => steps.iter().any(reads_stand_ins),
        _ => false,
    }
}
