//! The edits of a [`NormalizedText`] that have names.

use std::convert::Infallible;
use std::ops::Range;

use fissile_unicode::{case, category, normalization};

use crate::error::{Error, Result};
use crate::text::alignment::Rewritten;
use crate::text::normalized::{NormalizedText, Referential};
use crate::text::pattern::Pattern;
use crate::text::split::SplitBehavior;
use crate::token::Span;

/// Infallible callbacks go the way of fallible ones; this takes the error away again.
fn sure<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

macro_rules! unicode_form {
    ($(#[$doc:meta])* $form:ident, $aligned:ident, $is_form:ident) => {
        $(#[$doc])*
        pub fn $form(&mut self) -> &mut Self {
            if self.keeps_still() && normalization::$is_form(self.get()) {
                return self;
            }
            let before = self.clone();
            if self.is_exact() {
                self.transform_aligned(normalization::$aligned(before.get()));
            } else {
                self.transform(normalization::$form(before.get()), 0);
            }
            self
        }
    };
}

impl NormalizedText {
    unicode_form! {
        /// Canonical composition.
        nfc, nfc_aligned, is_nfc
    }
    unicode_form! {
        /// Canonical decomposition.
        nfd, nfd_aligned, is_nfd
    }
    unicode_form! {
        /// Compatibility composition.
        nfkc, nfkc_aligned, is_nfkc
    }
    unicode_form! {
        /// Compatibility decomposition.
        nfkd, nfkd_aligned, is_nfkd
    }

    /// Lower case, character by character (no rule for a final sigma).
    pub fn lowercase(&mut self) -> &mut Self {
        self.change_case(case::lowercase)
    }

    /// Upper case, character by character.
    pub fn uppercase(&mut self) -> &mut Self {
        self.change_case(case::uppercase)
    }

    fn change_case<I: Iterator<Item = char>>(&mut self, cased: fn(char) -> I) -> &mut Self {
        let is_cased = |character| cased(character).eq([character]);
        if self.keeps_still() && self.get().chars().all(is_cased) {
            return self;
        }
        let before = self.clone();
        let changes = before.get().chars().flat_map(|character| {
            cased(character).enumerate().map(|(index, cased)| (cased, isize::from(index > 0)))
        });
        self.transform(changes, 0);
        self
    }

    /// Keep the characters that `keep` accepts.
    pub fn filter(&mut self, mut keep: impl FnMut(char) -> bool) -> &mut Self {
        sure(self.try_filter(|character| Ok(keep(character))))
    }

    /// Like [`filter`](Self::filter); the first error ends it, and the text stays as it was.
    pub fn try_filter<E>(
        &mut self,
        mut keep: impl FnMut(char) -> Result<bool, E>,
    ) -> Result<&mut Self, E> {
        let mut kept: Vec<(char, isize)> = Vec::with_capacity(self.len());
        let (mut dropped_in_front, mut dropped) = (0, false);
        for character in self.get().chars() {
            if keep(character)? {
                kept.push((character, 0));
                continue;
            }
            dropped = true;
            match kept.last_mut() {
                Some((_, change)) => *change -= 1,
                None => dropped_in_front += 1,
            }
        }
        if kept.is_empty() {
            dropped_in_front = 0;
        }
        if dropped || !self.keeps_still() {
            self.transform(kept, dropped_in_front);
        }
        Ok(self)
    }

    /// Replace each character by one.
    pub fn map(&mut self, mut map: impl FnMut(char) -> char) -> &mut Self {
        sure(self.try_map(|character| Ok(map(character))))
    }

    /// Like [`map`](Self::map); the first error ends it, and the text stays as it was.
    pub fn try_map<E>(
        &mut self,
        mut map: impl FnMut(char) -> Result<char, E>,
    ) -> Result<&mut Self, E> {
        let mut mapped = Vec::with_capacity(self.len());
        let mut changed = false;
        for character in self.get().chars() {
            let new = map(character)?;
            changed |= new != character;
            mapped.push((new, 0));
        }
        if changed || !self.keeps_still() {
            self.transform(mapped, 0);
        }
        Ok(self)
    }

    /// Call `visit` with each character; the first error ends it.
    pub fn try_for_each<E>(&self, visit: impl FnMut(char) -> Result<(), E>) -> Result<(), E> {
        self.get().chars().try_for_each(visit)
    }

    /// Strip white space at both ends; `lstrip`, `rstrip` at one.
    pub fn strip(&mut self) -> &mut Self {
        self.strip_ends(true, true)
    }

    /// Strip white space at the beginning.
    pub fn lstrip(&mut self) -> &mut Self {
        self.strip_ends(true, false)
    }

    /// Strip white space at the end.
    pub fn rstrip(&mut self) -> &mut Self {
        self.strip_ends(false, true)
    }

    fn strip_ends(&mut self, left: bool, right: bool) -> &mut Self {
        let before = self.clone();
        let mut kept = before.get();
        if left {
            kept = kept.trim_start_matches(category::is_whitespace);
        }
        let dropped_bytes = before.len() - kept.len();
        if right {
            kept = kept.trim_end_matches(category::is_whitespace);
        }
        if kept.len() < before.len() {
            let dropped = before.get()[..dropped_bytes].chars().count();
            self.transform(kept.chars().map(|character| (character, 0)), dropped);
        }
        self
    }

    /// Drop everything; how many bytes that was.
    pub fn clear(&mut self) -> usize {
        let length = self.len();
        self.transform([], length);
        length
    }

    /// Put `text` in front. It comes from where the first character came from; a text that is empty
    /// stays empty.
    pub fn prepend(&mut self, text: &str) -> &mut Self {
        if let Some(first) = self.get().chars().next() {
            let new = text.chars().enumerate().map(|(index, new)| (new, isize::from(index > 0)));
            let span = Span::new(0, first.len_utf8());
            self.transform_range(span, Referential::Normalized, new.chain([(first, 1)]), 0);
        }
        self
    }

    /// Put `text` behind. It comes from where the last character came from.
    pub fn append(&mut self, text: &str) -> &mut Self {
        let last = self.get().chars().next_back();
        let span = Span::new(self.len() - last.map_or(0, char::len_utf8), self.len());
        let kept = last.map(|last| (last, 0));
        let new = kept.into_iter().chain(text.chars().map(|new| (new, 1)));
        self.transform_range(span, Referential::Normalized, new, 0);
        self
    }

    /// Replace all matches.
    pub fn replace(&mut self, pattern: &Pattern, content: &str) -> Result<()> {
        let matches = pattern.find_matches(self.get())?;
        let matches = matches.into_iter().filter(|(_, is_match)| *is_match).map(|(span, _)| span);
        self.replace_matches(matches, content);
        Ok(())
    }

    /// Put `content` in place of each of the spans of the normalized text (in order, apart, on
    /// character boundaries). It comes from where the last replaced byte came from.
    pub(crate) fn replace_matches(
        &mut self,
        matches: impl IntoIterator<Item = Span>,
        content: &str,
    ) {
        let mut matches = matches.into_iter().peekable();
        if matches.peek().is_none() {
            return;
        }
        let (text, alignment) = (self.get(), self.alignment());
        let mut rewritten = Rewritten::default();
        let copy = |rewritten: &mut Rewritten, range: Range<usize>| {
            rewritten.text.push_str(&text[range.clone()]);
            alignment.copy_sources(range, &mut rewritten.sources);
        };
        let mut done = 0;
        for span in matches {
            copy(&mut rewritten, done..span.start);
            let mut source = alignment.before(span.end);
            if self.is_exact() && !span.is_empty() {
                source.0 = alignment.at(span.start).0;
            }
            rewritten.text.push_str(content);
            rewritten.sources.extend(std::iter::repeat_n(source, content.len()));
            done = span.end;
        }
        copy(&mut rewritten, done..text.len());
        self.set(rewritten);
    }

    /// Cut at the matches.
    pub fn split(&self, pattern: &Pattern, behavior: SplitBehavior) -> Result<Vec<NormalizedText>> {
        let spans = behavior.apply(pattern.find_matches(self.get())?);
        let slices = spans.into_iter().map(|span| {
            self.slice(span, Referential::Normalized).ok_or_else(|| {
                Error::invalid("the pattern cuts through a character")
                    .finding(format!("bytes {}..{}", span.start, span.end))
            })
        });
        slices.collect()
    }
}
