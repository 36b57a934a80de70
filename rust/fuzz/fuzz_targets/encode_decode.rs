//! A byte-level tokenizer gives every text back, in every way it is asked, and its offsets lie in the text.

#![no_main]

use std::sync::LazyLock;

use fissile_core::tokenizer::{EncodeInput, EncodeOptions, Tokenizer};
use libfuzzer_sys::fuzz_target;

const DOCUMENT: &str = include_str!("../../../tests/data/tokenizers/byte_level_as_normalizer.json");
const OTHERS: [&str; 4] = [
    include_str!("../../../tests/data/tokenizers/byte_fallback.json"),
    include_str!("../../../tests/data/tokenizers/word_pieces.json"),
    include_str!("../../../tests/data/tokenizers/unigram.json"),
    include_str!("../../../tests/data/tokenizers/whole_words.json"),
];

static BYTES: LazyLock<Tokenizer> = LazyLock::new(|| {
    let mut tokenizer = Tokenizer::from_json(DOCUMENT).expect("a good document");
    tokenizer.set_normalizer(None).expect("nothing to normalize");
    tokenizer.set_pre_tokenizer(Some(
        fissile_core::pre_tokenizers::PreTokenizer::from_json(
            r#"{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":true}"#,
        )
        .expect("a good document"),
    ));
    tokenizer
});

static ALL: LazyLock<Vec<Tokenizer>> = LazyLock::new(|| {
    OTHERS.iter().map(|json| Tokenizer::from_json(json).expect("a good document")).collect()
});

fn check(tokenizer: &Tokenizer, text: &str) -> Vec<u32> {
    let bytes = EncodeOptions { byte_offsets: true, ..EncodeOptions::default() };
    let fast = EncodeOptions { ids_only: true, ..EncodeOptions::default() };
    let input = EncodeInput::text(text);
    let whole = tokenizer.encode(&input, &bytes).expect("these encode everything");
    let ids = tokenizer.encode(&input, &fast).expect("these encode everything");
    assert_eq!(whole.ids(), ids.ids());
    for span in whole.offsets() {
        assert!(span.start <= span.end && span.end <= text.len());
    }
    whole.ids()
}

fuzz_target!(|text: &str| {
    let ids = check(&BYTES, text);
    assert_eq!(BYTES.decode(&ids, false).expect("known ids"), text);
    assert_eq!(BYTES.decode_bytes(&ids, false).expect("known ids"), text.as_bytes());
    for tokenizer in ALL.iter() {
        let ids = check(tokenizer, text);
        tokenizer.decode(&ids, true).expect("known ids");
    }
});
