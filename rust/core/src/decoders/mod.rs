//! Decoders: tokens back into text.
//!
//! Most of them work token by token; those can decode a text as its tokens come, which [`Running`] does
//! for whole decoding and streams alike.

mod bpe_suffix;
mod byte_fallback;
mod byte_level;
mod ctc;
mod fuse;
mod metaspace;
mod replace;
mod running;
mod strip;
mod table;
mod wordpiece;

pub use bpe_suffix::BpeSuffix;
pub use ctc::Ctc;
pub use running::Running;
pub use strip::StripDecoder;
pub(crate) use table::{DecodeTable, Entry, Tokens};
pub use wordpiece::WordPieceDecoder;

use std::sync::Arc;

use crate::error::Result;
use crate::stages::Decode;
use crate::text::Replacement;
use crate::text::byte_alphabet::ByteLevel;
use crate::text::metaspace::Metaspace;

/// Every decoder there is. Cheap to clone.
#[derive(Clone)]
pub enum Decoder {
    /// A suffix that marks the end of a word becomes a space.
    Bpe(BpeSuffix),
    /// GPT-2's byte alphabet back into bytes (the flags are carried for the file's sake).
    ByteLevel(ByteLevel),
    /// `##` removed, words joined by spaces.
    WordPiece(WordPieceDecoder),
    /// ▁ back into spaces.
    Metaspace(Metaspace),
    /// Repeats and blanks of a CTC output removed.
    Ctc(Arc<Ctc>),
    /// Several, one after the other.
    Sequence(Arc<Vec<Decoder>>),
    /// Matches of a pattern replaced, token by token.
    Replace(Arc<Replacement>),
    /// All tokens joined into one.
    Fuse,
    /// Characters stripped from the ends of each token.
    Strip(StripDecoder),
    /// `<0xE3>` tokens back into bytes.
    ByteFallback,
    /// A part written elsewhere; it cannot be saved.
    Custom(Arc<dyn Decode>),
}

impl Decode for Decoder {
    fn decode_chain(&self, tokens: Vec<String>) -> Result<Vec<String>> {
        match self {
            Self::Bpe(suffix) => suffix.decode_chain(tokens),
            Self::ByteLevel(byte_level) => byte_level.decode_chain(tokens),
            Self::WordPiece(wordpiece) => wordpiece.decode_chain(tokens),
            Self::Metaspace(metaspace) => metaspace.decode_chain(tokens),
            Self::Ctc(ctc) => ctc.decode_chain(tokens),
            Self::Sequence(list) => {
                list.iter().try_fold(tokens, |tokens, member| member.decode_chain(tokens))
            }
            Self::Replace(replacement) => replacement.decode_chain(tokens),
            Self::Fuse => fuse::Fuse.decode_chain(tokens),
            Self::Strip(strip) => strip.decode_chain(tokens),
            Self::ByteFallback => byte_fallback::ByteFallback.decode_chain(tokens),
            Self::Custom(custom) => custom.decode_chain(tokens),
        }
    }
}

impl Decoder {
    /// The text of tokens.
    pub fn decode(&self, tokens: Vec<String>) -> Result<String> {
        Ok(self.decode_chain(tokens)?.concat())
    }

    /// The text of borrowed tokens: the road without a string a token, where the decoder has one.
    pub fn decode_tokens<'t>(&self, tokens: impl IntoIterator<Item = &'t str>) -> Result<String> {
        let Some(mut running) = self.running() else {
            return self.decode(tokens.into_iter().map(str::to_owned).collect());
        };
        for token in tokens {
            running.push(token)?;
        }
        running.into_text()
    }
}
