//! What an encoding is a list of: a slice of a run, or one token repeated.

use std::ops::Range;
use std::sync::Arc;

use crate::encoding::blanks::Blanks;
use crate::encoding::run::{TokenRun, narrow};
use crate::token::{Span, TokenId};

/// Consecutive tokens of one encoding that share everything but id, offsets and word.
#[derive(Clone)]
pub(crate) struct Segment {
    /// Position of its first token in the encoding.
    pub(crate) at: usize,
    /// How many tokens.
    pub(crate) len: usize,
    pub(crate) type_id: u32,
    /// The special tokens mask of all its tokens.
    pub(crate) special: u32,
    /// The attention mask of all its tokens.
    pub(crate) attention: u32,
    source: Source,
}

#[derive(Clone)]
enum Source {
    Run { run: Arc<TokenRun>, start: usize, edit: OffsetEdit },
    Repeat { id: TokenId, text: Arc<str>, shift: usize },
}

/// What happened to the offsets of a slice since the model gave them.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct OffsetEdit {
    /// Added first.
    before: usize,
    trim: Option<Trim>,
    /// Added last.
    after: usize,
}

/// White space at the ends of byte-level tokens taken out of their offsets.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Trim {
    /// One leading space of a first token was put there by the pre-tokenizer and stays.
    keep_prefix: bool,
    /// Index in the run of the token that was the first of its encoding.
    first: Option<usize>,
}

impl Trim {
    /// The offsets `span` of token `index`, whose text has these blanks, without its white space.
    fn apply(self, index: usize, span: Span, blanks: Blanks) -> Span {
        let Blanks { mut leading, trailing } = blanks;
        let Span { mut start, mut end } = span;
        if leading > 0 {
            let is_first = self.first == Some(index) || start == 0;
            if is_first && self.keep_prefix && leading == 1 {
                leading = 0;
            }
            start = (start + leading).min(end);
        }
        if trailing > 0 && end >= trailing {
            end = (end - trailing).max(start);
        }
        Span::new(start, end)
    }
}

impl Segment {
    /// The tokens `range` of a run, as text has them: attended to, not special.
    pub(crate) fn run(run: Arc<TokenRun>, range: Range<usize>, type_id: u32) -> Self {
        let source = Source::Run { run, start: range.start, edit: OffsetEdit::default() };
        Self { at: 0, len: range.len(), type_id, special: 0, attention: 1, source }
    }

    /// One special token.
    pub(crate) fn special(id: TokenId, text: Arc<str>, type_id: u32) -> Self {
        let source = Source::Repeat { id, text, shift: 0 };
        Self { at: 0, len: 1, type_id, special: 1, attention: 1, source }
    }

    /// `count` tokens of padding.
    pub(crate) fn padding(count: usize, id: TokenId, text: Arc<str>, type_id: u32) -> Self {
        let source = Source::Repeat { id, text, shift: 0 };
        Self { at: 0, len: count, type_id, special: 1, attention: 0, source }
    }

    /// Position behind its last token in the encoding.
    pub(crate) fn end(&self) -> usize {
        self.at + self.len
    }

    /// The tokens that stand at `range` of the encoding, those outside the segment left out.
    pub(crate) fn slice(&self, range: &Range<usize>) -> Self {
        let from = range.start.max(self.at);
        let mut part = self.clone();
        part.len = range.end.min(self.end()).saturating_sub(from);
        part.at = from;
        if let Source::Run { start, .. } = &mut part.source {
            *start += from - self.at;
        }
        part
    }

    /// The run and the range in it that the segment shows, where it shows one.
    pub(crate) fn run_range(&self) -> Option<(&TokenRun, Range<usize>)> {
        match &self.source {
            Source::Run { run, start, .. } => Some((run, *start..*start + self.len)),
            Source::Repeat { .. } => None,
        }
    }

    /// The run it shows a part of, the range, and whether the offsets are still those of the run.
    pub(crate) fn shared(&self) -> Option<(&Arc<TokenRun>, Range<usize>, bool)> {
        match &self.source {
            Source::Run { run, start, edit } => {
                let is_unedited = *edit == OffsetEdit::default();
                Some((run, *start..*start + self.len, is_unedited))
            }
            Source::Repeat { .. } => None,
        }
    }

