//! Models: what the reference gives, and what the slow twins give.

use std::fmt::Debug;
use std::path::Path;

use fissile_core::models::bpe::BpeOptions;
use fissile_core::models::wordpiece::WordPieceOptions;
use fissile_core::models::{Bpe, Model, PieceTokens, WordLevel, WordPiece};
use fissile_core::stages::Tokenize;
use fissile_core::text::byte_alphabet::byte_to_char;
use fissile_core::vocab::Vocab;
use fissile_core::{Result, Token};
use proptest::prelude::*;
use serde::Deserialize;

use crate::naive;

type Spans = Vec<(u32, usize, usize)>;

// ---- golden values --------------------------------------------------------------------------

#[derive(Deserialize)]
struct Golden {
    bpe: Vec<Case>,
    wordpiece: Vec<Case>,
    wordlevel: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    vocab: Vec<(String, u32)>,
    #[serde(default)]
    merges: Vec<(String, String)>,
    #[serde(default)]
    pieces: Vec<(String, Expected)>,
    error: Option<String>,
    dropout: Option<f32>,
    unk_token: Option<String>,
    continuing_subword_prefix: Option<String>,
    end_of_word_suffix: Option<String>,
    #[serde(default)]
    fuse_unk: bool,
    #[serde(default)]
    byte_fallback: bool,
    #[serde(default)]
    ignore_merges: bool,
    #[serde(default)]
    max_input_chars_per_word: usize,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Expected {
    Tokens(Vec<(u32, String, usize, usize)>),
    Error(String),
}

impl Case {
    fn vocab(&self) -> Vocab {
        Vocab::from_pairs(self.vocab.iter().map(|(token, id)| (token, *id)))
    }

    fn bpe(&self) -> Result<Model> {
        let options = BpeOptions {
            dropout: self.dropout,
            seed: None,
            unk_token: self.unk_token.clone(),
            continuing_subword_prefix: self.continuing_subword_prefix.clone(),
            end_of_word_suffix: self.end_of_word_suffix.clone(),
            fuse_unk: self.fuse_unk,
            byte_fallback: self.byte_fallback,
            ignore_merges: self.ignore_merges,
        };
        Bpe::new(self.vocab(), self.merges.clone(), options).map(Model::Bpe)
    }

    fn wordpiece(&self) -> Model {
        let options = WordPieceOptions {
            unk_token: self.unk_token.clone().unwrap(),
            continuing_subword_prefix: self.continuing_subword_prefix.clone().unwrap(),
            max_input_chars_per_word: self.max_input_chars_per_word,
        };
        Model::WordPiece(WordPiece::new(self.vocab(), options))
    }

    fn wordlevel(&self) -> Model {
        let unk_token = self.unk_token.clone().unwrap();
        Model::WordLevel(WordLevel::new(self.vocab(), unk_token))
    }

    fn check(&self, model: Result<Model>) {
        let model = match (model, &self.error) {
            (Ok(model), None) => model,
            (Err(error), Some(expected)) => {
                assert!(expected.ends_with(error.message()), "{}: {error}", self.name);
                return;
            }
            (model, expected) => panic!("{}: {:?}, not {expected:?}", self.name, model.err()),
        };
        let shares_ids = self.vocab().has_shared_ids();
        for (piece, expected) in &self.pieces {
            let place = format!("{}: {piece:?}", self.name);
            let tokens = model.tokenize(piece);
            check_tokens(&place, &tokens, expected, shares_ids);
            check_piece(&place, &model, piece, tokens.ok());
        }
    }
}

fn check_tokens(place: &str, tokens: &Result<Vec<Token>>, expected: &Expected, ids_only: bool) {
    match (tokens, expected) {
        (Ok(tokens), Expected::Tokens(expected)) => {
            let found: Vec<_> = tokens
                .iter()
                .map(|token| (token.id, token.value.clone(), token.span.start, token.span.end))
                .collect();
            if ids_only {
                // Which of two tokens with one id the reference shows, changes from run to run.
                let numbers = |token: &(u32, String, usize, usize)| (token.0, token.2, token.3);
                let expected: Vec<_> = expected.iter().map(numbers).collect();
                assert_eq!(found.iter().map(numbers).collect::<Vec<_>>(), expected, "{place}");
            } else {
                assert_eq!(&found, expected, "{place}");
            }
        }
        (Err(error), Expected::Error(expected)) => {
            assert_eq!(error.message(), expected, "{place}");
        }
        (tokens, _) => panic!("{place}: {tokens:?}"),
    }
}

/// The road of numbers gives what the road of texts gives.
fn check_piece(place: &str, model: &Model, piece: &str, tokens: Option<Vec<Token>>) {
    let mut out = PieceTokens::new();
    out.push(77, 1, 2);
    let result = model.encode_piece(piece, &mut out);
    assert_eq!(result.is_ok(), tokens.is_some(), "{place}");
    let tokens = tokens.unwrap_or_default();
    assert_eq!(out.len(), tokens.len(), "{place}");
    for ((id, span), token) in out.iter().zip(tokens) {
        assert_eq!((id, span), (token.id, token.span), "{place}");
        assert_eq!(model.token_text(id, ""), token.value, "{place}");
    }
}

#[test]
fn golden_values() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/models.toml");
    let golden: Golden = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(golden.bpe.len() > 80 && golden.wordpiece.len() > 30 && golden.wordlevel.len() == 3);
    golden.bpe.iter().for_each(|case| case.check(case.bpe()));
    golden.wordpiece.iter().for_each(|case| case.check(Ok(case.wordpiece())));
    golden.wordlevel.iter().for_each(|case| case.check(Ok(case.wordlevel())));
}

