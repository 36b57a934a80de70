//! [`NormalizedText`]: a text, what it was before, and which byte came from where.
//!
//! Every edit comes down to [`transform`](NormalizedText::transform): the new characters in order,
//! each with the count of old characters it changes. The edits with names are in `edits.rs`.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::text::alignment::{self, Alignment, Rewritten};
use crate::text::offsets;
use crate::token::Span;

/// Which of the two texts a position belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Referential {
    /// The text as it was given.
    Original,
    /// The text as it is now.
    Normalized,
}

/// A text under edit. Every byte of the normalized text knows the span of the original it came from.
///
/// Cloning and slicing copy no text: what is not edited is shared. Positions are kept in 32 bits; a
/// text beyond that can be held, cut and read, but [`check_size`](Self::check_size) refuses it, which
/// every [`Normalizer`](crate::normalizers::Normalizer) asks first.
#[derive(Clone)]
pub struct NormalizedText {
    /// The text that everything was sliced from.
    pub(super) root: Arc<String>,
    /// Where the original of this slice lies in it.
    pub(super) span: Range<usize>,
    /// The text as it is now; `None` while it is the original.
    pub(super) edited: Option<Edited>,
    pub(super) exact: bool,
}

/// A part of an edited text.
#[derive(Clone)]
pub(super) struct Edited {
    pub(super) whole: Arc<Rewritten>,
    pub(super) span: Range<usize>,
}

impl NormalizedText {
    /// A text that nothing was done to yet.
    pub fn new(text: impl Into<String>) -> Self {
        let root = Arc::new(text.into());
        Self { span: 0..root.len(), root, edited: None, exact: false }
    }

    /// A text whose offsets stay exact: where one character comes out of several (composition, a
    /// replaced match), it maps to all of them, not to the first or last one as in the reference.
    pub fn exact(text: impl Into<String>) -> Self {
        Self { exact: true, ..Self::new(text) }
    }

    /// Whether offsets stay exact (see [`exact`](Self::exact)).
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// Refuse a text too long for the 32 bits that alignments have for a position.
    pub fn check_size(&self) -> Result<()> {
        if u32::try_from(self.root.len()).is_ok() {
            return Ok(());
        }
        Err(Error::invalid("the text is too long to be normalized")
            .expecting("at most 4 294 967 295 bytes")
            .finding(format!("{} bytes", self.root.len()))
            .hinting("encode it in parts"))
    }

    /// The text as it is now.
    pub fn get(&self) -> &str {
        match &self.edited {
            Some(edited) => &edited.whole.text[edited.span.clone()],
            None => self.original(),
        }
    }

    /// The text as it was given.
    pub fn original(&self) -> &str {
        // An empty slice of an edited text may lie anywhere (see `slice`), even behind the root.
        self.root.get(self.span.clone()).unwrap_or_default()
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.get().is_empty()
    }

    /// Bytes of the normalized text.
    pub fn len(&self) -> usize {
        self.get().len()
    }

    /// Whether no edit changed anything yet (an edit back to the same text counts as a change).
    pub fn is_unedited(&self) -> bool {
        self.edited.is_none()
    }

    /// The original as a text of its own, which nothing was done to.
    #[must_use]
    pub fn to_original(&self) -> Self {
        Self { edited: None, ..self.clone() }
    }

    /// The span of this slice in the text it was sliced from.
    pub fn span_in_original(&self) -> Span {
        Span::new(self.span.start, self.span.end)
    }

    /// For each byte of the normalized text, the span of the original it came from.
    pub fn alignments(&self) -> Vec<Span> {
        let shift = self.span.start;
        let relative = |position: u32| (position as usize).saturating_sub(shift);
        let sources = self.alignment().sources(0..self.len());
        sources.into_iter().map(|(start, end)| Span::new(relative(start), relative(end))).collect()
    }

    /// Convert a span of one text into a span of the other.
    ///
    /// An empty span comes back with the same numbers; `None` stands for a span outside of the text.
    pub fn convert(&self, span: Span, from: Referential) -> Option<Span> {
        let range = match from {
            Referential::Original => self.alignment().to_normalized(span.range()),
            Referential::Normalized => self.alignment().to_original(span.range()),
        };
        range.map(|range| Span::new(range.start, range.end))
    }

    /// The part of the normalized text that a span of either text stands for.
    pub fn get_span(&self, span: Span, of: Referential) -> Option<&str> {
        let span = match of {
            Referential::Original => self.convert(span, of)?,
            Referential::Normalized => span,
        };
        self.get().get(span.range())
    }

    /// The part of the original text that a span of either text stands for.
    pub fn get_original_span(&self, span: Span, of: Referential) -> Option<&str> {
        let span = match of {
            Referential::Original => span,
            Referential::Normalized => self.convert(span, of)?,
        };
        self.original().get(span.range())
    }

    /// A slice (byte span in the named text), itself a text with its alignment; `None` off character
    /// boundaries or outside of the text.
    pub fn slice(&self, span: Span, of: Referential) -> Option<NormalizedText> {
        let text = match of {
            Referential::Original => self.original(),
            Referential::Normalized => self.get(),
        };
        text.get(span.range())?;
        let other = self.convert(span, of)?;
        let (original, normalized) = match of {
            Referential::Original => (span, other),
            Referential::Normalized => (other, span),
        };
        if normalized.end > self.len() {
            return None;
        }
        let shift = self.span.start;
        // An empty span of the original may have landed inside a character of the edited text.
        let normalized = if normalized.is_empty() { Span::default() } else { normalized };
        let edited = self.edited.as_ref().map(|edited| Edited {
            whole: Arc::clone(&edited.whole),
            span: edited.span.start + normalized.start..edited.span.start + normalized.end,
        });
        Some(Self {
            root: Arc::clone(&self.root),
            span: shift + original.start..shift + original.end,
            edited,
            exact: self.exact,
        })
    }

