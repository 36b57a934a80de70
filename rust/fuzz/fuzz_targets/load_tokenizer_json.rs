//! Any text is a tokenizer or an error; a tokenizer is saved as it was loaded, and works.

#![no_main]

use std::collections::BTreeSet;

use fissile_core::tokenizer::{EncodeInput, EncodeOptions, Tokenizer};
use libfuzzer_sys::fuzz_target;

/// Of tokens that share an id one is saved, as in the reference; merges may need the others.
fn shares_ids(tokenizer: &Tokenizer) -> bool {
    let ids: Vec<_> = tokenizer.vocab(false).into_iter().map(|(_, id)| id).collect();
    let distinct: BTreeSet<_> = ids.iter().collect();
    distinct.len() < ids.len()
}

fuzz_target!(|data: &[u8]| {
    let Ok(tokenizer) = Tokenizer::from_json_bytes(data) else { return };
    if let Ok(saved) = tokenizer.to_json(false)
        && !shares_ids(&tokenizer)
    {
        let again = Tokenizer::from_json(&saved).expect("what is saved loads");
        assert_eq!(again.to_json(false).expect("what is loaded is saved"), saved);
    }
    let input = EncodeInput::text("Hello wörld 12 <s>");
    if let Ok(encoding) = tokenizer.encode(&input, &EncodeOptions::default()) {
        let _ = tokenizer.decode(&encoding.ids(), true);
    }
});