// ---- options and vocabulary ------------------------------------------------------------------

fn bpe(tokens: &[&str], merges: &[(&str, &str)], options: BpeOptions) -> Bpe {
    let vocab = Vocab::from_pairs(tokens.iter().copied().zip(0..));
    let merges = merges.iter().map(|(left, right)| ((*left).into(), (*right).into()));
    Bpe::new(vocab, merges.collect(), options).unwrap()
}

#[test]
fn a_dropout_that_is_no_chance_is_refused() {
    let model = bpe(&["a"], &[], BpeOptions::default());
    for chance in [-0.1, 1.1, f32::NAN, f32::INFINITY] {
        let options = BpeOptions { dropout: Some(chance), ..BpeOptions::default() };
        let error = model.with_options(options.clone()).unwrap_err();
        assert_eq!(error.message(), "Dropout should be between 0 and 1, inclusive");
        assert!(Bpe::new(Vocab::default(), vec![], options).is_err());
    }
}

#[test]
fn a_merge_with_too_short_a_right_part_is_refused() {
    let vocab = Vocab::from_pairs([("a", 0), ("b", 1)]);
    let options =
        BpeOptions { continuing_subword_prefix: Some("##".into()), ..BpeOptions::default() };
    let error = Bpe::new(vocab, vec![("a".into(), "b".into())], options).unwrap_err();
    assert_eq!(error.field(), Some("merges[0]"));
}

#[test]
fn parts_are_cut_where_nothing_joins() {
    let options = BpeOptions { unk_token: Some("▁".into()), ..BpeOptions::default() };
    let tokens = ["▁", "a", "b", "▁a", "▁ab", "ab", "ba"];
    let merges = [("▁", "a"), ("▁a", "b"), ("a", "b")];
    let model = bpe(&tokens, &merges, options);
    let parts: Vec<_> = model.parts("▁ab▁▁aabx▁b").unwrap().collect();
    assert_eq!(parts, ["▁ab", "▁", "▁a", "abx▁", "b"]);
    assert_eq!(model.parts("").unwrap().count(), 0);
    let options = BpeOptions { ignore_merges: true, ..model.options().clone() };
    assert!(model.with_options(options).unwrap().parts("ab").is_none());
}

#[test]
fn merges_come_by_rank_and_once() {
    let merges = [("a", "b"), ("b", "a"), ("a", "b"), ("ab", "a")];
    let model = bpe(&["a", "b", "ab", "ba", "aba"], &merges, BpeOptions::default());
    assert_eq!(model.merges().collect::<Vec<_>>(), [("b", "a"), ("a", "b"), ("ab", "a")]);
}

#[test]
fn options_share_the_tables_and_change_results_at_once() {
    let model = Bpe::new(
        Vocab::from_pairs([("a", 0), ("<unk>", 1), ("[UNK]", 2)]),
        vec![],
        BpeOptions::default(),
    )
    .unwrap();
    let ids = |unk: Option<&str>| {
        let options = BpeOptions { unk_token: unk.map(Into::into), ..model.options().clone() };
        spans(&model.with_options(options).unwrap(), "ax")
    };
    assert_eq!(ids(None), [(0, 0, 1)]);
    assert_eq!(ids(Some("<unk>")), [(0, 0, 1), (1, 1, 2)]);
    assert_eq!(ids(Some("[UNK]")), [(0, 0, 1), (2, 1, 2)]);
}

