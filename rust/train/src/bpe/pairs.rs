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

    /// A count as the queue orders by it: one below zero comes before all others.
    pub(crate) fn priority(&self, pair: Pair) -> u64 {
        priority(self.0.get(&pair).copied().unwrap_or_default())
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

impl News {
    #[inline]
    fn add(&mut self, symbol: TokenId, count: i64, word: u32) {
        let found = &mut self.by_symbol[symbol as usize];
        if found.words.is_empty() {
            self.touched.push(symbol);
        }
        found.add(count, word);
    }

    fn take(&mut self) -> impl Iterator<Item = (TokenId, Found)> {
        let by_symbol = &mut self.by_symbol;
        let take = move |symbol| (symbol, std::mem::take(&mut by_symbol[symbol as usize]));
        self.touched.drain(..).map(take)
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

    /// Bring the counts up to date, and give out the pairs that came up.
    pub(crate) fn end(
        &mut self,
        counts: &mut PairCounts,
        mut give: impl FnMut(Pair, i64, Vec<u32>),
    ) {
        let Self { pair: Pair(first, second), merged, .. } = *self;
        for (left, lost) in self.left_lost.take() {
            counts.add(Pair(left, first), -lost);
        }
        for (right, lost) in self.right_lost.take() {
            counts.add(Pair(second, right), -lost);
        }
        // The merged symbol beside itself can have been found from both sides.
        let mut twin = Found::default();
        let mut found = Vec::new();
        for (left, news) in self.left_found.take() {
            counts.add(Pair(left, merged), news.count);
            if left == merged { twin = news } else { found.push((Pair(left, merged), news.words)) }
        }
        for (right, news) in self.right_found.take() {
            counts.add(Pair(merged, right), news.count);
            if right == merged {
                twin.words.extend(news.words);
                twin.words.sort_unstable();
                twin.words.dedup();
            } else {
                found.push((Pair(merged, right), news.words));
            }
        }
        if !twin.words.is_empty() {
            found.push((Pair(merged, merged), twin.words));
        }
        for (pair, words) in found {
            let count = counts.add(pair, 0);
            if count > 0 {
                give(pair, count, words);
            }
        }
    }
}
