//! What a stream gives piece by piece begins the decoded text.

#![no_main]

use std::sync::LazyLock;

use fissile_core::tokenizer::{DecodeStream, Tokenizer};
use libfuzzer_sys::fuzz_target;

const DOCUMENT: &str = include_str!("../../../tests/data/tokenizers/byte_level_roberta.json");

static TOKENIZER: LazyLock<Tokenizer> =
    LazyLock::new(|| Tokenizer::from_json(DOCUMENT).expect("a good document"));

fuzz_target!(|ids: Vec<u16>| {
    let ids: Vec<u32> = ids.into_iter().map(|id| u32::from(id) % 800).collect();
    let mut stream = DecodeStream::new(Vec::new(), false);
    let mut given = String::new();
    for id in &ids {
        given.extend(stream.step(&TOKENIZER, &[*id]).expect("ids are never refused"));
    }
    let whole = TOKENIZER.decode(&ids, false).expect("ids are never refused");
    assert!(whole.starts_with(&given) || whole.contains('\u{fffd}'));
});
