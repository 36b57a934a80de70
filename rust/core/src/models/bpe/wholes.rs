//! Tokens that merging makes of their own bytes, told without merging.
//!
//! A token's last merge puts two parts together. It comes to that if each part is made of its own bytes, and if nothing
//! was merged across their seam before. Going back in time from the seam, undoing the later one of the two
//! merges beside it each time, every pair that ever stood there is seen, with the rank up to which it did; it
//! was merged if its own rank is lower.
//!
//! Only for merges of which each makes a token of its own, later than its parts: then the order of ranks is that of
//! time.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::token::TokenId;
use crate::vocab::merges::{Merges, NO_RANK};

/// What is known of a token.
const UNKNOWN: u8 = 0;
const WHOLE: u8 = 1;
const NOT_WHOLE: u8 = 2;

/// The merge that makes each token, and what was found out so far.
pub(super) struct Wholes {
    /// By id, the rank of the merge; [`NO_RANK`] where there is none.
    made_by: Box<[u32]>,
    /// By id. Each is found out at most once by each thread, and all find the same.
    known: Box<[AtomicU8]>,
}

impl Wholes {
    /// `None` where a token is made by several merges or before its parts, or a merge makes one of `bytes`.
    pub(super) fn new(merges: &Merges, bytes: &[TokenId; 256]) -> Option<Self> {
        let ids = merges.iter().flat_map(|merge| [merge.left, merge.right, merge.result]);
        let bound = ids.chain(bytes.iter().copied()).max()? as usize + 1;
        let mut made_by = vec![NO_RANK; bound].into_boxed_slice();
        let known: Box<[_]> = (0..bound).map(|_| AtomicU8::new(UNKNOWN)).collect();
        for &id in bytes {
            known[id as usize].store(WHOLE, Ordering::Relaxed);
        }
        let mut is_part = vec![false; bound];
        for (rank, merge) in (0..).zip(merges.iter()) {
            let result = merge.result as usize;
            is_part[merge.left as usize] = true;
            is_part[merge.right as usize] = true;
            let is_byte = known[result].load(Ordering::Relaxed) == WHOLE;
            if made_by[result] != NO_RANK || is_part[result] || is_byte {
                return None;
            }
            made_by[result] = rank;
        }
        Some(Self { made_by, known })
    }

    /// Whether merging makes this token of its own bytes.
    pub(super) fn has(&self, id: TokenId, merges: &Merges) -> bool {
        let Some(known) = self.known.get(id as usize) else { return false };
        match known.load(Ordering::Relaxed) {
            UNKNOWN => {
                let is_whole = self.is_made(id, merges);
                let found = if is_whole { WHOLE } else { NOT_WHOLE };
                known.store(found, Ordering::Relaxed);
                is_whole
            }
            found => found == WHOLE,
        }
    }

    fn is_made(&self, id: TokenId, merges: &Merges) -> bool {
        let rank = self.made_by[id as usize];
        rank != NO_RANK && {
            // Parts are shorter than what they make, and tokens that are asked for are short.
            let merge = merges.merge(rank);
            self.has(merge.left, merges)
                && self.has(merge.right, merges)
                && self.stay_apart(merge.left, merge.right, rank, merges)
        }
    }

    /// Whether two tokens side by side, each made of its own bytes, are not merged across their seam by a rank
    /// below `limit`.
    fn stay_apart(&self, left: TokenId, right: TokenId, limit: u32, merges: &Merges) -> bool {
        let (mut left, mut right, mut limit) = (left, right, limit);
        loop {
            if merges.rank(left, right) < limit {
                return false;
            }
            let (left_rank, right_rank) =
                (self.made_by[left as usize], self.made_by[right as usize]);
            // Bytes were there from the beginning: nothing to undo.
            let undo_left =
                left_rank != NO_RANK && (right_rank == NO_RANK || left_rank > right_rank);
            if undo_left {
                (left, limit) = (merges.merge(left_rank).right, left_rank);
            } else if right_rank != NO_RANK {
                // Of equal pairs that overlap the leftmost is merged, which is the one at the seam.
                (right, limit) = (merges.merge(right_rank).left, right_rank + 1);
            } else {
                return true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::merge::LongMerge;
    use super::*;
    use crate::vocab::merges::Merge;

    /// Tokens 0 to 255 are bytes; each choice of two tokens before makes the next one.
    fn merges(choices: &[(usize, usize)]) -> (Merges, Vec<Vec<u32>>) {
        let mut tokens: Vec<Vec<u32>> = (0..256).map(|byte| vec![byte]).collect();
        let mut rules: Vec<Merge> = Vec::new();
        for &(left, right) in choices {
            // Few bytes, so that seams come about.
            let pick = |at: usize| if at < 3 { at } else { 253 + at };
            let among = 3 + tokens.len() - 256;
            let (left, right) = (pick(left % among), pick(right % among));
            let made = [&*tokens[left], &*tokens[right]].concat();
            if made.len() > 64 || tokens.contains(&made) {
                continue;
            }
            let id = |token: usize| u32::try_from(token).unwrap();
            rules.push(Merge { left: id(left), right: id(right), result: id(tokens.len()) });
            tokens.push(made);
        }
        (Merges::new(rules), tokens)
    }

    #[test]
    fn what_is_told_is_what_merging_makes() {
        let mut random = fastrand::Rng::with_seed(3);
        let bytes = std::array::from_fn(|byte| u32::try_from(byte).unwrap());
        let (mut whole, mut not_whole) = (0, 0);
        for _ in 0..2000 {
            let choices: Vec<_> = (0..random.usize(1..40))
                .map(|_| (random.usize(..64), random.usize(..64)))
                .collect();
            let (merges, tokens) = merges(&choices);
            let wholes = Wholes::new(&merges, &bytes).unwrap();
            for id in (256..u32::try_from(tokens.len()).unwrap()).rev() {
                let token = &tokens[id as usize];
                let (mut ids, mut ends) = (token.clone(), (1..).take(token.len()).collect());
                LongMerge::new(&merges, &mut ids, &mut ends).run();
                assert_eq!(wholes.has(id, &merges), ids == [id], "{choices:?} {id}");
                if ids == [id] { whole += 1 } else { not_whole += 1 }
            }
        }
        assert!(whole > 5000 && not_whole > 2000, "{whole} {not_whole}");
    }

    #[test]
    fn tokens_of_several_merges_are_left_alone() {
        let bytes = std::array::from_fn(|byte| u32::try_from(byte).unwrap());
        let rule = |left, right, result| Merge { left, right, result };
        let several = [rule(0, 1, 256), rule(1, 2, 257), rule(256, 2, 258), rule(0, 257, 258)];
        assert!(Wholes::new(&Merges::new(several.to_vec()), &bytes).is_none());
        let before_its_parts = [rule(256, 0, 257), rule(0, 1, 256)];
        assert!(Wholes::new(&Merges::new(before_its_parts.to_vec()), &bytes).is_none());
        assert!(Wholes::new(&Merges::new(vec![rule(0, 1, 2)]), &bytes).is_none());
    }
}
