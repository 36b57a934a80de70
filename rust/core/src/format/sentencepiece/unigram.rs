//! Unigram models of SentencePiece.

use super::proto::{Kind, ModelProto};
use crate::error::Result;
use crate::models::Unigram;
use crate::models::unigram::{SentencePieceKinds, UnigramOptions};
use crate::token::TokenId;

pub(super) fn model(proto: &ModelProto) -> Result<Unigram> {
    let ids = |is_meant: fn(Kind) -> bool| -> Vec<TokenId> {
        let kinds = (0..).zip(proto.pieces.iter().map(|piece| piece.kind));
        kinds.filter(|(_, kind)| is_meant(*kind)).map(|(id, _)| id).collect()
    };
    let kinds = SentencePieceKinds {
        user_defined: ids(|kind| kind == Kind::UserDefined),
        unmatched: ids(|kind| !matches!(kind, Kind::Normal | Kind::UserDefined)),
    };
    let options = UnigramOptions {
        unk_id: proto.unk_id(),
        byte_fallback: proto.trainer.byte_fallback,
        ..UnigramOptions::default()
    };
    let pieces = proto.pieces.iter();
    let pieces = pieces.map(|piece| (piece.text.clone(), f64::from(piece.score))).collect();
    Unigram::of_sentencepiece(pieces, kinds, options)
}
