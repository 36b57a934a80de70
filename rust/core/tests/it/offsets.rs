//! Bytes to characters, against counting them.

use fissile_core::text::CharIndex;
use fissile_core::text::offsets::{CharWalk, char_span_to_bytes};
use fissile_core::token::Span;
use proptest::prelude::*;

/// The number of the character that a byte belongs to, the slow way.
fn counted(text: &str, position: usize) -> usize {
    text.char_indices().filter(|(start, it)| start + it.len_utf8() <= position).count()
}

/// Long enough to fill some blocks of the index.
fn texts() -> impl Strategy<Value = String> {
    let odd: Vec<char> = "aé한𝔾\u{301}".chars().collect();
    prop_oneof![
        "[ -~]{0,150}",
        prop::collection::vec(prop::sample::select(odd), 0..150).prop_map(String::from_iter),
    ]
}

proptest! {
    #[test]
    fn every_byte_knows_its_character(text in texts()) {
        let index = CharIndex::new(&text);
        prop_assert_eq!(index.char_count(), text.chars().count());
        prop_assert_eq!(index.is_ascii(), text.is_ascii());
        for position in 0..text.len() + 3 {
            prop_assert_eq!(index.byte_to_char(position), counted(&text, position));
        }
    }

    #[test]
    fn a_walk_says_what_the_index_says(
        text in texts(),
        steps in prop::collection::vec((0_usize..700, any::<bool>()), 0..60),
    ) {
        let (index, mut walk, mut at) = (CharIndex::new(&text), CharWalk::new(&text), 0);
        let mut spans = CharWalk::new(&text);
        for (position, is_near) in steps {
            at = if is_near { at + position % 9 } else { position };
            prop_assert_eq!(walk.byte_to_char(at), index.byte_to_char(at), "{}", at);
            for length in [0, 1, 5] {
                let (mut start, mut end) = (at, at + length);
                if length > 0 {
                    (start, end) = (text.floor_char_boundary(start), text.ceil_char_boundary(end));
                }
                let expected = (index.byte_to_char(start) as u32, index.byte_to_char(end) as u32);
                prop_assert_eq!(spans.whole_span((at as u32, (at + length) as u32)), expected);
            }
        }
    }

    #[test]
    fn characters_and_bytes_are_inverse(text in texts(), start in 0_usize..150, count in 0_usize..9) {
        let characters = Span::new(start, start + count);
        if let Some(bytes) = char_span_to_bytes(&text, characters.start, characters.end) {
            let back = CharIndex::new(&text).span_to_chars(bytes);
            prop_assert_eq!(back.start, start);
            prop_assert_eq!(back.end, characters.end.min(text.chars().count()));
        } else {
            prop_assert!(start >= text.chars().count());
        }
    }
}

#[test]
fn spans_at_the_end_are_converted_as_in_the_reference() {
    for (text, span, expected) in [
        ("é", (0, 2), (0, 1)),
        ("éa", (0, 3), (0, 2)),
        ("é", (2, 2), (2, 2)),
        ("ab", (2, 5), (2, 5)),
        ("ab", (1, 9), (1, 3)),
        ("éé", (1, 3), (0, 1)),
        ("", (0, 0), (0, 0)),
    ] {
        let found = CharIndex::new(text).convert(Span::new(span.0, span.1));
        assert_eq!((found.start, found.end), expected, "{span:?} of {text:?}");
    }
}
