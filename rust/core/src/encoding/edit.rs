//! Changing an encoding: truncate, pad, merge, and what post-processors do.

use std::ops::Range;
use std::sync::Arc;

use crate::encoding::{Direction, Encoding, Segment};
use crate::error::{Error, Result};
use crate::token::TokenId;

/// The most tokens an encoding is padded to.
const MAX_PADDED: usize = u32::MAX as usize;

/// What padding puts in, its text shared by all encodings that get some.
#[derive(Debug, Clone)]
pub(crate) struct PadToken {
    pub(crate) id: TokenId,
    pub(crate) type_id: u32,
    pub(crate) text: Arc<str>,
}

/// What becomes of the sequence ids when encodings are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sequences {
    /// The last range given for a sequence wins: what post-processing does in the reference.
    LastWins,
    /// Every token keeps the one it had.
    Kept,
}

impl Encoding {
    pub(crate) fn push(&mut self, mut segment: Segment) {
        if segment.len > 0 {
            segment.at = self.len();
            self.segments.push(segment);
        }
    }

    /// Say that all its tokens belong to `sequence`.
    pub fn set_sequence_id(&mut self, sequence: usize) {
        self.sequences.set(sequence, 0..self.len());
    }

    /// Give all its tokens one type; overflowing parts keep theirs.
    pub fn set_type_id(&mut self, type_id: u32) {
        for segment in &mut self.segments {
            segment.type_id = type_id;
        }
    }

    pub(crate) fn overflowing_mut(&mut self) -> &mut [Encoding] {
        &mut self.overflowing
    }

    /// Take the white space of byte-level tokens out of its offsets; overflowing parts keep theirs.
    pub(crate) fn trim_offsets(&mut self, keep_prefix: bool) {
        for segment in &mut self.segments {
            segment.trim_offsets(keep_prefix);
        }
    }

    /// Put special tokens around the tokens, which become the only range, that of `sequence`, are
    /// attended to and no longer special. Overflowing parts are dropped.
    pub(crate) fn framed(self, before: &[Segment], after: &[Segment], sequence: usize) -> Self {
        let mut framed = Self::default();
        framed.segments.reserve_exact(before.len() + self.segments.len() + after.len());
        for segment in before {
            framed.push(segment.clone());
        }
        let start = framed.len();
        for mut segment in self.segments {
            segment.special = 0;
            segment.attention = 1;
            framed.push(segment);
        }
        framed.sequences.set(sequence, start..framed.len());
        for segment in after {
            framed.push(segment.clone());
        }
        framed
    }

    pub(crate) fn take_overflowing(&mut self) -> Vec<Encoding> {
        std::mem::take(&mut self.overflowing)
    }

    pub(crate) fn with_overflowing(mut self, overflowing: Vec<Encoding>) -> Self {
        self.overflowing = overflowing;
        self
    }

    /// Cut to `max_length` tokens, the rest into `overflowing`, in parts of at most `max_length` tokens
    /// that repeat `stride` tokens of the part before. Sequence ids are lost, as in the reference.
    ///
    /// # Errors
    /// When there is something to cut and `stride` is not below `max_length`: parts would never end.
    pub fn truncate(
        &mut self,
        max_length: usize,
        stride: usize,
        direction: Direction,
    ) -> Result<()> {
        let len = self.len();
        if max_length >= len {
            return Ok(());
        }
        if max_length == 0 {
            let whole = std::mem::take(self);
            self.overflowing.push(whole);
            return Ok(());
        }
        if stride >= max_length {
            return Err(Error::invalid(format!(
                "`stride` must be strictly less than `max_len={max_length}` (note that `max_len` may be \
                 shorter than the max length of the original model, as it subtracts the number of \
                 special characters)"
            ))
            .expecting(format!("a stride below {max_length}"))
            .finding(stride.to_string()));
        }
        let mut parts =
            part_ranges(len, max_length, stride, direction).map(|range| self.part(range));
        let mut first = parts.next().unwrap_or_default();
        first.overflowing = parts.collect();
        *self = first;
        Ok(())
    }

    /// The tokens at `range` alone, without sequence ids.
    fn part(&self, range: Range<usize>) -> Self {
        let mut part = Self::default();
        self.segments_in(range).for_each(|segment| part.push(segment));
        part
    }

    /// Fill up to `length` tokens, overflowing parts too.
    ///
    /// # Errors
    /// When `length` is more than an encoding can hold (2³² − 1).
    pub fn pad(
        &mut self,
        length: usize,
        direction: Direction,
        id: TokenId,
        type_id: u32,
        token: &str,
    ) -> Result<()> {
        check_padded_length(length)?;
        self.pad_with(length, direction, &PadToken { id, type_id, text: token.into() });
        Ok(())
    }

