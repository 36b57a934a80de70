//! The five stages, one trait each. This file is the architecture; everything else is parts.
//!
//! All parts are immutable once built, and shared by all threads. What a part needs to remember
//! between calls (a cache, say) lives outside of it, in the scratch of whoever calls.

use crate::encoding::Encoding;
use crate::error::Result;
use crate::text::{NormalizedText, Pieces};
use crate::token::{Token, TokenId};

/// Cleans a text: changes characters, and keeps track of where each came from.
pub trait Normalize: Send + Sync {
    /// Edit `text` in place.
    fn normalize(&self, text: &mut NormalizedText) -> Result<()>;
}

/// Cuts a text into pieces that the model sees one by one.
pub trait PreTokenize: Send + Sync {
    /// Refine `pieces`: split those that carry no tokens yet. Joined in order, the pieces still cover
    /// the text, but for what the part means to drop.
    fn pre_tokenize(&self, pieces: &mut Pieces) -> Result<()>;
}

/// Turns one piece into tokens: what a model does.
pub trait Tokenize: Send + Sync {
    /// The tokens of `piece`, in order, spans in bytes of `piece`.
    fn tokenize(&self, piece: &str) -> Result<Vec<Token>>;

    /// The id of a token of the model's vocabulary.
    fn token_to_id(&self, token: &str) -> Option<TokenId>;

    /// The token of an id of the model's vocabulary.
    fn id_to_token(&self, id: TokenId) -> Option<&str>;

    /// How many tokens the vocabulary holds, in constant time.
    fn vocab_size(&self) -> usize;
}

/// Frames encodings: special tokens, type ids, trimmed offsets.
pub trait PostProcess: Send + Sync {
    /// How many tokens [`process`](Self::process) adds to one sequence, or to a pair.
    fn added_tokens(&self, is_pair: bool) -> usize;

    /// Process one encoding, or the two of a pair, into as many or one.
    fn process(&self, encodings: Vec<Encoding>, add_special_tokens: bool) -> Result<Vec<Encoding>>;
}

/// Turns tokens back into text.
pub trait Decode: Send + Sync {
    /// One step of decoding: tokens in, strings out; joined they are the text.
    fn decode_chain(&self, tokens: Vec<String>) -> Result<Vec<String>>;
}
