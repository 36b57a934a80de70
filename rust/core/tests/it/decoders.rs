//! Decoders as the reference has them, all tokens at once and one by one.

use std::sync::Arc;

use fissile_core::Tokenizer;
use fissile_core::decoders::{BpeSuffix, Ctc, Decoder, StripDecoder, WordPieceDecoder};
use fissile_core::models::{Model, WordLevel};
use fissile_core::stages::Decode;
use fissile_core::text::byte_alphabet::ByteLevel;
use fissile_core::text::metaspace::{Metaspace, PrependScheme};
use fissile_core::text::{Pattern, Replacement};
use fissile_core::util::regex::Regex;
use fissile_core::vocab::{AddedToken, Vocab};
use proptest::prelude::*;
use serde::Deserialize;

use crate::golden;

#[derive(Deserialize)]
struct Golden {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    decoders: Vec<Part>,
    texts: Vec<(Vec<String>, String)>,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Part {
    Bpe { suffix: String },
    ByteLevel,
    Wordpiece { prefix: String, cleanup: bool },
    Metaspace { replacement: char, prepend_scheme: String },
    Ctc { pad_token: String, word_delimiter_token: String, cleanup: bool },
    Replace { literal: Option<String>, regex: Option<String>, content: String },
    Fuse,
    Strip { content: char, start: usize, stop: usize },
    ByteFallback,
}

impl Part {
    fn build(self) -> Decoder {
        match self {
            Self::Bpe { suffix } => Decoder::Bpe(BpeSuffix { suffix }),
            Self::ByteLevel => Decoder::ByteLevel(ByteLevel::default()),
            Self::Wordpiece { prefix, cleanup } => {
                Decoder::WordPiece(WordPieceDecoder { prefix, cleanup })
            }
            Self::Metaspace { replacement, prepend_scheme } => {
                let prepend_scheme = match prepend_scheme.as_str() {
                    "always" => PrependScheme::Always,
                    "first" => PrependScheme::First,
                    _ => PrependScheme::Never,
                };
                Decoder::Metaspace(Metaspace { replacement, prepend_scheme, split: true })
            }
            Self::Ctc { pad_token, word_delimiter_token, cleanup } => {
                Decoder::Ctc(Arc::new(Ctc { pad_token, word_delimiter_token, cleanup }))
            }
            Self::Replace { literal, regex, content } => {
                let pattern = match (literal, regex) {
                    (Some(literal), _) => Pattern::Literal(literal),
                    (None, regex) => Pattern::Regex(Regex::new(&regex.unwrap()).unwrap()),
                };
                Decoder::Replace(Arc::new(Replacement { pattern, content }))
            }
            Self::Fuse => Decoder::Fuse,
            Self::Strip { content, start, stop } => {
                Decoder::Strip(StripDecoder { content, start, stop })
            }
            Self::ByteFallback => Decoder::ByteFallback,
        }
    }
}

fn chain(parts: Vec<Part>) -> Decoder {
    let mut list: Vec<_> = parts.into_iter().map(Part::build).collect();
    if list.len() == 1 { list.remove(0) } else { Decoder::Sequence(Arc::new(list)) }
}

#[test]
fn golden_cases() {
    for case in golden::read::<Golden>("decoders").case {
        let decoder = chain(case.decoders);
        for (tokens, text) in case.texts {
            assert_eq!(decoder.decode(tokens.clone()).unwrap(), text, "{}: {tokens:?}", case.name);
            let running = decoder.decode_tokens(tokens.iter().map(String::as_str)).unwrap();
            assert_eq!(running, text, "{}, one by one: {tokens:?}", case.name);
        }
    }
}

/// Where the reference panics.
#[test]
fn stripping_more_than_there_is() {
    let strip = |start, stop, token: &str| {
        let strip = StripDecoder { content: 'y', start, stop };
        strip.decode_chain(vec![token.to_owned()]).unwrap().concat()
    };
    assert_eq!(strip(1, 1, "y"), "");
    assert_eq!(strip(0, 3, "yy"), "");
    assert_eq!(strip(2, 2, "yyy"), "");
    assert_eq!(strip(1, usize::MAX, "yayy"), "a");
    assert_eq!(strip(0, 1, ""), "");
}

struct Shout;

impl Decode for Shout {
    fn decode_chain(&self, tokens: Vec<String>) -> fissile_core::Result<Vec<String>> {
        Ok(tokens.iter().map(|token| token.to_uppercase()).collect())
    }
}

#[test]
fn a_custom_part_inside_a_sequence() {
    let decoder =
        Decoder::Sequence(Arc::new(vec![Decoder::Custom(Arc::new(Shout)), Decoder::Fuse]));
    assert!(decoder.running().is_none());
    assert_eq!(decoder.decode_tokens(["a", "b"]).unwrap(), "AB");
}

const TOKENS: [&str; 34] = [
    "a",
    "l",
    "aa",
    "Hello",
    "hello</w>",
    "</w>",
    " ",
    "▁",
    "▁a",
    "▁▁",
    "##a",
    "##",
    ".",
    "'s",
    "do not",
    "|",
    "<pad>",
    "<0x41>",
    "<0x20>",
    "<0xE5>",
    "<0x8F>",
    "<0xAB>",
    "<0xFF>",
    "<0xC3>",
    "<0xA9>",
    "Ġ",
    "Ġa",
    "Ã",
    "©",
    "å",
    "ı",
    "«",
    "é b",
    "",
];

fn part() -> impl Strategy<Value = Part> {
    let strip = |content, start, stop| Part::Strip { content, start, stop };
    let replace = |literal: &str, content: &str| Part::Replace {
        literal: Some(literal.to_owned()),
        regex: None,
        content: content.to_owned(),
    };
    let metaspace =
        |scheme: &str| Part::Metaspace { replacement: '▁', prepend_scheme: scheme.to_owned() };
    let ctc = Part::Ctc {
        pad_token: "<pad>".to_owned(),
        word_delimiter_token: "|".to_owned(),
        cleanup: true,
    };
    prop::sample::select(vec![
        Part::Bpe { suffix: "</w>".to_owned() },
        Part::ByteLevel,
        Part::Wordpiece { prefix: "##".to_owned(), cleanup: true },
        metaspace("always"),
        metaspace("never"),
        ctc,
        replace("▁", " "),
        replace("\u{FFFD}", ""),
        replace("a", "\u{FFFD}"),
        Part::Fuse,
        Part::Fuse,
        strip(' ', 1, 0),
        strip('a', 2, 0),
        strip('\u{FFFD}', 3, 0),
        strip('a', 0, 1),
        Part::ByteFallback,
        Part::ByteFallback,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// A running text is at any time what decoding all tokens at once gives.
    #[test]
    fn running_equals_whole(
        parts in prop::collection::vec(part(), 0..5),
        tokens in prop::collection::vec(prop::sample::select(TOKENS.to_vec()), 0..12),
    ) {
        let decoder = chain(parts);
        let Some(mut running) = decoder.running() else { return Ok(()) };
        for _ in 0..2 {
            for (index, token) in tokens.iter().enumerate() {
                running.push(token).unwrap();
                let whole = tokens[..=index].iter().map(|token| (*token).to_owned()).collect();
                prop_assert_eq!(running.text().unwrap(), decoder.decode(whole).unwrap());
            }
            running.clear();
        }
    }
}

/// So many ids that decoding makes itself a table.
const MANY: usize = 1 << 11;
/// An id for which that table has no cell.
const FAR: u32 = 1 << 14;

/// A tokenizer of these tokens and of some more: a long one, special ones, one beyond a hole, one far beyond.
fn tokenizer(decoder: Option<Decoder>) -> Tokenizer {
    let long = "▁##a".repeat(9);
    let others = [long.as_str(), "</w>", "é", "ï", "<s>"];
    let tokens = TOKENS.iter().copied().chain(others).zip((0..).map(|id| id + id / 20));
    let tokens = tokens.chain([("##far▁", FAR)]);
    let model = WordLevel::new(Vocab::from_pairs(tokens), "?".to_owned());
    let mut tokenizer = Tokenizer::new(Model::WordLevel(model));
    let added = [("<s>", true), ("naïve", false), ("▁▁<0x41>", true)];
    let added = added.map(|(text, special)| AddedToken::new(text, special));
    tokenizer.add_tokens(added.to_vec()).unwrap();
    tokenizer.set_decoder(decoder);
    tokenizer
}

/// Ids of tokens, of holes between them, of nothing.
fn id() -> impl Strategy<Value = u32> {
    prop_oneof![20 => 0..48_u32, 1 => Just(FAR), 1 => Just(FAR + 1)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Decoding by the table of what ids add is decoding by the decoders.
    #[test]
    fn the_table_equals_the_decoders(
        parts in prop::option::weighted(0.9, prop::collection::vec(part(), 0..5)),
        rows in prop::collection::vec(prop::collection::vec(id(), 0..40), 1..5),
        skip in any::<bool>(),
        threads in 1..3_usize,
    ) {
        let tokenizer = tokenizer(parts.map(chain));
        // The table is there, and holds one id: the others are met by several threads at a time.
        let warm = vec![2; MANY];
        let found = tokenizer.decode(&warm, skip).unwrap();
        prop_assert_eq!(found, tokenizer.decode_slowly(&warm, skip).unwrap());
        let slowly: Vec<String> =
            rows.iter().map(|ids| tokenizer.decode_slowly(ids, skip).unwrap()).collect();
        for _ in 0..2 {
            prop_assert_eq!(&tokenizer.decode_batch(&rows, skip, Some(threads)).unwrap(), &slowly);
        }
    }
}

#[test]
fn a_table_does_not_outlive_what_it_was_made_from() {
    let mut tokenizer = tokenizer(Some(Decoder::Fuse));
    let ids: Vec<u32> = (0..40).cycle().take(MANY).collect();
    tokenizer.decode(&ids, false).unwrap();
    let shared = tokenizer.clone();
    tokenizer.set_decoder(Some(Decoder::ByteLevel(ByteLevel::default())));
    for changed in [&tokenizer, &shared] {
        assert_eq!(
            changed.decode(&ids, false).unwrap(),
            changed.decode_slowly(&ids, false).unwrap()
        );
    }
    tokenizer.decode(&ids, false).unwrap();
    tokenizer.add_tokens(vec![AddedToken::new("new", false)]).unwrap();
    let id = tokenizer.token_to_id("new").unwrap();
    assert_eq!(tokenizer.decode(&[id; 80], false).unwrap(), "new".repeat(80));
    tokenizer.decode(&ids, false).unwrap();
    tokenizer.set_verbatim_added_tokens(true);
    let id = tokenizer.token_to_id("naïve").unwrap();
    assert_eq!(tokenizer.decode(&[id; 80], false).unwrap(), "naïve".repeat(80));
}

#[test]
fn ids_that_nothing_has_cost_no_table() {
    let vocab = Vocab::from_pairs([("a", 0), ("b", u32::MAX)]);
    let model = WordLevel::new(vocab, "a".to_owned());
    let mut tokenizer = Tokenizer::new(Model::WordLevel(model));
    tokenizer.set_decoder(Some(Decoder::Fuse));
    for _ in 0..3 {
        assert_eq!(tokenizer.decode(&[0, 7, u32::MAX], false).unwrap(), "ab");
    }
}
