//! Cutting an encoding, or the two of a pair, to a length.

use crate::encoding::{Direction, Encoding};
use crate::error::{Error, Result};

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
        Self {
            max_length: 512,
            stride: 0,
            strategy: TruncationStrategy::LongestFirst,
            direction: Direction::Right,
        }
    }
}

impl TruncationOptions {
    /// Check the options when they are set on a tokenizer whose post-processor adds `added` tokens to
    /// one sequence.
    ///
    /// A `max_length` below `added` passes, since one may encode without special tokens.
    ///
    /// # Errors
    /// When there is a `stride` and it is not below what is left for the text. (The reference lets
    /// equality pass and panics at the first long text.)
    pub fn check(&self, added: usize) -> Result<()> {
        let effective = self.max_length.saturating_sub(added);
        if self.stride == 0 || self.stride < effective {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "tokenizer stride set to {}, which is greater than or equal to its effective max length of \
             {effective} (= {} original max length - {added} added special tokens), ",
            self.stride, self.max_length
        ))
        .expecting(format!("a stride below {effective}")))
    }

    /// The options for the text alone, when a post-processor adds `added` tokens.
    ///
    /// # Errors
    /// When these alone are more than `max_length`. (In the reference the difference wraps around, and
    /// nothing is truncated.)
    pub fn less_added(&self, added: usize) -> Result<Self> {
        let Some(max_length) = self.max_length.checked_sub(added) else {
            return Err(Error::invalid(format!(
                "cannot truncate to {} tokens: the post-processor alone adds {added} special tokens",
                self.max_length
            ))
            .in_field("max_length")
            .expecting(format!("at least {added}"))
            .finding(self.max_length.to_string())
            .hinting("raise max_length or encode without special tokens"));
        };
        Ok(Self { max_length, ..*self })
    }
}

/// Cut one sequence, or a pair together, to `options.max_length` tokens (special tokens not counted).
///
/// # Errors
/// When the strategy asks for a second sequence that is not there, when the sequence that gives way is
/// too short to reach the length, and when the stride is not below the length it is cut to.
pub fn truncate_encodings(
    mut first: Encoding,
    mut second: Option<Encoding>,
    options: &TruncationOptions,
) -> Result<(Encoding, Option<Encoding>)> {
    let cut = |encoding: &mut Encoding, length| {
        encoding.truncate(length, options.stride, options.direction)
    };
    let total = first.len() + second.as_ref().map_or(0, Encoding::len);
    if options.max_length == 0 {
        cut(&mut first, 0)?;
        second.as_mut().map_or(Ok(()), |second| cut(second, 0))?;
        return Ok((first, second));
    }
    let Some(surplus) = total.checked_sub(options.max_length).filter(|surplus| *surplus > 0) else {
        return Ok((first, second));
    };
    match (options.strategy, second.as_mut()) {
        (TruncationStrategy::LongestFirst, None) => cut(&mut first, options.max_length)?,
        (TruncationStrategy::LongestFirst, Some(second)) => {
            let (of_first, of_second) = shares(first.len(), second.len(), options.max_length);
            cut(&mut first, of_first)?;
            cut(second, of_second)?;
        }
        (TruncationStrategy::OnlyFirst, _) => {
            let length = reduced(&first, surplus, options)?;
            cut(&mut first, length)?;
        }
        (TruncationStrategy::OnlySecond, Some(second)) => {
            let length = reduced(second, surplus, options)?;
            cut(second, length)?;
        }
        (TruncationStrategy::OnlySecond, None) => {
            return Err(Error::invalid("Truncation error: Second sequence not provided")
                .hinting("use longest_first or only_first for single sequences"));
        }
    }
    Ok((first, second))
}

/// How many tokens each of a pair keeps so that together they have `max_length`: the shorter stays
/// whole while the longer can give way, else they share evenly, the longer taking what is odd.
fn shares(first: usize, second: usize, max_length: usize) -> (usize, usize) {
    let short = first.min(second);
    let (short, long) = match max_length.checked_sub(short) {
        Some(rest) if short <= rest => (short, rest),
        _ => (max_length / 2, max_length / 2 + max_length % 2),
    };
    if first > second { (long, short) } else { (short, long) }
}

/// The length of the one sequence that gives way.
fn reduced(encoding: &Encoding, surplus: usize, options: &TruncationOptions) -> Result<usize> {
    encoding.len().checked_sub(surplus).filter(|length| *length > 0).ok_or_else(|| {
        Error::invalid(
            "Truncation error: Sequence to truncate too short to respect the provided max_length",
        )
        .expecting(format!("a sequence of more than {surplus} tokens to take {surplus} from"))
        .finding(format!(
            "one of {} tokens (max_length {})",
            encoding.len(),
            options.max_length
        ))
    })
}
