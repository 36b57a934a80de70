//! A string put in front.

/// What to put in front of a text that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepend {
    /// The string.
    pub prepend: String,
}
