//! Where a piece can be cut in two that merge apart from each other.
//!
//! The rule that first joins the symbols left and right of a boundary has its own seam there. So if
//! no rule has a left part that ends and a right part that starts with the characters at the
//! boundary, nothing ever joins across it. In vocabularies whose pieces are whole texts (Llama 2,
//! Mistral, Gemma) that is the case before nearly every word, which turns one merge of thousands of
//! symbols into many of a few.

use super::char_table::CharTable;
use crate::vocab::Vocab;
use crate::vocab::merges::Merges;
use crate::vocab::pair_table::{ABSENT, PairTable};

/// The characters at the seams of all rules. Knows nothing of prefixes: a rule whose right part
/// loses one has its seam elsewhere.
pub(super) struct Bridges {
    seams: PairTable,
}

impl Bridges {
    pub(super) fn new(vocab: &Vocab, merges: &Merges) -> Self {
        let text = |id| vocab.token(id).unwrap_or_default();
        let mut seams: Vec<(u32, u32)> = merges
            .iter()
            .filter_map(|rule| {
                Some(seam(text(rule.left).chars().next_back()?, text(rule.right).chars().next()?))
            })
            .collect();
        seams.sort_unstable();
        seams.dedup();
        Self { seams: PairTable::new(seams.into_iter().map(|seam| (seam, 0))) }
    }

    /// Whether something may join across a boundary between these two.
    #[inline]
    pub(super) fn may_join(&self, left: char, right: char) -> bool {
        let (left, right) = seam(left, right);
        self.seams.get(left, right) != ABSENT
    }
}

/// The parts of `piece` between which nothing can join.
///
/// Only next to characters that are tokens: unknown ones may be fused, or stand behind bytes that
/// follow them.
pub(super) fn parts<'a>(
    piece: &'a str,
    bridges: &'a Bridges,
    chars: &'a CharTable,
) -> impl Iterator<Item = &'a str> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = &piece[start..];
        let mut before = None;
        let end = rest.char_indices().find_map(|(at, character)| {
            let known = chars.get(character).map(|_| character);
            let seam = before.replace(known).flatten().zip(known);
            seam.is_some_and(|(left, right)| !bridges.may_join(left, right)).then_some(at)
        });
        let part = &rest[..end.unwrap_or(rest.len())];
        start += part.len();
        (!part.is_empty()).then_some(part)
    })
}

/// Cut to the 20 bits that the table packs. Characters of the last plane look like others then, at
/// the price of a cut that is not made.
fn seam(left: char, right: char) -> (u32, u32) {
    (u32::from(left) & 0xF_FFFF, u32::from(right) & 0xF_FFFF)
}
