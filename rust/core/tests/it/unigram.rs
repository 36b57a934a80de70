//! Unigram: what the reference gives, what all ways drawn out give, and the laws of sampling.

use std::path::Path;

use fissile_core::Result;
use fissile_core::models::PieceTokens;
use fissile_core::models::unigram::{Unigram, UnigramOptions};
use fissile_core::stages::Tokenize;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    pieces: Vec<(String, f64)>,
    unk_id: Option<usize>,
    byte_fallback: bool,
    refused: Option<String>,
    #[serde(default)]
    texts: Vec<(String, Expected)>,
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(untagged)]
enum Expected {
    Tokens(Vec<(u32, String, usize, usize)>),
    Error(String),
}

impl Case {
    fn model(&self) -> Result<Unigram> {
        let options = UnigramOptions {
            unk_id: self.unk_id,
            byte_fallback: self.byte_fallback,
            ..UnigramOptions::default()
        };
        Unigram::new(self.pieces.clone(), options)
    }
}

fn outcome(model: &Unigram, text: &str) -> Expected {
    let mut numbers = PieceTokens::new();
    let by_number = model.encode_piece(text, &mut numbers);
    match model.tokenize(text) {
        Ok(tokens) => {
            let ids: Vec<u32> = tokens.iter().map(|token| token.id).collect();
            assert_eq!(ids, numbers.ids, "two roads for {text:?}");
            Expected::Tokens(
                tokens.into_iter().map(|t| (t.id, t.value, t.span.start, t.span.end)).collect(),
            )
        }
        Err(error) => {
            assert!(by_number.is_err());
            Expected::Error(error.message().to_owned())
        }
    }
}

#[test]
fn golden_values() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/unigram.toml");
    let golden: Golden = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(golden.case.len() > 20);
    for case in &golden.case {
        match (case.model(), &case.refused) {
            (Ok(model), None) => {
                for (text, expected) in &case.texts {
                    assert_eq!(&outcome(&model, text), expected, "{}: {text:?}", case.name);
                }
            }
            (Err(error), Some(refused)) => assert_eq!(error.message(), refused, "{}", case.name),
            (found, _) => panic!("{}: {:?}", case.name, found.map(|_| ())),
        }
    }
}

fn model(pieces: &[(&str, f64)]) -> Unigram {
    let pieces = pieces.iter().map(|&(piece, score)| (piece.to_owned(), score)).collect();
    Unigram::new(pieces, UnigramOptions { unk_id: Some(0), ..UnigramOptions::default() }).unwrap()
}

/// The score of the best segmentation, tried one by one.
fn best_score(pieces: &[(String, f64)], text: &str) -> f64 {
    let min = pieces.iter().map(|&(_, score)| score).fold(f64::INFINITY, f64::min);
    let mut best = vec![f64::NEG_INFINITY; text.len() + 1];
    best[0] = 0.0;
    for (start, character) in text.char_indices() {
        let char_end = start + character.len_utf8();
        let here = best[start];
        let mut known = false;
        for (piece, score) in &pieces[1..] {
            if text[start..].starts_with(piece.as_str()) {
                let end = start + piece.len();
                known |= end == char_end;
                best[end] = best[end].max(here + score);
            }
        }
        if !known {
            best[char_end] = best[char_end].max(here + min - 10.0);
        }
    }
    best[text.len()]
}

fn pieces() -> impl Strategy<Value = Vec<(String, f64)>> {
    let scored = ("[abé漢]{1,4}", -8..0i32).prop_map(|(piece, score)| (piece, f64::from(score)));
    proptest::collection::vec(scored, 1..20).prop_map(|mut pieces| {
        pieces.sort_by(|a, b| a.0.cmp(&b.0));
        pieces.dedup_by(|a, b| a.0 == b.0);
        pieces.insert(0, ("<unk>".to_owned(), 0.0));
        pieces
    })
}

