//! Any bytes are a vocabulary (`vocab.txt`, `vocab.json` with `merges.txt`, `unigram.json`) or an error, and
//! what is read works. A NUL parts the two files of BPE.

#![no_main]

use fissile_core::format::BertOptions;
use fissile_core::models::{Model, Unigram};
use fissile_core::tokenizer::{EncodeInput, EncodeOptions, Tokenizer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (first, second) = match data.iter().position(|&byte| byte == 0) {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &[][..]),
    };
    let read = [
        Tokenizer::from_vocab_txt_bytes(first, &BertOptions::default()),
        Tokenizer::from_bpe_bytes(first, second),
        Unigram::from_unigram_json_bytes(first).map(|model| Tokenizer::new(Model::Unigram(model))),
    ];
    for tokenizer in read.into_iter().flatten() {
        let input = EncodeInput::text("Hello wörld 12 [UNK]");
        if let Ok(encoding) = tokenizer.encode(&input, &EncodeOptions::default()) {
            let _ = tokenizer.decode(&encoding.ids(), true);
        }
    }
});
