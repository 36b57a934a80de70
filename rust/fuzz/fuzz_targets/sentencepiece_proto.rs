//! Any bytes are a SentencePiece model or an error, and the model works.

#![no_main]

use fissile_core::tokenizer::{EncodeInput, EncodeOptions, Tokenizer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(tokenizer) = Tokenizer::from_sentencepiece_bytes(data) else { return };
    let input = EncodeInput::text("Hello  wörld\u{ff21} 12 <s>");
    if let Ok(encoding) = tokenizer.encode(&input, &EncodeOptions::default()) {
        let _ = tokenizer.decode(&encoding.ids(), true);
    }
});
