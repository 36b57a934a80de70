//! The road of the word pipelines: the raw text is cut where no part of the pipeline looks across, and
//! each unit goes through the cache as it stands, so that a unit met before is not even normalized.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a text has less than 4 GiB: checked where it comes in"
)]

use crate::cache::{Scratch, UnitTokens};
use crate::error::Result;
use crate::models::PieceTokens;
use crate::models::bpe::Bpe;
use crate::normalizers::Normalizer;
use crate::pre_tokenizers::PreTokenizer;
use crate::token::Span;
use crate::tokenizer::Front;
use crate::tokenizer::drain::{Road, drain};
use crate::tokenizer::general::{self, UnitParts};
use crate::tokenizer::sink::Sink;

/// Where a text may be cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cut {
    /// At white space, which the pipeline drops anyway; and, where the pipeline sets punctuation apart,
    /// on both sides of an ASCII punctuation mark that stands among ASCII.
    DroppedSpace { punctuation_apart: bool },
    /// Before each space.
    BeforeSpace,
    /// Before each run of spaces, and between ASCII characters that no token of the model holds side by
    /// side; the segment is one word.
    Unbridged(Box<AsciiPairs>),
}

/// A set of pairs of ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AsciiPairs([u128; 128]);

impl AsciiPairs {
    pub(crate) fn none() -> Self {
        Self([0; 128])
    }

    pub(crate) fn insert(&mut self, left: u8, right: u8) {
        self.0[usize::from(left & 127)] |= 1 << (right & 127);
    }

    fn contains(&self, left: u8, right: u8) -> bool {
        self.0[usize::from(left & 127)] >> (right & 127) & 1 == 1
    }
}

/// Units, and the parts that encode one.
pub(crate) struct UnitRoad {
    pub(crate) cut: Cut,
    /// Normalizes the first unit of a segment.
    pub(crate) first: Option<Normalizer>,
    /// Normalizes the others.
    pub(crate) rest: Option<Normalizer>,
    /// Whether the two differ.
    pub(crate) first_differs: bool,
    pub(crate) pre_tokenizer: Option<PreTokenizer>,
}

impl UnitRoad {
    /// Whether a segment can be encoded unit by unit. SentencePiece's character map does not keep account of
    /// characters that it drops at the very beginning: all offsets behind them are shifted then.
    pub(crate) fn takes(&self, text: &str) -> Result<bool> {
        let Some(normalizer) = &self.first else { return Ok(true) };
        let Some(first) = text.chars().next() else { return Ok(true) };
        if first.is_ascii_graphic() || first == ' ' {
            return Ok(true);
        }
        Ok(!normalizer.normalize_plain(&text[..first.len_utf8()])?.is_empty())
    }

    /// Whether every unit that a letter of ASCII ends is ended by a space that a letter follows.
    pub(crate) fn ends_at_space(&self, letter: char) -> bool {
        match &self.cut {
            Cut::DroppedSpace { .. } | Cut::BeforeSpace => true,
            Cut::Unbridged(bridged) => {
                u8::try_from(letter).is_ok_and(|letter| !bridged.contains(letter, b' '))
            }
        }
    }

    /// Encode a segment, or what comes behind a cut in one, that begins at byte `base` of the text.
    pub(crate) fn encode(
        &self,
        front: &Front,
        text: &str,
        base: u32,
        begins: bool,
        scratch: &mut Scratch,
        sink: &mut Sink,
    ) -> Result<()> {
        let mut at = 0;
        let word_before = sink.next_word;
        scratch.queue.begin(self.first_differs && begins);
        while let Some((start, end)) = self.next_unit(text, at) {
            if !scratch.queue.push(Span::new(start, end)) {
                drain(self, front, text, base, scratch, sink)?;
            }
            at = end;
        }
        drain(self, front, text, base, scratch, sink)?;
        if self.is_one_word() {
            sink.next_word = word_before + u32::from(!text.is_empty());
        }
        Ok(())
    }

    /// The next unit at or behind `at`.
    pub(crate) fn next_unit(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let bytes = text.as_bytes();
        let drops = matches!(self.cut, Cut::DroppedSpace { .. });
        // White space that something unsafe follows belongs to the unit.
        let behind = if drops { behind_space(bytes, at) } else { at };
        let start = if begins_safely(text, behind) { behind } else { at };
        if start == bytes.len() {
            return None;
        }
        let end = match &self.cut {
            Cut::DroppedSpace { punctuation_apart } => {
                end_at_dropped(text, start, *punctuation_apart)
            }
            Cut::BeforeSpace => (start + 1..bytes.len())
                .find(|&at| bytes[at] == b' ' && ends_safely(text, at))
                .unwrap_or(bytes.len()),
            Cut::Unbridged(bridged) => (start + 1..bytes.len())
                .find(|&at| is_unbridged(text, at, bridged))
                .unwrap_or(bytes.len()),
        };
        Some((start, end))
    }
}

