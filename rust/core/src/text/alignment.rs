//! Which byte of an edited text came from where: looking it up, and working it out for an edit.
//!
//! Sources are spans of the *root*, the text that everything was sliced from, so that slices share
//! them. Two laws hold for every list of sources, and the searches below rest on them: all bytes of a
//! character have the same source, and neither starts nor ends ever step back.

use std::ops::Range;

/// The span of the root that one byte came from.
pub(super) type Source = (u32, u32);

/// A position as sources keep it. Texts too long for that are refused before they are normalized
/// (see [`NormalizedText::check_size`](super::NormalizedText::check_size)); here they saturate.
pub(super) fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// The sources of a text: one per byte, or the rule of a text that nobody edited.
#[derive(Clone, Copy)]
pub(super) enum Alignment<'a> {
    /// Every character came from itself.
    Identity { text: &'a str, shift: usize },
    /// One source per byte.
    Bytes { sources: &'a [Source], shift: usize },
}

impl Alignment<'_> {
    /// The source of the byte at `index`; of the last byte when there is no such byte.
    pub(super) fn at(&self, index: usize) -> Source {
        match *self {
            Self::Identity { text, shift } => {
                let index = index.min(text.len().saturating_sub(1));
                let (start, end) = (floor(text, index), ceil(text, index + 1));
                (narrow(shift + start), narrow(shift + end))
            }
            Self::Bytes { sources, shift } => {
                let source = sources.get(index).or(sources.last());
                source.copied().unwrap_or((narrow(shift), narrow(shift)))
            }
        }
    }

    /// The source that a character added at `index` takes over: that of the byte in front, or the
    /// empty span where the text begins.
    pub(super) fn before(&self, index: usize) -> Source {
        match (index, self) {
            (0, Self::Identity { shift, .. } | Self::Bytes { shift, .. }) => {
                (narrow(*shift), narrow(*shift))
            }
            _ => self.at(index - 1),
        }
    }

    /// All sources of a range of bytes on character boundaries.
    pub(super) fn sources(&self, range: Range<usize>) -> Vec<Source> {
        let mut sources = Vec::with_capacity(range.len());
        self.copy_sources(range, &mut sources);
        sources
    }

    /// Put the sources of a range of bytes on character boundaries behind `sources`.
    pub(super) fn copy_sources(&self, range: Range<usize>, sources: &mut Vec<Source>) {
        match *self {
            Self::Identity { text, shift } => {
                let mut position = shift + range.start;
                for character in text[range].chars() {
                    let end = position + character.len_utf8();
                    let source = (narrow(position), narrow(end));
                    sources.extend(std::iter::repeat_n(source, character.len_utf8()));
                    position = end;
                }
            }
            Self::Bytes { sources: all, .. } => sources.extend_from_slice(&all[range]),
        }
    }

    /// The span of the original that a range of the text came from.
    ///
    /// An empty range is given back as it is, as numbers: that is what the reference does, and
    /// offsets of empty tokens depend on it.
    pub(super) fn to_original(self, range: Range<usize>) -> Option<Range<usize>> {
        if range.start == range.end {
            return Some(range);
        }
        let (length, shift) = match self {
            Self::Identity { text, shift } => (text.len(), shift),
            Self::Bytes { sources, shift } => (sources.len(), shift),
        };
        if range.start > range.end || range.end > length {
            return None;
        }
        let (start, end) = (self.at(range.start).0, self.at(range.end - 1).1);
        Some((start as usize).saturating_sub(shift)..(end as usize).saturating_sub(shift))
    }

    /// The range of the text that came from a span of the original: the bytes whose sources lie
    /// inside of it. An empty span is given back as it is; `None` when every byte lies behind it.
    pub(super) fn to_normalized(self, span: Range<usize>) -> Option<Range<usize>> {
        if span.start == span.end {
            return Some(span);
        }
        if span.start > span.end {
            return None;
        }
        let (start, end) = match self {
            Self::Identity { text, .. } => {
                (ceil(text, span.start.min(text.len())), floor(text, span.end.min(text.len())))
            }
            Self::Bytes { sources, shift } => {
                let (from, to) = (
                    narrow(span.start.saturating_add(shift)),
                    narrow(span.end.saturating_add(shift)),
                );
                let starts = sources.partition_point(|source| source.0 < from);
                // Empty sources are all at the very beginning; no span begins with them.
                let filled = sources.partition_point(|source| source.1 <= narrow(shift));
                (starts.max(filled), sources.partition_point(|source| source.1 <= to))
            }
        };
        if end == 0 { None } else { Some(start.min(end)..end) }
    }
}

