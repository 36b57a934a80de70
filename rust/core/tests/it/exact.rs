//! Exact offsets: a character of a normalized text names exactly the characters it came from.
//!
//! Two laws say so without knowing how a normalizer works. *Nothing is missing*: where the text can be
//! cut so that all before came from in front and all behind from behind, the two sides normalize
//! apart as they do together. *Nothing is too much*: no source can be cut in two that normalize apart to
//! the same, except where the source of a neighbour reaches over the cut: sources never step back.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use fissile_core::normalizers::{Normalizer, Precompiled};
use fissile_core::stages::Normalize;
use fissile_core::text::NormalizedText;
use proptest::prelude::*;

/// Normalizers that look at nothing but the characters they change.
const LOCAL: [&str; 13] = [
    r#"{"type": "NFC"}"#,
    r#"{"type": "NFD"}"#,
    r#"{"type": "NFKC"}"#,
    r#"{"type": "NFKD"}"#,
    r#"{"type": "Lowercase"}"#,
    r#"{"type": "StripAccents"}"#,
    r#"{"type": "Nmt"}"#,
    r#"{"type": "ByteLevel"}"#,
    r#"{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": true, "lowercase": true}"#,
    r#"{"type": "BertNormalizer", "clean_text": false, "handle_chinese_chars": true, "strip_accents": false, "lowercase": false}"#,
    r#"{"type": "Replace", "pattern": {"String": "aa"}, "content": "xyz"}"#,
    r#"{"type": "Replace", "pattern": {"Regex": "É|a[éB]|\\s"}, "content": "-"}"#,
    r#"{"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]}"#,
];

fn charsmap() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/rules.charsmap")).unwrap()
}

fn local(index: usize) -> Normalizer {
    match LOCAL.get(index) {
        Some(json) => Normalizer::from_json(json).unwrap(),
        None => by_map(Precompiled::longest_match(charsmap(), vec![]).unwrap()),
    }
}

fn by_map(map: Precompiled) -> Normalizer {
    Normalizer::Precompiled(Arc::new(map))
}

fn normalized(part: &Normalizer, text: &str) -> String {
    part.normalize_plain(text).unwrap().into_owned()
}

/// The characters of `text` normalized, each with its source in bytes.
fn aligned(part: &Normalizer, text: &str) -> Vec<(char, Range<usize>)> {
    let mut text = NormalizedText::exact(text);
    part.normalize(&mut text).unwrap();
    let spans = text.alignments();
    text.get().char_indices().map(|(at, character)| (character, spans[at].range())).collect()
}

fn texts() -> impl Strategy<Value = String> {
    let odd = "aaB éÉ\u{301}\u{323}\u{344}ßİΣǅ\u{3000}\u{a0}\t한\u{1112}\u{1161}\u{11ab}ﬁ𝔾…中½Ａ™\u{200b}";
    let odd: Vec<char> = odd.chars().collect();
    prop::collection::vec(prop::sample::select(odd), 0..12).prop_map(String::from_iter)
}

fn check(part: &Normalizer, text: &str) -> Result<(), TestCaseError> {
    let characters = aligned(part, text);
    let joined = |part: &[(char, Range<usize>)]| part.iter().map(|(it, _)| it).collect::<String>();
    prop_assert_eq!(joined(&characters), normalized(part, text));
    for cut in 1..characters.len() {
        let (end, start) = (characters[cut - 1].1.end, characters[cut].1.start);
        if end <= start {
            let (before, behind) = characters.split_at(cut);
            prop_assert_eq!(normalized(part, &text[..end]), joined(before), "up to {}", end);
            prop_assert_eq!(normalized(part, &text[start..]), joined(behind), "from {} on", start);
        }
    }
    for (_, range) in &characters {
        let source = &text[range.clone()];
        let whole = normalized(part, source);
        for (cut, _) in source.char_indices().skip(1) {
            let place = range.start + cut;
            let crosses = |other: &Range<usize>| other.start < place && place < other.end;
            if characters.iter().any(|(_, other)| other != range && crosses(other)) {
                continue;
            }
            let (before, behind) = source.split_at(cut);
            let apart = normalized(part, before) + &normalized(part, behind);
            prop_assert_ne!(&apart, &whole, "{:?} is too much", source);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn sources_are_neither_too_short_nor_too_long(index in 0..=LOCAL.len(), text in texts()) {
        check(&local(index), &text)?;
    }
}

#[test]
fn a_composition_over_a_mark_draws_the_mark_along() {
    let nfkc = Normalizer::from_json(r#"{"type": "NFKC"}"#).unwrap();
    let text = "𝔾\u{323}\u{301}";
    assert_eq!(aligned(&nfkc, text), [('Ǵ', 0..8), ('\u{323}', 4..8)]);
    check(&nfkc, text).unwrap();
}

#[test]
fn what_a_character_map_replaces_is_the_source_of_all_that_it_puts_there() {
    for map in [
        Precompiled::new(charsmap()).unwrap(),
        Precompiled::longest_match(charsmap(), vec![]).unwrap(),
    ] {
        let spans = aligned(&by_map(map), "x½ﬁy");
        let starts: String = spans.iter().map(|(character, _)| character).collect();
        assert_eq!(starts, "x1/2fiy");
        let sources: Vec<_> = spans.into_iter().map(|(_, source)| source).collect();
        assert_eq!(sources, [0..1, 1..3, 1..3, 1..3, 3..6, 3..6, 6..7]);
    }
    // The field's way loses the mark: what is left stands for both.
    let field = by_map(Precompiled::new(charsmap()).unwrap());
    assert_eq!(aligned(&field, "Ａ\u{301}b"), [('A', 0..5), ('b', 5..6)]);
}

#[test]
fn characters_from_nowhere_stand_with_their_neighbours() {
    let part = |json: &str| Normalizer::from_json(json).unwrap();
    let prepend = part(r#"{"type": "Prepend", "prepend": "▁"}"#);
    assert_eq!(aligned(&prepend, "éx"), [('▁', 0..2), ('é', 0..2), ('x', 2..3)]);
    let strip = part(r#"{"type": "Strip", "strip_left": true, "strip_right": true}"#);
    assert_eq!(aligned(&strip, " é  "), [('é', 1..3)]);
}
