//! Cut every so many characters.

use std::num::NonZeroUsize;

use crate::error::Result;
use crate::text::{NormalizedText, Pieces, Referential};
use crate::token::Span;

/// The length of a piece, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedLength {
    /// Never zero: a length of zero is refused where it is given.
    pub length: NonZeroUsize,
}

impl Default for FixedLength {
    fn default() -> Self {
        Self { length: const { NonZeroUsize::new(5).expect("five is not zero") } }
    }
}

impl FixedLength {
    pub(super) fn cut(self, pieces: &mut Pieces) -> Result<()> {
        pieces.split(|_, text| Ok(self.chunks(&text)))
    }

    fn chunks(self, text: &NormalizedText) -> Vec<NormalizedText> {
        let starts = text.get().char_indices().map(|(at, _)| at);
        let cuts: Vec<usize> = starts.step_by(self.length.get()).chain([text.len()]).collect();
        slices(text, &cuts)
    }
}

/// The slices between neighbouring cuts, which lie on character boundaries.
pub(super) fn slices(text: &NormalizedText, cuts: &[usize]) -> Vec<NormalizedText> {
    cuts.windows(2)
        .map(|cut| {
            text.slice(Span::new(cut[0], cut[1]), Referential::Normalized)
                .expect("cuts lie on character boundaries")
        })
        .collect()
}
