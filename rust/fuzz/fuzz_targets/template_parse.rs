//! Any text is a template or an error.

#![no_main]

use fissile_core::post_processors::template::parse_template;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(pieces) = parse_template(text) {
        assert_eq!(pieces.len(), text.split(' ').count());
    }
});
