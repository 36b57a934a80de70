//! Cut every so many characters.

use std::num::NonZeroUsize;

/// The length of a piece, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedLength {
    /// Never zero: a length of zero is refused where it is given.
    pub length: NonZeroUsize,
}
