//! Cut at one character.

use crate::error::Result;
use crate::text::{Pattern, Pieces, SplitBehavior};

pub(super) fn cut(delimiter: char, pieces: &mut Pieces) -> Result<()> {
    let pattern = Pattern::Literal(delimiter.into());
    pieces.split(|_, text| text.split(&pattern, SplitBehavior::Removed))
}
