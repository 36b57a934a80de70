//! The merge loops: one for a few symbols, one for any number.
//!
//! Both join, again and again, the neighbours whose rule has the lowest rank (the leftmost of equal
//! ones) until no neighbours have a rule.

#![allow(clippy::cast_possible_truncation, reason = "short pieces have few symbols")]
#![allow(clippy::inline_always, reason = "what a level of instructions runs is compiled for it")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::token::TokenId;
use crate::util::level::{Work, on_best};
use crate::vocab::merges::{Merges, NO_RANK};

/// How many symbols the short loop takes.
pub(super) const SHORT: usize = 64;
/// The short loop packs a rank with a position of this many bits.
const POSITION_BITS: u32 = SHORT.trailing_zeros();
const POSITION_MASK: u32 = (1 << POSITION_BITS) - 1;
const LANES: usize = 8;
/// Few pieces have more symbols.
const MOST: usize = 2 * LANES;
/// How many words are merged by turns: as many as a processor can wait for at a time.
pub(crate) const TOGETHER: usize = 16;
/// The key of a place without a pair.
const NEVER: u32 = u32::MAX;
/// The least key of a pair that does not merge.
const NONE: u32 = NO_RANK << POSITION_BITS;
/// A number that is no token.
const NO_TOKEN: TokenId = TokenId::MAX;

/// Up to [`SHORT`] symbols and the ranks of neighbours, on the stack.
///
/// Positions never move: a symbol that was joined to its left neighbour is only struck off the set
/// of live positions. With the keys in one array, finding the next merge is one minimum.
pub(super) struct ShortMerge {
    /// [`NO_TOKEN`] behind the last place.
    ids: [TokenId; SHORT + 1],
    /// For each position: `rank << POSITION_BITS | position` of the symbol and its right neighbour.
    keys: [u32; SHORT],
    /// The positions that hold a symbol, one bit each.
    live: u64,
    len: u32,
}

/// Words that are merged by turns.
struct Together<'a> {
    words: &'a mut [ShortMerge],
    merges: &'a Merges,
}

impl Work for Together<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { words, merges } = self;
        let mut active: [u8; TOGETHER] = std::array::from_fn(|word| word as u8);
        let mut count = words.len();
        let mut least = [NEVER; TOGETHER];
        let mut joined = [Joined::default(); TOGETHER];
        let mut pairs = [(NO_TOKEN, NO_TOKEN); 2 * TOGETHER];
        let mut ranks = [NO_RANK; 2 * TOGETHER];
        loop {
            let mut going = 0;
            for at in 0..count {
                let next = words[usize::from(active[at])].least();
                active[going] = active[at];
                least[going] = next;
                going += usize::from(next < NONE);
            }
            count = going;
            if count == 0 {
                return;
            }
            for at in 0..count {
                let made = merges.result(least[at] >> POSITION_BITS);
                joined[at] = words[usize::from(active[at])].join(least[at] & POSITION_MASK, made);
                pairs[2 * at..2 * at + 2].copy_from_slice(&joined[at].pairs);
            }
            merges.ranks(&pairs[..2 * count], &mut ranks[..2 * count]);
            for (at, joined) in joined[..count].iter().enumerate() {
                words[usize::from(active[at])]
                    .rank_anew(joined, [ranks[2 * at], ranks[2 * at + 1]]);
            }
        }
    }
}

/// What a merge leaves open: the ranks of two pairs of neighbours that came about by it.
#[derive(Debug, Clone, Copy, Default)]
struct Joined {
    /// The new symbol's position, and the left neighbour's; the same where there is none.
    at: u32,
    left: u32,
    /// The pair with the left neighbour, which says nothing where there is none, the pair with the right one.
    pairs: [(TokenId, TokenId); 2],
}

impl ShortMerge {
    /// Whether ranks of these merges can be packed into the keys.
    pub(super) fn fits(merges: &Merges) -> bool {
        u32::try_from(merges.len()).is_ok_and(|len| len < NONE >> POSITION_BITS)
    }

    /// No symbols at all.
    pub(super) const fn empty() -> Self {
        let ids = [NO_TOKEN; SHORT + 1];
        Self { ids, keys: [NEVER; SHORT], live: 0, len: 0 }
    }

    /// From symbols and the rank of each pair of neighbours.
    #[inline]
    pub(super) fn new(
        symbols: impl ExactSizeIterator<Item = TokenId>,
        rank: impl Fn(usize, TokenId, TokenId) -> u32,
    ) -> Self {
        let mut this = Self::empty();
        this.fill(symbols, rank);
        this
    }

