//! Decoders: tokens back into text.

mod bpe_suffix;
mod byte_fallback;
mod byte_level;
mod ctc;
mod fuse;
mod metaspace;
mod replace;
mod strip;
mod wordpiece;

pub use bpe_suffix::BpeSuffix;
pub use ctc::Ctc;
pub use strip::StripDecoder;
pub use wordpiece::WordPieceDecoder;

use std::sync::Arc;

use crate::text::Replacement;
use crate::text::byte_alphabet::ByteLevel;
use crate::stages::Decode;
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
