//! Cut at punctuation, as BERT knows it.

use fissile_unicode::category;

use crate::error::Result;
use crate::text::{Pattern, Pieces, SplitBehavior};

pub(super) fn cut(behavior: SplitBehavior, pieces: &mut Pieces) -> Result<()> {
    let pattern = Pattern::Chars(category::is_bert_punctuation);
    pieces.split(|_, text| text.split(&pattern, behavior))
}
