//! What BPE tokens are merged from.
//!
//! Most tokens are the result of one merge. Vocabularies that came from rank files have one for every way
//! to cut a token in two; only one of them is ever carried out last, and merging the token's characters by
//! rank shows which.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use fissile_core::TokenId;
use fissile_core::models::Bpe;
use fissile_core::util::hash::Map;

/// By token, the two tokens that it is merged from at last.
pub(super) struct Parts(Vec<Option<[TokenId; 2]>>);

impl Parts {
    /// No token is merged from others.
    pub(super) fn none(bound: usize) -> Self {
        Self(vec![None; bound])
    }

    /// Of all tokens of a model, whose ids are below `bound`.
    pub(super) fn of(bpe: &Bpe, bound: usize) -> Self {
        let rules = Rules::of(bpe);
        let mut parts = Self::none(bound);
        let characters = rules.characters(bpe, bound);
        for (&result, merges) in &rules.by_result {
            let last = match merges[..] {
                [one] => Some(one),
                _ => characters[result as usize]
                    .as_deref()
                    .and_then(|symbols| rules.last_merge(symbols, result)),
            };
            parts.0[result as usize] = last;
        }
        parts
    }

    /// Of a token; none of one that no merge makes.
    pub(super) fn of_token(&self, id: TokenId) -> Option<[TokenId; 2]> {
        self.0[id as usize]
    }
}

/// The merges.
struct Rules {
    /// By pair, the rank and the result.
    by_pair: Map<[TokenId; 2], (u32, TokenId)>,
    by_result: Map<TokenId, Vec<[TokenId; 2]>>,
}

impl Rules {
    fn of(bpe: &Bpe) -> Self {
        let mut rules = Self { by_pair: Map::default(), by_result: Map::default() };
        for (rank, (left, right, result)) in (0..).zip(merges(bpe)) {
            // Of two merges of one pair the later one counts.
            if rules.by_pair.insert([left, right], (rank, result)).is_none() {
                rules.by_result.entry(result).or_default().push([left, right]);
            }
        }
        rules
    }

    /// The symbols without parts that each token with several merges is made of.
    fn characters(&self, bpe: &Bpe, bound: usize) -> Vec<Option<Vec<TokenId>>> {
        let mut characters: Vec<Option<Vec<TokenId>>> = vec![None; bound];
        if self.by_result.values().all(|merges| merges.len() == 1) {
            return characters;
        }
        // Parts are shorter than what they make.
        let mut order: Vec<(usize, TokenId)> = (self.by_result.keys())
            .map(|&id| (bpe.vocab().token(id).map_or(0, str::len), id))
            .collect();
        order.sort_unstable();
        for (_, id) in order {
            let [left, right] = self.by_result[&id][0];
            let of = |part: TokenId| match &characters[part as usize] {
                Some(symbols) => Some(symbols.clone()),
                None => (!self.by_result.contains_key(&part)).then(|| vec![part]),
            };
            characters[id as usize] =
                of(left).zip(of(right)).map(|parts| [parts.0, parts.1].concat());
        }
        characters
    }

    /// Merge symbols by rank, the leftmost of equal ones first; the last merge, if `wanted` comes out.
    fn last_merge(&self, symbols: &[TokenId], wanted: TokenId) -> Option<[TokenId; 2]> {
        let mut symbols = symbols.to_vec();
        let mut next: Vec<usize> = (1..=symbols.len()).collect();
        let mut previous: Vec<Option<usize>> =
            (0..symbols.len()).map(|at| at.checked_sub(1)).collect();
        let mut gone = vec![false; symbols.len()];
        let mut queue = BinaryHeap::new();
        let push = |queue: &mut BinaryHeap<_>, pair: [TokenId; 2], at: usize| {
            if let Some(&(rank, result)) = self.by_pair.get(&pair) {
                queue.push(Reverse((rank, at, pair, result)));
            }
        };
        for (at, pair) in symbols.windows(2).enumerate() {
            push(&mut queue, [pair[0], pair[1]], at);
        }
        let mut last = None;
        while let Some(Reverse((_, at, pair, result))) = queue.pop() {
            let right = next[at];
            if gone[at] || right == symbols.len() || [symbols[at], symbols[right]] != pair {
                continue;
            }
            symbols[at] = result;
            gone[right] = true;
            next[at] = next[right];
            if let Some(beside) = previous.get_mut(next[at]) {
                *beside = Some(at);
                push(&mut queue, [result, symbols[next[at]]], at);
            }
            if let Some(left) = previous[at] {
                push(&mut queue, [symbols[left], result], left);
            }
            last = Some(pair);
        }
        last.filter(|_| next[0] == symbols.len() && symbols[0] == wanted)
    }
}

/// All merges by rank: left, right, result.
pub(super) fn merges(bpe: &Bpe) -> impl Iterator<Item = (TokenId, TokenId, TokenId)> {
    let prefix = bpe.options().continuing_subword_prefix.as_ref().map_or(0, String::len);
    let id = |text: &str| bpe.vocab().id(text);
    bpe.merges().filter_map(move |(left, right)| {
        let result = [left.as_bytes(), right.as_bytes().get(prefix..)?].concat();
        Some((id(left)?, id(right)?, bpe.vocab().id_of_bytes(&result)?))
    })
}
