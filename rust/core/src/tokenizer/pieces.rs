//! The road of the byte-level pipelines, and of others that cut a text without changing it: the text is
//! normalized as a whole (most texts stay as they are), cut into pieces, and each piece goes through the
//! unit cache in the bytes it has.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a text has less than 4 GiB: checked where it comes in"
)]

use std::ops::ControlFlow;

use crate::cache::{Scratch, UnitTokens};
use crate::error::Result;
use crate::models::bpe::Bpe;
use crate::models::{Model, PieceTokens};
use crate::normalizers::Normalizer;
use crate::pre_tokenizers::PreTokenizer;
use crate::pre_tokenizers::scan::Scanner;
use crate::stages::Normalize;
use crate::text::byte_alphabet::ByteLevel;
use crate::text::{NormalizedText, Referential};
use crate::token::Span;
use crate::tokenizer::Front;
use crate::tokenizer::drain::{Road, drain};
use crate::tokenizer::general::{self, UnitParts};
use crate::tokenizer::sink::{Sink, whole_chars};
use crate::vocab::matcher::{Manner, Matcher};

/// How pieces are cut, and how one is encoded.
pub(crate) struct PieceRoad {
    /// Cuts the text.
    pub(crate) scanner: Scanner,
    /// Whether a text that begins with no space gets one in front.
    pub(crate) prefix_space: bool,
    /// How the model sees a piece.
    pub(crate) spelling: Spelling,
}

/// How the model sees a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As it is.
    Text,
    /// In the printable stand-ins of its bytes.
    StandIns,
    /// The same, but the model takes the bytes themselves.
    RawBytes,
}

/// A stretch of the text between added tokens.
pub(crate) struct Segment<'a> {
    /// The stretch itself.
    pub(crate) text: &'a str,
    /// Where it begins in the text, in bytes.
    pub(crate) base: u32,
    /// Added tokens to look for once it is normalized.
    pub(crate) matcher: Option<&'a Matcher>,
    /// How it is searched for them.
    pub(crate) manner: Manner,
    /// Whether offsets are to be right where the reference's are not.
    pub(crate) exact: bool,
}

impl PieceRoad {
    /// Encode a segment.
    pub(crate) fn encode(
        &self,
        front: &Front,
        segment: &Segment<'_>,
        scratch: &mut Scratch,
        sink: &mut Sink,
    ) -> Result<()> {
        if front.normalizer.as_ref().is_none_or(|n| n.leaves_unchanged(segment.text)) {
            return self.encode_plain(front, segment, scratch, sink);
        }
        let normalizer = front.normalizer.as_ref();
        let text = normalized(normalizer, segment)?;
        let Some(matcher) = segment.matcher else {
            return self.encode_aligned(front, &text, segment.base, scratch, sink);
        };
        let mut parts = Vec::new();
        matcher.cut(text.get(), segment.manner, |part| parts.push(part));
        for part in parts {
            let Some(slice) = text.slice(part.span, Referential::Normalized) else { continue };
            if let Some(id) = part.token {
                let span = slice.span_in_original();
                let span = (segment.base + span.start as u32, segment.base + span.end as u32);
                push_added(front, id, slice.get(), span, sink);
            } else {
                self.encode_aligned(front, &slice, segment.base, scratch, sink)?;
            }
        }
        Ok(())
    }

    /// A segment that normalizing leaves as it is.
    fn encode_plain(
        &self,
        front: &Front,
        segment: &Segment<'_>,
        scratch: &mut Scratch,
        sink: &mut Sink,
    ) -> Result<()> {
        let Some(matcher) = segment.matcher else {
            return self.encode_unaligned(front, segment.text, segment.base, scratch, sink);
        };
        let mut parts = Vec::new();
        matcher.cut(segment.text, segment.manner, |part| parts.push(part));
        for part in parts {
            let text = &segment.text[part.span.range()];
            let base = segment.base + part.span.start as u32;
            match part.token {
                Some(id) => push_added(front, id, text, (base, base + text.len() as u32), sink),
                None => self.encode_unaligned(front, text, base, scratch, sink)?,
            }
        }
        Ok(())
    }

    fn encode_unaligned(
        &self,
        front: &Front,
        text: &str,
        base: u32,
        scratch: &mut Scratch,
        sink: &mut Sink,
    ) -> Result<()> {
        if self.wants_space(text) {
            let text = NormalizedText::new(text);
            return self.encode_aligned(front, &text, base, scratch, sink);
        }
        self.encode_pieces(front, text, base, scratch, sink)
    }

