//! Word-level, Unigram, several languages; and the door to all trainers.

use fissile_core::AddedToken;
use fissile_core::models::Model;
use fissile_core::stages::Tokenize;
use fissile_train::parity::Variant;
use fissile_train::{
    BpeTrainer, ParityBpeTrainer, Progress, Trainer, UnigramTrainer, WordCounts, WordLevelTrainer,
};

use crate::counting::tokenizer;

#[test]
fn frequent_words_come_first() {
    let counts: WordCounts =
        [("the", 25), ("roses", 22), ("are", 24), ("red", 12), ("blue", 12), ("x", 1)]
            .into_iter()
            .collect();
    let trainer = WordLevelTrainer {
        vocab_size: 6,
        min_frequency: 2,
        special_tokens: vec![AddedToken::new("[UNK]", true)],
        ..WordLevelTrainer::default()
    };
    let model = trainer.train(&counts, "[UNK]");
    let tokens: Vec<&str> = model.vocab().iter().map(|(token, _)| token).collect();
    assert_eq!(tokens, ["[UNK]", "the", "are", "roses", "blue", "red"]);
}

#[test]
fn a_trainer_trains_its_own_kind_of_model() {
    let trainer = Trainer::Bpe(BpeTrainer::default());
    let error = trainer.check(tokenizer(None).model()).unwrap_err();
    assert_eq!(error.message(), "BpeTrainer can only train a BPE");
    assert!(Trainer::WordLevel(WordLevelTrainer::default()).check(tokenizer(None).model()).is_ok());
}

fn hugs() -> WordCounts {
    [("hug", 10), ("pug", 5), ("pun", 12), ("bun", 4), ("hugs", 5), ("huggers", 3)]
        .into_iter()
        .collect()
}

#[test]
fn unigram_keeps_all_characters_and_the_best_pieces() {
    let trainer = UnigramTrainer {
        vocab_size: 14,
        unk_token: Some("<unk>".to_owned()),
        initial_alphabet: vec!['z'],
        ..UnigramTrainer::default()
    };
    let model = trainer.train(&hugs(), &mut Progress::silent()).unwrap();
    assert!(model.vocab_size() <= 14);
    assert_eq!(model.pieces()[0], ("<unk>".to_owned(), 0.0));
    assert_eq!(model.options().unk_id, Some(0));
    for character in "hugpnbsrez".chars() {
        assert!(model.token_to_id(&character.to_string()).is_some(), "{character}");
    }
    assert!(model.token_to_id("ug").is_some());
    let again = trainer.train(&hugs(), &mut Progress::silent()).unwrap();
    assert_eq!(model.pieces(), again.pieces());
}

#[test]
fn unigram_says_what_cannot_be() {
    let train = |trainer: UnigramTrainer| {
        trainer.train(&hugs(), &mut Progress::silent()).unwrap_err().message().to_owned()
    };
    let small = UnigramTrainer { vocab_size: 4, ..UnigramTrainer::default() };
    assert_eq!(train(small), "The vocabulary is not large enough to contain all chars");
    let endless = UnigramTrainer { shrinking_factor: 1.0, ..UnigramTrainer::default() };
    assert_eq!(train(endless), "the vocabulary would never shrink");
}

#[test]
fn a_word_of_any_length_is_segmented() {
    let long = "abcabdabeab".repeat(2000);
    let counts: WordCounts = [(long.as_str(), 1), ("ab", 2)].into_iter().collect();
    let trainer = UnigramTrainer { vocab_size: 20, ..UnigramTrainer::default() };
    let model = trainer.train(&counts, &mut Progress::silent()).unwrap();
    assert!(model.pieces().iter().all(|(_, score)| score.is_finite()));
    assert!(model.token_to_id("ab").is_some());
}

fn merges(trainer: &ParityBpeTrainer, words: [&[(&str, u64)]; 2]) -> Vec<String> {
    let tables = words.map(|words| words.iter().copied().collect::<WordCounts>());
    let model = trainer.train(&tables, &[], &mut Progress::silent()).unwrap();
    model.merges().map(|(left, right)| [left, right].join(" ")).collect()
}

#[test]
fn languages_take_turns() {
    // The reference's own examples.
    let trainer = ParityBpeTrainer { num_merges: 6, ..ParityBpeTrainer::default() };
    let got = merges(&trainer, [&[("aabb", 10)], &[("ccdd", 10)]]);
    assert_eq!(got, ["b b", "d d", "a bb", "c dd", "a abb", "c cdd"]);
    let trainer = ParityBpeTrainer {
        num_merges: 4,
        ratio: Some(vec![1.0, 2.0]),
        ..ParityBpeTrainer::default()
    };
    let got = merges(&trainer, [&[("aabb", 10)], &[("ccdd", 10)]]);
    assert_eq!(got, ["d d", "c dd", "b b", "c cdd"]);
    let trainer = ParityBpeTrainer {
        num_merges: 4,
        ratio: Some(vec![1.0, 3.0]),
        variant: Variant::Window,
        window_size: 2,
        alpha: 1.0,
        ..ParityBpeTrainer::default()
    };
    let got = merges(&trainer, [&[("aabb", 10)], &[("ccdd", 10)]]);
    assert_eq!(got, ["d d", "c dd", "b b", "c cdd"]);
}

#[test]
fn the_first_merges_can_be_those_of_all_languages() {
    let trainer =
        ParityBpeTrainer { num_merges: 4, global_merges: 4, ..ParityBpeTrainer::default() };
    let got = merges(&trainer, [&[("abab", 10), ("xyxy", 5)], &[("abab", 5), ("xyxy", 10)]]);
    assert_eq!(got, ["x y", "a b", "xy xy", "ab ab"]);
}

#[test]
fn settings_have_to_fit_the_languages() {
    let trainer = ParityBpeTrainer { ratio: Some(vec![1.0; 3]), ..ParityBpeTrainer::default() };
    let table: WordCounts = [("ab", 10)].into_iter().collect();
    assert!(trainer.train(&[table], &[], &mut Progress::silent()).is_err());
    assert!(trainer.train(&[], &[], &mut Progress::silent()).is_err());
}

#[test]
fn the_door_leads_to_the_model() {
    let model = tokenizer(None).model().clone();
    let trainer = Trainer::WordLevel(WordLevelTrainer::default());
    let trained = trainer.train(&model, &hugs(), &mut Progress::silent()).unwrap();
    assert!(matches!(&trained, Model::WordLevel(model) if model.unk_token() == "[UNK]"));
}
