//! What tokens stand for before bytes are made text.

use crate::decoders::byte_fallback::byte_of;
use crate::decoders::byte_level::write_bytes;
use crate::decoders::running::{Joint, Map, apply_all};
use crate::decoders::{Decoder, Running};
use crate::error::Result;
use crate::stages::Decode;
use crate::text::metaspace::PrependScheme;

impl Decoder {
    /// The bytes of tokens, invalid ones kept: made text they are what [`decode`](Self::decode) gives,
    /// but for how many U+FFFD stand for invalid ones.
    ///
    /// A decoder that has to see all tokens at once gives the bytes of its text.
    pub fn decode_bytes<'t>(&self, tokens: impl IntoIterator<Item = &'t str>) -> Result<Vec<u8>> {
        let tokens = tokens.into_iter();
        let Some(mut running) = self.running().filter(Running::keeps_bytes) else {
            return Ok(self.decode(tokens.map(str::to_owned).collect())?.into_bytes());
        };
        let mut bytes = Vec::new();
        let mut tokens = tokens.peekable();
        while let Some(token) = tokens.next() {
            running.write_token_bytes(token, tokens.peek().is_none(), &mut bytes)?;
        }
        let cut = running.cut_of_bytes(&bytes);
        bytes.drain(..cut);
        Ok(bytes)
    }

    /// The bytes one token stands for inside a text, neither first nor last.
    pub fn token_bytes(&self, token: &str) -> Result<Vec<u8>> {
        let Some(mut running) = self.running().filter(Running::keeps_bytes) else {
            return Ok(self.decode_chain(vec![token.to_owned()])?.concat().into_bytes());
        };
        let mut bytes = Vec::new();
        running.leave_front();
        running.write_token_bytes(token, false, &mut bytes)?;
        Ok(bytes)
    }

    /// Whether the bytes of every token are the same wherever it stands, so that those of a text are
    /// [`token_bytes`](Self::token_bytes) joined.
    pub fn is_local(&self) -> bool {
        self.running().is_some_and(|running| running.keeps_bytes() && running.is_local())
    }
}

impl Running {
    /// Whether bytes can be had token by token: nothing edits what byte tokens have become.
    fn keeps_bytes(&self) -> bool {
        self.late_maps.is_empty()
    }

    fn is_local(&self) -> bool {
        let is_free = |map: &Map| match map {
            Map::Replace(_) | Map::Strip(_) => true,
            Map::Metaspace { metaspace, .. } => metaspace.prepend_scheme == PrependScheme::Never,
            Map::WordPiece { .. } | Map::Ctc { .. } | Map::Spaced { .. } => false,
        };
        self.maps.iter().all(is_free)
            && !matches!(self.joint, Joint::Suffix { .. })
            && self.strip.is_none_or(|strip| strip.start == 0)
    }

    /// Act as if a first token had been seen.
    fn leave_front(&mut self) {
        self.maps.iter_mut().for_each(Map::leave_front);
    }

    fn write_token_bytes(&mut self, token: &str, is_last: bool, out: &mut Vec<u8>) -> Result<()> {
        let Some(mapped) = apply_all(&mut self.maps, token)? else { return Ok(()) };
        match &self.joint {
            Joint::Plain => out.extend_from_slice(mapped.as_bytes()),
            Joint::Bytes(_) => write_bytes(&mapped, out),
            Joint::Fallback(_) => match byte_of(&mapped) {
                Some(byte) => out.push(byte),
                None => out.extend_from_slice(mapped.as_bytes()),
            },
            Joint::Suffix { suffix, .. } => {
                out.extend_from_slice(suffix.token(&mapped, is_last).as_bytes());
            }
        }
        Ok(())
    }

    /// How many bytes are stripped off the front.
    fn cut_of_bytes(&self, bytes: &[u8]) -> usize {
        let Some(strip) = self.strip else { return 0 };
        let mut buffer = [0; 4];
        let content = strip.content.encode_utf8(&mut buffer).as_bytes();
        let chunks = bytes.chunks_exact(content.len()).take(strip.start);
        chunks.take_while(|chunk| *chunk == content).count() * content.len()
    }
}