    /// A text that was changed: encoded as it is now, its spans taken back to where it came from.
    fn encode_aligned(
        &self,
        front: &Front,
        text: &NormalizedText,
        base: u32,
        scratch: &mut Scratch,
        sink: &mut Sink,
    ) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let mut spaced;
        let mut text = text;
        if self.wants_space(text.get()) {
            spaced = text.clone();
            spaced.prepend(" ");
            text = &spaced;
        }
        let first = sink.spans.len();
        self.encode_pieces(front, text.get(), 0, scratch, sink)?;
        let base = base as usize + text.span_in_original().start;
        for span in &mut sink.spans[first..] {
            let (start, end) = whole_chars(text.get(), *span);
            let whole = Span::new(start as usize, end as usize);
            if let Some(origin) = text.convert(whole, Referential::Normalized) {
                *span = ((base + origin.start) as u32, (base + origin.end) as u32);
            }
        }
        Ok(())
    }

    pub(crate) fn wants_space(&self, text: &str) -> bool {
        self.prefix_space && !text.starts_with(' ')
    }

    fn encode_pieces(
        &self,
        front: &Front,
        text: &str,
        base: u32,
        scratch: &mut Scratch,
        sink: &mut Sink,
    ) -> Result<()> {
        scratch.queue.begin(false);
        if let Some(grammar) = self.scanner.grammar() {
            let mut at = 0;
            while at < text.len() {
                scratch.queue.fill(|room| {
                    let (count, end) = grammar.cut(text, at, room);
                    at = end;
                    count
                });
                drain(self, front, text, base, scratch, sink)?;
            }
            return Ok(());
        }
        let mut memory = std::mem::take(&mut scratch.scan);
        let mut result = Ok(());
        let scanned = self.scanner.for_each_piece(text, &mut memory, |span| {
            if scratch.queue.push(span) {
                return ControlFlow::Continue(());
            }
            result = drain(self, front, text, base, scratch, sink);
            if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        scratch.scan = memory;
        scanned.and(result)?;
        drain(self, front, text, base, scratch, sink)
    }
}

impl Road for PieceRoad {
    fn takes_bytes<'a>(&self, front: &'a Front) -> Option<&'a Bpe> {
        match &front.model {
            Model::Bpe(bpe) if self.spelling == Spelling::RawBytes => Some(bpe),
            _ => None,
        }
    }

    fn is_one_word(&self) -> bool {
        false
    }

    fn resolve(
        &self,
        front: &Front,
        piece: &str,
        _first: bool,
        buffer: &mut PieceTokens,
        unit: &mut UnitTokens,
    ) -> Result<()> {
        buffer.clear();
        if self.spelling == Spelling::RawBytes
            && let Model::Bpe(bpe) = &front.model
            && bpe.encode_bytes(piece.as_bytes(), &mut buffer.ids, &mut buffer.ends).is_some()
        {
            unit.clear();
            unit.word_count = 1;
            let mut start = 0;
            for (&id, &length) in buffer.ids.iter().zip(&buffer.ends) {
                unit.push(id, (start, start + length), 0);
                start += length;
            }
            return Ok(());
        }
        let stand_ins = ByteLevel { add_prefix_space: false, trim_offsets: true, use_regex: false };
        let stand_ins = PreTokenizer::ByteLevel(stand_ins);
        let pre_tokenizer = (self.spelling != Spelling::Text).then_some(&stand_ins);
        let parts = UnitParts { normalizer: None, pre_tokenizer, model: &front.model };
        general::encode_unit(parts, piece, buffer, unit)
    }
}

/// An added token found in the text.
pub(crate) fn push_added(front: &Front, id: u32, text: &str, span: (u32, u32), sink: &mut Sink) {
    use crate::encoding::TokenNames;
    let word = sink.next_word;
    sink.next_word += 1;
    sink.push(id, span, word);
    // The token can have taken white space with it.
    if sink.detailed && front.name(id) != Some(text) {
        sink.text_of_last(text);
    }
}

fn normalized(normalizer: Option<&Normalizer>, segment: &Segment<'_>) -> Result<NormalizedText> {
    let text = segment.text;
    let mut text =
        if segment.exact { NormalizedText::exact(text) } else { NormalizedText::new(text) };
    if let Some(normalizer) = normalizer {
        normalizer.normalize(&mut text)?;
    }
    Ok(text)
}
