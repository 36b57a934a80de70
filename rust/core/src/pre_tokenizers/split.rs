//! Cut at a literal or a regular expression.

use crate::text::{Pattern, SplitBehavior};

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
