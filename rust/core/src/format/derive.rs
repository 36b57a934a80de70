//! Merges from tokens that come in an order but without rules: the vocabularies of tiktoken and of
//! SentencePiece, which join any two neighbours that together are a token.
//!
//! One rule for each token says the same. Whatever stands around a token's symbols, as long as nothing
//! was joined over their two ends, inside of them happens what happens to them alone; so only the
//! two parts that merging leaves of a token by itself, just before it is made, ever meet to make it.
//! A token that merging never brings to two such parts is never made.

use crate::models::bpe::join_all;
use crate::util::hash::Map;

/// Longer tokens are merged with a queue rather than by looking at all pairs again and again.
const SCANNED: usize = 64;

/// The pair that makes each of `count` tokens, which are numbered in the order of their making: the
/// lower number goes first, but for those with the same `order`, of which the leftmost does. `symbols`
/// appends what a token is made of at the start, in token numbers, and says whether it can be made at all.
pub(super) fn one_merge_each(
    count: usize,
    order: impl Fn(u32) -> u32,
    symbols: impl Fn(usize, &mut Vec<u32>) -> bool,
) -> Vec<Option<(u32, u32)>> {
    let mut merger = Merger { pairs: Map::default(), parts: Vec::new(), order };
    let mut by_length: Vec<(usize, u32)> = Vec::with_capacity(count);
    for (index, token) in (0..count).zip(0u32..) {
        merger.parts.clear();
        if symbols(index, &mut merger.parts) && merger.parts.len() > 1 {
            by_length.push((merger.parts.len(), token));
        }
    }
    // Inside of a token only shorter ones are made, so their pairs have to be known first.
    by_length.sort_unstable();
    let mut made = vec![None; count];
    for (_, token) in by_length {
        merger.parts.clear();
        symbols(token as usize, &mut merger.parts);
        if let Some(pair) = merger.two_parts() {
            merger.pairs.insert(pair, token);
            made[token as usize] = Some(pair);
        }
    }
    made
}

/// Merges symbols by the pairs known so far.
struct Merger<O> {
    pairs: Map<(u32, u32), u32>,
    parts: Vec<u32>,
    order: O,
}

impl<O: Fn(u32) -> u32> Merger<O> {
    /// The two parts that merging leaves, or `None` where it leaves more.
    fn two_parts(&mut self) -> Option<(u32, u32)> {
        if self.parts.len() > SCANNED {
            self.merge_by_queue();
        } else {
            self.merge_by_scan();
        }
        match self.parts[..] {
            [left, right] => Some((left, right)),
            _ => None,
        }
    }

    fn merge_by_scan(&mut self) {
        while self.parts.len() > 2 {
            let pairs = self.parts.windows(2).enumerate();
            let known = pairs.filter_map(|(at, pair)| {
                let made = *self.pairs.get(&(pair[0], pair[1]))?;
                Some(((self.order)(made), at, made))
            });
            let Some((_, at, merged)) = known.min() else { return };
            self.parts[at] = merged;
            self.parts.remove(at + 1);
        }
    }

    fn merge_by_queue(&mut self) {
        let rule =
            |left, right| self.pairs.get(&(left, right)).map(|&made| ((self.order)(made), made));
        let left = join_all(&mut self.parts, rule);
        self.parts = left.into_iter().map(|at| self.parts[at]).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens as letters; a letter is its own first symbol.
    fn derive(tokens: &[&str]) -> Vec<Option<(u32, u32)>> {
        one_merge_each(
            tokens.len(),
            |made| made,
            |index, out| {
                let number =
                    |letter: char| tokens.iter().position(|token| token.chars().eq([letter]));
                let found = tokens[index]
                    .chars()
                    .map(|letter| number(letter).map(|at| out.push(u32::try_from(at).unwrap())));
                found.collect::<Option<Vec<()>>>().is_some()
            },
        )
    }

    #[test]
    fn a_token_has_one_merge_or_none() {
        let tokens = ["a", "b", "c", "ab", "bc", "abc", "cab", "xyz", "ccc"];
        let merges = derive(&tokens);
        assert_eq!(
            merges[3..],
            [Some((0, 1)), Some((1, 2)), Some((3, 2)), Some((2, 3)), None, None]
        );
    }

    #[test]
    fn a_part_may_come_later_than_the_whole() {
        assert_eq!(derive(&["a", "b", "c", "abc", "ab"])[3..], [Some((4, 2)), Some((0, 1))]);
    }

    #[test]
    fn queue_and_scan_agree() {
        let mut random = fastrand::Rng::with_seed(3);
        let mut merger =
            Merger { pairs: Map::default(), parts: Vec::new(), order: |made| made / 4 };
        for merged in 3..60 {
            merger.pairs.insert((random.u32(0..merged), random.u32(0..merged)), merged);
        }
        for _ in 0..50 {
            let text: Vec<u32> = (0..200).map(|_| random.u32(0..3)).collect();
            merger.parts.clone_from(&text);
            merger.merge_by_scan();
            let scanned = std::mem::replace(&mut merger.parts, text);
            merger.merge_by_queue();
            assert_eq!(merger.parts, scanned);
        }
    }
}
