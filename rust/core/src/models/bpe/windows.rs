//! Long pieces, a window of symbols at a time: linear, and many times faster than one queue over all.
//!
//! Tokens stand side by side in the merge of a whole piece exactly if each two neighbours stand side by
//! side when the symbols of these two are merged alone: the first rule that joined symbols across a
//! boundary would be the best one there with the neighbours alone as well. So the tokens of one window,
//! but for the last few, which what follows may change, and those of a next window that begins where they
//! end are right together if the two tokens at the seam are; that is tried. Where windows do not come
//! together the caller merges the piece as a whole.
//!
//! Only for [regular](super::BpeTables) merges, of which the best is always the leftmost of lowest rank.

use super::merge::{LongMerge, SHORT, ShortMerge};
use crate::token::TokenId;
use crate::vocab::merges::Merges;

/// Tokens at the end of a window that are not taken, since the symbols behind may change them.
const UNSURE: usize = 2;
/// A window that does not meet the tokens before it is made so many times as wide, up to the widest, and
/// narrow again after so many that did.
const WIDER: usize = 4;
const WIDEST: usize = SHORT * WIDER * WIDER * WIDER;
const NARROW_AFTER: usize = 64;
/// More windows than one for so many symbols, and some besides, and the piece is merged as a whole.
const SYMBOLS_PER_WINDOW: usize = 16;
const MORE_WINDOWS: usize = 64;

/// A token, and where the symbols begin and end that it covers.
type Token = (TokenId, usize, usize);

/// Merge symbols until nothing merges. `ends` holds where each ends.
pub(super) fn merge_all(
    merges: &Merges,
    is_regular: bool,
    ids: &mut Vec<TokenId>,
    ends: &mut Vec<u32>,
) {
    let tokens = if is_regular { Windows::new(merges, ids).merge() } else { None };
    let Some(tokens) = tokens else { return LongMerge::new(merges, ids, ends).run() };
    for (to, &(id, _, end)) in tokens.iter().enumerate() {
        // Never behind what is still to be read: a token covers one symbol at least.
        ids[to] = id;
        ends[to] = ends[end - 1];
    }
    ids.truncate(tokens.len());
    ends.truncate(tokens.len());
}