    pub(crate) fn write_ids(&self, out: &mut Vec<TokenId>) {
        match &self.source {
            Source::Run { run, start, .. } => {
                out.extend_from_slice(run.ids(*start..*start + self.len));
            }
            Source::Repeat { id, .. } => out.extend(std::iter::repeat_n(*id, self.len)),
        }
    }

    /// The text of its `index`th token.
    pub(crate) fn text(&self, index: usize) -> &str {
        match &self.source {
            Source::Run { run, start, .. } => run.text(start + index),
            Source::Repeat { text, .. } => text,
        }
    }

    /// The word of its `index`th token.
    pub(crate) fn word(&self, index: usize) -> Option<u32> {
        match &self.source {
            Source::Run { run, start, .. } => run.word(start + index),
            Source::Repeat { .. } => None,
        }
    }

    /// The offsets of its `index`th token.
    pub(crate) fn offset(&self, index: usize) -> Span {
        match &self.source {
            Source::Run { run, start, edit } => edit.apply(run, start + index),
            Source::Repeat { shift, .. } => Span::new(*shift, *shift),
        }
    }

    /// Put the offsets of its tokens behind those in `out`; what does not fit a signed number turns negative.
    pub(crate) fn write_offsets(&self, out: &mut Vec<[i32; 2]>) {
        match &self.source {
            Source::Run { run, start, edit }
                if *edit == OffsetEdit::default() && run.has_offsets() =>
            {
                out.extend_from_slice(bytemuck::cast_slice(
                    &run.all_offsets()[*start..*start + self.len],
                ));
            }
            _ => out.extend((0..self.len).map(|index| {
                let span = self.offset(index);
                [narrow(span.start).cast_signed(), narrow(span.end).cast_signed()]
            })),
        }
    }

    /// The first of its tokens whose offsets hold `position`.
    pub(crate) fn find_position(&self, position: usize) -> Option<usize> {
        let Source::Run { run, start, edit } = &self.source else { return None };
        let holds = |index: usize| {
            let span = self.offset(index);
            span.start <= position && position < span.end
        };
        if !run.has_ordered_offsets() {
            return (0..self.len).find(|index| holds(*index));
        }
        // Untrimmed offsets are ordered and hold the trimmed ones, so that only the few tokens whose
        // untrimmed offsets hold the position need a look.
        let wanted = position.checked_sub(edit.before + edit.after)?;
        let first = partition_point(self.len, |index| run.offset(start + index).end <= wanted);
        (first..self.len)
            .take_while(|index| run.offset(start + index).start <= wanted)
            .find(|index| holds(*index))
    }

    /// Move its offsets.
    pub(crate) fn shift_offsets(&mut self, by: usize) {
        match &mut self.source {
            Source::Run { edit: OffsetEdit { trim: Some(_), after, .. }, .. } => *after += by,
            Source::Run { edit, .. } => edit.before += by,
            Source::Repeat { shift, .. } => *shift += by,
        }
    }

    /// Take white space out of its offsets. Repeated tokens cover nothing and stay as they are.
    pub(crate) fn trim_offsets(&mut self, keep_prefix: bool) {
        let is_first = self.at == 0;
        let len = self.len;
        let Source::Run { run, start, edit } = &mut self.source else { return };
        if !run.has_offsets() {
            return;
        }
        if edit.trim.is_some() {
            let offsets = (*start..*start + len).map(|index| edit.apply(run, index));
            let offsets = offsets.map(|span| (narrow(span.start), narrow(span.end))).collect();
            *run = Arc::new(run.with_offsets(*start..*start + len, offsets));
            *start = 0;
            *edit = OffsetEdit::default();
        }
        edit.trim = Some(Trim { keep_prefix, first: is_first.then_some(*start) });
    }
}

impl OffsetEdit {
    fn apply(self, run: &TokenRun, index: usize) -> Span {
        let span = run.offset(index);
        let span = Span::new(span.start + self.before, span.end + self.before);
        let span = match self.trim {
            Some(trim) => trim.apply(index, span, run.blanks(index)),
            None => span,
        };
        Span::new(span.start + self.after, span.end + self.after)
    }
}

/// The first index below `len` for which `before` is false, when all true ones come first.
pub(crate) fn partition_point(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
