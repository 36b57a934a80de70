//! Normalizers against the reference: chosen texts with all their offsets, and every code point.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use fissile_core::normalizers::{BertNormalizer, Normalizer, Prepend, Strip};
use fissile_core::stages::Normalize;
use fissile_core::text::{CharIndex, NormalizedText, Pattern, Replacement};
use fissile_core::token::Span;
use fissile_core::util::regex::Regex;
use fissile_core::{Error, Result};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    normalizer: String,
    input: String,
    normalized: String,
    characters: Vec<(usize, usize)>,
    bytes: Vec<(usize, usize)>,
}

#[derive(Deserialize)]
struct Digests {
    digest: Vec<Digest>,
}

#[derive(Deserialize)]
struct Digest {
    normalizer: String,
    alone: u32,
    between: u32,
    spans: u32,
}

/// The normalizer that a `normalizer` of a tokenizer.json describes.
fn normalizer(json: &str) -> Normalizer {
    build(&serde_json::from_str(json).expect("valid JSON"))
}

fn build(part: &Value) -> Normalizer {
    let flag = |name: &str| part[name].as_bool();
    let string = |value: &Value| value.as_str().map(str::to_owned);
    match part["type"].as_str().expect("a type") {
        "BertNormalizer" => Normalizer::Bert(BertNormalizer {
            clean_text: flag("clean_text").expect("a flag"),
            handle_chinese_chars: flag("handle_chinese_chars").expect("a flag"),
            strip_accents: flag("strip_accents"),
            lowercase: flag("lowercase").expect("a flag"),
        }),
        "NFC" => Normalizer::Nfc,
        "NFD" => Normalizer::Nfd,
        "NFKC" => Normalizer::Nfkc,
        "NFKD" => Normalizer::Nfkd,
        "Lowercase" => Normalizer::Lowercase,
        "StripAccents" => Normalizer::StripAccents,
        "Nmt" => Normalizer::Nmt,
        "ByteLevel" => Normalizer::ByteLevel,
        "Strip" => Normalizer::Strip(Strip {
            left: flag("strip_left").expect("a flag"),
            right: flag("strip_right").expect("a flag"),
        }),
        "Prepend" => Normalizer::Prepend(Prepend { prepend: string(&part["prepend"]).unwrap() }),
        "Replace" => {
            let literal = string(&part["pattern"]["String"]).map(Pattern::Literal);
            let regex = || Regex::new(part["pattern"]["Regex"].as_str().expect("a pattern"));
            let pattern = literal.unwrap_or_else(|| Pattern::Regex(regex().expect("it compiles")));
            let content = string(&part["content"]).expect("a content");
            Normalizer::Replace(Arc::new(Replacement { pattern, content }))
        }
        "Sequence" => {
            let parts = part["normalizers"].as_array().expect("a list");
            Normalizer::Sequence(Arc::new(parts.iter().map(build).collect()))
        }
        other => panic!("no such normalizer: {other}"),
    }
}

/// For each character, the span of the original it came from, in bytes and in characters.
fn spans(text: &NormalizedText) -> Vec<(Span, Span)> {
    let index = CharIndex::new(text.original());
    let alignments = text.alignments();
    let spans = text.get().char_indices().map(|(position, _)| alignments[position]);
    spans.map(|span| (span, index.convert(span))).collect()
}

fn pair(span: &Span) -> (usize, usize) {
    (span.start, span.end)
}

#[test]
fn chosen_texts_are_normalized_and_aligned_as_in_the_reference() {
    let cases: Cases = toml::from_str(include_str!("../golden/normalizers.toml")).unwrap();
    assert!(cases.case.len() > 600);
    for case in cases.case {
        let place = format!("{} on {:?}", case.normalizer, case.input);
        let part = normalizer(&case.normalizer);
        let mut text = NormalizedText::new(case.input.as_str());
        part.normalize(&mut text).unwrap();
        assert_eq!(text.get(), case.normalized, "{place}");
        let spans = spans(&text);
        let bytes: Vec<_> = spans.iter().map(|(bytes, _)| pair(bytes)).collect();
        assert_eq!(bytes, case.bytes, "{place}");
        let characters: Vec<_> = spans.iter().map(|(_, characters)| pair(characters)).collect();
        assert_eq!(characters, case.characters, "{place}");
        assert_roads_agree(&part, &case.input, &place);
    }
}

/// The road without alignments gives the same text, and what is said to stay does stay.
fn assert_roads_agree(part: &Normalizer, input: &str, place: &str) {
    let mut text = NormalizedText::new(input);
    part.normalize(&mut text).unwrap();
    assert_eq!(part.normalize_plain(input).unwrap(), text.get(), "{place}");
    assert_eq!(part.normalize_str(input).unwrap(), text.get(), "{place}");
    if part.leaves_unchanged(input) {
        assert_eq!(text, NormalizedText::new(input), "{place}");
    }
}

/// CRC-32 as in zlib.
struct Checksum {
    table: [u32; 256],
    value: u32,
}

impl Checksum {
    fn new() -> Self {
        let table = std::array::from_fn(|byte| {
            let step = |sum: u32| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1));
            (0..8).fold(u32::try_from(byte).expect("a byte"), |sum, _| step(sum))
        });
        Self { table, value: !0 }
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let index = (self.value ^ u32::from(*byte)) & 0xFF;
            self.value = (self.value >> 8) ^ self.table[index as usize];
        }
    }

    fn finish(self) -> u32 {
        !self.value
    }
}

