//! Counting: what counts as a word, and that neither threads nor batches leave a trace.

use fissile_core::models::{Model, WordLevel};
use fissile_core::normalizers::Normalizer;
use fissile_core::pre_tokenizers::PreTokenizer;
use fissile_core::text::byte_alphabet::ByteLevel;
use fissile_core::vocab::Vocab;
use fissile_core::{AddedToken, Tokenizer};
use fissile_train::{Counter, Progress, WordCounts};

pub(crate) fn tokenizer(pre_tokenizer: Option<PreTokenizer>) -> Tokenizer {
    let vocab = Vocab::from_pairs(std::iter::empty::<(&str, u32)>());
    let mut tokenizer = Tokenizer::new(Model::WordLevel(WordLevel::new(vocab, "[UNK]".into())));
    tokenizer.set_pre_tokenizer(pre_tokenizer);
    tokenizer
}

fn counted(tokenizer: &Tokenizer, batches: &[&[&str]], threads: usize) -> Vec<(String, u64)> {
    let mut counter = Counter::new(tokenizer, Some(threads));
    for batch in batches {
        counter.add(batch).unwrap();
    }
    let counts = counter.finish(&mut Progress::silent()).unwrap();
    counts.iter().map(|(word, count)| (word.to_owned(), count)).collect()
}

#[test]
fn words_are_the_pieces_that_the_model_would_see() {
    let cases: [(Option<PreTokenizer>, &str, &[&str]); 4] = [
        (None, "a b", &["a b"]),
        (Some(PreTokenizer::Whitespace), " a b,\u{a0}c ", &["a", "b", ",", "c"]),
        (Some(PreTokenizer::WhitespaceSplit), "a b, c", &["a", "b,", "c"]),
        (Some(PreTokenizer::ByteLevel(ByteLevel::default())), "a é", &["Ġa", "ĠÃ©"]),
    ];
    for (pre_tokenizer, text, wanted) in cases {
        assert_eq!(tokenizer(pre_tokenizer).words(text).unwrap(), wanted, "{text}");
    }
    assert!(tokenizer(None).words("").unwrap().is_empty());
}

#[test]
fn texts_are_normalized_first() {
    let mut tokenizer = tokenizer(Some(PreTokenizer::Whitespace));
    tokenizer.set_normalizer(Some(Normalizer::Lowercase)).unwrap();
    let got = counted(&tokenizer, &[&["The the THE", "cat"]], 1);
    assert_eq!(got, [("cat".to_owned(), 1), ("the".to_owned(), 3)]);
}

#[test]
fn an_added_token_is_a_word() {
    let mut tokenizer = tokenizer(Some(PreTokenizer::Whitespace));
    tokenizer.add_tokens(vec![AddedToken::new("zz", false)]).unwrap();
    assert_eq!(tokenizer.words("azzb c").unwrap(), ["a", "zz", "b", "c"]);
}

#[test]
fn batches_and_threads_leave_no_trace() {
    let tokenizer = tokenizer(Some(PreTokenizer::Whitespace));
    let long = "many words make one text, and many texts make many words. ".repeat(9000);
    let texts = [long.as_str(), "b a", "a", &long];
    let one = counted(&tokenizer, &[&texts], 1);
    assert_eq!(one, counted(&tokenizer, &[&texts[2..], &texts[..2]], 3));
    assert_eq!(one[0], (",".to_owned(), 18_000));
}

#[test]
fn counts_of_parts_are_merged_into_counts_of_the_whole() {
    let mut part: WordCounts = [("a", 1), ("b", 2)].into_iter().collect();
    part.merge(&[("b", 5), ("c", u64::MAX - 1)].into_iter().collect()).unwrap();
    assert_eq!(
        (part.get("a"), part.get("b"), part.get("c"), part.get("d")),
        (1, 7, u64::MAX - 1, 0)
    );
    assert!(part.add("c", 2).is_err());
}

#[test]
fn words_are_in_order() {
    let mut random = 1_u64;
    let mut words: Vec<String> = Vec::new();
    for length in [0, 1, 7, 8, 9, 16, 40] {
        for _ in 0..60 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let letters =
                (0..length).map(|at| ['\0', 'a', 'é'][(random >> (33 + at % 20)) as usize % 3]);
            words.push(letters.collect());
        }
    }
    let counts: WordCounts = words.iter().map(|word| (word, 1)).collect();
    words.sort();
    words.dedup();
    assert!(counts.iter().map(|(word, _)| word).eq(words.iter().map(String::as_str)));
    assert!(words.iter().all(|word| counts.get(word) > 0));
}
