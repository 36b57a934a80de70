//! The symbols of all words, each where its text is.
//!
//! A symbol keeps the cells of all that it was merged of. What stood at a cell is found there, or is no more:
//! nothing has to be looked through, and nothing moves.

use fissile_core::TokenId;
use fissile_core::util::prefetch::prefetch;

use super::pairs::{Pair, Round};

/// What a cell is: as small as the symbols allow.
pub(super) trait Cell: Copy + Eq {
    /// From here on, cells hold no symbol but its width.
    const WIDE: u32;
    /// Stands for a word whose symbols are elsewhere.
    const ELSEWHERE: u32 = Self::WIDE + 0xFE;
    /// Stands between two words.
    const BETWEEN: u32 = Self::WIDE + 0xFF;

    fn of(value: u32) -> Self;

    fn value(self) -> u32;
}

impl Cell for u16 {
    const WIDE: u32 = 0xFF00;

    #[inline]
    fn of(value: u32) -> Self {
        value as u16
    }

    #[inline]
    fn value(self) -> u32 {
        u32::from(self)
    }
}

impl Cell for u32 {
    const WIDE: u32 = 0xFFFF_FF00;

    #[inline]
    fn of(value: u32) -> Self {
        value
    }

    #[inline]
    fn value(self) -> u32 {
        self
    }
}

/// Cells of a word at most.
pub(super) const LONGEST: usize = 128;

/// Words behind each other.
pub(super) struct Cells<C> {
    /// Of a symbol of one cell: its number. Of a wider one: its number first, [`Cell::WIDE`] and its width in
    /// its second and its last cell, and no numbers between these.
    cells: Vec<C>,
    /// Pairs have to be narrower than this to be counted.
    limit: usize,
}

impl<C: Cell> Cells<C> {
    pub(super) fn new(limit: Option<usize>) -> Self {
        Self { cells: vec![C::of(C::BETWEEN)], limit: limit.unwrap_or(usize::MAX) }
    }

    #[inline]
    fn at(&self, at: usize) -> u32 {
        self.cells[at].value()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// A cell will be needed soon.
    #[inline]
    pub(super) fn expect(&self, at: u32) {
        prefetch(&self.cells[at as usize]);
    }

    /// Take in a word of at most [`LONGEST`] cells; `width` says how many a symbol takes.
    pub(super) fn push(&mut self, word: &[TokenId], width: impl Fn(&TokenId) -> u32) {
        for symbol in word {
            self.cells.push(C::of(*symbol));
            let width = width(symbol);
            self.cells.extend((1..width).map(|_| C::of(C::WIDE | width)));
        }
        self.cells.push(C::of(C::BETWEEN));
    }

    /// Take in a word whose symbols are elsewhere.
    pub(super) fn push_elsewhere(&mut self) {
        self.cells.extend([C::ELSEWHERE, C::BETWEEN].map(C::of));
    }

    /// Whether a cell stands for a word whose symbols are elsewhere.
    #[inline]
    pub(super) fn is_elsewhere(&self, at: u32) -> bool {
        self.at(at as usize) == C::ELSEWHERE
    }

    /// Hand all pairs of the word that begins at a cell to `take`; where the next word begins.
    pub(super) fn each_pair(&self, word: usize, mut take: impl FnMut(Pair, u32)) -> usize {
        let mut at = word;
        loop {
            let next = self.end(at);
            if self.at(next) == C::BETWEEN {
                return next + 1;
            }
            take(Pair(self.at(at), self.at(next)), at as u32);
            at = next;
        }
    }

    /// Where the symbol that begins at a cell ends.
    #[inline]
    fn end(&self, at: usize) -> usize {
        // The next symbol, or the end of the word, is no width.
        let width = (self.at(at + 1) ^ C::WIDE) as usize;
        at + if width <= LONGEST { width } else { 1 }
    }

    /// Where the symbol begins that ends before a cell; none where a word begins.
    #[inline]
    fn before(&self, at: usize) -> Option<usize> {
        match self.at(at - 1) {
            symbol if symbol < C::WIDE => Some(at - 1),
            between if between == C::BETWEEN => None,
            wide => Some(at - (wide ^ C::WIDE) as usize),
        }
    }

    /// Merge the round's pair if it stands at a cell.
    #[inline]
    pub(super) fn merge_at(&mut self, at: u32, count: impl FnOnce() -> i64, round: &mut Round) {
        let (at, Pair(first, second)) = (at as usize, round.pair);
        if self.at(at) == first {
            let middle = self.end(at);
            if self.at(middle) == second {
                self.join(at, middle, count(), round);
            }
        }
    }

    /// Merge the round's pair wherever it stands in the word that has a cell.
    pub(super) fn merge_around(&mut self, at: u32, count: i64, round: &mut Round) {
        let Pair(first, second) = round.pair;
        let mut at = at as usize;
        while self.at(at - 1) != C::BETWEEN {
            at -= 1;
        }
        while self.at(at) != C::BETWEEN {
            let middle = self.end(at);
            if self.at(at) == first && self.at(middle) == second {
                self.join(at, middle, count, round);
            }
            at = self.end(at);
        }
    }

    /// Merge two symbols, and say what that changes.
    #[inline]
    fn join(&mut self, at: usize, middle: usize, count: i64, round: &mut Round) {
        let end = self.end(middle);
        let width = end - at;
        if let Some(before) = self.before(at) {
            let left = self.at(before);
            round.lose_left(left, count);
            if end - before < self.limit {
                round.find_left(left, count, before as u32);
            }
        }
        let right = self.at(end);
        if right != C::BETWEEN {
            round.lose_right(right, count);
            if self.limit == usize::MAX || self.end(end) - at < self.limit {
                round.find_right(right, count, at as u32);
            }
        }
        round.merges = round.merges.saturating_add(count);
        self.cells[at] = C::of(round.merged);
        let wide = C::of(C::WIDE | width as u32);
        self.cells[at + 1] = wide;
        self.cells[middle] = wide;
        self.cells[end - 1] = wide;
    }
}
