//! Models: what turns a piece into tokens.
//!
//! Each model has two roads that give the same tokens. [`Tokenize::tokenize`] is the readable one,
//! with texts; [`Model::encode_piece`] writes numbers into vectors that the caller keeps, and is what
//! encoding runs on.

use std::borrow::Cow;

use crate::error::Result;
use crate::stages::Tokenize;
use crate::token::{Token, TokenId};

pub mod bpe;
mod piece_tokens;
pub mod unigram;
pub mod wordlevel;
pub mod wordpiece;

pub use bpe::Bpe;
pub use piece_tokens::PieceTokens;
pub use unigram::Unigram;
pub use wordlevel::WordLevel;
pub use wordpiece::WordPiece;

/// Every model there is. Cheap to clone: vocabularies and tables sit behind an `Arc`, options beside
/// them, so that changing an option shares the tables.
#[derive(Clone)]
pub enum Model {
    /// Byte-pair encoding.
    Bpe(Bpe),
    /// Greedy longest match.
    WordPiece(WordPiece),
    /// One word, one id.
    WordLevel(WordLevel),
    /// The most likely segmentation.
    Unigram(Unigram),
}

impl Model {
    /// The name that files know the model by.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bpe(_) => "BPE",
            Self::WordPiece(_) => "WordPiece",
            Self::WordLevel(_) => "WordLevel",
            Self::Unigram(_) => "Unigram",
        }
    }

    /// Tokens and ids, by ascending id.
    pub fn vocab_iter(&self) -> Box<dyn Iterator<Item = (&str, TokenId)> + '_> {
        match self {
            Self::Bpe(model) => Box::new(model.vocab().iter()),
            Self::WordPiece(model) => Box::new(model.vocab().iter()),
            Self::WordLevel(model) => Box::new(model.vocab().iter()),
            Self::Unigram(model) => {
                Box::new((0..).zip(model.pieces()).map(|(id, (text, _))| (text.as_str(), id)))
            }
        }
    }

    /// The tokens of `piece` as numbers; what `out` held before is gone.
    ///
    /// # Errors
    ///
    /// As [`Tokenize::tokenize`]; `out` is then empty.
    pub fn encode_piece(&self, piece: &str, out: &mut PieceTokens) -> Result<()> {
        let result = match self {
            Self::Bpe(model) => model.encode_piece(piece, out),
            Self::WordPiece(model) => model.encode_piece(piece, out),
            Self::WordLevel(model) => model.encode_piece(piece, out),
            Self::Unigram(model) => unigram_door::encode_piece(model, piece, out),
        };
        if result.is_err() {
            out.clear();
        }
        result
    }

    /// The text that a token shows which [`encode_piece`](Self::encode_piece) found over `slice` of
    /// the piece: the token's own, but for Unigram's unknown token, which shows what it stands for.
    ///
    /// Empty for an id that is no token.
    pub fn token_text<'a>(&'a self, id: TokenId, slice: &'a str) -> Cow<'a, str> {
        match self {
            Self::Unigram(model) => unigram_door::token_text(model, id, slice),
            _ => Cow::Borrowed(self.id_to_token(id).unwrap_or_default()),
        }
    }

    fn part(&self) -> &dyn Tokenize {
        match self {
            Self::Bpe(model) => model,
            Self::WordPiece(model) => model,
            Self::WordLevel(model) => model,
            Self::Unigram(model) => unigram_door::part(model),
        }
    }
}

impl Tokenize for Model {
    fn tokenize(&self, piece: &str) -> Result<Vec<Token>> {
        self.part().tokenize(piece)
    }

    fn token_to_id(&self, token: &str) -> Option<TokenId> {
        self.part().token_to_id(token)
    }

    fn id_to_token(&self, id: TokenId) -> Option<&str> {
        self.part().id_to_token(id)
    }

    fn vocab_size(&self) -> usize {
        self.part().vocab_size()
    }
}

/// TODO(unigram): the three things `Model` asks of Unigram; fill in and inline once its room is built.
#[allow(clippy::todo, reason = "filled when the Unigram room is merged")]
mod unigram_door {
    use super::{Cow, PieceTokens, Result, TokenId, Tokenize, Unigram};

    pub(super) fn encode_piece(_: &Unigram, _: &str, _: &mut PieceTokens) -> Result<()> {
        todo!()
    }

    pub(super) fn token_text<'a>(_: &'a Unigram, _: TokenId, _: &'a str) -> Cow<'a, str> {
        todo!()
    }

    pub(super) fn part(_: &Unigram) -> &dyn Tokenize {
        todo!()
    }
}
