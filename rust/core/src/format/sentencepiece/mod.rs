//! SentencePiece's model files, read without its library.
//!
//! The tokenizer that comes out gives the ids that SentencePiece itself gives, which is more than the
//! usual conversion to a `tokenizer.json` does. Where its rules have a counterpart among the parts of
//! the field, that part is used; the rest are options of the parts that the field does not have:
//!
//! | rule | part |
//! |---|---|
//! | of several rules for a character sequence, the longest | [`Precompiled::longest_match`](crate::normalizers::Precompiled::longest_match) |
//! | spaces: stripped, collapsed, one put in front, shown as `▁` | `Replace`, `Prepend` |
//! | Unigram sums in single precision; control pieces are never found | [`Unigram`](crate::models::Unigram) with scores of its own |
//! | BPE joins what makes the best piece, the leftmost of equals | merges, one for each piece, and which of them are [equally good](crate::models::Bpe::with_ties) |
//! | user-defined pieces first | Unigram: their score; BPE: a `Split` at them |
//! | control pieces are text when they stand in a text | `encode_special_tokens` |
//!
//! Written as `tokenizer.json`, the tokenizer keeps what the field has no words for under the name
//! `fissile` of its parts. Other readers skip that, and behave like the usual conversion; what is read
//! here is the same tokenizer again, but for `encode_special_tokens`, for which a file has no place.
//!
//! Known differences: BPE pieces over characters that are no pieces themselves are never made; pieces that were
//! taken out of use are not found at all; in a BPE model
//! with user-defined pieces, what stands between two of them and is all of a control piece's text is
//! that piece; runs of byte pieces that are not UTF-8 decode to one U+FFFD
//! for each byte.

mod bpe;
mod proto;
mod text;
mod unigram;
mod wire;

use std::path::Path;

use self::proto::{Algorithm, Kind, ModelProto};
use super::lines::read_file;
use crate::error::{Error, Result};
use crate::models::Model;
use crate::tokenizer::Tokenizer;
use crate::vocab::AddedToken;

/// What a model file says, for whoever composes a tokenizer of it by hand.
#[derive(Debug, Clone)]
pub struct ModelFile {
    /// 1 for Unigram, 2 for BPE, 3 for words, 4 for characters, as the file numbers them.
    pub model_type: u32,
    /// Pieces and their scores, by id.
    pub pieces: Vec<(String, f64)>,
    /// The id of the unknown piece.
    pub unk_id: Option<usize>,
    /// Whether unknown characters become byte pieces.
    pub byte_fallback: bool,
    /// The normalizer's character map; empty for none.
    pub precompiled_charsmap: Vec<u8>,
}

impl ModelFile {
    /// Read a model file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is no such model.
    pub fn read(path: &Path) -> Result<Self> {
        let proto = ModelProto::parse(&read_file(path)?)
            .map_err(|error| error.in_path(path.display().to_string()))?;
        let model_type = match proto.trainer.algorithm {
            Algorithm::Unigram => 1,
            Algorithm::Bpe => 2,
            Algorithm::Word => 3,
            Algorithm::Char => 4,
        };
        Ok(Self {
            model_type,
            unk_id: proto.unk_id(),
            byte_fallback: proto.trainer.byte_fallback,
            precompiled_charsmap: proto.normalizer.charsmap,
            pieces: proto.pieces.into_iter().map(|p| (p.text, f64::from(p.score))).collect(),
        })
    }
}

impl Tokenizer {
    /// Read a SentencePiece model (`tokenizer.model`, `spiece.model`) of type BPE, Unigram or
    /// character. Ids are the model's own; no token is added at the ends of a text, and control
    /// pieces (`<s>`) are text like any other when they stand in one
    /// ([`set_encode_special_tokens`](Self::set_encode_special_tokens) changes that).
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is no such model, or contradicts itself.
    pub fn from_sentencepiece(path: &Path) -> Result<Self> {
        Self::from_sentencepiece_bytes(&read_file(path)?)
            .map_err(|error| error.in_path(path.display().to_string()))
    }

    /// The same from the file's content.
    ///
    /// # Errors
    ///
    /// As [`from_sentencepiece`](Self::from_sentencepiece).
    pub fn from_sentencepiece_bytes(bytes: &[u8]) -> Result<Self> {
        let proto = ModelProto::parse(bytes)?;
        let (model, pre_tokenizer) = match proto.trainer.algorithm {
            Algorithm::Unigram => (Model::Unigram(unigram::model(&proto)?), None),
            Algorithm::Bpe | Algorithm::Char => {
                (Model::Bpe(bpe::model(&proto)?), bpe::pre_tokenizer(&proto)?)
            }
            Algorithm::Word => {
                return Err(Error::unsupported("SentencePiece models of words cannot be read")
                    .in_field("trainer_spec.model_type")
                    .expecting("UNIGRAM, BPE or CHAR"));
            }
        };
        let mut tokenizer = Self::new(model);
        tokenizer.set_normalizer(text::normalizer(&proto)?)?;
        tokenizer.set_pre_tokenizer(pre_tokenizer);
        tokenizer.set_decoder(Some(text::decoder(&proto)?));
        let control = proto.of_kind(Kind::Control).map(|(_, text)| AddedToken::new(text, true));
        tokenizer.add_tokens(control.collect())?;
        tokenizer.set_encode_special_tokens(true);
        Ok(tokenizer)
    }
}
