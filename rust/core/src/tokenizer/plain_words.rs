//! Units that are one plain word. What the model is given of them is told without keeping account of every byte, and
//! so is where its tokens lie.
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

/// Longer units with spaces inside are rare.
const LONGEST_SPACED: usize = 256;

/// What becomes of a plain word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlainWords {
    /// Nothing is known of it.
    Unknown,
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
        let spaces = unit.bytes().take_while(|byte| *byte == b' ').count();
        let word = &unit[spaces..];
        tokens.clear();
        tokens.word_count = 1;
        match self {
            Self::Marked { mark, in_place } => {
                let is_plain = spaces <= usize::from(in_place)
                    && is_unbroken(word, mark)
                    && normalizer.is_none_or(|normalizer| normalizer.leaves_unchanged(unit));
                if !is_plain || word.is_empty() {
                    return Ok(false);
                }
                encode_marked(model, (mark, word), spaces, buffer, tokens)
            }
            Self::Spaced { mark } if !word.as_bytes().contains(&b' ') => {
                let piece = with_marks(mark, spaces, word);
                encode_bytes(model, &piece, buffer, tokens, |at| placed(at, mark, spaces))
            }
            Self::Spaced { mark } if unit.len() <= LONGEST_SPACED && !unit.contains(mark) => {
                let piece = unit.replace(' ', mark.encode_utf8(&mut [0; 4]));
                encode_bytes(model, &piece, buffer, tokens, |span| {
                    Some(Span::new(
                        unmarked(&piece, span.start, mark)?,
                        unmarked(&piece, span.end, mark)?,
                    ))
                })
            }
            _ => Ok(false),
        }
    }
}

fn spaced(replacement: &Replacement) -> PlainWords {
    let is_space = matches!(&replacement.pattern, Pattern::Literal(text) if text == " ");
    let mut mark = replacement.content.chars();
    match (mark.next(), mark.next()) {
        (Some(mark), None) if is_space && mark.len_utf8() > 1 => PlainWords::Spaced { mark },
        _ => PlainWords::Unknown,
    }
}

fn marked(pre_tokenizer: &PreTokenizer) -> PlainWords {
    match pre_tokenizer {
        PreTokenizer::Metaspace(options)
            if options.split
                && options.prepend_scheme == PrependScheme::Always
                && options.replacement.len_utf8() > 1 =>
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

/// Whether no part of the pipeline cuts a word.
fn is_unbroken(word: &str, mark: char) -> bool {
    let is_part = |c: char| !category::is_whitespace(c) && c != mark;
    word.bytes().all(|byte| byte.is_ascii_graphic()) || word.chars().all(is_part)
}

/// Encode a word behind a mark.
fn encode_marked(
    model: &Model,
    (mark, word): (char, &str),
    spaces: usize,
    buffer: &mut PieceTokens,
    tokens: &mut UnitTokens,
) -> Result<bool> {
    let piece = with_marks(mark, 1, word);
    if spaces == 1 {
        return encode_piece(model, &piece, buffer, tokens, |at| placed(at, mark, 1));
    }
    // Both the mark and the first character come from the first character.
    let (before, first) = (mark.len_utf8(), word.chars().next().map_or(0, char::len_utf8));
    encode_piece(model, &piece, buffer, tokens, |span: Span| {
        let start = if span.start < before + first { 0 } else { span.start - before };
        let end = if span.end <= before + first { first } else { span.end - before };
        Some(Span::new(start, end))
    })
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

/// Where a place lies of a text all of whose spaces were made marks; nowhere if it cuts one.
fn unmarked(piece: &str, at: usize, mark: char) -> Option<usize> {
    let before = piece.get(..at)?.matches(mark).count();
    Some(at - before * (mark.len_utf8() - 1))
}

/// The same as [`encode_piece`] for tokens that may be parts of characters: what shows offsets makes them whole.
fn encode_bytes(
    model: &Model,
    piece: &str,
    buffer: &mut PieceTokens,
    tokens: &mut UnitTokens,
    place: impl Fn(Span) -> Option<Span>,
) -> Result<bool> {
    model.encode_piece(piece, buffer)?;
    for (id, span) in buffer.iter() {
        match place(span).filter(|_| span.start < span.end && span.end <= piece.len()) {
            Some(Span { start, end }) => tokens.push(id, (start as u32, end as u32), 0),
            None => return Ok(false),
        }
    }
    Ok(true)
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
