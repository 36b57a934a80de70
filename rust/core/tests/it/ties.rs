//! Merges that are equally good: of neighbours that any of them could join, the leftmost are joined.

use std::ops::Range;

use fissile_core::models::Bpe;
use fissile_core::models::bpe::BpeOptions;
use fissile_core::stages::Tokenize;
use fissile_core::vocab::Vocab;
use proptest::prelude::*;

const TOKENS: [&str; 12] =
    ["a", "b", "c", "aa", "ab", "ba", "bc", "aab", "abc", "aba", "bcab", "aabc"];
const MERGES: [(&str, &str); 9] = [
    ("a", "a"),
    ("a", "b"),
    ("b", "a"),
    ("b", "c"),
    ("a", "ab"),
    ("ab", "c"),
    ("a", "ba"),
    ("bc", "ab"),
    ("aa", "bc"),
];

/// Join the neighbours of lowest order, the leftmost first, and look at all of them again.
fn naive(text: &str, merges: &[(&str, &str)], order: impl Fn(usize) -> usize) -> Vec<String> {
    let mut parts: Vec<String> = text.chars().map(String::from).collect();
    loop {
        let pairs = parts.windows(2).enumerate().filter_map(|(at, pair)| {
            let rank = merges.iter().position(|(left, right)| pair == [*left, *right])?;
            Some((order(rank), at))
        });
        let Some((_, at)) = pairs.min() else { return parts };
        let right = parts.remove(at + 1);
        parts[at] += &right;
    }
}

proptest! {
    #[test]
    fn they_join_from_the_left(
        merges in Just(MERGES.to_vec()).prop_shuffle(),
        start in 0_u32..8, length in 1_u32..9,
        text in "[abc]{0,80}",
    ) {
        let ties: Range<u32> = start..(start + length).min(9);
        let group = ties.start as usize..ties.end as usize;
        let order = |rank: usize| if group.contains(&rank) { group.start } else { rank };
        let vocab = || Vocab::from_pairs(TOKENS.iter().zip(0..));
        let rules = merges.iter().copied();
        let tied = Bpe::with_ties(vocab(), rules, vec![ties.clone()], BpeOptions::default()).unwrap();
        let tokens = tied.tokenize(&text).unwrap();
        let found: Vec<_> = tokens.iter().map(|token| token.value.clone()).collect();
        prop_assert_eq!(&found, &naive(&text, &merges, order));
        let mut end = 0;
        for token in &tokens {
            prop_assert_eq!(token.span.start, end);
            prop_assert_eq!(&text[token.span.range()], &token.value);
            end = token.span.end;
        }
    }
}

#[test]
fn groups_that_are_none_are_refused() {
    let vocab = Vocab::from_pairs(TOKENS.iter().zip(0..));
    for ties in [vec![0..10], vec![3..3], vec![2..4, 3..5], vec![4..6, 0..2]] {
        let bpe = Bpe::with_ties(vocab.clone(), MERGES, ties, BpeOptions::default());
        assert!(bpe.unwrap_err().field().is_some_and(|field| field.starts_with("ties[")));
    }
}
