//! Cut at a literal or a regular expression.

use std::borrow::Cow;

use crate::error::Result;
use crate::text::{Pattern, Pieces, SplitBehavior};
use crate::util::regex::Regex;

/// A pattern to cut at, and what becomes of the matches.
#[derive(Clone)]
pub struct Split {
    /// `Literal` or `Regex`, never inverted (see `invert`).
    pub pattern: Pattern,
    /// What becomes of the matches.
    pub behavior: SplitBehavior,
    /// Exchange matches and gaps.
    pub invert: bool,
}

impl Split {
    pub(super) fn cut(&self, pieces: &mut Pieces) -> Result<()> {
        let pattern = self.effective_pattern()?;
        pieces.split(|_, text| text.split(&pattern, self.behavior))
    }

    /// The pattern that is searched for. An empty literal matches between any two characters here,
    /// for the reference makes a regular expression of it.
    pub(super) fn effective_pattern(&self) -> Result<Cow<'_, Pattern>> {
        let pattern = match &self.pattern {
            Pattern::Literal(literal) if literal.is_empty() => {
                Cow::Owned(Pattern::Regex(Regex::new("")?))
            }
            other => Cow::Borrowed(other),
        };
        Ok(if self.invert {
            Cow::Owned(Pattern::Invert(Box::new(pattern.into_owned())))
        } else {
            pattern
        })
    }
}
