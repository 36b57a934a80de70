//! The scanners written by hand cut every text where the pattern they stand for cuts it.

#![no_main]

use std::sync::LazyLock;

use fissile_core::pre_tokenizers::PreTokenizer;
use fissile_core::stages::PreTokenize;
use fissile_core::text::{NormalizedText, Pieces};
use fissile_core::util::regex::{Regex, famous};
use libfuzzer_sys::fuzz_target;

/// Each pattern as it is known, and in a form that no scanner is known for.
static PAIRS: LazyLock<Vec<(PreTokenizer, Regex)>> = LazyLock::new(|| {
    famous::ALL
        .iter()
        .map(|pattern| {
            let json = serde_json::json!({
                "type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": false,
            });
            let known = PreTokenizer::from_json(&json.to_string()).expect("a good pattern");
            (known, Regex::new(&format!("(?:{pattern})(?:)")).expect("a good pattern"))
        })
        .collect()
});

fuzz_target!(|text: &str| {
    for (known, plain) in PAIRS.iter() {
        let mut pieces = Pieces::new(NormalizedText::new(text));
        known.pre_tokenize(&mut pieces).expect("these cut everything");
        let found: Vec<&str> = pieces.pieces().iter().map(|piece| piece.text.get()).collect();
        let mut expected = Vec::new();
        let mut at = 0;
        for span in plain.find_all(text).expect("no limit is met") {
            expected.extend((at < span.start).then(|| &text[at..span.start]));
            expected.extend((span.start < span.end).then(|| &text[span.start..span.end]));
            at = span.end;
        }
        expected.extend((at < text.len()).then(|| &text[at..]));
        assert_eq!(found, expected);
    }
});