/// What an edit leaves: text and sources, of a whole text or of the edited part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Rewritten {
    pub(super) text: String,
    pub(super) sources: Vec<Source>,
}

impl Rewritten {
    fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), sources: Vec::with_capacity(bytes) }
    }

    fn push(&mut self, character: char, source: Source) {
        self.text.push(character);
        self.sources.extend(std::iter::repeat_n(source, character.len_utf8()));
    }

    /// Replace `range` of `text` by the characters of `dest`, each with the count of characters it
    /// changes: above zero, it is new; zero, it stands for the next old character; `-n`, for the next
    /// one and the `n` behind it. `removed` characters are dropped first.
    pub(super) fn by_changes(
        text: &str,
        alignment: Alignment<'_>,
        range: Range<usize>,
        dest: impl IntoIterator<Item = (char, isize)>,
        removed: usize,
    ) -> Self {
        let mut rewritten = Self::with_capacity(range.len());
        let mut old = OldCharacters::new(text, range, removed);
        for (character, change) in dest {
            // A character too many is treated as a new one: taking the source of what lies behind
            // the range would let sources step back.
            let is_new = change > 0 || old.rest.as_str().is_empty();
            let source =
                if is_new { alignment.before(old.offset) } else { alignment.at(old.offset) };
            old.advance(change);
            rewritten.push(character, source);
        }
        rewritten
    }

    /// Replace a whole text by characters that each name the range of the text they came from.
    pub(super) fn by_ranges(
        alignment: Alignment<'_>,
        capacity: usize,
        dest: impl IntoIterator<Item = (char, Range<usize>)>,
    ) -> Self {
        let mut rewritten = Self::with_capacity(capacity);
        for (character, range) in dest {
            let source = if range.is_empty() {
                alignment.before(range.start)
            } else {
                (alignment.at(range.start).0, alignment.at(range.end - 1).1)
            };
            rewritten.push(character, source);
        }
        rewritten.restore_order();
        rewritten
    }

    /// Characters that changed places (marks, in a decomposition) share the span they cover together.
    fn restore_order(&mut self) {
        let mut end = 0;
        for source in &mut self.sources {
            end = end.max(source.1);
            source.1 = end;
        }
        let mut start = u32::MAX;
        for source in self.sources.iter_mut().rev() {
            start = start.min(source.0);
            source.0 = start;
        }
    }
}

/// The characters that an edit replaces, and how far it came.
struct OldCharacters<'a> {
    rest: std::str::Chars<'a>,
    offset: usize,
}

impl<'a> OldCharacters<'a> {
    fn new(text: &'a str, range: Range<usize>, removed: usize) -> Self {
        let mut old = Self { offset: range.start, rest: text[range].chars() };
        old.skip(removed);
        old
    }

    fn skip(&mut self, count: usize) {
        self.offset += self.rest.by_ref().take(count).map(char::len_utf8).sum::<usize>();
    }

    fn advance(&mut self, change: isize) {
        if change <= 0 {
            self.skip(change.unsigned_abs().saturating_add(1));
        }
    }
}

/// Whether an edit asks for a character behind the end of the text.
pub(super) fn overruns(
    text: &str,
    range: Range<usize>,
    dest: &[(char, isize)],
    removed: usize,
) -> bool {
    let mut old = OldCharacters::new(text, range, removed);
    dest.iter().any(|&(_, change)| {
        let beyond = change <= 0 && old.offset >= text.len();
        old.advance(change);
        beyond
    })
}

/// The last character boundary at or before `index`.
fn floor(text: &str, mut index: usize) -> usize {
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

/// The first character boundary at or behind `index`; the end of the text at the latest.
fn ceil(text: &str, mut index: usize) -> usize {
    while index < text.len() && !text.is_char_boundary(index) {
        index += 1;
    }
    index.min(text.len())
}