    /// A slice by characters of the normalized text, as indexing from Python wants it (see
    /// [`char_span_to_bytes`](offsets::char_span_to_bytes) for what happens at the ends).
    pub fn slice_chars(&self, start: usize, end: usize) -> Option<NormalizedText> {
        let span = offsets::char_span_to_bytes(self.get(), start, end)?;
        self.slice(span, Referential::Normalized)
    }

    /// The one editing primitive: put the characters of `dest` in place of the text.
    ///
    /// Each character comes with the number of characters it changes: `1` for a new one, which takes
    /// over where the one before it came from; `0` for one that stands for the next old character;
    /// `-n` for one that stands for the next old character while the `n` behind it are dropped.
    /// `initial_removed` characters are dropped in front. Counts that ask for more than there is are
    /// harmless: those characters take over where the last one came from.
    ///
    /// As in the reference the edit reaches only what came from the original: characters in front
    /// that came from nowhere are not replaced, unless the edit could not be carried out without.
    pub fn transform(
        &mut self,
        dest: impl IntoIterator<Item = (char, isize)>,
        initial_removed: usize,
    ) {
        let whole = 0..self.len();
        let Some(reach) = self.reach() else { return };
        if reach == whole {
            return self.rewrite(whole, dest, initial_removed);
        }
        let dest: Vec<_> = dest.into_iter().collect();
        if self.exact || alignment::overruns(self.get(), reach.clone(), &dest, initial_removed) {
            self.rewrite(whole, dest, initial_removed);
        } else {
            self.rewrite(reach, dest, initial_removed);
        }
    }

    /// The same for a span of the named text. A span that is outside of the text or off character
    /// boundaries changes nothing.
    pub fn transform_range(
        &mut self,
        span: Span,
        of: Referential,
        dest: impl IntoIterator<Item = (char, isize)>,
        initial_removed: usize,
    ) {
        let span = match of {
            Referential::Original => self.convert(span, of),
            Referential::Normalized => Some(span),
        };
        if let Some(span) = span.filter(|span| self.get().get(span.range()).is_some()) {
            self.rewrite(span.range(), dest, initial_removed);
        }
    }

    /// Put the characters of `dest` in place of the whole text, each with the span of the normalized
    /// text that it came from: the edit of texts with exact offsets.
    pub fn transform_aligned(&mut self, dest: impl IntoIterator<Item = (char, Range<usize>)>) {
        let rewritten = Rewritten::by_ranges(self.alignment(), self.len(), dest);
        self.set(rewritten);
    }

    /// What [`transform`](Self::transform) replaces, in bytes of the normalized text.
    pub(super) fn reach(&self) -> Option<Range<usize>> {
        self.alignment().to_normalized(0..self.original().len())
    }

    /// Whether an edit that changes no character changes nothing at all. It would double a text that
    /// was put where there was none.
    pub(crate) fn keeps_still(&self) -> bool {
        !self.original().is_empty() || self.is_empty()
    }

    pub(super) fn alignment(&self) -> Alignment<'_> {
        let shift = self.span.start;
        match &self.edited {
            Some(Edited { whole, span }) => {
                Alignment::Bytes { sources: &whole.sources[span.clone()], shift }
            }
            None => Alignment::Identity { text: self.original(), shift },
        }
    }

    /// Make `rewritten` the text.
    pub(super) fn set(&mut self, rewritten: Rewritten) {
        let span = 0..rewritten.text.len();
        self.edited = Some(Edited { whole: Arc::new(rewritten), span });
    }

    fn rewrite(
        &mut self,
        range: Range<usize>,
        dest: impl IntoIterator<Item = (char, isize)>,
        removed: usize,
    ) {
        let (text, alignment) = (self.get(), self.alignment());
        let part = Rewritten::by_changes(text, alignment, range.clone(), dest, removed);
        if range == (0..text.len()) {
            return self.set(part);
        }
        let mut edited = self.own_edited();
        let whole = Arc::make_mut(&mut edited.whole);
        whole.text.replace_range(range.clone(), &part.text);
        whole.sources.splice(range, part.sources);
        edited.span = 0..whole.text.len();
        self.edited = Some(edited);
    }

    /// Take the edited text out, as one that begins and ends with this slice. It is not copied when
    /// nobody shares it, so that many small edits stay cheap.
    fn own_edited(&mut self) -> Edited {
        match self.edited.take() {
            Some(edited) if edited.span == (0..edited.whole.text.len()) => edited,
            edited => {
                self.edited = edited;
                let text = self.get().to_owned();
                let span = 0..text.len();
                let sources = self.alignment().sources(span.clone());
                Edited { whole: Arc::new(Rewritten { text, sources }), span }
            }
        }
    }
}

impl Default for NormalizedText {
    fn default() -> Self {
        Self::new("")
    }
}

impl PartialEq for NormalizedText {
    fn eq(&self, other: &Self) -> bool {
        self.original() == other.original()
            && self.get() == other.get()
            && self.span.start == other.span.start
            && self.alignment().sources(0..self.len()) == other.alignment().sources(0..other.len())
    }
}

impl Eq for NormalizedText {}

impl fmt::Debug for NormalizedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NormalizedText")
            .field("original", &self.original())
            .field("normalized", &self.get())
            .field("span_in_original", &self.span)
            .finish_non_exhaustive()
    }
}

impl From<&str> for NormalizedText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for NormalizedText {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}
