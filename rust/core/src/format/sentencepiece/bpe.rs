//! BPE models of SentencePiece, and models of characters, which are BPE without merges.

use std::ops::Range;
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
    let Made { merges, ties } = match proto.trainer.algorithm {
        Algorithm::Bpe => made(proto),
        _ => Made { merges: Vec::new(), ties: Vec::new() },
    };
    let options = BpeOptions {
        unk_token: proto.unk_id().map(|id| proto.pieces[id].text.clone()),
        fuse_unk: true,
        byte_fallback: proto.trainer.byte_fallback,
        // No merge makes a user-defined piece; being cut out, it is found as a whole.
        ignore_merges: has_user_defined(proto),
        ..BpeOptions::default()
    };
    Bpe::with_ties(vocab, merges, ties, options)
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
struct Made<'a> {
    merges: Vec<(&'a str, &'a str)>,
    /// The ranks of those that make pieces of equal score.
    ties: Vec<Range<u32>>,
}

fn made(proto: &ModelProto) -> Made<'_> {
    let mut pieces: Vec<(f32, &str)> = proto
        .pieces
        .iter()
        .filter(|piece| piece.kind == Kind::Normal)
        .map(|piece| (piece.score, piece.text.as_str()))
        .collect();
    // A stable sort: equal scores stay in order of id.
    pieces.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let chars = single_chars(&pieces);
    let first = first_of_equals(&pieces);
    let order = |piece: u32| first[piece as usize];
    let found = one_merge_each(pieces.len(), order, |index, symbols| {
        pieces[index].1.chars().all(|character| {
            let symbol = chars.get(&character);
            symbols.extend(symbol);
            symbol.is_some()
        })
    });
    let text = |index: u32| pieces[index as usize].1;
    let (mut merges, mut scores) = (Vec::new(), Vec::new());
    for (pair, (score, _)) in found.into_iter().zip(&pieces) {
        if let Some((left, right)) = pair {
            merges.push((text(left), text(right)));
            scores.push(*score);
        }
    }
    let equals = scores.chunk_by(|a, b| key(*a) == key(*b)).scan(0, |start, equals| {
        let end = *start + u32::try_from(equals.len()).expect("fewer than 2^32 pieces");
        Some(std::mem::replace(start, end)..end)
    });
    Made { merges, ties: equals.filter(|ranks| ranks.len() > 1).collect() }
}

/// The same for equal scores; the two zeros are equal.
fn key(score: f32) -> u32 {
    (score + 0.0).to_bits()
}

/// For each of the pieces, sorted by score, the first that scores the same.
fn first_of_equals(pieces: &[(f32, &str)]) -> Vec<u32> {
    let groups = pieces.chunk_by(|(a, _), (b, _)| key(*a) == key(*b));
    let mut first = Vec::with_capacity(pieces.len());
    for group in groups {
        let start = u32::try_from(first.len()).expect("fewer than 2^32 pieces");
        first.extend(std::iter::repeat_n(start, group.len()));
    }
    first
}

fn single_chars(pieces: &[(f32, &str)]) -> Map<char, u32> {
    let single = |text: &str| {
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    pieces.iter().zip(0..).filter_map(|((_, text), index)| Some((single(text)?, index))).collect()
}