#[test]
fn wordpiece_options_take_effect() {
    let model = WordPiece::new(
        Vocab::from_pairs([("[UNK]", 0), ("a", 1), ("##b", 2), ("@b", 3)]),
        WordPieceOptions::default(),
    );
    assert_eq!(spans(&model, "ab"), [(1, 0, 1), (2, 1, 2)]);
    let mut options = model.options().clone();
    options.continuing_subword_prefix = "@".into();
    assert_eq!(spans(&model.with_options(options.clone()), "ab"), [(1, 0, 1), (3, 1, 2)]);
    options.max_input_chars_per_word = 1;
    assert_eq!(spans(&model.with_options(options), "ab"), [(0, 0, 2)]);
}

#[test]
fn names_and_vocabularies() {
    let vocab = || Vocab::from_pairs([("b", 4), ("a", 2)]);
    let models = [
        Model::Bpe(Bpe::new(vocab(), vec![], BpeOptions::default()).unwrap()),
        Model::WordPiece(WordPiece::new(vocab(), WordPieceOptions::default())),
        Model::WordLevel(WordLevel::new(vocab(), "<unk>".into())),
    ];
    let names: Vec<_> = models.iter().map(Model::name).collect();
    assert_eq!(names, ["BPE", "WordPiece", "WordLevel"]);
    for model in models {
        assert_eq!(model.vocab_iter().collect::<Vec<_>>(), [("a", 2), ("b", 4)]);
        assert_eq!((model.vocab_size(), model.token_to_id("b")), (2, Some(4)));
        assert_eq!((model.id_to_token(2), model.id_to_token(3)), (Some("a"), None));
    }
}

// ---- dropout ---------------------------------------------------------------------------------

#[test]
fn dropout_repeats_with_a_seed_and_spells_the_word() {
    let options = BpeOptions { dropout: Some(0.5), ..BpeOptions::default() };
    let merges = [("a", "b"), ("ab", "a"), ("b", "a"), ("ab", "ab"), ("abab", "abab")];
    let tokens = ["a", "b", "ab", "aba", "ba", "abab", "abababab"];
    let free = bpe(&tokens, &merges, options.clone());
    let word = "abab".repeat(12);
    let (mut seen, mut out) = (std::collections::BTreeSet::new(), PieceTokens::new());
    for seed in 0..20 {
        let seeded = free.with_options(BpeOptions { seed: Some(seed), ..options.clone() }).unwrap();
        let first = seeded.tokenize(&word).unwrap();
        assert_eq!(first, seeded.tokenize(&word).unwrap());
        assert_eq!(first.iter().map(|token| token.value.as_str()).collect::<String>(), word);
        let texts: Vec<_> = (0..2)
            .map(|_| {
                out.reset_random();
                let pieces: Vec<_> = (0..3)
                    .map(|_| {
                        seeded.encode_piece(&word, &mut out).unwrap();
                        out.ids.clone()
                    })
                    .collect();
                pieces
            })
            .collect();
        assert_eq!(texts[0], texts[1]);
        seen.extend(texts.into_iter().flatten());
    }
    assert!(seen.len() > 20, "only {} segmentations", seen.len());
    free.encode_piece("", &mut out).unwrap();
    assert!(out.is_empty());
}

#[test]
fn dropout_skips_merges_with_its_chance() {
    let options = BpeOptions { dropout: Some(0.25), seed: Some(1), ..BpeOptions::default() };
    let model = bpe(&["a", "b", "ab"], &[("a", "b")], options);
    let mut out = PieceTokens::new();
    let mut tried = 4000;
    let mut merged = 0;
    for _ in 0..tried {
        model.encode_piece("ab", &mut out).unwrap();
        merged += 2 - out.len();
    }
    tried = tried * 3 / 4;
    assert!(merged.abs_diff(tried) < 150, "{merged} of {tried}");
}

// ---- twins -----------------------------------------------------------------------------------

fn spans<M: Tokenize>(model: &M, piece: &str) -> Spans {
    let tokens = model.tokenize(piece).unwrap();
    tokens.iter().map(|token| (token.id, token.span.start, token.span.end)).collect()
}

