//! Where the tokens of a SentencePiece-style BPE model reach across from one character to the next.

use crate::models::Bpe;
use crate::pre_tokenizers::scan::{AsciiPairs, FREE_AT_SPACE, FREE_BEFORE, FREE_BEHIND, Seams};
use crate::stages::Tokenize;

/// What stands for a space.
const MARK: char = '▁';

/// Where tokens reach across, a space standing for ▁. `None` where options make a whole text one unit, or where a
/// token holds ▁ behind another character.
///
/// Only what merges make can reach across, and it does so where it is made.
pub(super) fn seams(bpe: &Bpe) -> Option<Seams> {
    let options = bpe.options();
    let empty = |affix: &Option<String>| affix.as_ref().is_none_or(String::is_empty);
    if options.ignore_merges
        || options.dropout.is_some_and(|chance| chance != 0.0)
        || !empty(&options.continuing_subword_prefix)
        || !empty(&options.end_of_word_suffix)
        || bpe.token_to_id("▁").is_none()
    {
        return None;
    }
    let mut pairs = Vec::new();
    let mut joined = Vec::new();
    for (left, right) in bpe.merges() {
        let (before, behind) = (left.chars().next_back()?, right.chars().next()?);
        if behind == MARK && before != MARK {
            return None;
        }
        joined.push((before, behind));
        if let (Some(before), Some(behind)) = (ascii(before), ascii(behind)) {
            pairs.push((before, behind));
        }
    }
    let spells_all = spells_all(bpe);
    // What becomes of unknown characters beside others is not said by the merges' texts.
    for byte in (0..128u8).filter(|byte| !spells_all && *byte != b' ') {
        if bpe.token_to_id(char::from(byte).encode_utf8(&mut [0; 4])).is_none() {
            pairs.extend((0..128).flat_map(|other| [(byte, other), (other, byte)]));
        }
    }
    let all = FREE_BEHIND | FREE_BEFORE | FREE_AT_SPACE;
    let (usual, known) = if spells_all { (all, Vec::new()) } else { (0, single_characters(bpe)) };
    Seams::new(AsciiPairs::new(pairs.into_iter()), usual, free(all, &known, &joined).into_iter())
}

/// What is free around the characters that are known and those that are joined.
fn free(all: u8, known: &[char], joined: &[(char, char)]) -> Vec<(char, u8)> {
    let mut held: Vec<(char, u8)> = vec![(MARK, FREE_AT_SPACE)];
    held.extend(joined.iter().map(|&(before, _)| (before, FREE_BEHIND)));
    held.extend(joined.iter().map(|&(_, behind)| (behind, FREE_BEFORE)));
    held.extend(known.iter().map(|&c| (c, 0)));
    held.sort_unstable();
    let of = |same: &[(char, u8)]| (same[0].0, same.iter().fold(all, |free, held| free & !held.1));
    held.chunk_by(|a, b| a.0 == b.0).map(of).collect()
}

/// Whether every unknown character becomes the tokens of its bytes, which nothing joins.
fn spells_all(bpe: &Bpe) -> bool {
    let is_byte = |text: &str| text.len() == 6 && text.starts_with("<0x");
    bpe.options().byte_fallback
        && (0..=u8::MAX).all(|byte| bpe.token_to_id(&format!("<0x{byte:02X}>")).is_some())
        && !bpe.merges().any(|(left, right)| is_byte(left) || is_byte(right))
}

fn single_characters(bpe: &Bpe) -> Vec<char> {
    let only = |text: &str| {
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    bpe.vocab().iter().filter_map(|(token, _)| only(token)).collect()
}

fn ascii(c: char) -> Option<u8> {
    if c == MARK { Some(b' ') } else { u8::try_from(c).ok().filter(u8::is_ascii) }
}
