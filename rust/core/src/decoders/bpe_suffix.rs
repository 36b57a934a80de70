//! A suffix that marks the end of a word becomes a space.

/// The suffix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BpeSuffix {
    /// `</w>` by default.
    pub suffix: String,
}
