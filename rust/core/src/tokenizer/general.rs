//! The general road: any parts, one text at a time, alignments kept byte by byte. The readable twin of
//! the cached roads, and what they call for a unit they have not met.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a text has less than 4 GiB: checked where it comes in"
)]

use crate::cache::UnitTokens;
use crate::error::{Error, Result};
use crate::models::{Model, PieceTokens};
use crate::normalizers::Normalizer;
use crate::pre_tokenizers::PreTokenizer;
use crate::stages::{Normalize, PreTokenize, Tokenize};
use crate::text::{NormalizedText, Piece, Pieces, Referential};
use crate::token::{Span, Token};
use crate::tokenizer::Front;
use crate::tokenizer::encode::Search;
use crate::tokenizer::sink::Sink;
use crate::vocab::matcher::{Manner, Matcher};

/// Encode a whole text, spans in its bytes.
pub(crate) fn encode(
    front: &Front,
    text: &str,
    search: &Search<'_>,
    exact: bool,
    sink: &mut Sink,
) -> Result<()> {
    let mut pieces = Pieces::new(aligned(text, exact));
    pieces.split(|_, text| Ok(cut(text, search.matchers.raw.as_ref(), search.manner)))?;
    encode_pieces(front, pieces, 0, search, sink)
}

/// Encode a stretch between two added tokens, which begins at byte `base` of the text.
pub(crate) fn encode_segment(
    front: &Front,
    text: &str,
    base: u32,
    search: &Search<'_>,
    exact: bool,
    sink: &mut Sink,
) -> Result<()> {
    encode_pieces(front, Pieces::new(aligned(text, exact)), base, search, sink)
}

fn aligned(text: &str, exact: bool) -> NormalizedText {
    if exact { NormalizedText::exact(text) } else { NormalizedText::new(text) }
}

fn encode_pieces(
    front: &Front,
    mut pieces: Pieces,
    base: u32,
    search: &Search<'_>,
    sink: &mut Sink,
) -> Result<()> {
    pieces.split(|_, mut text| {
        if let Some(normalizer) = &front.normalizer {
            normalizer.normalize(&mut text)?;
        }
        Ok(cut(text, search.matchers.normalized.as_ref(), search.manner))
    })?;
    if let Some(pre_tokenizer) = &front.pre_tokenizer {
        pre_tokenizer.pre_tokenize(&mut pieces)?;
    }
    pieces.tokenize(|text| front.model.tokenize(text.get()))?;
    for piece in pieces.pieces() {
        let word = sink.next_word;
        sink.next_word += 1;
        for (token, (start, end)) in placed(piece)? {
            sink.push(token.id, (base + start, base + end), word);
            if sink.detailed && !is_name(front, token) {
                sink.text_of_last(&token.value);
            }
        }
    }
    Ok(())
}

/// The parts that encode a unit.
#[derive(Clone, Copy)]
pub(crate) struct UnitParts<'a> {
    pub(crate) normalizer: Option<&'a Normalizer>,
    pub(crate) pre_tokenizer: Option<&'a PreTokenizer>,
    pub(crate) model: &'a Model,
}

/// Encode one unit as if it were a text of its own.
pub(crate) fn encode_unit(
    parts: UnitParts<'_>,
    text: &str,
    buffer: &mut PieceTokens,
    unit: &mut UnitTokens,
) -> Result<()> {
    unit.clear();
    if parts.normalizer.is_none() && parts.pre_tokenizer.is_none() {
        unit.word_count = 1;
        return encode_piece(parts.model, text, buffer, 0, unit, |span| span);
    }
    let mut text = NormalizedText::new(text);
    if let Some(normalizer) = parts.normalizer {
        normalizer.normalize(&mut text)?;
    }
    if text.is_empty() {
        return Ok(());
    }
    let mut pieces = Pieces::new(text);
    if let Some(pre_tokenizer) = parts.pre_tokenizer {
        pre_tokenizer.pre_tokenize(&mut pieces)?;
    }
    for (word, piece) in pieces.pieces().iter().enumerate() {
        let place = |span| in_original(&piece.text, span);
        encode_piece(parts.model, piece.text.get(), buffer, word as u32, unit, place)?;
    }
    unit.word_count = pieces.pieces().len() as u32;
    Ok(())
}

/// Add the tokens of a piece to a unit, `place` saying where a span of the piece lies.
fn encode_piece(
    model: &Model,
    piece: &str,
    buffer: &mut PieceTokens,
    word: u32,
    unit: &mut UnitTokens,
    place: impl Fn(Span) -> Span,
) -> Result<()> {
    model.encode_piece(piece, buffer)?;
    push_tokens(model, piece, buffer, word, unit, place);
    Ok(())
}

/// The same for tokens that are known.
pub(crate) fn push_tokens(
    model: &Model,
    piece: &str,
    buffer: &PieceTokens,
    word: u32,
    unit: &mut UnitTokens,
    place: impl Fn(Span) -> Span,
) {
    for (id, span) in buffer.iter() {
        let placed = place(span);
        unit.push(id, (placed.start as u32, placed.end as u32), word);
        if let Model::Unigram(unigram) = model
            && unigram.is_unknown(id)
        {
            let text = piece.get(span.range()).unwrap_or_default();
            if model.id_to_token(id) != Some(text) {
                unit.texts.push((unit.ids.len() as u32 - 1, text.into()));
            }
        }
    }
}

/// A span of a text in the original; one outside of the text has no place there and is shown as it is.
fn in_original(text: &NormalizedText, span: Span) -> Span {
    let base = text.span_in_original().start;
    text.convert(span, Referential::Normalized)
        .map_or(span, |span| Span::new(base + span.start, base + span.end))
}

/// The tokens of a piece with their spans in the original text.
fn placed(piece: &Piece) -> Result<impl Iterator<Item = (&Token, (u32, u32))>> {
    let tokens =
        piece.tokens.as_ref().ok_or_else(|| Error::model("a piece was left without tokens"))?;
    Ok(tokens.iter().map(|token| {
        let span = in_original(&piece.text, token.span);
        (token, (span.start as u32, span.end as u32))
    }))
}

fn is_name(front: &Front, token: &Token) -> bool {
    use crate::encoding::TokenNames;
    front.name(token.id) == Some(&token.value)
}

/// Cut a text at the added tokens, which get their one token here.
fn cut(text: NormalizedText, matcher: Option<&Matcher>, manner: Manner) -> Vec<Piece> {
    let Some(matcher) = matcher else { return vec![text.into()] };
    let mut pieces = Vec::new();
    matcher.cut(text.get(), manner, |part| {
        let Some(slice) = text.slice(part.span, Referential::Normalized) else { return };
        let tokens = part.token.map(|id| {
            let value = slice.get().to_owned();
            let span = Span::new(0, value.len());
            vec![Token { id, value, span }]
        });
        pieces.push(Piece { text: slice, tokens });
    });
    pieces
}