impl Road for UnitRoad {
    fn takes_bytes<'a>(&self, _front: &'a Front) -> Option<&'a Bpe> {
        None
    }

    fn is_one_word(&self) -> bool {
        matches!(self.cut, Cut::Unbridged(_))
    }

    fn resolve(
        &self,
        front: &Front,
        unit: &str,
        first: bool,
        buffer: &mut PieceTokens,
        tokens: &mut UnitTokens,
    ) -> Result<()> {
        let normalizer = if first { &self.first } else { &self.rest };
        let parts = UnitParts {
            normalizer: normalizer.as_ref(),
            pre_tokenizer: self.pre_tokenizer.as_ref(),
            model: &front.model,
        };
        general::encode_unit(parts, unit, buffer, tokens)
    }
}

/// The end of the unit that begins at `start`, where white space is dropped.
fn end_at_dropped(text: &str, start: usize, punctuation_apart: bool) -> usize {
    let bytes = text.as_bytes();
    let mut end = start + 1;
    while end < bytes.len() {
        let (before, byte) = (bytes[end - 1], bytes[end]);
        if is_dropped(byte) {
            let behind = behind_space(bytes, end);
            if begins_safely(text, behind) {
                if ends_safely(text, end) {
                    return end;
                }
                // Between two of them it is always safe.
                if end + 1 < behind {
                    return end + 1;
                }
            }
            end = behind;
        } else if punctuation_apart
            && byte.is_ascii_graphic()
            && before.is_ascii_graphic()
            && (byte.is_ascii_punctuation() || before.is_ascii_punctuation())
        {
            return end;
        } else {
            end += 1;
        }
    }
    end
}

/// Whether no token reaches across `at`.
fn is_unbridged(text: &str, at: usize, bridged: &AsciiPairs) -> bool {
    let bytes = text.as_bytes();
    match (bytes[at - 1], bytes[at]) {
        (b' ', b' ') => false,
        (before, byte) if before.is_ascii() && byte.is_ascii() => !bridged.contains(before, byte),
        (_, b' ') => ends_safely(text, at),
        _ => false,
    }
}

/// White space of one byte that every part of such a pipeline treats as a boundary. A carriage return is
/// not among them: with a line feed it is one grapheme.
fn is_dropped(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t')
}

fn behind_space(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| is_dropped(**byte)).count()
}

/// Whether what begins at `at` never attaches to white space before it, as a mark or a joiner would.
fn begins_safely(text: &str, at: usize) -> bool {
    use fissile_unicode::category::{is_letter, is_number, is_punctuation};
    match text.as_bytes().get(at) {
        None => true,
        Some(byte) if byte.is_ascii() => byte.is_ascii_graphic(),
        Some(_) => text[at..].chars().next().is_some_and(|c| {
            // The exceptions are letters that graphemes or compatibility forms treat as marks.
            let attaches = matches!(c, '\u{e33}' | '\u{eb3}' | '\u{ff9e}' | '\u{ff9f}');
            (is_letter(c) || is_number(c) || is_punctuation(c)) && !attaches
        }),
    }
}

/// Whether what ends before `at` never takes the next character into its grapheme.
fn ends_safely(text: &str, at: usize) -> bool {
    use fissile_unicode::category::{is_letter, is_mark, is_number, is_punctuation};
    match text.as_bytes()[at - 1] {
        byte if byte.is_ascii() => byte.is_ascii_graphic() || is_dropped(byte),
        _ => text[..at].chars().next_back().is_some_and(|c| {
            (is_letter(c) || is_number(c) || is_punctuation(c) || is_mark(c)) && !is_prepend(c)
        }),
    }
}

/// The letters of the Unicode property `Grapheme_Cluster_Break=Prepend`.
fn is_prepend(c: char) -> bool {
    matches!(
        c,
        '\u{d4e}'
            | '\u{111c2}'
            | '\u{111c3}'
            | '\u{113d1}'
            | '\u{1193f}'
            | '\u{11941}'
            | '\u{11a3a}'
            | '\u{11a84}'..='\u{11a89}' | '\u{11d46}' | '\u{11f02}'
    )
}
