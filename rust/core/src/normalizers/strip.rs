//! White space at the ends dropped.

/// Which ends to strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strip {
    /// The left end.
    pub left: bool,
    /// The right end.
    pub right: bool,
}
