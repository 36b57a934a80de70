//! Merging in long words: whole texts, where there is no pre-tokenizer.

use std::ops::Range;

use fissile_core::util::hash::Map;
use fissile_core::{Result, TokenId};

use super::pairs::{Pair, Round};
use super::words::too_long;

/// A long word of which the pair of a round may be a part.
pub(super) struct LongWord {
    /// Its number among all words.
    pub(super) word: u32,
    /// Its number among the long ones.
    pub(super) number: u32,
    /// How often it occurs.
    pub(super) count: i64,
}

/// Long words: symbols that know their neighbours, and where each pair stands.
#[derive(Default)]
pub(super) struct Long {
    /// Where each word begins and ends.
    words: Vec<Range<usize>>,
    symbols: Vec<TokenId>,
    next: Vec<u32>,
    previous: Vec<u32>,
    widths: Vec<u32>,
    /// Positions of the left symbols; some of them may be outdated.
    places: Map<Pair, Vec<u32>>,
}

/// No neighbour, or no symbol any more.
const NONE: u32 = u32::MAX;

impl Long {
    /// Take in a word. Words are numbered as they come.
    pub(super) fn push(&mut self, word: &[TokenId]) -> Result<()> {
        let (begin, end) = (self.symbols.len(), self.symbols.len() + word.len());
        let to = u32::try_from(end).ok().filter(|&end| end < NONE).ok_or_else(too_long)?;
        let from = begin as u32;
        self.symbols.extend_from_slice(word);
        self.next.extend((from..to).map(|at| if at + 1 == to { NONE } else { at + 1 }));
        self.previous.extend((from..to).map(|at| if at == from { NONE } else { at - 1 }));
        self.words.push(begin..end);
        Ok(())
    }

    /// Remember how wide each symbol is.
    pub(super) fn measure(&mut self, wide: impl FnMut(&TokenId) -> u32) {
        self.widths = self.symbols.iter().map(wide).collect();
    }

    /// Give out the pairs of a word.
    pub(super) fn each_pair(&self, number: u32, mut give: impl FnMut(Pair)) {
        let symbols = &self.symbols[self.words[number as usize].clone()];
        symbols.windows(2).for_each(|pair| give(Pair(pair[0], pair[1])));
    }

    /// Remember where all pairs stand.
    pub(super) fn note_pairs(&mut self) {
        for word in &self.words {
            for (at, pair) in (word.start as u32..).zip(self.symbols[word.clone()].windows(2)) {
                self.places.entry(Pair(pair[0], pair[1])).or_default().push(at);
            }
        }
    }

    /// Merge the round's pair in some words, which come in order.
    pub(super) fn merge(&mut self, words: &[LongWord], limit: usize, round: &mut Round) {
        let mut places = self.places.remove(&round.pair).unwrap_or_default();
        places.sort_unstable();
        let mut elsewhere = Vec::new();
        let mut words = words.iter().peekable();
        for at in places {
            let ends_before =
                |word: &&LongWord| self.words[word.number as usize].end <= at as usize;
            while words.next_if(ends_before).is_some() {}
            match words.peek() {
                Some(word) if self.words[word.number as usize].start <= at as usize => {
                    self.merge_at(at, word.word, word.count, limit, round);
                }
                _ => elsewhere.push(at),
            }
        }
        if !elsewhere.is_empty() {
            self.places.insert(round.pair, elsewhere);
        }
    }

    fn merge_at(&mut self, at: u32, word: u32, count: i64, limit: usize, round: &mut Round) {
        let (here, second) = (at as usize, self.next[at as usize]);
        let Pair(first, behind) = round.pair;
        // A place is outdated when one of its symbols has been merged.
        if self.symbols[here] != first || second == NONE || self.symbols[second as usize] != behind
        {
            return;
        }
        let (left, right) = (self.previous[here], self.next[second as usize]);
        round.merges = round.merges.saturating_add(count);
        self.symbols[here] = round.merged;
        self.symbols[second as usize] = NONE;
        self.next[here] = right;
        if right != NONE {
            self.previous[right as usize] = at;
        }
        if !self.widths.is_empty() {
            self.widths[here] += self.widths[second as usize];
        }
        if left != NONE {
            let symbol = self.symbols[left as usize];
            round.lose_left(symbol, count);
            self.places.entry(Pair(symbol, round.merged)).or_default().push(left);
            if self.is_narrow(left, at, limit) {
                round.find_left(symbol, count, word);
            }
        }
        if right != NONE {
            let symbol = self.symbols[right as usize];
            round.lose_right(symbol, count);
            self.places.entry(Pair(round.merged, symbol)).or_default().push(at);
            if self.is_narrow(at, right, limit) {
                round.find_right(symbol, count, word);
            }
        }
    }

    fn is_narrow(&self, left: u32, right: u32, limit: usize) -> bool {
        let width = |at: u32| self.widths.get(at as usize).copied().unwrap_or_default() as usize;
        width(left) + width(right) < limit
    }
}
