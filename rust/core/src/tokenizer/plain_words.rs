//! Units that are one plain word: letters and numbers, or ASCII that is seen. What the model is given of them is
//! told without keeping account of every byte, and so is where its tokens lie.
//!
//! The twin is [`general::encode_unit`], which every other unit takes.

#![allow(clippy::cast_possible_truncation, reason = "units are parts of texts below 4 GiB")]

use fissile_unicode::category;

use crate::cache::UnitTokens;
use crate::error::Result;
use crate::models::{Model, PieceTokens};
use crate::normalizers::Normalizer;
use crate::pre_tokenizers::PreTokenizer;
use crate::text::metaspace::PrependScheme;
use crate::text::{Pattern, Replacement};
use crate::token::Span;
use crate::tokenizer::general;

/// Longer units are rare.
const LONGEST: usize = 256;

/// What becomes of a plain word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlainWords {
    /// Nothing is known of it.
    Unknown,
    /// A word as BERT's pre-tokenizer cuts it, in lower case or as it is.
    Bert { lowercase: bool },
    /// A mark stands before it, in the place of a space if there may be one; it is a piece of its own.
    Marked { mark: char, in_place: bool },
    /// Each space is shown by a mark.
    Spaced { mark: char },
}

impl PlainWords {
    /// What is known of plain words that go through these parts.
    pub(crate) fn of(
        normalizer: Option<&Normalizer>,
        pre_tokenizer: Option<&PreTokenizer>,
    ) -> Self {
        match (normalizer, pre_tokenizer) {
            (None, Some(PreTokenizer::Bert)) => Self::Bert { lowercase: false },
            (Some(Normalizer::Bert(bert)), Some(PreTokenizer::Bert)) => {
                Self::Bert { lowercase: bert.lowercase }
            }
            (Some(Normalizer::Replace(replacement)), None) => spaced(replacement),
            (_, Some(pre_tokenizer)) => marked(pre_tokenizer),
            _ => Self::Unknown,
        }
    }

    /// Encode a unit, if it is one plain word; whether it was.
    pub(crate) fn encode(
        self,
        normalizer: Option<&Normalizer>,
        model: &Model,
        unit: &str,
        buffer: &mut PieceTokens,
        tokens: &mut UnitTokens,
    ) -> Result<bool> {
        if unit.len() > LONGEST {
            return Ok(false);
        }
        let spaces = unit.bytes().take_while(|byte| *byte == b' ').count();
        let Some(kind) = kind_of(&unit[spaces..]) else { return Ok(false) };
        let stays = || normalizer.is_none_or(|normalizer| normalizer.leaves_unchanged(unit));
        tokens.clear();
        tokens.word_count = 1;
        match self {
            Self::Bert { lowercase } if spaces == 0 => {
                let is_one = kind == Kind::AsciiWord
                    || (kind == Kind::Ascii && unit.len() == 1)
                    || (kind == Kind::Word && stays());
                if !is_one {
                    return Ok(false);
                }
                if lowercase && unit.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    // A word beyond ASCII that stays as it is has no upper case.
                    let lower = unit.to_ascii_lowercase();
                    return encode_piece(model, &lower, buffer, tokens, Some);
                }
                encode_piece(model, unit, buffer, tokens, Some)
            }
            Self::Marked { mark, in_place } if spaces <= usize::from(in_place) && stays() => {
                let word = &unit[spaces..];
                let piece = with_marks(mark, 1, word);
                let (before, first) =
                    (mark.len_utf8(), unit.chars().next().map_or(0, char::len_utf8));
                if spaces == 1 {
                    return encode_piece(model, &piece, buffer, tokens, |at| placed(at, mark, 1));
                }
                // Both the mark and the first character come from the first character.
                encode_piece(model, &piece, buffer, tokens, |span: Span| {
                    let start = if span.start < before + first { 0 } else { span.start - before };
                    let end = if span.end <= before + first { first } else { span.end - before };
                    Some(Span::new(start, end))
                })
            }
            Self::Spaced { mark } => {
                let piece = with_marks(mark, spaces, &unit[spaces..]);
                encode_piece(model, &piece, buffer, tokens, |at| placed(at, mark, spaces))
            }
            _ => Ok(false),
        }
    }
}

