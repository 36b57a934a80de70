//! Any text is a pattern or an error; what a pattern finds lies in the text, in order.

#![no_main]

use fissile_core::util::regex::Regex;
use libfuzzer_sys::fuzz_target;

// The last is short: a pattern that doubles its work with every letter meets its limit late, which under load
// looks like a hang.
const TEXTS: [&str; 4] =
    ["", "aab Foo's 12\r\n", "ß\u{212a} e\u{301}가 ſ\u{a0}x", "aaaaaaaaaaaaaa!"];

fuzz_target!(|pattern: &str| {
    let Ok(regex) = Regex::new(pattern) else { return };
    for text in TEXTS {
        let Ok(found) = regex.find_all(text) else { continue };
        let mut end = 0;
        for span in found {
            assert!(end <= span.start && span.start <= span.end);
            assert!(text.get(span.range()).is_some());
            end = span.end;
        }
    }
});
