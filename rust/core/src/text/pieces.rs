//! [`Pieces`]: the split text that pre-tokenizers refine and models fill with tokens.

use crate::encoding::Encoding;
use crate::error::Result;
use crate::text::normalized::{NormalizedText, Referential};
use crate::text::offsets::OffsetUnit;
use crate::token::{Span, Token};

/// One piece of a text, with its tokens once it has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text of the piece.
    pub text: NormalizedText,
    /// Its tokens, or `None` while it can still be split.
    pub tokens: Option<Vec<Token>>,
}

/// A text cut into pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pieces {
    original: String,
    pieces: Vec<Piece>,
}

#[allow(unused_variables, clippy::todo)]
impl Pieces {
    /// One piece: the whole text.
    pub fn new(text: NormalizedText) -> Self { todo!() }
    /// Replace every piece without tokens by what `split` makes of it (its index, its text); empty ones are dropped.
    pub fn split<I, P>(&mut self, split: impl FnMut(usize, NormalizedText) -> Result<I>) -> Result<()>
    where I: IntoIterator<Item = P>, P: Into<Piece> { todo!() }
    /// Edit every piece without tokens.
    pub fn normalize(&mut self, edit: impl FnMut(&mut NormalizedText) -> Result<()>) -> Result<()> { todo!() }
    /// Give tokens to every piece without tokens.
    pub fn tokenize(&mut self, tokenize: impl FnMut(&NormalizedText) -> Result<Vec<Token>>) -> Result<()> { todo!() }
    /// The pieces.
    pub fn pieces(&self) -> &[Piece] { &self.pieces }
    /// Each piece's text and its span in the named text and unit.
    pub fn splits(&self, referential: Referential, unit: OffsetUnit) -> Vec<(&str, Span, Option<&[Token]>)> { todo!() }
    /// All tokens as an encoding. `word` overrides the word numbers. Fails while a piece has no tokens.
    pub fn into_encoding(self, word: Option<u32>, type_id: u32, unit: OffsetUnit) -> Result<Encoding> { todo!() }
}

impl From<NormalizedText> for Piece {
    fn from(text: NormalizedText) -> Self {
        Self { text, tokens: None }
    }
}
