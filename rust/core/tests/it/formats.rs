//! Formats of other libraries: their own ids and texts, and what happens to broken files.

use std::path::PathBuf;

use fissile_core::format::TiktokenOptions;
use fissile_core::tokenizer::{EncodeInput, EncodeOptions, Input};
use fissile_core::{Error, Tokenizer};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    sentencepiece: Vec<Case>,
    tiktoken: Vec<Case>,
    tekken: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    file: String,
    pattern: Option<String>,
    special_tokens: Option<Vec<(String, u32)>>,
    texts: Vec<(String, Vec<u32>, String)>,
}

impl Case {
    fn options(&self) -> TiktokenOptions {
        TiktokenOptions {
            name: None,
            pattern: self.pattern.clone(),
            special_tokens: self.special_tokens.clone(),
        }
    }

    fn check(&self, tokenizer: &Tokenizer) {
        for (text, expected, decoded) in &self.texts {
            assert_eq!(&ids(tokenizer, text), expected, "{}: {text:?}", self.file);
            let found = tokenizer.decode(expected, false).unwrap();
            assert_eq!(&found, decoded, "{}: {text:?} decoded", self.file);
        }
    }
}

fn ids(tokenizer: &Tokenizer, text: &str) -> Vec<u32> {
    let input = EncodeInput { first: Input::Text(text), second: None };
    tokenizer.encode_ids(&input, &EncodeOptions::default()).unwrap()
}

fn golden() -> Golden {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/formats.toml");
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

#[test]
fn sentencepiece_golden_values() {
    let golden = golden();
    assert_eq!(golden.sentencepiece.len(), 7);
    for case in golden.sentencepiece {
        let tokenizer = Tokenizer::from_sentencepiece(&data(&case.file)).unwrap();
        case.check(&tokenizer);
        let mut saved = Tokenizer::from_json(&tokenizer.to_json(false).unwrap()).unwrap();
        saved.set_encode_special_tokens(true);
        case.check(&saved);
    }
}

#[test]
fn tiktoken_golden_values() {
    for case in golden().tiktoken {
        let tokenizer = Tokenizer::from_tiktoken(&data(&case.file), &case.options()).unwrap();
        case.check(&tokenizer);
        for (token, id) in case.special_tokens.iter().flatten() {
            assert_eq!(tokenizer.token_to_id(token), Some(*id));
        }
    }
}

#[test]
fn tekken_golden_values() {
    for case in golden().tekken {
        let tokenizer = Tokenizer::from_tekken(&data(&case.file)).unwrap();
        case.check(&tokenizer);
        assert_eq!(tokenizer.vocab_size(true), 430);
        assert_eq!(tokenizer.token_to_id("[INST]"), Some(3));
        assert_eq!(tokenizer.token_to_id("<SPECIAL_29>"), Some(29));
    }
}

#[test]
fn ranks_go_out_as_they_came_in() {
    let case = golden().tiktoken.remove(0);
    let bytes = std::fs::read(data(&case.file)).unwrap();
    let tokenizer = Tokenizer::from_tiktoken_bytes(&bytes, &case.options()).unwrap();
    assert_eq!(tokenizer.to_tiktoken().unwrap().as_bytes(), bytes);
    let other = Tokenizer::from_sentencepiece(&data("bpe.model")).unwrap();
    assert!(other.to_tiktoken().is_err());
}

#[test]
fn a_saved_tokenizer_keeps_its_ids() {
    let case = golden().tiktoken.remove(0);
    let tokenizer = Tokenizer::from_tiktoken(&data(&case.file), &case.options()).unwrap();
    case.check(&Tokenizer::from_json(&tokenizer.to_json(false).unwrap()).unwrap());
}

fn tiktoken_error(file: &str, options: &TiktokenOptions) -> Error {
    Tokenizer::from_tiktoken_bytes(file.as_bytes(), options).map(|_| ()).unwrap_err()
}

#[test]
fn rank_files_that_are_none() {
    let all = TiktokenOptions { pattern: Some(".".to_owned()), ..TiktokenOptions::default() };
    for (file, place) in [
        ("", None),
        ("IQ== 0\nIg==\n", Some("line 2")),
        ("IQ== 0\n\nIg== x\n", Some("line 3")),
        ("IQ== 0\nIg== -1\n", Some("line 2")),
        ("IQ== 0\nIg== +1\n", Some("line 2")),
        ("IQ== 0\n!!!! 1\n", Some("line 2")),
        ("IQ== 0\nIQ== 1\n", Some("line 2")),
        ("IQ== 99999999999\n", Some("line 1")),
        ("IQ== 4294967295\n", Some("line 1")),
    ] {
        assert_eq!(tiktoken_error(file, &all).field(), place, "{file:?}");
    }
    let bytes = std::fs::read_to_string(data("small.tiktoken")).unwrap();
    let twice = bytes.replace(" 300\n", " 299\n");
    assert!(tiktoken_error(&twice, &all).message().contains("rank 299"));
    // Ranks that nobody knows say nothing about how texts are cut.
    assert!(tiktoken_error(&bytes, &TiktokenOptions::default()).hint().is_some());
    let misnamed = TiktokenOptions { name: Some("cl9".to_owned()), ..TiktokenOptions::default() };
    assert_eq!(tiktoken_error(&bytes, &misnamed).field(), Some("name"));
    for special in [("a", 9999), ("<x>", 7), ("", 9999)] {
        let special_tokens = Some(vec![(special.0.to_owned(), special.1)]);
        let options = TiktokenOptions { special_tokens, ..all.clone() };
        assert_eq!(tiktoken_error(&bytes, &options).field(), Some("special_tokens"), "{special:?}");
    }
}

#[test]
fn tekken_files_that_contradict_themselves() {
    let good = std::fs::read_to_string(data("small_tekken.json")).unwrap();
    for (from, to) in [
        ("\"default_vocab_size\":430", "\"default_vocab_size\":4300"),
        ("\"default_vocab_size\":430", "\"default_vocab_size\":29"),
        ("\"default_vocab_size\":430", "\"default_vocab_size\":100"),
        ("\"default_num_special_tokens\":30", "\"default_num_special_tokens\":4000000000"),
        ("{\"rank\":5,", "{\"rank\":6,"),
        ("\"token_bytes\":\"AA==\"", "\"token_bytes\":\"A\""),
        ("\"token_bytes\":\"AA==\"", "\"token_bytes\":\"AQ==\""),
        ("\"vocab\":", "\"vocabulary\":"),
    ] {
        assert!(good.contains(from), "{from}");
        let bad = good.replacen(from, to, 1);
        assert!(Tokenizer::from_tekken_bytes(bad.as_bytes()).is_err(), "{to}");
    }
    assert!(Tokenizer::from_tekken_bytes(&good.as_bytes()[..good.len() / 2]).is_err());
}

/// A field of a protocol buffer that holds bytes.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    let mut length = content.len();
    while length >= 0x80 {
        out.push(u8::try_from(length & 0x7F).unwrap() | 0x80);
        length >>= 7;
    }
    out.push(u8::try_from(length).unwrap());
    out.extend(content);
    out
}

