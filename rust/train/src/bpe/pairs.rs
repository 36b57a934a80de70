//! Pairs of neighbours, and what one round of merging changes.

use fissile_core::TokenId;

use super::counts::PairCounts;

/// Two symbols that stand next to each other.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Pair(pub(crate) TokenId, pub(crate) TokenId);

/// What a round of merging one pair changes, gathered by the neighbour on either side: two tables by
/// symbol are quicker than one by pair.
#[derive(Default)]
pub(crate) struct Round {
    pub(crate) pair: Pair,
    pub(crate) merged: TokenId,
    /// How often the pair was merged, words counted as often as they occur.
    pub(crate) merges: i64,
    /// Whether the pair has to be looked for in all of a word that it stands in: it may have come up more
    /// than once, and each time at other places.
    pub(crate) whole: bool,
    /// Which symbols were made more than once.
    again: Vec<bool>,
    left: Side,
    right: Side,
}

/// The neighbours on one side.
#[derive(Default)]
struct Side {
    by_symbol: Vec<Beside>,
    touched: Vec<TokenId>,
    /// Symbols with the places at which they came to stand beside the merged one.
    found: Vec<(TokenId, u32)>,
    /// The same places, those of each symbol together.
    grouped: Vec<u32>,
}

/// What becomes of the pairs of one neighbour.
#[derive(Default, Clone, Copy)]
struct Beside {
    /// How often its pair with the old symbol is no more.
    lost: i64,
    /// How often its pair with the merged symbol came up.
    found: i64,
    /// At how many places that was.
    places: u32,
    /// The last of them; while they are grouped, where the next one goes.
    last: u32,
}

impl Side {
    #[inline]
    fn at(&mut self, symbol: TokenId) -> &mut Beside {
        let beside = &mut self.by_symbol[symbol as usize];
        if beside.lost == 0 && beside.places == 0 {
            self.touched.push(symbol);
        }
        beside
    }

    #[inline]
    fn lose(&mut self, symbol: TokenId, count: i64) {
        self.at(symbol).lost += count;
    }

    #[inline]
    fn find(&mut self, symbol: TokenId, count: i64, place: u32) {
        let beside = self.at(symbol);
        beside.found += count;
        if beside.places == 0 || beside.last != place {
            beside.places += 1;
            beside.last = place;
            self.found.push((symbol, place));
        }
    }

    /// Hand to `take` how often each symbol's old pair is no more.
    fn lost(&self, mut take: impl FnMut(TokenId, i64)) {
        let lost = |&symbol: &TokenId| (symbol, self.by_symbol[symbol as usize].lost);
        self.touched.iter().map(lost).filter(|(_, lost)| *lost != 0).for_each(|(s, l)| take(s, l));
    }

    /// Hand the pairs that came up to `take`, and forget everything.
    fn take(&mut self, mut take: impl FnMut(TokenId, i64, &[u32])) {
        let Self { by_symbol, touched, found, grouped } = self;
        let mut next = 0;
        for &symbol in &*touched {
            let beside = &mut by_symbol[symbol as usize];
            beside.last = next;
            next += beside.places;
        }
        grouped.clear();
        grouped.resize(next as usize, 0);
        for (symbol, place) in found.drain(..) {
            let beside = &mut by_symbol[symbol as usize];
            grouped[beside.last as usize] = place;
            beside.last += 1;
        }
        for symbol in touched.drain(..) {
            let beside = std::mem::take(&mut by_symbol[symbol as usize]);
            if beside.places > 0 {
                let places = (beside.last - beside.places) as usize..beside.last as usize;
                take(symbol, beside.found, &grouped[places]);
            }
        }
    }
}

impl Round {
    /// Begin: `pair` becomes `merged`, and there were so many `symbols` before.
    pub(crate) fn begin(&mut self, pair: Pair, merged: TokenId, symbols: usize) {
        (self.pair, self.merged) = (pair, merged);
        let is_known = (merged as usize) < symbols;
        let symbols = symbols.max(merged as usize + 1);
        self.left.by_symbol.resize(symbols, Beside::default());
        self.right.by_symbol.resize(symbols, Beside::default());
        self.again.resize(symbols, false);
        self.whole = self.again[pair.0 as usize] || self.again[pair.1 as usize];
        self.again[merged as usize] |= is_known;
    }

    /// `left` was followed by the pair's first symbol, and is no more.
    #[inline]
    pub(crate) fn lose_left(&mut self, left: TokenId, count: i64) {
        self.left.lose(left, count);
    }

    /// `right` followed the pair's second symbol, and does no more.
    #[inline]
    pub(crate) fn lose_right(&mut self, right: TokenId, count: i64) {
        self.right.lose(right, count);
    }

    /// `left` is followed by the merged symbol.
    #[inline]
    pub(crate) fn find_left(&mut self, left: TokenId, count: i64, place: u32) {
        self.left.find(left, count, place);
    }

    /// `right` follows the merged symbol.
    #[inline]
    pub(crate) fn find_right(&mut self, right: TokenId, count: i64, place: u32) {
        self.right.find(right, count, place);
    }

    /// Bring the counts up to date, and give out the pairs that came up, with their counts and the
    /// places at which they did. `changed` is given all pairs whose counts changed.
    pub(crate) fn end(
        &mut self,
        counts: &mut PairCounts,
        mut give: impl FnMut(Pair, i64, &[u32]),
        mut changed: impl FnMut(Pair),
    ) {
        let Self { pair: Pair(first, second), merged, .. } = *self;
        for &left in &self.left.touched {
            counts.expect(Pair(left, first));
            counts.expect(Pair(left, merged));
        }
        for &right in &self.right.touched {
            counts.expect(Pair(second, right));
            counts.expect(Pair(merged, right));
        }
        let mut change = |pair: Pair, by: i64| {
            changed(pair);
            counts.add(pair, by)
        };
        self.left.lost(|left, lost| _ = change(Pair(left, first), -lost));
        self.right.lost(|right, lost| _ = change(Pair(second, right), -lost));
        // The merged symbol beside itself can have been found from both sides.
        let mut twin: Vec<u32> = Vec::new();
        self.left.take(|left, found, places| {
            let count = change(Pair(left, merged), found);
            if left == merged {
                twin.extend(places);
            } else {
                give(Pair(left, merged), count, places);
            }
        });
        self.right.take(|right, found, places| {
            let count = change(Pair(merged, right), found);
            if right == merged {
                twin.extend(places);
            } else {
                give(Pair(merged, right), count, places);
            }
        });
        if !twin.is_empty() {
            twin.sort_unstable();
            twin.dedup();
            give(Pair(merged, merged), counts.get(Pair(merged, merged)), &twin);
        }
    }
}
