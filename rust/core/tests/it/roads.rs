//! The cached roads give what the general road gives, for every kind of pipeline, in any order of texts.

use fissile_core::tokenizer::{EncodeInput, EncodeOptions};
use fissile_core::{Encoding, Tokenizer};
use proptest::prelude::*;
use serde_json::{Value, json};

const LETTERS: &str = "abcdehilnorst";

/// Tokenizers of every kind of road, small enough to meet unknowns and long enough to merge.
pub(crate) fn pipelines() -> Vec<(&'static str, Tokenizer)> {
    let metaspace =
        json!({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true});
    let split = |regex: &str| {
        json!({"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated", "invert": false},
            byte_level(false, false),
        ]})
    };
    let cl100k = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    let bert = |lowercase: bool| json!({"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": lowercase});
    let spaces = json!({"type": "Replace", "pattern": {"String": " "}, "content": "▁"});
    let sentencepiece = json!({"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, spaces.clone()]});
    let kinds = [
        ("gpt2", Value::Null, byte_level(false, true), byte_bpe()),
        ("roberta", Value::Null, byte_level(true, true), byte_bpe()),
        ("cl100k", Value::Null, split(cl100k), byte_bpe()),
        ("any regex", Value::Null, split(r"\w+(?=x)|[a-f]+|\s"), byte_bpe()),
        ("qwen", json!({"type": "NFC"}), split(cl100k), byte_bpe()),
        ("marks apart", json!({"type": "NFD"}), split(cl100k), byte_bpe()),
        ("bert", bert(true), json!({"type": "BertPreTokenizer"}), wordpiece()),
        ("bert cased", bert(false), json!({"type": "BertPreTokenizer"}), wordpiece()),
        (
            "bert raw",
            json!({"type": "BertNormalizer", "clean_text": false, "handle_chinese_chars": false, "strip_accents": true, "lowercase": false}),
            json!({"type": "BertPreTokenizer"}),
            wordpiece(),
        ),
        ("bert bare", Value::Null, json!({"type": "BertPreTokenizer"}), wordpiece()),
        (
            "xlmr",
            json!({"type": "NFKC"}),
            json!({"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace.clone()]}),
            unigram(),
        ),
        (
            "t5",
            json!({"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "NFKC"}]}),
            metaspace,
            unigram(),
        ),
        ("llama2", sentencepiece, Value::Null, sentencepiece_bpe()),
        ("gemma", spaces, Value::Null, sentencepiece_bpe()),
        (
            "delimiter",
            Value::Null,
            json!({"type": "CharDelimiterSplit", "delimiter": "e"}),
            wordpiece(),
        ),
        (
            "letters",
            json!({"type": "NFD"}),
            json!({"type": "Split", "pattern": {"Regex": "[^e]+"}, "behavior": "MergedWithNext", "invert": true}),
            unigram(),
        ),
        ("words", Value::Null, json!({"type": "Whitespace"}), wordpiece()),
        ("lower", json!({"type": "Lowercase"}), json!({"type": "WhitespaceSplit"}), wordpiece()),
    ];
    let build = |(name, normalizer, pre_tokenizer, model)| {
        let document = json!({
            "version": "1.0", "truncation": null, "padding": null, "added_tokens": added_tokens(),
            "normalizer": normalizer, "pre_tokenizer": pre_tokenizer, "post_processor": null,
            "decoder": null, "model": model,
        });
        (name, Tokenizer::from_json(&document.to_string()).unwrap())
    };
    kinds.into_iter().map(build).collect()
}

fn byte_level(add_prefix_space: bool, use_regex: bool) -> Value {
    json!({"type": "ByteLevel", "add_prefix_space": add_prefix_space, "trim_offsets": true, "use_regex": use_regex})
}

fn added_tokens() -> Value {
    let token = |id: u32, content: &str, flags: [bool; 5]| {
        let [single_word, lstrip, rstrip, normalized, special] = flags;
        json!({"id": id, "content": content, "single_word": single_word, "lstrip": lstrip,
               "rstrip": rstrip, "normalized": normalized, "special": special})
    };
    json!([
        token(900, "<s>", [false, false, false, false, true]),
        token(901, "<mask>", [false, true, true, false, true]),
        token(902, "Hello", [true, false, false, true, false]),
        token(903, "one two", [false, false, false, true, false]),
    ])
}

/// Byte stand-ins, and merges of the letters that English has together.
fn byte_bpe() -> Value {
    let bytes = (0u8..=255).map(|b| fissile_core::text::byte_alphabet::byte_to_char(b).to_string());
    bpe(
        bytes.collect(),
        &[("h", "e"), ("l", "l"), ("he", "ll"), ("Ġ", "t"), ("Ġt", "he"), ("i", "n"), ("Ã", "©")],
        false,
    )
}

fn sentencepiece_bpe() -> Value {
    let bytes = (0u8..=255).map(|b| format!("<0x{b:02X}>"));
    let letters = LETTERS.chars().map(|c| c.to_string());
    let tokens = ["<unk>".to_owned(), "▁".to_owned()].into_iter().chain(bytes).chain(letters);
    bpe(
        tokens.collect(),
        &[("▁", "▁"), ("▁▁", "▁▁"), ("▁", "t"), ("h", "e"), ("▁t", "he"), ("l", "l")],
        true,
    )
}

fn bpe(mut tokens: Vec<String>, merges: &[(&str, &str)], sentencepiece: bool) -> Value {
    tokens.extend(merges.iter().map(|(left, right)| format!("{left}{right}")));
    let vocab: serde_json::Map<_, _> = tokens.into_iter().zip((0..).map(Value::from)).collect();
    json!({"type": "BPE", "dropout": null, "unk_token": sentencepiece.then_some("<unk>"),
           "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": sentencepiece,
           "byte_fallback": sentencepiece, "vocab": vocab, "merges": merges})
}

fn wordpiece() -> Value {
    let letters: Vec<String> =
        LETTERS.chars().flat_map(|c| [c.to_string(), format!("##{c}")]).collect();
    let words = ["[UNK]", "the", "hello", "##ello", "in", "##s", "!", "'", "中", "é", "e"];
    let tokens = words.iter().map(ToString::to_string).chain(letters);
    let vocab: serde_json::Map<_, _> = tokens.zip((0..).map(Value::from)).collect();
    json!({"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
           "max_input_chars_per_word": 20, "vocab": vocab})
}

fn unigram() -> Value {
    let mut pieces =
        vec![json!(["<unk>", 0.0]), json!(["▁", -2.0]), json!(["▁the", -3.5]), json!(["he", -4.0])];
    pieces.extend(
        LETTERS.chars().zip(1..).map(|(c, i)| json!([c.to_string(), -5.0 - f64::from(i) / 10.0])),
    );
    json!({"type": "Unigram", "unk_id": 0, "vocab": pieces, "byte_fallback": false})
}

/// Texts of what trips tokenizers: white space of all kinds, marks, joiners, digits, added tokens.
pub(crate) fn nasty_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[abehlot]{1,6}",
        3 => Just(" ".to_owned()),
        1 => "[ \t\n\r]{1,4}",
        1 => Just("\u{301}".to_owned()),
        1 => Just("e\u{301}".to_owned()),
        1 => Just("é".to_owned()),
        // A letter that both canonical forms take apart, before a new line that the mark's piece takes.
        1 => Just("\u{958}\n\u{915}".to_owned()),
        1 => Just("\u{200d}".to_owned()),
        1 => Just("\u{600}".to_owned()),
        1 => Just("ﾞ".to_owned()),
        1 => Just("\u{a0}".to_owned()),
        1 => Just("▁".to_owned()),
        1 => Just("中文".to_owned()),
        1 => Just("한\u{1112}\u{1161}\u{11ab}".to_owned()),
        1 => Just("ﬁ①".to_owned()),
        1 => Just("👩\u{200d}🚀".to_owned()),
        1 => "['!.,]{1,3}",
        1 => "[0-9]{1,5}",
        1 => Just("\0".to_owned()),
        1 => Just("'s".to_owned()),
        1 => Just("THE".to_owned()),
        1 => Just("<s>".to_owned()),
        1 => Just(" <mask> ".to_owned()),
        1 => Just("Hello".to_owned()),
        1 => Just("one two".to_owned()),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

/// Words of every script and what looks like one, in the places that words have: none is told of a plain
/// word that is not true of it.
#[test]
fn words_of_all_characters() {
    let options = EncodeOptions::default();
    let kinds = ["bert", "bert cased", "bert raw", "bert bare", "xlmr", "t5", "llama2", "gemma"];
    let some = |c: &char| {
        matches!(u32::from(*c), 0..0x600 | 0xE00..0xF00) || u32::from(*c).is_multiple_of(61)
    };
    let chars: Vec<char> = ('\0'..=char::MAX).filter(some).collect();
    for (name, tokenizer) in pipelines().into_iter().filter(|(name, _)| kinds.contains(name)) {
        for chars in chars.chunks(16) {
            let units = chars.iter().flat_map(|c| {
                let alone = [
                    format!(" {c}"),
                    format!("  {c}ab"),
                    format!(" B{c}"),
                    format!("\n{c}, the lot"),
                ];
                let beside = [
                    format!("中{c}文"),
                    format!(" É{c}\u{301}\u{323}。{c},"),
                    format!("\n{c}\n \n{c}{c}"),
                ];
                alone.into_iter().chain(beside.into_iter().filter(|_| name.starts_with("bert")))
            });
            let text: String = units.collect();
            let input = EncodeInput::text(&text);
            let fast = tokenizer.encode(&input, &options).unwrap();
            let slow = tokenizer.encode_slowly(&input, &options).unwrap();
            assert_eq!(columns(&fast), columns(&slow), "{name}: {text:?}");
        }
    }
}

fn columns(encoding: &Encoding) -> impl PartialEq + std::fmt::Debug {
    (encoding.ids(), encoding.tokens(), encoding.offsets(), encoding.word_ids())
}

proptest! {
    #[test]
    fn every_road_leads_to_the_same_encoding(texts in prop::collection::vec(nasty_text(), 1..6)) {
        let options = EncodeOptions::default();
        for (name, tokenizer) in pipelines() {
            // Twice, so that the second time finds what the first left in the cache.
            for text in texts.iter().chain(&texts) {
                let input = EncodeInput::text(text);
                let fast = tokenizer.encode(&input, &options).unwrap();
                let slow = tokenizer.encode_slowly(&input, &options).unwrap();
                prop_assert_eq!(columns(&fast), columns(&slow), "{}: {:?}", name, text);
                prop_assert_eq!(tokenizer.encode_ids(&input, &options).unwrap(), slow.ids());
            }
        }
    }

    #[test]
    fn a_batch_is_its_texts_one_by_one(texts in prop::collection::vec(nasty_text(), 0..12), threads in 1usize..4) {
        let options = EncodeOptions { num_threads: Some(threads), ..EncodeOptions::default() };
        // Long enough that several threads are used.
        let texts: Vec<String> = texts.iter().map(|text| text.repeat(400)).collect();
        let inputs: Vec<_> = texts.iter().map(|text| EncodeInput::text(text)).collect();
        for (name, tokenizer) in pipelines().into_iter().step_by(4) {
            let batch = tokenizer.encode_batch(&inputs, &options).unwrap();
            let rows = tokenizer.encode_ids_batch(&inputs, &options).unwrap();
            prop_assert_eq!(batch.len(), texts.len());
            for (index, encoding) in batch.iter().enumerate() {
                let alone = tokenizer.encode(&inputs[index], &options).unwrap();
                prop_assert_eq!(columns(encoding), columns(&alone), "{}", name);
                let row = rows.splits[index] as usize..rows.splits[index + 1] as usize;
                prop_assert_eq!(&rows.values[row], &alone.ids()[..]);
            }
        }
    }

    /// However small the parts are that threads take, and whatever added tokens stand at their edges.
    #[test]
    fn a_text_on_several_threads_is_the_text_on_one(
        texts in prop::collection::vec(nasty_text(), 1..8),
        threads in 2usize..5,
        byte_offsets: bool,
        ids_only: bool,
    ) {
        let text = texts.join(" the lot ");
        let one = EncodeOptions { num_threads: Some(1), byte_offsets, ids_only, ..EncodeOptions::default() };
        let many = EncodeOptions { num_threads: Some(threads), long_text: Some(1), ..one.clone() };
        let input = EncodeInput::text(&text);
        for (name, tokenizer) in pipelines() {
            // Tokens that are looked for in the normalized text keep the text on one thread.
            let json = tokenizer.to_json(false).unwrap().replace("\"normalized\":true", "\"normalized\":false");
            let free = Tokenizer::from_json(&json).unwrap();
            for tokenizer in [tokenizer, free] {
                let alone = tokenizer.encode(&input, &one).unwrap();
                let shared = tokenizer.encode(&input, &many).unwrap();
                prop_assert_eq!(columns(&shared), columns(&alone), "{}: {:?}", name, text);
                prop_assert_eq!(tokenizer.encode_ids(&input, &many).unwrap(), alone.ids());
                let rows = tokenizer.encode_ids_batch(std::slice::from_ref(&input), &many).unwrap();
                prop_assert_eq!(&*rows.values, alone.ids());
            }
        }
    }

    #[test]
    fn words_given_one_by_one_keep_their_numbers(words in prop::collection::vec("[a-h]{0,4}", 0..8)) {
        use fissile_core::tokenizer::Input;
        let options = EncodeOptions::default();
        let given: Vec<&str> = words.iter().map(String::as_str).collect();
        let input = EncodeInput { first: Input::Words(given.clone()), second: None };
        for (_, tokenizer) in pipelines() {
            let encoding = tokenizer.encode(&input, &options).unwrap();
            let mut expected = Vec::new();
            for (number, word) in given.iter().enumerate() {
                let alone = tokenizer.encode(&EncodeInput::text(word), &options).unwrap();
                expected.extend(std::iter::repeat_n(Some(number as u32), alone.len()));
            }
            prop_assert_eq!(encoding.word_ids(), expected);
        }
    }
}

#[test]
fn a_run_of_one_character_takes_linear_work() {
    // A quadratic step would take minutes here.
    let options = EncodeOptions::default();
    // A pattern that looks ahead everywhere backtracks by nature, and gives up by design.
    for (_, tokenizer) in pipelines().into_iter().filter(|(name, _)| *name != "any regex") {
        for unit in ["a", " ", "\n", "\u{301}", "中", "!", " \u{301}", "a "] {
            let text = unit.repeat(100_000);
            tokenizer.encode_ids(&EncodeInput::text(&text), &options).unwrap();
        }
    }
}
