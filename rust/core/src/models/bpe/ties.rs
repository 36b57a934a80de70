//! Merges of equal rank. The field's models have none; SentencePiece's pieces may score the same, and of
//! neighbours that are equally good it joins the leftmost.

use std::ops::Range;

use super::queue::join_all;
use crate::error::{Error, Result};
use crate::token::TokenId;
use crate::vocab::merges::{Merges, NO_RANK};

/// Which merges are equally good.
pub(super) struct Ties {
    /// The ranks of each group of more than one, ascending and apart.
    groups: Vec<Range<u32>>,
    /// For each rank the first of its group.
    order: Vec<u32>,
}

impl Ties {
    /// From the groups; `None` where there are none.
    ///
    /// # Errors
    ///
    /// When a group lies outside of the merges or reaches into another.
    pub(super) fn new(groups: Vec<Range<u32>>, merges: &Merges) -> Result<Option<Self>> {
        let count = u32::try_from(merges.len()).expect("fewer than 2^32 merges");
        let mut order: Vec<u32> = (0..count).collect();
        let mut end = 0;
        for (index, group) in groups.iter().enumerate() {
            if group.start < end || group.end > count || group.start >= group.end {
                return Err(Error::invalid("no group of merges")
                    .in_field(format!("[{index}]"))
                    .expecting(format!("a range of ranks within {end}..{count}"))
                    .finding(format!("{}..{}", group.start, group.end)));
            }
            end = group.end;
            order[group.start as usize..group.end as usize].fill(group.start);
        }
        Ok((!groups.is_empty()).then_some(Self { groups, order }))
    }

    pub(super) fn groups(&self) -> &[Range<u32>] {
        &self.groups
    }

    /// Whether other merges are as good as the one of this rank.
    pub(super) fn has_equals(&self, rank: u32) -> bool {
        let first = self.order[rank as usize];
        first != rank || self.order.get(rank as usize + 1) == Some(&first)
    }

    /// Merge the symbols from position `from` on.
    pub(super) fn merge_from(
        &self,
        merges: &Merges,
        from: usize,
        ids: &mut Vec<TokenId>,
        ends: &mut Vec<u32>,
    ) {
        let left = join_all(&mut ids[from..], |left, right| {
            let rank = merges.rank(left, right);
            (rank != NO_RANK).then(|| (self.order[rank as usize], merges.result(rank)))
        });
        let last = ids.len() - from;
        let next = left.iter().copied().skip(1).chain([last]);
        for (to, (at, next)) in (from..).zip(left.iter().copied().zip(next)) {
            ids[to] = ids[from + at];
            ends[to] = ends[from + next - 1];
        }
        ids.truncate(from + left.len());
        ends.truncate(from + left.len());
    }
}
