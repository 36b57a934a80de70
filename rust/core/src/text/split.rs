//! What happens to a delimiter when a text is split at it.

use serde::{Deserialize, Serialize};

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
