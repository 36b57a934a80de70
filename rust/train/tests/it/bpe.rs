//! BPE: the reference's own examples, its habits, and the twin.

use fissile_core::AddedToken;
use fissile_core::models::bpe::BpeOptions;
use fissile_train::{BpeTrainer, Progress, WordCounts, WordPieceTrainer};

use crate::twin;

fn tokens_and_merges(trainer: &BpeTrainer, counts: &WordCounts) -> (Vec<String>, Vec<String>) {
    let model = trainer.train(counts, &BpeOptions::default(), &mut Progress::silent()).unwrap();
    let tokens = model.vocab().iter().map(|(token, _)| token.to_owned()).collect();
    (tokens, model.merges().map(|(left, right)| [left, right].join(" ")).collect())
}

/// The last of equal merges counts.
fn last_of_each(merges: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for merge in merges.into_iter().rev() {
        if !kept.contains(&merge) {
            kept.push(merge);
        }
    }
    kept.reverse();
    kept
}

fn roses() -> WordCounts {
    let words = [
        ("roses", 1),
        ("are", 2),
        ("red", 1),
        ("voilets", 1),
        ("blue", 1),
        ("BERT", 1),
        ("is", 2),
        ("big", 1),
        ("and", 1),
        ("so", 1),
        ("GPT-2", 1),
    ];
    words.into_iter().collect()
}

/// Words over a small alphabet, the same in every run: pairs come up again and again.
fn noise(seed: u64, letters: &str, words: usize, longest: u64) -> WordCounts {
    let letters: Vec<char> = letters.chars().collect();
    let mut state = seed;
    let mut next = move |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut word = || -> String {
        let length = 1 + next(longest);
        (0..length).map(|_| letters[usize::try_from(next(letters.len() as u64)).unwrap()]).collect()
    };
    (0..words as u64).map(|count| (word(), 1 + count % 7)).collect()
}

#[test]
fn the_reference_s_example() {
    let trainer = BpeTrainer { min_frequency: 2, ..BpeTrainer::default() };
    let (tokens, merges) = tokens_and_merges(&trainer, &roses());
    let wanted = "- 2 B E G P R T a b d e g i l n o r s t u v re are is";
    assert_eq!(tokens.join(" "), wanted);
    assert_eq!(merges, ["r e", "a re", "i s"]);
}

#[test]
fn two_characters_are_merged_whatever_the_limit() {
    let counts: WordCounts = [("abab", 5), ("abc", 3)].into_iter().collect();
    for limit in [0, 1, 2, 3] {
        let trainer = BpeTrainer { max_token_length: Some(limit), ..BpeTrainer::default() };
        let (tokens, _) = tokens_and_merges(&trainer, &counts);
        assert!(tokens.contains(&"ab".to_owned()), "{limit}");
        assert!(tokens.iter().all(|token| token.chars().count() <= 2), "{limit}: {tokens:?}");
    }
}

#[test]
fn the_twin_agrees() {
    for seed in 0..40 {
        let counts = noise(seed, "abc", 30, 9);
        for (limit, min_frequency) in [(None, 0), (Some(4), 0), (Some(6), 0), (None, 12)] {
            let trainer = BpeTrainer {
                vocab_size: 90,
                min_frequency,
                max_token_length: limit,
                special_tokens: vec![AddedToken::new("<s>", true), AddedToken::new("ab", true)],
                ..BpeTrainer::default()
            };
            let (tokens, merges) = twin::train(&trainer, &counts);
            let got = tokens_and_merges(&trainer, &counts);
            assert_eq!(got, (tokens, last_of_each(merges)), "seed {seed}, limit {limit:?}");
        }
    }
}

#[test]
fn the_twin_agrees_on_long_words() {
    for seed in 0..6 {
        let mut counts = noise(seed, "abcd", 12, 300);
        counts.merge(&noise(seed + 100, "abcd", 40, 8)).unwrap();
        let counts = counts.sorted();
        for limit in [None, Some(5)] {
            let trainer =
                BpeTrainer { vocab_size: 200, max_token_length: limit, ..BpeTrainer::default() };
            let (tokens, merges) = twin::train(&trainer, &counts);
            let got = tokens_and_merges(&trainer, &counts);
            assert_eq!(got, (tokens, last_of_each(merges)), "seed {seed}, limit {limit:?}");
        }
    }
}

#[test]
fn the_size_of_a_vocabulary_that_is_never_reached_leaves_no_trace() {
    for seed in 0..10 {
        // With long words, too.
        let mut counts = noise(seed, "abcd", 60, 12);
        counts.merge(&noise(seed + 50, "ab", 3, 300)).unwrap();
        let counts = counts.sorted();
        let learned = [10_000, 100_000].map(|vocab_size| {
            tokens_and_merges(&BpeTrainer { vocab_size, ..BpeTrainer::default() }, &counts)
        });
        assert!(learned[0].0.len() < 10_000);
        assert_eq!(learned[0], learned[1], "seed {seed}");
    }
}

#[test]
fn the_rarest_characters_are_left_out() {
    let counts: WordCounts = [("aab", 4), ("ac", 2), ("d", 2)].into_iter().collect();
    let trainer = BpeTrainer {
        limit_alphabet: Some(3),
        initial_alphabet: vec!['z'],
        vocab_size: 4,
        ..BpeTrainer::default()
    };
    let (tokens, _) = tokens_and_merges(&trainer, &counts);
    assert_eq!(tokens, ["a", "b", "z", "aa"]);
}

#[test]
fn affixes_make_symbols_of_their_own() {
    let counts: WordCounts = [("aba", 3), ("ab", 1)].into_iter().collect();
    let trainer = BpeTrainer {
        continuing_subword_prefix: Some("##".to_owned()),
        end_of_word_suffix: Some("</w>".to_owned()),
        ..BpeTrainer::default()
    };
    let (tokens, merges) = tokens_and_merges(&trainer, &counts);
    let wanted = "a b ##a</w> ##b ##b</w> ab aba</w> ab</w>";
    assert_eq!(tokens.join(" "), wanted);
    assert_eq!(merges, ["a ##b", "ab ##a</w>", "a ##b</w>"]);
}

#[test]
fn word_pieces_are_merges_without_their_order() {
    let trainer = WordPieceTrainer {
        bpe: BpeTrainer {
            vocab_size: 30,
            special_tokens: vec![AddedToken::new("[UNK]", true)],
            ..WordPieceTrainer::default().bpe
        },
    };
    let options = fissile_core::models::wordpiece::WordPieceOptions::default();
    let model = trainer.train(&roses(), &options, &mut Progress::silent()).unwrap();
    assert_eq!(model.vocab().id("[UNK]"), Some(0));
    assert!(model.vocab().id("##s").is_some());
    assert_eq!(model.options().continuing_subword_prefix, "##");
}

#[test]
fn the_listener_can_stop_the_training() {
    let mut told = 0;
    let mut progress = Progress::to(|_, _, _| {
        told += 1;
        Err(fissile_core::Error::new(fissile_core::ErrorKind::Interrupted, "enough"))
    });
    let trainer = BpeTrainer::default();
    let result = trainer.train(&roses(), &BpeOptions::default(), &mut progress);
    assert_eq!(result.unwrap_err().message(), "enough");
    drop(progress);
    assert_eq!(told, 1);
}