/// A model whose merges are random pairs of tokens that exist by then, over the letters given.
fn random_bpe(letters: &[char], picks: &[(usize, usize)], options: BpeOptions) -> Bpe {
    let prefix = options.continuing_subword_prefix.clone().unwrap_or_default();
    let suffix = options.end_of_word_suffix.clone().unwrap_or_default();
    let mut tokens: Vec<String> = vec!["<unk>".into(), "<0xC3>".into(), "<0xA9>".into()];
    tokens.extend(letters.iter().map(char::to_string));
    let first = tokens.len();
    for letter in letters {
        tokens.extend([format!("{prefix}{letter}"), format!("{letter}{suffix}")]);
        tokens.push(format!("{prefix}{letter}{suffix}"));
    }
    let mut merges = Vec::new();
    for &(left, right) in picks {
        let left = tokens[3 + left % (tokens.len() - 3)].clone();
        let right = tokens[first + right % (tokens.len() - first)].clone();
        // Other merges are another test's: here they must be regular.
        if let Some(rest) = right.strip_prefix(&prefix).filter(|rest| !rest.is_empty()) {
            tokens.push(format!("{left}{rest}"));
            merges.push((left, right));
        }
    }
    let mut id = 0;
    let mut vocab: Vec<(String, u32)> = Vec::new();
    for token in tokens {
        if vocab.iter().all(|(known, _)| *known != token) {
            vocab.push((token, id));
            id += 3;
        }
    }
    Bpe::new(Vocab::from_pairs(vocab), merges, options).unwrap()
}

fn options() -> impl Strategy<Value = BpeOptions> {
    let unk = proptest::option::of(Just("<unk>".to_owned()));
    let prefix = prop_oneof![Just(None), Just(Some(String::new())), Just(Some("##".to_owned()))];
    let suffix = prop_oneof![Just(None), Just(Some("$".to_owned()))];
    (unk, prefix, suffix, any::<[bool; 3]>()).prop_map(|(unk_token, prefix, suffix, flags)| {
        BpeOptions {
            unk_token,
            continuing_subword_prefix: prefix,
            end_of_word_suffix: suffix,
            fuse_unk: flags[0],
            byte_fallback: flags[1],
            ignore_merges: flags[2],
            ..BpeOptions::default()
        }
    })
}

fn same<T: PartialEq + Debug>(found: T, expected: T) -> Result<(), TestCaseError> {
    prop_assert_eq!(found, expected);
    Ok(())
}

proptest! {
    #[test]
    fn bpe_equals_its_twin(
        picks in proptest::collection::vec((0_usize..1000, 0_usize..1000), 0..60),
        words in proptest::collection::vec("[abcxé]{0,45}", 1..5),
        long in proptest::collection::vec("[ab]{60,120}|[abcxé]{30,120}", 2),
        options in options(),
    ) {
        let model = random_bpe(&['a', 'b', 'c'], &picks, options);
        let twin = naive::bpe::Twin::of(&model);
        for word in words.iter().chain(&long) {
            same(Some(spans(&model, word)), twin.encode(word))?;
        }
    }

    #[test]
    fn parts_of_a_piece_give_its_tokens(
        picks in proptest::collection::vec((0_usize..1000, 0_usize..1000), 0..20),
        word in "[abcdexé]{0,80}",
        fuse_unk in any::<bool>(),
        byte_fallback in any::<bool>(),
    ) {
        let unk_token = Some("<unk>".to_owned());
        let options = BpeOptions { unk_token, fuse_unk, byte_fallback, ..BpeOptions::default() };
        let model = random_bpe(&['a', 'b', 'c', 'd', 'e'], &picks, options);
        let mut tokens = Vec::new();
        let mut start = 0;
        for part in model.parts(&word).unwrap() {
            let moved = |(id, from, to)| (id, start + from, start + to);
            tokens.extend(spans(&model, part).into_iter().map(moved));
            start += part.len();
        }
        same(tokens, spans(&model, &word))?;
        prop_assert_eq!(start, word.len());
    }

    #[test]
    fn bytes_equal_their_stand_ins(
        picks in proptest::collection::vec((0_usize..1000, 0_usize..1000), 0..80),
        word in proptest::collection::vec(0_u8..4, 0..100),
        wild in proptest::collection::vec(any::<u8>(), 0..40),
        ignore_merges in any::<bool>(),
    ) {
        let letters: Vec<char> = (0..=u8::MAX).map(byte_to_char).collect();
        // Few different bytes, so that merges apply.
        let few: Vec<_> = picks.iter().map(|&(left, right)| (left % 4, right % 4)).collect();
        let mixed = picks.iter().map(|&(left, right)| (256 * 4 + left % 80, right));
        let picks: Vec<_> = few.into_iter().chain(mixed).collect();
        let model = random_bpe(&letters, &picks, BpeOptions { ignore_merges, ..BpeOptions::default() });
        for bytes in [word, wild] {
            check_bytes(&model, &bytes)?;
        }
    }

    #[test]
    fn wordpiece_equals_its_twin(
        tokens in proptest::collection::vec("#{0,2}[abc]{1,5}", 1..40),
        words in proptest::collection::vec("#{0,2}[abc]{0,30}d?", 1..8),
        prefix in "#{0,2}",
    ) {
        let tokens = tokens.iter().map(String::as_str).chain(["[UNK]", "a", "#", "##"]);
        let options = WordPieceOptions { continuing_subword_prefix: prefix, ..Default::default() };
        let model = WordPiece::new(Vocab::from_pairs(tokens.zip(0..)), options);
        for word in &words {
            same(Some(spans(&model, word)), naive::wordpiece::encode(&model, word))?;
        }
        // A long word is not looked up: from there on there are tries, which must say the same.
        let looked_up: Vec<_> = words.iter().map(|word| spans(&model, word)).collect();
        spans(&model, &"a".repeat(80));
        prop_assert_eq!(words.iter().map(|word| spans(&model, word)).collect::<Vec<_>>(), looked_up);
    }
}

