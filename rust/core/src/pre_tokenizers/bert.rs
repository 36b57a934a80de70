//! BERT's cut: white space dropped, punctuation apart.

use fissile_unicode::category;

use crate::error::Result;
use crate::text::{Pattern, Pieces, SplitBehavior};

pub(super) fn cut(pieces: &mut Pieces) -> Result<()> {
    let space = Pattern::Chars(category::is_whitespace);
    pieces.split(|_, text| text.split(&space, SplitBehavior::Removed))?;
    let punctuation = Pattern::Chars(category::is_bert_punctuation);
    pieces.split(|_, text| text.split(&punctuation, SplitBehavior::Isolated))
}
