//! Filling encodings up to one length.

use crate::encoding::{Direction, Encoding, PadToken, check_padded_length};
use crate::error::Result;
use crate::token::TokenId;

/// Up to which length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaddingStrategy {
    /// The longest of the batch.
    BatchLongest,
    /// This one.
    Fixed(usize),
}

/// How to pad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaddingOptions {
    /// Up to which length.
    pub strategy: PaddingStrategy,
    /// Which end is filled.
    pub direction: Direction,
    /// Round the length up to a multiple of this (zero and `None` do not).
    pub pad_to_multiple_of: Option<usize>,
    /// The id put there.
    pub pad_id: TokenId,
    /// Its type id.
    pub pad_type_id: u32,
    /// Its text.
    pub pad_token: String,
}

impl Default for PaddingOptions {
    fn default() -> Self {
        Self {
            strategy: PaddingStrategy::BatchLongest,
            direction: Direction::Right,
            pad_to_multiple_of: None,
            pad_id: 0,
            pad_type_id: 0,
            pad_token: "[PAD]".to_owned(),
        }
    }
}

impl PaddingOptions {
    /// The length encodings are filled up to when the longest of them has `longest` tokens.
    ///
    /// # Errors
    /// When that is more than an encoding can hold.
    pub fn padded_length(&self, longest: usize) -> Result<usize> {
        let length = match self.strategy {
            PaddingStrategy::Fixed(length) => length,
            PaddingStrategy::BatchLongest => longest,
        };
        let multiple = self.pad_to_multiple_of.filter(|multiple| *multiple > 0).unwrap_or(1);
        let length = length.checked_next_multiple_of(multiple).unwrap_or(usize::MAX);
        check_padded_length(length)?;
        Ok(length)
    }
}

/// Fill all encodings of a batch, and their overflowing parts, up to one length. Longer ones stay.
///
/// # Errors
/// When the length is more than an encoding can hold.
pub fn pad_encodings(encodings: &mut [Encoding], options: &PaddingOptions) -> Result<()> {
    let Some(longest) = encodings.iter().map(Encoding::len).max() else { return Ok(()) };
    let length = options.padded_length(longest)?;
    let token = PadToken {
        id: options.pad_id,
        type_id: options.pad_type_id,
        text: options.pad_token.as_str().into(),
    };
    for encoding in encodings {
        encoding.pad_with(length, options.direction, &token);
    }
    Ok(())
}