fn spaced(replacement: &Replacement) -> PlainWords {
    let is_space = matches!(&replacement.pattern, Pattern::Literal(text) if text == " ");
    let mut mark = replacement.content.chars();
    match (mark.next(), mark.next()) {
        (Some(mark), None) if is_space && !is_plain(mark) => PlainWords::Spaced { mark },
        _ => PlainWords::Unknown,
    }
}

fn marked(pre_tokenizer: &PreTokenizer) -> PlainWords {
    match pre_tokenizer {
        PreTokenizer::Metaspace(options)
            if options.split
                && options.prepend_scheme == PrependScheme::Always
                && !is_plain(options.replacement) =>
        {
            PlainWords::Marked { mark: options.replacement, in_place: true }
        }
        PreTokenizer::Sequence(parts) => match parts.as_slice() {
            [PreTokenizer::WhitespaceSplit, metaspace @ PreTokenizer::Metaspace(_)] => {
                match marked(metaspace) {
                    PlainWords::Marked { mark, .. } => PlainWords::Marked { mark, in_place: false },
                    other => other,
                }
            }
            _ => PlainWords::Unknown,
        },
        _ => PlainWords::Unknown,
    }
}

/// What a word is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// ASCII letters and numbers.
    AsciiWord,
    /// ASCII that is seen.
    Ascii,
    /// Letters and numbers, some of them not ASCII.
    Word,
    /// The same with ASCII that is seen.
    Mixed,
}

/// The kind of a word, if it is a plain one.
fn kind_of(word: &str) -> Option<Kind> {
    let (mut ascii, mut words) = (true, true);
    for c in word.chars() {
        if !is_plain(c) {
            return None;
        }
        ascii &= c.is_ascii();
        words &= !c.is_ascii() || c.is_ascii_alphanumeric();
    }
    Some(match (ascii, words) {
        _ if word.is_empty() => return None,
        (true, true) => Kind::AsciiWord,
        (true, false) => Kind::Ascii,
        (false, true) => Kind::Word,
        (false, false) => Kind::Mixed,
    })
}

fn is_plain(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_graphic();
    }
    let class = category::class(c);
    class.is_letter() || class.is_number()
}

fn with_marks(mark: char, count: usize, word: &str) -> String {
    let mut piece = String::with_capacity(count * mark.len_utf8() + word.len());
    piece.extend(std::iter::repeat_n(mark, count));
    piece.push_str(word);
    piece
}

/// Where a span lies of a text whose first spaces were made marks; nowhere if it cuts one.
fn placed(span: Span, mark: char, spaces: usize) -> Option<Span> {
    let width = mark.len_utf8();
    let place = |at: usize| {
        let marks = (at / width).min(spaces);
        let is_whole = marks == spaces || at.is_multiple_of(width);
        is_whole.then(|| at - marks * (width - 1))
    };
    Some(Span::new(place(span.start)?, place(span.end)?))
}

/// Encode a piece, `place` saying where a span of it lies; whether every token has a place and
/// begins and ends with a character.
fn encode_piece(
    model: &Model,
    piece: &str,
    buffer: &mut PieceTokens,
    tokens: &mut UnitTokens,
    place: impl Fn(Span) -> Option<Span>,
) -> Result<bool> {
    model.encode_piece(piece, buffer)?;
    let is_whole = |span: Span| {
        span.start < span.end
            && piece.is_char_boundary(span.start)
            && piece.is_char_boundary(span.end)
            && place(span).is_some()
    };
    if !buffer.iter().all(|(_, span)| is_whole(span)) {
        return Ok(false);
    }
    general::push_tokens(model, piece, buffer, 0, tokens, |span| place(span).unwrap_or(span));
    Ok(true)
}
