//! Cutting an encoding, or the two of a pair, to a length.

use crate::encoding::Direction;

/// Which sequence of a pair gives way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TruncationStrategy {
    /// The longer one, token by token.
    #[default]
    LongestFirst,
    /// The first.
    OnlyFirst,
    /// The second.
    OnlySecond,
}

/// How to truncate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TruncationOptions {
    /// Tokens at most, special ones included.
    pub max_length: usize,
    /// Tokens that an overflowing part repeats of the one before.
    pub stride: usize,
    /// Which sequence of a pair gives way.
    pub strategy: TruncationStrategy,
    /// Which end is cut.
    pub direction: Direction,
}

impl Default for TruncationOptions {
    fn default() -> Self {
        Self { max_length: 512, stride: 0, strategy: TruncationStrategy::LongestFirst, direction: Direction::Right }
    }
}