fn check_bytes(model: &Bpe, bytes: &[u8]) -> Result<(), TestCaseError> {
    let text: String = bytes.iter().map(|&byte| byte_to_char(byte)).collect();
    let (mut ids, mut lengths) = (vec![], vec![]);
    prop_assert_eq!(model.encode_bytes(bytes, &mut ids, &mut lengths), Some(()));
    let tokens = model.tokenize(&text).unwrap();
    let expected: Vec<_> = tokens.iter().map(|token| token.id).collect();
    prop_assert_eq!(ids, expected);
    let expected: Vec<_> =
        tokens.iter().map(|token| text[token.span.range()].chars().count()).collect();
    prop_assert_eq!(lengths.iter().map(|&length| length as usize).collect::<Vec<_>>(), expected);
    Ok(())
}

#[test]
fn the_byte_road_is_closed_where_it_would_be_wrong() {
    let letters: Vec<char> = (0..=u8::MAX).map(byte_to_char).collect();
    let open = random_bpe(&letters, &[], BpeOptions::default());
    assert!(open.encodes_bytes());
    let closed = [
        BpeOptions { dropout: Some(0.1), ..BpeOptions::default() },
        BpeOptions { end_of_word_suffix: Some("$".into()), ..BpeOptions::default() },
        BpeOptions { continuing_subword_prefix: Some("#".into()), ..BpeOptions::default() },
    ];
    for options in closed {
        assert!(!open.with_options(options).unwrap().encodes_bytes());
    }
    assert!(!random_bpe(&letters[1..], &[], BpeOptions::default()).encodes_bytes());
    let dropout = BpeOptions { dropout: Some(0.0), ..BpeOptions::default() };
    assert!(open.with_options(dropout).unwrap().encodes_bytes());
}

// ---- long words ------------------------------------------------------------------------------

#[test]
fn a_megabyte_in_one_word() {
    let word = "a".repeat(1 << 20);
    let merges = [("a", "a"), ("aa", "aa"), ("aaaa", "aaaa")];
    let model = bpe(&["a", "aa", "aaaa", "aaaaaaaa"], &merges, BpeOptions::default());
    assert_eq!(spans(&model, &word).len(), 1 << 17);

    // Every trie node of the long token is reached again and again; stepping back would not end.
    let long = format!("##{}b", "a".repeat(5000));
    let vocab = Vocab::from_pairs([("[UNK]", 0), ("a", 1), ("##a", 2), (&long, 3)]);
    let options =
        WordPieceOptions { max_input_chars_per_word: usize::MAX, ..WordPieceOptions::default() };
    let model = WordPiece::new(vocab, options);
    assert_eq!(spans(&model, &word).len(), 1 << 20);
    assert_eq!(spans(&model, &format!("{word}b")).len(), (1 << 20) - 5000 + 1);
    assert_eq!(spans(&model, &format!("{word}c")), [(0, 0, word.len() + 1)]);
}