    /// Begin anew, from symbols and the rank of each pair of neighbours.
    #[inline]
    pub(super) fn fill(
        &mut self,
        symbols: impl ExactSizeIterator<Item = TokenId>,
        rank: impl Fn(usize, TokenId, TokenId) -> u32,
    ) {
        let len = symbols.len();
        for (at, id) in symbols.enumerate() {
            self.ids[at] = id;
            if at > 0 {
                self.keys[at - 1] = key(rank(at - 1, self.ids[at - 1], id), at as u32 - 1);
            }
        }
        let room = if len > MOST { SHORT } else { MOST };
        self.keys[len.saturating_sub(1)..room].fill(NEVER);
        self.len = len as u32;
        self.live = if len == SHORT { u64::MAX } else { (1 << len) - 1 };
    }

    /// Merge until nothing merges.
    #[inline]
    pub(super) fn run(&mut self, merges: &Merges) {
        self.run_until(merges, |_| false);
    }

    /// Merge until nothing merges or a merge would have a rank that `stops`; whether it came to the end.
    #[inline]
    pub(super) fn run_until(&mut self, merges: &Merges, stops: impl Fn(u32) -> bool) -> bool {
        loop {
            let least = self.least();
            if least >= NONE {
                return true;
            }
            if stops(least >> POSITION_BITS) {
                return false;
            }
            let joined = self.join(least & POSITION_MASK, merges.result(least >> POSITION_BITS));
            let rank = |(left, right)| merges.rank(left, right);
            self.rank_anew(&joined, joined.pairs.map(rank));
        }
    }

    /// Merge several words until nothing merges in any of them, a step in each by turns: what one
    /// waits for in memory comes while the others wait for theirs.
    pub(super) fn run_together(words: &mut [Self], merges: &Merges) {
        debug_assert!(words.len() <= TOGETHER);
        on_best(Together { words, merges });
    }

    /// What is left: for each token its id and the positions it covers.
    #[inline]
    pub(super) fn tokens(&self) -> impl Iterator<Item = (TokenId, u32, u32)> + Clone {
        let mut live = self.live;
        std::iter::from_fn(move || {
            let at = live.trailing_zeros();
            live &= live.wrapping_sub(1);
            let next = live.trailing_zeros().min(self.len);
            (at < u64::BITS).then(|| (self.ids[at as usize], at, next))
        })
    }

    #[inline(always)]
    fn least(&self) -> u32 {
        // Several at a time, so that the compiler takes the minima of lanes at once; as many as most pieces have
        // without asking how many there are.
        let (first, more) = self.keys.split_at(MOST);
        let mut lanes: [u32; LANES] = std::array::from_fn(|at| first[at].min(first[at + LANES]));
        if self.len as usize > MOST {
            for keys in more.chunks_exact(LANES) {
                lanes = std::array::from_fn(|at| lanes[at].min(keys[at]));
            }
        }
        lanes.into_iter().fold(NEVER, u32::min)
    }

    /// The symbol at `at` swallows the next one and becomes `id`.
    #[inline(always)]
    fn join(&mut self, at: u32, id: TokenId) -> Joined {
        let behind = self.live & (u64::MAX << at << 1);
        let swallowed = behind.trailing_zeros();
        self.live ^= 1 << swallowed;
        self.keys[swallowed as usize] = NEVER;
        self.ids[at as usize] = id;
        let next = (behind & behind.wrapping_sub(1)).trailing_zeros();
        // The first symbol is never swallowed, so that there is one.
        let before = self.live & !(u64::MAX << at) | 1;
        let left = u64::BITS - 1 - before.leading_zeros();
        Joined { at, left, pairs: [(self.ids[left as usize], id), (id, self.ids[next as usize])] }
    }

    #[inline(always)]
    fn rank_anew(&mut self, joined: &Joined, [left, right]: [u32; 2]) {
        // Where there is no left neighbour both are one place, and the second is what counts.
        self.keys[joined.left as usize] = key(left, joined.left);
        self.keys[joined.at as usize] = key(right, joined.at);
    }
}

#[inline(always)]
fn key(rank: u32, at: u32) -> u32 {
    rank << POSITION_BITS | at
}

/// Chance of leaving a merge out, and what draws for it.
pub(super) struct Dropout<'a> {
    pub(super) chance: f32,
    pub(super) random: &'a mut fastrand::Rng,
}

