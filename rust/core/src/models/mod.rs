//! Models: what turns a piece into tokens.

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