    pub(crate) fn pad_with(&mut self, length: usize, direction: Direction, token: &PadToken) {
        for part in &mut self.overflowing {
            part.pad_with(length, direction, token);
        }
        let missing = length.saturating_sub(self.len());
        if missing == 0 {
            return;
        }
        let padding = Segment::padding(missing, token.id, token.text.clone(), token.type_id);
        match direction {
            Direction::Right => self.push(padding),
            Direction::Left => {
                for segment in &mut self.segments {
                    segment.at += missing;
                }
                self.segments.insert(0, padding);
                self.sequences.shift(missing);
            }
        }
    }

    /// Join encodings, and all combinations of their overflowing parts. With `growing_offsets` each
    /// starts where the one before ends.
    ///
    /// Every token keeps its sequence id, where the reference forgets those of all but the last
    /// encoding of a sequence.
    pub fn merge(encodings: Vec<Encoding>, growing_offsets: bool) -> Encoding {
        Self::merge_as(encodings, growing_offsets, Sequences::Kept)
    }

    /// [`merge`](Self::merge) with the reference's sequence ids, which post-processing relies on.
    pub(crate) fn join(encodings: Vec<Encoding>) -> Encoding {
        Self::merge_as(encodings, false, Sequences::LastWins)
    }

    fn merge_as(encodings: Vec<Encoding>, growing_offsets: bool, sequences: Sequences) -> Encoding {
        let mut encodings = encodings.into_iter();
        let mut merged = encodings.next().unwrap_or_default();
        for encoding in encodings {
            merged.append(encoding, growing_offsets, sequences);
        }
        merged
    }

    fn append(&mut self, mut other: Encoding, growing_offsets: bool, sequences: Sequences) {
        let overflowing = self.combined_overflowing(&other, growing_offsets, sequences);
        let len = self.len();
        if sequences == Sequences::Kept {
            Self::settle_sequences(self, &mut other);
        }
        other.sequences.shift(len);
        for (sequence, range) in other.sequences.iter() {
            match sequences {
                Sequences::LastWins => self.sequences.set(sequence, range),
                Sequences::Kept => self.sequences.add(sequence, range),
            }
        }
        let by = if growing_offsets { self.last_offset() } else { 0 };
        self.segments.reserve(other.segments.len());
        for mut segment in other.segments {
            if by > 0 {
                segment.shift_offsets(by);
            }
            self.push(segment);
        }
        self.overflowing = overflowing;
    }

    /// Where one of two encodings knows its sequences, let the other say that its text is the first.
    fn settle_sequences(one: &mut Encoding, other: &mut Encoding) {
        if one.sequences.is_empty() && !other.sequences.is_empty() {
            one.spell_out_sequence();
        } else if other.sequences.is_empty() && !one.sequences.is_empty() {
            other.spell_out_sequence();
        }
    }

    fn spell_out_sequence(&mut self) {
        for segment in self.segments.iter().filter(|segment| segment.special == 0) {
            self.sequences.add(0, segment.at..segment.end());
        }
    }

    /// Overflowing parts of both combined: each of ours with the other and with its parts, then our
    /// whole with each of its parts.
    fn combined_overflowing(
        &mut self,
        other: &Encoding,
        growing_offsets: bool,
        sequences: Sequences,
    ) -> Vec<Encoding> {
        let ours = std::mem::take(&mut self.overflowing);
        let mut combined = Vec::with_capacity((ours.len() + 1) * (other.overflowing.len() + 1) - 1);
        let joined = |mut first: Encoding, second: &Encoding| {
            first.append(second.clone(), growing_offsets, sequences);
            first
        };
        for part in &ours {
            combined.push(joined(part.clone(), other));
            combined
                .extend(other.overflowing.iter().map(|of_other| joined(part.clone(), of_other)));
        }
        if !other.overflowing.is_empty() {
            self.overflowing = ours;
            combined
                .extend(other.overflowing.iter().map(|of_other| joined(self.clone(), of_other)));
        }
        combined
    }

    /// Where the offsets of the last token end.
    fn last_offset(&self) -> usize {
        self.segments.last().map_or(0, |segment| segment.offset(segment.len - 1).end)
    }
}

/// Where the parts of a truncated encoding of `len` tokens lie, the kept one first.
fn part_ranges(
    len: usize,
    max_length: usize,
    stride: usize,
    direction: Direction,
) -> impl Iterator<Item = Range<usize>> {
    let step = max_length - stride;
    let mut moved = Some(0_usize);
    std::iter::from_fn(move || {
        let by = moved?;
        let (range, is_last) = match direction {
            Direction::Right => (by..(by + max_length).min(len), by + max_length >= len),
            Direction::Left => {
                ((len - by).saturating_sub(max_length)..len - by, len - by <= max_length)
            }
        };
        moved = (!is_last).then_some(by + step);
        Some(range)
    })
}

/// Refuse a length no encoding can be padded to.
pub(crate) fn check_padded_length(length: usize) -> Result<()> {
    if length > MAX_PADDED {
        return Err(Error::invalid("the length to pad to is too large")
            .in_field("length")
            .expecting(format!("at most {MAX_PADDED}"))
            .finding(length.to_string()));
    }
    Ok(())
}