#[test]
fn every_code_point_alone_is_normalized_as_in_the_reference() {
    for digest in digests() {
        let part = normalizer(&digest.normalizer);
        let mut sum = Checksum::new();
        let mut buffer = [0; 4];
        for character in '\0'..=char::MAX {
            let input = &*character.encode_utf8(&mut buffer);
            let normalized = part.normalize_str(input).unwrap();
            assert_eq!(part.normalize_plain(input).unwrap(), normalized, "{character:?}");
            assert!(!part.leaves_unchanged(input) || normalized == input, "{character:?}");
            sum.add(normalized.as_bytes());
            sum.add(&[0xFF]);
        }
        assert_eq!(sum.finish(), digest.alone, "{}", digest.normalizer);
    }
}

#[test]
fn every_code_point_between_letters_and_marks_is_normalized_as_in_the_reference() {
    let characters: Vec<char> = ('\0'..=char::MAX).collect();
    for digest in digests() {
        let part = normalizer(&digest.normalizer);
        let (mut between, mut placed) = (Checksum::new(), Checksum::new());
        for run in characters.chunks(64) {
            let input: String =
                run.iter().flat_map(|it| ['e', '\u{301}', *it, '\u{323}', 'b']).collect();
            let mut text = NormalizedText::new(input);
            part.normalize(&mut text).unwrap();
            between.add(text.get().as_bytes());
            for (_, span) in spans(&text) {
                for end in [span.start, span.end] {
                    placed.add(&u32::try_from(end).expect("a short text").to_le_bytes());
                }
            }
        }
        assert_eq!(between.finish(), digest.between, "{}", digest.normalizer);
        assert_eq!(placed.finish(), digest.spans, "{}", digest.normalizer);
    }
}

fn digests() -> Vec<Digest> {
    let digests = include_str!("../golden/normalizer_digests.toml");
    toml::from_str::<Digests>(digests).unwrap().digest
}

struct Failing;

impl Normalize for Failing {
    fn normalize(&self, _: &mut NormalizedText) -> Result<()> {
        Err(Error::invalid("not today"))
    }
}

struct Appending;

impl Normalize for Appending {
    fn normalize(&self, text: &mut NormalizedText) -> Result<()> {
        text.append("!");
        Ok(())
    }
}

#[test]
fn custom_parts_run_on_all_roads_and_their_errors_come_out() {
    let appending = Normalizer::Custom(Arc::new(Appending));
    let shout = Normalizer::Sequence(Arc::new(vec![Normalizer::Lowercase, appending]));
    assert_roads_agree(&shout, "Hey", "custom");
    assert_eq!(shout.normalize_plain("Hey").unwrap(), "hey!");
    assert!(!shout.leaves_unchanged("hey"));
    let failing = Normalizer::Custom(Arc::new(Failing));
    let message = |error: Error| error.message().to_owned();
    assert_eq!(failing.normalize_str("x").map_err(message), Err("not today".to_owned()));
    assert!(failing.normalize_plain("x").is_err());
}

#[test]
fn edits_behind_characters_from_nowhere_work_where_the_reference_panics() {
    let json = r#"{"type": "Sequence", "normalizers": [
        {"type": "Replace", "pattern": {"Regex": "^"}, "content": "_"}, {"type": "Lowercase"}]}"#;
    assert_eq!(normalizer(json).normalize_str("Hello").unwrap(), "_hello");
    assert_roads_agree(&normalizer(json), "Hello", json);
}

#[test]
fn unchanged_plain_texts_are_not_copied() {
    let parts =
        [Normalizer::Nfc, Normalizer::Lowercase, Normalizer::Bert(BertNormalizer::default())];
    let all = Normalizer::Sequence(Arc::new(parts.into()));
    assert!(all.leaves_unchanged("nothing to do"));
    let plain = all.normalize_plain("nothing to do").unwrap();
    assert!(matches!(plain, std::borrow::Cow::Borrowed(_)));
}

/// Letters, marks, white space and the odd ones, often next to each other.
fn texts() -> impl Strategy<Value = String> {
    let odd = "aB éÉ\u{301}\u{323}\u{344}ßİΣǅ\u{3000}\u{a0}\t\n한\u{1112}\u{1161}\u{11ab}ﬁ𝔾…中'▁\u{200b}\u{fffd}\0";
    let odd: Vec<char> = odd.chars().collect();
    let character = prop_oneof![8 => prop::sample::select(odd), 1 => any::<char>()];
    prop::collection::vec(character, 0..24).prop_map(String::from_iter)
}

/// A few of the golden normalizers in a row, as JSON.
fn sequences() -> impl Strategy<Value = String> {
    let cases: Cases = toml::from_str(include_str!("../golden/normalizers.toml")).unwrap();
    let mut all: Vec<String> = cases.case.into_iter().map(|case| case.normalizer).collect();
    all.dedup();
    let parts = prop::collection::vec(prop::sample::select(all), 1..4);
    parts.prop_map(|all| format!(r#"{{"type": "Sequence", "normalizers": [{}]}}"#, all.join(", ")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn all_roads_give_the_same_text(json in sequences(), input in texts()) {
        assert_roads_agree(&normalizer(&json), &input, &json);
    }

    #[test]
    fn exact_offsets_change_no_text(json in sequences(), input in texts()) {
        let part = normalizer(&json);
        let (mut text, mut exact) = (NormalizedText::new(input.as_str()), NormalizedText::exact(input.as_str()));
        part.normalize(&mut text).unwrap();
        part.normalize(&mut exact).unwrap();
        // Where the reference doubles a text (see `NormalizedText::transform`), the exact road does not.
        prop_assert!(text.get() == exact.get() || text.len() > exact.len());
        let ends = exact.alignments();
        prop_assert!(ends.is_sorted_by(|a, b| a.start <= b.start && a.end <= b.end));
    }
}