struct Windows<'a> {
    merges: &'a Merges,
    symbols: &'a [TokenId],
    tokens: Vec<Token>,
    /// The window merged last and its tokens, for pieces that repeat themselves.
    window: (&'a [TokenId], Vec<Token>),
    /// The seam tried last: the symbols of both tokens, those of the left one, and whether it holds.
    seam: (&'a [TokenId], usize, bool),
}

impl<'a> Windows<'a> {
    fn new(merges: &'a Merges, symbols: &'a [TokenId]) -> Self {
        let tokens = Vec::with_capacity(symbols.len() / 3);
        Self { merges, symbols, tokens, window: (&[], Vec::new()), seam: (&[], 0, false) }
    }

    /// The tokens of all symbols; `None` where windows do not meet.
    fn merge(mut self) -> Option<Vec<Token>> {
        let (mut start, mut width, mut met) = (0, SHORT, 0);
        // Bounded, since a window may end where the one before it did that met nothing.
        for _ in 0..self.symbols.len() / SYMBOLS_PER_WINDOW + MORE_WINDOWS {
            let end = self.symbols.len().min(start + width);
            self.merge_window(start, end);
            let first = self.window.1[0].2;
            if self.holds(start, start + first) {
                start = self.take(start, end);
                met += 1;
                if met == NARROW_AFTER {
                    (width, met) = (SHORT, 0);
                }
            } else {
                // Begin a token earlier, so that the window sees both sides of the seam.
                start = self.tokens.pop()?.1;
                (width, met) = ((width * WIDER).min(WIDEST), 0);
            }
            if start == self.symbols.len() {
                return Some(self.tokens);
            }
        }
        None
    }

    fn merge_window(&mut self, start: usize, end: usize) {
        let symbols = &self.symbols[start..end];
        if symbols == self.window.0 {
            return;
        }
        self.window.0 = symbols;
        self.window.1.clear();
        if symbols.len() <= SHORT {
            let ranked = |_, left, right| self.merges.rank(left, right);
            let mut short = ShortMerge::new(symbols.iter().copied(), ranked);
            short.run(self.merges);
            let tokens = short.tokens().map(|(id, start, end)| (id, start as usize, end as usize));
            self.window.1.extend(tokens);
            return;
        }
        let (mut ids, mut ends) = (symbols.to_vec(), (1..).take(symbols.len()).collect());
        LongMerge::new(self.merges, &mut ids, &mut ends).run();
        let mut start = 0;
        self.window.1.extend(ids.into_iter().zip(ends).map(|(id, end)| {
            let token = (id, start, end as usize);
            start = end as usize;
            token
        }));
    }

    /// Take the tokens of the window that are sure enough, one at least; where the next one begins.
    fn take(&mut self, start: usize, end: usize) -> usize {
        let found = &self.window.1;
        let is_last = end == self.symbols.len();
        let count = if is_last { found.len() } else { found.len().saturating_sub(UNSURE).max(1) };
        let moved = found[..count].iter().map(|&(id, from, to)| (id, start + from, start + to));
        self.tokens.extend(moved);
        start + found[count - 1].2
    }

    /// Whether the last token taken and the symbols from `start` to `end`, which are one token by
    /// themselves, stay two tokens when they are merged together.
    fn holds(&mut self, start: usize, end: usize) -> bool {
        let Some(&(_, from, _)) = self.tokens.last() else { return true };
        let (both, left) = (&self.symbols[from..end], start - from);
        if (both, left) != (self.seam.0, self.seam.1) {
            self.seam = (both, left, self.stay_apart(both, left));
        }
        self.seam.2
    }

    fn stay_apart(&self, both: &[TokenId], left: usize) -> bool {
        if both.len() <= SHORT {
            let ranked = |_, left, right| self.merges.rank(left, right);
            let mut short = ShortMerge::new(both.iter().copied(), ranked);
            short.run(self.merges);
            let mut tokens = short.tokens();
            return tokens.next().is_some_and(|(_, _, end)| end as usize == left)
                && tokens.next().is_some_and(|(_, _, end)| end as usize == both.len());
        }
        let (mut ids, mut ends) = (both.to_vec(), (1..).take(both.len()).collect());
        LongMerge::new(self.merges, &mut ids, &mut ends).run();
        ends.len() == 2 && ends[0] as usize == left
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::merges::Merge;

    /// Symbols 0 to 3, and a rule for each of the pairs that `choices` picks of the tokens so far.
    fn merges(choices: &[(usize, usize)]) -> Merges {
        let mut tokens: Vec<Vec<u32>> = (0..4).map(|symbol| vec![symbol]).collect();
        let mut rules = Vec::new();
        for &(left, right) in choices {
            let (left, right) = (left % tokens.len(), right % tokens.len());
            let made = [&*tokens[left], &*tokens[right]].concat();
            // A text is one token, as in a vocabulary.
            let result = tokens.iter().position(|token| *token == made).unwrap_or(tokens.len());
            if result == tokens.len() {
                tokens.push(made);
            }
            let id = |token: usize| u32::try_from(token).expect("few tokens");
            rules.push(Merge { left: id(left), right: id(right), result: id(result) });
        }
        Merges::new(rules)
    }

    #[test]
    fn windows_give_what_one_queue_gives() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut by_windows = 0;
        for round in 0..600 {
            let count = random.usize(1..60);
            // Now and then rules that make long tokens, whose seams are longer than a window.
            let near = |random: &mut fastrand::Rng, at: usize| random.usize(at / 2..at + 4);
            let choices: Vec<_> = (0..count)
                .map(|at| match round % 3 {
                    0 => (random.usize(..64), random.usize(..64)),
                    _ => (near(&mut random, at), near(&mut random, at)),
                })
                .collect();
            let merges = merges(&choices);
            let few = random.u32(1..5);
            let symbols: Vec<u32> = (0..random.usize(60..900)).map(|_| random.u32(..few)).collect();
            let (mut ids, mut ends) = (symbols.clone(), (1..).take(symbols.len()).collect());
            LongMerge::new(&merges, &mut ids, &mut ends).run();
            let Some(tokens) = Windows::new(&merges, &symbols).merge() else { continue };
            by_windows += 1;
            let found: Vec<_> = tokens.iter().map(|&(id, _, end)| (id, end)).collect();
            let expected = ids.into_iter().zip(ends.into_iter().map(|end: u32| end as usize));
            assert_eq!(found, expected.collect::<Vec<_>>(), "{choices:?} {symbols:?}");
        }
        assert!(by_windows > 300, "{by_windows}");
    }

    #[test]
    fn tokens_longer_than_a_window_come_to_an_end() {
        for doublings in 1..11 {
            // Each rule doubles the token before: symbols 0, then tokens 4, 5, and so on.
            let last = |at: usize| if at == 0 { 0 } else { 3 + at };
            let choices: Vec<_> = (0..doublings).map(|at| (last(at), last(at))).collect();
            let merges = merges(&choices);
            for len in [64, 65, 1000, 5000] {
                let symbols = vec![0; len];
                let (mut ids, mut ends) = (symbols.clone(), (1..).take(len).collect::<Vec<u32>>());
                let (mut expected, mut expected_ends) = (ids.clone(), ends.clone());
                LongMerge::new(&merges, &mut expected, &mut expected_ends).run();
                merge_all(&merges, true, &mut ids, &mut ends);
                assert_eq!((ids, ends), (expected, expected_ends), "{doublings} {len}");
            }
        }
    }
}