/// The rank of a merge and the position of its left symbol; ordered by rank, then by position.
type Candidate = (u32, u32);

/// Any number of symbols, in place: a queue of candidates over a linked list.
///
/// A candidate in the queue may be out of date: its symbol has been swallowed, or has another right
/// neighbour by then. As in the reference it counts if today's neighbours make the *same token*,
/// whatever their own rank is; see [`is_regular`](super::BpeTables) for where that tells.
pub(super) struct LongMerge<'a> {
    merges: &'a Merges,
    ids: &'a mut Vec<TokenId>,
    ends: &'a mut Vec<u32>,
    /// The position of the left neighbour.
    before: Vec<u32>,
    /// The position of the right neighbour; `ids.len()` behind the last.
    after: Vec<u32>,
    /// The rank of each live symbol with its right neighbour.
    ranks: Vec<u32>,
    queue: BinaryHeap<Reverse<Candidate>>,
}

impl<'a> LongMerge<'a> {
    /// From symbols and their ends, fewer than 2^32.
    pub(super) fn new(
        merges: &'a Merges,
        ids: &'a mut Vec<TokenId>,
        ends: &'a mut Vec<u32>,
    ) -> Self {
        let len = u32::try_from(ids.len()).expect("no more symbols than bytes in a piece");
        let mut ranks: Vec<u32> =
            ids.windows(2).map(|pair| merges.rank(pair[0], pair[1])).collect();
        ranks.push(NO_RANK);
        let candidates = (0..)
            .zip(&ranks)
            .filter(|&(_, &rank)| rank != NO_RANK)
            .map(|(at, &rank)| Reverse((rank, at)))
            .collect::<Vec<_>>();
        Self {
            merges,
            ids,
            ends,
            before: (0..len).map(|at| at.wrapping_sub(1)).collect(),
            after: (1..=len).collect(),
            ranks,
            queue: BinaryHeap::from(candidates),
        }
    }

    /// Merge until nothing merges.
    pub(super) fn run(mut self) {
        while let Some(Reverse(top)) = self.queue.pop() {
            self.consider(top);
        }
        self.compact();
    }

    /// Merge, leaving each candidate out with the given chance; those left out are tried again after
    /// the next one that is not.
    pub(super) fn run_with_dropout(mut self, dropout: &mut Dropout<'_>) {
        let mut skipped = Vec::new();
        while let Some(Reverse(top)) = self.queue.pop() {
            if dropout.random.f32() < dropout.chance {
                skipped.push(Reverse(top));
            } else {
                self.queue.extend(skipped.drain(..));
                self.consider(top);
            }
        }
        self.compact();
    }

    fn consider(&mut self, candidate: Candidate) {
        let (rank, at) = candidate;
        let current = self.ranks[at as usize];
        let made = self.merges.result(rank);
        if current == rank || (current != NO_RANK && self.merges.result(current) == made) {
            self.join(at, made);
        }
    }

    fn join(&mut self, at: u32, id: TokenId) {
        let here = at as usize;
        let swallowed = self.after[here] as usize;
        let next = self.after[swallowed];
        self.ids[here] = id;
        self.ends[here] = self.ends[swallowed];
        self.after[here] = next;
        self.ranks[swallowed] = NO_RANK;
        if let Some(before) = self.before.get_mut(next as usize) {
            *before = at;
        }
        // The first symbol's left neighbour is u32::MAX, which is no position.
        let left = self.before[here];
        if (left as usize) < self.ids.len() {
            self.rank_anew(left, self.ids[left as usize], id);
        }
        match self.ids.get(next as usize) {
            Some(&right) => self.rank_anew(at, id, right),
            None => self.ranks[here] = NO_RANK,
        }
    }

    fn rank_anew(&mut self, at: u32, left: TokenId, right: TokenId) {
        let rank = self.merges.rank(left, right);
        self.ranks[at as usize] = rank;
        if rank != NO_RANK {
            self.queue.push(Reverse((rank, at)));
        }
    }

    /// Close the gaps that swallowed symbols left.
    fn compact(self) {
        let mut from = 0;
        let mut to = 0;
        while from < self.ids.len() {
            self.ids[to] = self.ids[from];
            self.ends[to] = self.ends[from];
            from = self.after[from] as usize;
            to += 1;
        }
        self.ids.truncate(to);
        self.ends.truncate(to);
    }
}
