//! Any text is the JSON of a text, of pieces, of a stream, or an error; what is read can be worked with.

#![no_main]

use fissile_core::Span;
use fissile_core::text::{NormalizedText, OffsetUnit, Pieces, Referential};
use fissile_core::tokenizer::DecodeStream;
use libfuzzer_sys::fuzz_target;

fn work_with(mut text: NormalizedText) {
    let saved = text.to_json();
    let again = NormalizedText::from_json(&saved).expect("what is written can be read");
    assert!(again == text);
    text.alignments();
    for (start, end) in [(0, 1), (1, 3), (2, 2)] {
        for of in [Referential::Original, Referential::Normalized] {
            text.slice(Span::new(start, end), of);
            text.get_span(Span::new(start, end), of);
        }
    }
    text.nfkd().strip().prepend("é").append("x").filter(|character| character != 'a');
}

fuzz_target!(|json: &str| {
    if let Ok(text) = NormalizedText::from_json(json) {
        work_with(text);
    }
    if let Ok(pieces) = Pieces::from_json(json) {
        assert_eq!(
            Pieces::from_json(&pieces.to_json()).expect("what is written can be read"),
            pieces
        );
        for of in [Referential::Original, Referential::Normalized] {
            pieces.splits(of, OffsetUnit::Char);
        }
        pieces.pieces().iter().for_each(|piece| work_with(piece.text.clone()));
        let _ = pieces.into_encoding(None, 0, OffsetUnit::Char);
    }
    if let Ok(stream) = DecodeStream::from_json(json) {
        DecodeStream::from_json(&stream.to_json()).expect("what is written can be read");
    }
});
