//! Any bytes are a `tekken.json` or an error, and what is read works.

#![no_main]

use fissile_core::tokenizer::{EncodeInput, EncodeOptions, Tokenizer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(tokenizer) = Tokenizer::from_tekken_bytes(data) else { return };
    let input = EncodeInput::text("Hello wörld <s>");
    if let Ok(encoding) = tokenizer.encode(&input, &EncodeOptions::default()) {
        let _ = tokenizer.decode(&encoding.ids(), true);
    }
});
