//! BPE models of SentencePiece, and models of characters, which are BPE without merges.

use std::sync::Arc;

use super::proto::{Algorithm, Kind, ModelProto};
use crate::error::Result;
use crate::format::derive::one_merge_each;
use crate::models::Bpe;
use crate::models::bpe::BpeOptions;
use crate::pre_tokenizers::{PreTokenizer, Split};
use crate::text::{Pattern, SplitBehavior};
use crate::token::TokenId;
use crate::util::hash::Map;
use crate::util::regex::Regex;
use crate::vocab::Vocab;

pub(super) fn model(proto: &ModelProto) -> Result<Bpe> {
    let ids = 0..TokenId::MAX;
    let vocab = Vocab::from_pairs(proto.pieces.iter().map(|piece| &piece.text).zip(ids));
    let merges = match proto.trainer.algorithm {
        Algorithm::Bpe => merges(proto),
        _ => Vec::new(),
    };
    let options = BpeOptions {
        unk_token: proto.unk_id().map(|id| proto.pieces[id].text.clone()),
        fuse_unk: true,
        byte_fallback: proto.trainer.byte_fallback,
        // No merge makes a user-defined piece; being cut out, it is found as a whole.
        ignore_merges: has_user_defined(proto),
        ..BpeOptions::default()
    };
    Bpe::new(vocab, merges, options)
}

/// A cut at user-defined pieces, the longest first.
pub(super) fn pre_tokenizer(proto: &ModelProto) -> Result<Option<PreTokenizer>> {
    if !has_user_defined(proto) {
        return Ok(None);
    }
    let mut texts: Vec<&str> = proto.of_kind(Kind::UserDefined).map(|(_, text)| text).collect();
    texts.sort_unstable_by_key(|text| (std::cmp::Reverse(text.len()), *text));
    let pattern = texts.iter().map(|text| escaped(text)).collect::<Vec<_>>().join("|");
    let pattern = Pattern::Regex(Regex::new(&pattern)?);
    let split = Split { pattern, behavior: SplitBehavior::Isolated, invert: false };
    Ok(Some(PreTokenizer::Split(Arc::new(split))))
}

fn has_user_defined(proto: &ModelProto) -> bool {
    proto.of_kind(Kind::UserDefined).next().is_some()
}

/// A text as a pattern that matches it and nothing else.
pub(super) fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if character.is_ascii_punctuation() || character == ' ' {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// The merges that make the normal pieces, those with higher scores first.
fn merges(proto: &ModelProto) -> Vec<(String, String)> {
    let mut pieces: Vec<(f32, &str)> = proto
        .pieces
        .iter()
        .filter(|piece| piece.kind == Kind::Normal)
        .map(|piece| (piece.score, piece.text.as_str()))
        .collect();
    // A stable sort: equal scores stay in order of id.
    pieces.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let chars = single_chars(&pieces);
    let merges = one_merge_each(pieces.len(), |index, symbols| {
        pieces[index].1.chars().all(|character| {
            let symbol = chars.get(&character);
            symbols.extend(symbol);
            symbol.is_some()
        })
    });
    let text = |index: u32| pieces[index as usize].1.to_owned();
    merges.into_iter().flatten().map(|(left, right)| (text(left), text(right))).collect()
}

fn single_chars(pieces: &[(f32, &str)]) -> Map<char, u32> {
    let single = |text: &str| {
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    pieces.iter().zip(0..).filter_map(|((_, text), index)| Some((single(text)?, index))).collect()
}
