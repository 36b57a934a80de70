//! Cut at digits.

use fissile_unicode::category;

use crate::error::Result;
use crate::text::{Pattern, Pieces, SplitBehavior};

pub(super) fn cut(individual: bool, pieces: &mut Pieces) -> Result<()> {
    let behavior = if individual { SplitBehavior::Isolated } else { SplitBehavior::Contiguous };
    let pattern = Pattern::Chars(category::is_numeric);
    pieces.split(|_, text| text.split(&pattern, behavior))
}
