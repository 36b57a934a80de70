//! What to look for in a text: a literal, a regular expression, a kind of character.

use crate::error::Result;
use crate::token::Span;
use crate::util::regex::Regex;

/// Something to find in a text.
#[derive(Clone)]
pub enum Pattern {
    /// This very string.
    Literal(String),
    /// A regular expression.
    Regex(Regex),
    /// Any character for which the function is true.
    Chars(fn(char) -> bool),
    /// The other pattern, matches and gaps exchanged.
    Invert(Box<Pattern>),
}

impl Pattern {
    /// The whole text as spans in order, each marked whether it is a match. An empty text gives
    /// `[(0..0, false)]`.
    ///
    /// # Errors
    ///
    /// A regular expression gave up.
    pub fn find_matches(&self, text: &str) -> Result<Vec<(Span, bool)>> {
        match self {
            Self::Literal(literal) => Ok(find_literal(literal, text)),
            Self::Regex(regex) => {
                let mut cover = Cover::new(text);
                for span in regex.find_all(text)? {
                    cover.add(span);
                }
                Ok(cover.finish())
            }
            Self::Chars(is_match) => Ok(find_chars(*is_match, text)),
            Self::Invert(pattern) => {
                let mut matches = pattern.find_matches(text)?;
                for (_, is_match) in &mut matches {
                    *is_match = !*is_match;
                }
                Ok(matches)
            }
        }
    }
}

/// A text being covered by matches and the gaps between them.
struct Cover<'t> {
    text: &'t str,
    end: usize,
    spans: Vec<(Span, bool)>,
}

impl<'t> Cover<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, end: 0, spans: Vec::new() }
    }

    fn add(&mut self, span: Span) {
        // The empty text is one gap, whatever an empty match would say.
        if self.text.is_empty() {
            return;
        }
        if self.end != span.start {
            self.spans.push((Span::new(self.end, span.start), false));
        }
        self.spans.push((span, true));
        self.end = span.end;
    }

    fn finish(mut self) -> Vec<(Span, bool)> {
        if self.text.is_empty() || self.end != self.text.len() {
            self.spans.push((Span::new(self.end, self.text.len()), false));
        }
        self.spans
    }
}

/// An empty literal matches nowhere. The one gap it gives ends where the reference ends it: at the
/// number of *characters*, which falls short of the text if it is not ASCII.
fn find_literal(literal: &str, text: &str) -> Vec<(Span, bool)> {
    if literal.is_empty() {
        return vec![(Span::new(0, text.chars().count()), false)];
    }
    let mut cover = Cover::new(text);
    for start in memchr::memmem::find_iter(text.as_bytes(), literal) {
        cover.add(Span::new(start, start + literal.len()));
    }
    cover.finish()
}

fn find_chars(is_match: fn(char) -> bool, text: &str) -> Vec<(Span, bool)> {
    let mut cover = Cover::new(text);
    for (start, c) in text.char_indices() {
        if is_match(c) {
            cover.add(Span::new(start, start + c.len_utf8()));
        }
    }
    cover.finish()
}

/// A pattern and what to put in place of its matches: the data of the `Replace` normalizer and decoder.
#[derive(Clone)]
pub struct Replacement {
    /// What to look for (`Literal` or `Regex`).
    pub pattern: Pattern,
    /// What to put there.
    pub content: String,
}
