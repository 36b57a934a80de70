//! The merges of a BPE model: which neighbours join, in which order, to what.

use super::pair_table::{ABSENT, PairTable};
use crate::token::TokenId;
use crate::util::prefetch::prefetch;
use crate::util::sections::{Sections, Stored};

/// Merges by rank, with the lookup from a pair of tokens to its rank.
#[derive(Debug, Clone)]
pub(crate) struct Merges {
    by_rank: Vec<Merge>,
    /// The results alone, by rank: what merging reads, close together.
    results: Vec<TokenId>,
    /// What a rank is from its result, where that is the same for all: then nothing has to be read.
    offset: Option<u32>,
    ranks: PairTable,
}

/// One rule: `left` followed by `right` becomes `result`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Merge {
    pub(crate) left: TokenId,
    pub(crate) right: TokenId,
    pub(crate) result: TokenId,
}

/// The rank of a pair that does not merge.
pub(crate) const NO_RANK: u32 = ABSENT;

impl Merges {
    /// From rules in order of rank. Where a pair occurs twice, the later rule counts.
    pub(crate) fn new(mut rules: Vec<Merge>) -> Self {
        let (mut ranks, len) = PairTable::with_len(ranked(&rules));
        if len < rules.len() {
            let mut place = 0..;
            rules.retain(|rule| place.next() == Some(ranks.get(rule.left, rule.right)));
            ranks = PairTable::new(ranked(&rules));
        }
        Self::of_table(rules, ranks)
    }

    fn of_table(rules: Vec<Merge>, ranks: PairTable) -> Self {
        let results: Vec<_> = rules.iter().map(|rule| rule.result).collect();
        let first = results.first().copied().unwrap_or(0);
        let mut places = results.iter().enumerate();
        let follows = places.all(|(rank, &id)| id as usize == first as usize + rank);
        Self { by_rank: rules, results, offset: follows.then_some(first), ranks }
    }

    /// Write them down, which is possible where their numbers are not too large.
    pub(crate) fn store(&self, sections: &mut Sections) -> Option<()> {
        let rules = self.by_rank.iter().map(|rule| [rule.left, rule.right, rule.result]);
        sections.row(&rules.collect::<Vec<_>>());
        self.ranks.store(sections)
    }

    /// Read what [`store`](Self::store) wrote; `None` if it cannot be that, or not all of it `is_token`.
    pub(crate) fn restore(
        stored: &mut Stored<'_>,
        is_token: impl Fn(TokenId) -> bool,
    ) -> Option<Self> {
        let rules: Vec<[TokenId; 3]> = stored.row()?;
        let ranks = PairTable::restore(stored, u32::try_from(rules.len()).ok()?)?;
        let rule = |[left, right, result]: [TokenId; 3]| Merge { left, right, result };
        let is_sound = rules.iter().flatten().all(|&id| is_token(id));
        is_sound.then(|| Self::of_table(rules.into_iter().map(rule).collect(), ranks))
    }

    /// The rank of a pair, or [`NO_RANK`].
    #[inline]
    pub(crate) fn rank(&self, left: TokenId, right: TokenId) -> u32 {
        self.ranks.get(left, right)
    }

    /// The ranks of several pairs at once, which waits for memory once; results are on their way then.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "what a level of instructions runs is compiled for it")]
    pub(crate) fn ranks(&self, pairs: &[(TokenId, TokenId)], ranks: &mut [u32]) {
        self.ranks.get_each(pairs, ranks);
        if self.offset.is_none() {
            ranks.iter().filter_map(|rank| self.results.get(*rank as usize)).for_each(prefetch);
        }
    }

    /// What the rule of this rank makes.
    #[inline]
    pub(crate) fn result(&self, rank: u32) -> TokenId {
        self.offset.map_or_else(|| self.results[rank as usize], |offset| offset + rank)
    }

    /// The rules by ascending rank.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &Merge> {
        self.by_rank.iter()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.by_rank.len()
    }
}

fn ranked(rules: &[Merge]) -> impl ExactSizeIterator<Item = ((u32, u32), u32)> + Clone {
    rules.iter().enumerate().map(|(rank, rule)| {
        let rank = u32::try_from(rank).expect("fewer than 2^32 merges");
        ((rule.left, rule.right), rank)
    })
}
