//! Any bytes are a character map or an error, and the map can be applied.

#![no_main]

use fissile_core::normalizers::Precompiled;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(map) = Precompiled::new(data.to_vec()) else { return };
    for text in ["", "Hello wörld", "\u{ff21}\u{fb01} e\u{301}", "가각", "a\u{0}b"] {
        let plain = map.normalize_plain(text).into_owned();
        assert!(!map.leaves_unchanged(text) || plain == text);
    }
});
