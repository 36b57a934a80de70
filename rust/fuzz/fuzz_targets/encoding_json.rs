//! Any text is an encoding's JSON or an error; an encoding can be read, edited and written again.

#![no_main]

use fissile_core::encoding::{Direction, Encoding};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &str| {
    let Ok(mut encoding) = Encoding::from_json(json) else { return };
    let saved = encoding.to_json();
    let again = Encoding::from_json(&saved).expect("what is written can be read");
    assert_eq!(again.to_json(), saved);
    for position in [0, 1, 3] {
        encoding.char_to_token(position, 0);
        encoding.token_to_chars(position);
        encoding.word_to_tokens(1, 0);
    }
    let _ = encoding.pad(4, Direction::Left, 0, 0, "[PAD]");
    if encoding.truncate(2, 1, Direction::Right).is_ok() {
        assert!(encoding.ids().len() <= 2);
    }
});
