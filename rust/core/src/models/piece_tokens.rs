//! What encoding one piece gives, in vectors that are used again.

use crate::error::{Error, Result};
use crate::token::{Span, Token, TokenId};

/// The tokens of one piece as numbers.
///
/// Keep one per thread and pass it to every call: after the first few pieces nothing is allocated.
/// Spans are in bytes of the piece *as the model counts them*: a model may leave characters out of
/// its count (BPE without an unknown token) or count more than the piece has (byte fallback with a
/// prefix), so a span need not end inside the piece, nor at a character boundary.
#[derive(Debug, Clone, Default)]
pub struct PieceTokens {
    /// The ids.
    pub ids: Vec<TokenId>,
    /// Where each token starts.
    pub starts: Vec<u32>,
    /// Where each token ends.
    pub ends: Vec<u32>,
    random: Option<fastrand::Rng>,
}

impl PieceTokens {
    /// No tokens.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forget the tokens, keep the memory (and the random generator where it stands).
    pub fn clear(&mut self) {
        self.ids.clear();
        self.starts.clear();
        self.ends.clear();
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// One more token.
    pub fn push(&mut self, id: TokenId, start: u32, end: u32) {
        self.ids.push(id);
        self.starts.push(start);
        self.ends.push(end);
    }

    /// Ids and spans, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (TokenId, Span)> {
        self.ids
            .iter()
            .zip(self.starts.iter().zip(&self.ends))
            .map(|(&id, (&start, &end))| (id, Span::new(start as usize, end as usize)))
    }

    /// Start the random draws of a text over: the next model that samples makes a new generator.
    ///
    /// Call it before each text, so that a model with a seed gives the same tokens for the same text
    /// whatever was encoded before, and yet draws afresh for every piece of it.
    pub fn reset_random(&mut self) {
        self.random = None;
    }

    /// The generator of this text, made from `seed` at the first call after
    /// [`reset_random`](Self::reset_random), and from the system's randomness without one.
    pub fn random(&mut self, seed: Option<u64>) -> &mut fastrand::Rng {
        self.random
            .get_or_insert_with(|| seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed))
    }

    /// The tokens with the texts that `text` gives for an id and its span.
    pub(crate) fn to_tokens(&self, text: impl Fn(TokenId, Span) -> String) -> Vec<Token> {
        self.iter().map(|(id, span)| Token::new(id, text(id, span), span)).collect()
    }
}

/// The length of a piece as the number that spans are made of.
pub(crate) fn piece_length(piece: &[u8]) -> Result<u32> {
    u32::try_from(piece.len()).map_err(|_| {
        Error::unsupported(format!("a piece of {} bytes is too long", piece.len()))
            .expecting("less than 4 GiB")
            .hinting("cut the text, or use a pre-tokenizer that does")
    })
}
