//! Pairs of neighbours: how often they occur, and what one round of merging changes.

use fissile_core::TokenId;
use fissile_core::util::hash::Map;

/// Two symbols that stand next to each other.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Pair(pub(crate) TokenId, pub(crate) TokenId);

/// How often each pair occurs. Counts can fall below zero, as in the reference.
#[derive(Default)]
pub(crate) struct PairCounts(Map<Pair, i64>);

impl PairCounts {
    /// Add to a count; the sum.
    pub(crate) fn add(&mut self, pair: Pair, change: i64) -> i64 {
        let count = self.0.entry(pair).or_default();
        *count = count.saturating_add(change);
        *count
    }

    /// A count.
    pub(crate) fn get(&self, pair: Pair) -> i64 {
        self.0.get(&pair).copied().unwrap_or_default()
    }

    /// Set a count to nothing.
    pub(crate) fn reset(&mut self, pair: Pair) {
        self.0.insert(pair, 0);
    }

    /// A count as the queue orders by it: one below zero comes before all others.
    pub(crate) fn priority(&self, pair: Pair) -> u64 {
        priority(self.get(pair))
    }
}

pub(crate) fn priority(count: i64) -> u64 {
    count.cast_unsigned()
}

/// A pair as it came up in one round: how much its count rose, and in which words.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) count: i64,
    /// Each once; long words behind the others, and in order.
    pub(crate) words: Vec<u32>,
}

impl Found {
    pub(crate) fn add(&mut self, count: i64, word: u32) {
        self.count += count;
        if self.words.last() != Some(&word) {
            self.words.push(word);
        }
    }
}

/// What a round of merging one pair changes, gathered by the neighbour on either side: four tables by
/// symbol are quicker than one by pair.
#[derive(Default)]
pub(crate) struct Round {
    pub(crate) pair: Pair,
    pub(crate) merged: TokenId,
    /// How often the pair was merged, words counted as often as they occur.
    pub(crate) merges: i64,
    left_lost: Lost,
    right_lost: Lost,
    left_found: News,
    right_found: News,
}

/// By neighbour, how often a pair is no more.
#[derive(Default)]
struct Lost {
    by_symbol: Vec<i64>,
    touched: Vec<TokenId>,
}

impl Lost {
    #[inline]
    fn add(&mut self, symbol: TokenId, count: i64) {
        let sum = &mut self.by_symbol[symbol as usize];
        if *sum == 0 {
            self.touched.push(symbol);
        }
        *sum += count;
    }

    fn take(&mut self) -> impl Iterator<Item = (TokenId, i64)> {
        let by_symbol = &mut self.by_symbol;
        let take = move |symbol| (symbol, std::mem::take(&mut by_symbol[symbol as usize]));
        self.touched.drain(..).map(take)
    }
}

/// By neighbour, the pairs that came up.
#[derive(Default)]
struct News {
    by_symbol: Vec<Found>,
    touched: Vec<TokenId>,
}

/// Lists of so many words are kept for the next round; longer ones are rare, and given back.
const KEPT: usize = 256;

impl News {
    #[inline]
    fn add(&mut self, symbol: TokenId, count: i64, word: u32) {
        let found = &mut self.by_symbol[symbol as usize];
        if found.words.is_empty() {
            self.touched.push(symbol);
        }
        found.add(count, word);
    }

    /// Hand what came up to `take`, and forget it.
    fn take(&mut self, mut take: impl FnMut(TokenId, i64, &[u32])) {
        for symbol in self.touched.drain(..) {
            let found = &mut self.by_symbol[symbol as usize];
            take(symbol, found.count, &found.words);
            found.count = 0;
            if found.words.capacity() > KEPT {
                found.words = Vec::new();
            } else {
                found.words.clear();
            }
        }
    }
}

impl Round {
    /// Begin: `pair` becomes `merged`, one of `symbols` symbols.
    pub(crate) fn begin(&mut self, pair: Pair, merged: TokenId, symbols: usize) {
        (self.pair, self.merged) = (pair, merged);
        self.left_lost.by_symbol.resize(symbols, 0);
        self.right_lost.by_symbol.resize(symbols, 0);
        self.left_found.by_symbol.resize_with(symbols, Found::default);
        self.right_found.by_symbol.resize_with(symbols, Found::default);
    }

    /// `left` was followed by the pair's first symbol, and is no more.
    #[inline]
    pub(crate) fn lose_left(&mut self, left: TokenId, count: i64) {
        self.left_lost.add(left, count);
    }

    /// `right` followed the pair's second symbol, and does no more.
    #[inline]
    pub(crate) fn lose_right(&mut self, right: TokenId, count: i64) {
        self.right_lost.add(right, count);
    }

    /// `left` is followed by the merged symbol.
    #[inline]
    pub(crate) fn find_left(&mut self, left: TokenId, count: i64, word: u32) {
        self.left_found.add(left, count, word);
    }

    /// `right` follows the merged symbol.
    #[inline]
    pub(crate) fn find_right(&mut self, right: TokenId, count: i64, word: u32) {
        self.right_found.add(right, count, word);
    }

    /// Bring the counts up to date, and give out the pairs that came up, with their counts and the
    /// words in which they did. Returns all pairs whose counts changed.
    pub(crate) fn end(
        &mut self,
        counts: &mut PairCounts,
        mut give: impl FnMut(Pair, i64, &[u32]),
    ) -> Vec<Pair> {
        let Self { pair: Pair(first, second), merged, .. } = *self;
        let mut changed = Vec::new();
        let mut change = |pair: Pair, by: i64| {
            changed.push(pair);
            counts.add(pair, by)
        };
        self.left_lost.take().for_each(|(left, lost)| _ = change(Pair(left, first), -lost));
        self.right_lost.take().for_each(|(right, lost)| _ = change(Pair(second, right), -lost));
        // The merged symbol beside itself can have been found from both sides.
        let mut twin: Vec<u32> = Vec::new();
        self.left_found.take(|left, found, words| {
            let count = change(Pair(left, merged), found);
            if left == merged {
                twin.extend(words);
            } else {
                give(Pair(left, merged), count, words);
            }
        });
        self.right_found.take(|right, found, words| {
            let count = change(Pair(merged, right), found);
            if right == merged {
                twin.extend(words);
            } else {
                give(Pair(merged, right), count, words);
            }
        });
        if !twin.is_empty() {
            twin.sort_unstable();
            twin.dedup();
            give(Pair(merged, merged), counts.get(Pair(merged, merged)), &twin);
        }
        changed
    }
}
