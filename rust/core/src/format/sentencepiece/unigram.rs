//! Unigram models of SentencePiece.

use super::proto::{Kind, ModelProto, Piece};
use crate::error::Result;
use crate::models::Unigram;
use crate::models::unigram::{SentencePieceScores, UnigramOptions};

pub(super) fn model(proto: &ModelProto) -> Result<Unigram> {
    let pieces = &proto.pieces;
    let normal = pieces.iter().filter(|piece| piece.kind == Kind::Normal);
    let scores = SentencePieceScores {
        scores: pieces.iter().map(score).collect(),
        min_score: normal.map(|piece| piece.score).fold(f32::MAX, f32::min),
        matched: pieces
            .iter()
            .map(|p| matches!(p.kind, Kind::Normal | Kind::UserDefined))
            .collect(),
    };
    let options = UnigramOptions {
        unk_id: proto.unk_id(),
        byte_fallback: proto.trainer.byte_fallback,
        ..UnigramOptions::default()
    };
    let pieces = pieces.iter().map(|piece| (piece.text.clone(), f64::from(piece.score))).collect();
    Unigram::with_sentencepiece_scores(pieces, scores, options)
}

/// A user-defined piece outdoes everything else that covers its bytes.
fn score(piece: &Piece) -> f32 {
    if piece.kind != Kind::UserDefined {
        return piece.score;
    }
    let length = u16::try_from(piece.text.len() - 1).expect("the length of pieces was checked");
    #[expect(clippy::cast_possible_truncation, reason = "rounded as SentencePiece rounds it")]
    let score = (0.1 * f64::from(length)) as f32;
    score
}
