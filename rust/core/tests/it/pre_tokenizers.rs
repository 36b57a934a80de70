//! Pre-tokenizers against pieces that the reference cut.

use std::num::NonZeroUsize;
use std::sync::Arc;

use fissile_core::pre_tokenizers::{FixedLength, PreTokenizer, Split};
use fissile_core::stages::PreTokenize;
use fissile_core::text::byte_alphabet::ByteLevel;
use fissile_core::text::metaspace::{Metaspace, PrependScheme};
use fissile_core::text::{NormalizedText, OffsetUnit, Pattern, Pieces, Referential, SplitBehavior};
use fissile_core::util::regex::Regex;
use serde_json::Value;

const GOLDEN: &str = include_str!("../../../../tests/golden/pre_tokenizers.toml");

#[test]
fn cuts_as_the_reference() {
    let golden: toml::Table = GOLDEN.parse().expect("the golden file is TOML");
    let cases = golden["case"].as_array().expect("cases");
    assert!(cases.len() > 300, "the golden file lost its cases");
    for case in cases {
        let text = |key: &str| case[key].as_str().expect("a string");
        let config: Value = serde_json::from_str(text("pre_tokenizer")).expect("JSON");
        let expected: Vec<(String, usize, usize)> =
            case["pieces"].clone().try_into().expect("pieces");
        let found = cut(&pre_tokenizer(&config), text("input"));
        assert_eq!(found, expected, "{}: {:?}", text("name"), text("input"));
    }
}

/// The pieces of a text and where they came from, in characters.
fn cut(part: &PreTokenizer, text: &str) -> Vec<(String, usize, usize)> {
    let mut pieces = Pieces::new(NormalizedText::new(text));
    part.pre_tokenize(&mut pieces).expect("no part here can fail");
    pieces
        .splits(Referential::Original, OffsetUnit::Char)
        .into_iter()
        .map(|(piece, span, _)| (piece.to_owned(), span.start, span.end))
        .collect()
}

/// A part from its `tokenizer.json` form.
fn pre_tokenizer(config: &Value) -> PreTokenizer {
    let string = |key: &str| config[key].as_str().expect("a string");
    let flag = |key: &str| config[key].as_bool().expect("a flag");
    match string("type") {
        "BertPreTokenizer" => PreTokenizer::Bert,
        "ByteLevel" => PreTokenizer::ByteLevel(ByteLevel {
            add_prefix_space: flag("add_prefix_space"),
            trim_offsets: flag("trim_offsets"),
            use_regex: flag("use_regex"),
        }),
        "CharDelimiterSplit" => PreTokenizer::CharDelimiterSplit(character(string("delimiter"))),
        "Metaspace" => PreTokenizer::Metaspace(Metaspace {
            replacement: character(string("replacement")),
            prepend_scheme: match string("prepend_scheme") {
                "always" => PrependScheme::Always,
                "first" => PrependScheme::First,
                _ => PrependScheme::Never,
            },
            split: flag("split"),
        }),
        "Whitespace" => PreTokenizer::Whitespace,
        "WhitespaceSplit" => PreTokenizer::WhitespaceSplit,
        "Split" => PreTokenizer::Split(Arc::new(split(config))),
        "Punctuation" => PreTokenizer::Punctuation(behavior(config)),
        "Digits" => PreTokenizer::Digits(flag("individual_digits")),
        "UnicodeScripts" => PreTokenizer::UnicodeScripts,
        "FixedLength" => {
            let length = config["length"].as_u64().and_then(|n| usize::try_from(n).ok());
            let length = length.and_then(NonZeroUsize::new).expect("a length");
            PreTokenizer::FixedLength(FixedLength { length })
        }
        "Sequence" => {
            let parts = config["pretokenizers"].as_array().expect("parts");
            PreTokenizer::Sequence(Arc::new(parts.iter().map(pre_tokenizer).collect()))
        }
        other => panic!("no such part: {other}"),
    }
}

fn split(config: &Value) -> Split {
    let pattern = match &config["pattern"] {
        Value::Object(map) if map.contains_key("Regex") => {
            Pattern::Regex(Regex::new(map["Regex"].as_str().expect("text")).expect("valid"))
        }
        other => Pattern::Literal(other["String"].as_str().expect("text").to_owned()),
    };
    let invert = config["invert"].as_bool().expect("a flag");
    Split { pattern, behavior: behavior(config), invert }
}

fn behavior(config: &Value) -> SplitBehavior {
    serde_json::from_value(config["behavior"].clone()).expect("a behaviour")
}

fn character(text: &str) -> char {
    text.chars().next().expect("one character")
}

#[test]
fn a_part_of_ones_own_joins_a_sequence() {
    struct Halves;
    impl PreTokenize for Halves {
        fn pre_tokenize(&self, pieces: &mut Pieces) -> fissile_core::Result<()> {
            pieces.split(|index, text| {
                let middle = text.len() / 2 + index % 2;
                let second = Pattern::Literal(text.get()[middle..].into());
                text.split(&second, SplitBehavior::Isolated)
            })
        }
    }
    let parts = vec![PreTokenizer::WhitespaceSplit, PreTokenizer::Custom(Arc::new(Halves))];
    let found = cut(&PreTokenizer::Sequence(Arc::new(parts)), "abcd ef");
    let texts: Vec<&str> = found.iter().map(|(text, _, _)| text.as_str()).collect();
    assert_eq!(texts, ["ab", "cd", "ef"]);
}
