//! `SentencePiece`'s white space: a visible character in place of the space.

use crate::error::Result;
use crate::text::metaspace::{Metaspace, PrependScheme};
use crate::text::{NormalizedText, Pattern, Pieces, SplitBehavior};

pub(super) fn cut(options: Metaspace, pieces: &mut Pieces) -> Result<()> {
    let space = Pattern::Literal(" ".into());
    let shown = options.replacement.to_string();
    let mark = Pattern::Literal(shown.clone());
    pieces.split(|_, mut text| {
        text.replace(&space, &shown)?;
        if wants_prefix(options, &text) {
            text.prepend(&shown);
        }
        if options.split {
            text.split(&mark, SplitBehavior::MergedWithNext)
        } else {
            Ok(vec![text])
        }
    })
}

/// Whether the mark goes in front of this piece. `First` asks where the piece came from, not which one
/// it is: the piece at the very start of the original text.
fn wants_prefix(options: Metaspace, text: &NormalizedText) -> bool {
    if text.get().starts_with(options.replacement) {
        return false;
    }
    match options.prepend_scheme {
        PrependScheme::Always => true,
        PrependScheme::First => text.span_in_original().start == 0,
        PrependScheme::Never => false,
    }
}
