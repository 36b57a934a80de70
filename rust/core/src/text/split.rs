//! What happens to a delimiter when a text is split at it.

use serde::{Deserialize, Serialize};

use crate::token::Span;

/// The five delimiter behaviours of the field.
///
/// With `-` as the delimiter, `the-final--countdown` becomes
///
/// | behaviour | pieces |
/// |---|---|
/// | `Removed` | `the`, `final`, `countdown` |
/// | `Isolated` | `the`, `-`, `final`, `-`, `-`, `countdown` |
/// | `MergedWithPrevious` | `the-`, `final-`, `-`, `countdown` |
/// | `MergedWithNext` | `the`, `-final`, `-`, `-countdown` |
/// | `Contiguous` | `the`, `-`, `final`, `--`, `countdown` |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SplitBehavior {
    /// The delimiter is dropped.
    Removed,
    /// Every match is a piece of its own.
    Isolated,
    /// A match closes the piece before it.
    MergedWithPrevious,
    /// A match opens the piece behind it.
    MergedWithNext,
    /// Matches that touch are one piece.
    Contiguous,
}

impl SplitBehavior {
    /// The pieces that are left of a text, from its matches and gaps in order.
    pub fn apply(self, matches: Vec<(Span, bool)>) -> Vec<Span> {
        match self {
            Self::Removed => matches
                .into_iter()
                .filter(|(_, is_match)| !is_match)
                .map(|(span, _)| span)
                .collect(),
            Self::Isolated => matches.into_iter().map(|(span, _)| span).collect(),
            Self::Contiguous => merge(matches, |is_match, previous| is_match == previous),
            Self::MergedWithPrevious => merge(matches, |is_match, previous| is_match && !previous),
            Self::MergedWithNext => {
                let backwards = matches.into_iter().rev().collect();
                let mut pieces = merge(backwards, |is_match, previous| is_match && !previous);
                pieces.reverse();
                pieces
            }
        }
    }
}

/// Join each span to the one before it where `joins` (is it a match, was the one before) says so.
/// Works in both directions, as a span may extend either end.
fn merge(spans: Vec<(Span, bool)>, joins: impl Fn(bool, bool) -> bool) -> Vec<Span> {
    let mut pieces: Vec<Span> = Vec::with_capacity(spans.len());
    let mut previous = false;
    for (span, is_match) in spans {
        match pieces.last_mut() {
            Some(last) if joins(is_match, previous) => {
                *last = Span::new(last.start.min(span.start), last.end.max(span.end));
            }
            _ => pieces.push(span),
        }
        previous = is_match;
    }
    pieces
}
