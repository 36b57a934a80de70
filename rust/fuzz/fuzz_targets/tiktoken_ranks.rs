//! Any bytes are a rank file or an error, and what is read works.

#![no_main]

use fissile_core::format::TiktokenOptions;
use fissile_core::tokenizer::{EncodeInput, EncodeOptions, Tokenizer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let options =
        TiktokenOptions { pattern: Some(r"\w+|\W+".to_owned()), ..TiktokenOptions::default() };
    let Ok(tokenizer) = Tokenizer::from_tiktoken_bytes(data, &options) else { return };
    let input = EncodeInput::text("Hello wörld");
    if let Ok(encoding) = tokenizer.encode(&input, &EncodeOptions::default()) {
        let _ = tokenizer.decode(&encoding.ids(), true);
    }
});
