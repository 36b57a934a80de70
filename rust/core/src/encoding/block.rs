//! The tokens of many texts behind each other: what runs of a batch are parts of.

use std::ops::Range;

use crate::token::TokenId;
use crate::util::rooms::Room;

/// Columns of tokens in one memory: ids; where details are kept, all offsets behind all ids, then all words.
pub(crate) struct Block {
    room: Room,
    capacity: usize,
    detailed: bool,
    len: usize,
}

impl Block {
    /// Numbers that a token takes.
    pub(crate) fn width(detailed: bool) -> usize {
        if detailed { 4 } else { 1 }
    }

    /// For as many tokens as there is room for.
    pub(crate) fn new(room: Room, detailed: bool) -> Self {
        let capacity = room.as_slice().len() / Self::width(detailed);
        Self { room, capacity, detailed, len: 0 }
    }

    /// How many tokens it has room for.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity
    }

    /// Append the tokens of a text, and say where they are; `None` if there is no room for all of them.
    pub(crate) fn append(
        &mut self,
        ids: &[TokenId],
        offsets: &[(u32, u32)],
        words: &[u32],
    ) -> Option<Range<usize>> {
        let range = self.len..self.len + ids.len();
        if range.end > self.capacity {
            return None;
        }
        let (all_ids, details) = self.room.as_mut_slice().split_at_mut(self.capacity);
        all_ids[range.clone()].copy_from_slice(ids);
        if self.detailed {
            let (all_offsets, all_words) = details.split_at_mut(2 * self.capacity);
            let (pairs, _) = all_offsets[2 * range.start..2 * range.end].as_chunks_mut();
            for (pair, &(start, end)) in pairs.iter_mut().zip(offsets) {
                *pair = [start, end];
            }
            all_words[range.clone()].copy_from_slice(words);
        }
        self.len = range.end;
        Some(range)
    }

    pub(crate) fn ids(&self, range: Range<usize>) -> &[TokenId] {
        &self.room.as_slice()[range]
    }

    /// Offsets, where they are kept.
    pub(crate) fn offsets(&self, range: Range<usize>) -> &[[u32; 2]] {
        if !self.detailed {
            return &[];
        }
        let all = &self.room.as_slice()[self.capacity..3 * self.capacity];
        &all.as_chunks().0[range]
    }

    /// Words, where they are kept.
    pub(crate) fn words(&self, range: Range<usize>) -> &[u32] {
        if !self.detailed {
            return &[];
        }
        &self.room.as_slice()[3 * self.capacity..][range]
    }
}