proptest! {
    #[test]
    fn no_segmentation_is_better(pieces in pieces(), text in "[abé漢x]{0,24}") {
        let options = UnigramOptions { unk_id: Some(0), ..UnigramOptions::default() };
        let model = Unigram::new(pieces.clone(), options).unwrap();
        let mut tokens = PieceTokens::new();
        model.encode_piece(&text, &mut tokens).unwrap();
        let unknown = model.min_score() - 10.0;
        let score: f64 = tokens.iter().map(|(id, span)| match id {
            0 => unknown * text[span.range()].chars().count() as f64,
            _ => pieces[id as usize].1,
        }).sum();
        prop_assert_eq!(score, best_score(&pieces, &text));
        let spans: Vec<_> = tokens.iter().map(|(_, span)| span).collect();
        let joined: String = spans.iter().map(|span| &text[span.range()]).collect();
        prop_assert_eq!(&joined, &text);
        // The lattice is the slow twin: its best path is the same.
        prop_assert_eq!(model.nbest(&text, 1), vec![tokens.ids.clone()]);
        // Of several that are equally good, the search for more than one may meet another first; unknowns
        // are joined in the ids, so that their score cannot be read from them.
        let nbest = model.nbest(&text, 4);
        if !tokens.ids.contains(&0) {
            let score_of = |ids: &[u32]| ids.iter().map(|&id| pieces[id as usize].1).sum::<f64>();
            prop_assert_eq!(score_of(&nbest[0]), score_of(&tokens.ids));
        }
    }

    #[test]
    fn sampling_covers_the_text_and_repeats(
        pieces in pieces(), text in "[abé漢x]{1,12}", seed: u64, nbest in -1..5i64,
    ) {
        let options = UnigramOptions {
            unk_id: Some(0), alpha: Some(0.3), nbest_size: Some(nbest), seed: Some(seed),
            ..UnigramOptions::default()
        };
        let model = Unigram::new(pieces, options).unwrap();
        let first = model.tokenize(&text).unwrap();
        prop_assert_eq!(&first, &model.tokenize(&text).unwrap());
        let joined: String = first.iter().map(|token| &text[token.span.range()]).collect();
        prop_assert_eq!(joined, text);
    }
}

#[test]
fn n_best_in_order() {
    let model = model(&[("<unk>", 0.0), ("a", -1.0), ("b", -1.5), ("ab", -2.0), ("abb", -5.0)]);
    let all = model.nbest("abb", 10);
    assert_eq!(all, [vec![3, 2], vec![1, 2, 2], vec![4]]);
    assert_eq!(model.nbest("abb", 2), all[..2]);
    assert_eq!(model.nbest("abb", 0), Vec::<Vec<u32>>::new());
    assert_eq!(model.nbest("", 3), [Vec::<u32>::new()]);
}

#[test]
fn sampling_draws_more_than_the_best() {
    let pieces = [("<unk>", 0.0), ("a", -1.0), ("b", -1.0), ("ab", -1.5)];
    let mut counts = [0; 3];
    let mut tokens = PieceTokens::new();
    let options = UnigramOptions { unk_id: Some(0), alpha: Some(1.0), ..UnigramOptions::default() };
    let sampling = model(&pieces).with_options(options).unwrap();
    for seed in 0..300 {
        let options = UnigramOptions { seed: Some(seed), ..sampling.options().clone() };
        tokens.reset_random();
        sampling.with_options(options).unwrap().encode_piece("ab", &mut tokens).unwrap();
        counts[tokens.len()] += 1;
    }
    assert_eq!(counts[0], 0);
    assert!(counts[1] > 100 && counts[2] > 50, "{counts:?}");
    // Sampling out of one is taking the best, and an alpha of 0 is none.
    for options in [
        UnigramOptions { nbest_size: Some(1), ..sampling.options().clone() },
        UnigramOptions { alpha: Some(0.0), ..sampling.options().clone() },
    ] {
        assert_eq!(sampling.with_options(options).unwrap().tokenize("ab").unwrap().len(), 1);
    }
}

#[test]
fn options_change_without_new_tables() {
    let model = model(&[("<unk>", 0.0), ("a", -1.0), ("<0x62>", -2.0)]);
    assert_eq!(model.tokenize("ab").unwrap()[1].id, 0);
    let bytes = UnigramOptions { byte_fallback: true, ..model.options().clone() };
    assert_eq!(model.with_options(bytes).unwrap().tokenize("ab").unwrap()[1].value, "<0x62>");
    let outside = UnigramOptions { unk_id: Some(3), ..UnigramOptions::default() };
    assert!(model.with_options(outside).is_err());
    let none = model.with_options(UnigramOptions::default()).unwrap();
    assert!(none.tokenize("ab").is_err() && none.tokenize("a").is_ok());
}

#[test]
fn long_pieces_of_one_letter() {
    let model = model(&[("<unk>", 0.0), ("a", -1.0), ("aa", -1.5), ("aaaa", -2.5)]);
    let text = "a".repeat(200_001);
    assert_eq!(model.tokenize(&text).unwrap().len(), 50_001);
    assert_eq!(model.tokenize(&"x".repeat(100_000)).unwrap().len(), 1);
}