fn piece(text: &str, score: f32, kind: u8) -> Vec<u8> {
    let mut message = field(1, text.as_bytes());
    message.push(2 << 3 | 5);
    message.extend(score.to_le_bytes());
    message.extend([3 << 3, kind]);
    field(1, &message)
}

fn sentencepiece_error(parts: &[Vec<u8>]) -> String {
    Tokenizer::from_sentencepiece_bytes(&parts.concat()).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn sentencepiece_models_that_are_none() {
    let unk = piece("<unk>", 0.0, 2);
    for (parts, says) in [
        (vec![], "no pieces"),
        (vec![piece("a", 0.0, 1)], "unk is not defined"),
        (vec![unk.clone(), unk.clone()], "pieces[1]"),
        (vec![unk.clone(), piece("", 0.0, 1)], "must not be empty"),
        (vec![unk.clone(), piece("a\0", 0.0, 1)], "null character"),
        (vec![unk.clone(), piece("a", f32::NAN, 1)], "NaN"),
        (vec![unk.clone(), piece("a", 0.0, 9)], "pieces[1].type"),
        (vec![unk.clone(), piece(&"a".repeat(8000), 0.0, 1)], "too long"),
        (vec![unk.clone(), piece("<0x41>", 0.0, 6)], "byte_fallback"),
        (vec![unk.clone(), field(2, &[35 << 3 & 0xFF | 0x80, 2, 1])], "every byte"),
        (vec![unk.clone(), field(2, &[3 << 3, 3])], "words"),
        (vec![unk.clone(), field(3, &field(2, b"abc"))], "precompiled_charsmap"),
        (vec![unk.clone(), field(1, &field(1, b"\xff"))], "not UTF-8"),
        (vec![unk.clone(), vec![0x0A, 0x7F, 1]], "cut short"),
        (vec![vec![0x0B]], "unknown way"),
    ] {
        let error = sentencepiece_error(&parts);
        assert!(error.contains(says), "{error:?} does not say {says:?}");
    }
}

#[test]
fn equal_scores_and_missing_letters_do_no_harm() {
    let bpe = field(2, &[3 << 3, 2]);
    let pieces = ["a", "b", "ab", "abab", "bc", "aab"].map(|text| piece(text, 0.0, 1)).concat();
    let model = [piece("<unk>", 0.0, 2), pieces, bpe].concat();
    let tokenizer = Tokenizer::from_sentencepiece_bytes(&model).unwrap();
    assert_eq!(ids(&tokenizer, "abab"), [0, 4]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_are_refused_or_harmless(
        which in 0..4usize,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let name = ["uni.model", "bpe.model", "small.tiktoken", "small_tekken.json"][which];
        let mut bytes = std::fs::read(data(name)).unwrap();
        for (index, byte) in damage {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(index) = cut {
            bytes.truncate(index.index(bytes.len()));
        }
        let options = TiktokenOptions { pattern: Some(r"\w+|.".to_owned()), ..TiktokenOptions::default() };
        let tokenizer = match which {
            0 | 1 => Tokenizer::from_sentencepiece_bytes(&bytes),
            2 => Tokenizer::from_tiktoken_bytes(&bytes, &options),
            _ => Tokenizer::from_tekken_bytes(&bytes),
        };
        if let Ok(tokenizer) = tokenizer {
            let input = EncodeInput { first: Input::Text(" of the<sep>é 漢\t x"), second: None };
            if let Ok(ids) = tokenizer.encode_ids(&input, &EncodeOptions::default()) {
                tokenizer.decode(&ids, true).unwrap();
            }
        }
    }
}
