//! SentencePiece's character maps: the reference's results, SentencePiece's own, and damaged maps.

use std::path::Path;

use fissile_core::Span;
use fissile_core::normalizers::Precompiled;
use fissile_core::stages::Normalize;
use fissile_core::text::{NormalizedText, Referential};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    normalized: String,
    /// The original of each character, in characters.
    spans: Vec<(usize, usize)>,
    /// What the longest key at each place gives.
    longest: String,
}

fn charsmap() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/rules.charsmap")).unwrap()
}

fn golden() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/precompiled.toml");
    let golden: Golden = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(golden.case.len() > 40);
    golden.case
}

/// Where each character of the normalized text comes from, in characters of the original.
fn char_spans(text: &NormalizedText) -> Vec<(usize, usize)> {
    let chars = |end: usize| text.original()[..end].chars().count();
    text.get()
        .char_indices()
        .map(|(start, character)| {
            let span = Span::new(start, start + character.len_utf8());
            let span = text.convert(span, Referential::Normalized).unwrap();
            (chars(span.start), chars(span.end))
        })
        .collect()
}

#[test]
fn golden_values() {
    let map = Precompiled::new(charsmap()).unwrap();
    for case in golden() {
        assert_eq!(map.normalize_plain(&case.text), case.normalized, "{:?}", case.text);
        let mut text = NormalizedText::new(case.text.as_str());
        map.normalize(&mut text).unwrap();
        assert_eq!(text.get(), case.normalized);
        assert_eq!(char_spans(&text), case.spans, "{:?}", case.text);
    }
}

#[test]
fn the_longest_key_as_sentencepiece_takes_it() {
    let map = Precompiled::longest_match(charsmap(), vec![]).unwrap();
    for case in golden() {
        assert_eq!(map.normalize_plain(&case.text), case.longest, "{:?}", case.text);
    }
    let keeping =
        Precompiled::longest_match(charsmap(), vec!["Ａ".into(), "ＡＡ™".into()]).unwrap();
    assert_eq!(keeping.normalize_plain("ＡＡ™™ab"), "ＡＡ™TMab");
    assert_eq!(keeping.longest_match_kept().unwrap().len(), 2);
    assert!(map.longest_match_kept().unwrap().is_empty());
}

#[test]
fn quick_checks_are_never_wrong() {
    for map in [
        Precompiled::new(charsmap()).unwrap(),
        Precompiled::longest_match(charsmap(), vec![]).unwrap(),
    ] {
        for case in golden() {
            if map.leaves_unchanged(&case.text) {
                assert_eq!(map.normalize_plain(&case.text), case.text);
                let mut text = NormalizedText::new(case.text.as_str());
                map.normalize(&mut text).unwrap();
                assert_eq!(text.get(), case.text);
            }
        }
        // ASCII in which nothing changes is what they are for.
        assert!(map.leaves_unchanged("The quick brown fox, 42 times!"));
        assert!(!map.leaves_unchanged("tab\t"));
    }
}

#[test]
fn broken_maps_are_refused() {
    let good = charsmap();
    for end in [0, 3, 4, 100, 4 + 1024 - 1] {
        assert!(Precompiled::new(good[..end].to_vec()).is_err(), "{end} bytes");
    }
    let mut long = good.clone();
    long[..4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(Precompiled::new(long).is_err());
    let mut no_text = good.clone();
    *no_text.last_mut().unwrap() = 0xFF;
    assert!(Precompiled::new(no_text).is_err());
    let mut no_trie = 0u32.to_le_bytes().to_vec();
    no_trie.extend(b"a\0");
    let error = Precompiled::new(no_trie).unwrap_err();
    assert_eq!(error.message(), "Cannot parse precompiled_charsmap");
}

/// A trie of one block in which `a` leads back to where it began.
#[test]
fn circles_are_refused() {
    let mut units = vec![0u32; 512];
    units[0] = 256 << 10;
    let state = 256 ^ usize::from(b'a');
    units[state] = (u32::from(b'a') << 10) | u32::from(b'a');
    let mut map = (units.len() as u32 * 4).to_le_bytes().to_vec();
    map.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    map.push(0);
    let error = Precompiled::new(map.clone()).unwrap_err().to_string();
    assert!(error.contains("circles"), "{error}");
    // The same state with a way out is fine.
    units[state] = ((state as u32 ^ 0) << 10) | u32::from(b'a');
    let map: Vec<u8> = map[..4]
        .iter()
        .copied()
        .chain(units.iter().flat_map(|unit| unit.to_le_bytes()))
        .chain([0])
        .collect();
    assert!(Precompiled::new(map).is_ok());
}

proptest! {
    #[test]
    fn damaged_maps_do_no_harm(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        text in "[ａ-ｚabcAe\u{301}\u{30a}½ﬁ™가\r\n\0 ]{0,40}",
    ) {
        let mut bytes = charsmap();
        for (index, byte) in damage {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        for map in [
            Precompiled::new(bytes.clone()),
            Precompiled::longest_match(bytes, vec!["ab".to_owned()]),
        ] {
            let Ok(map) = map else { continue };
            let plain = map.normalize_plain(&text).into_owned();
            if map.leaves_unchanged(&text) {
                prop_assert_eq!(&plain, &text);
            }
            let mut aligned = NormalizedText::new(text.as_str());
            map.normalize(&mut aligned).unwrap();
            prop_assert_eq!(aligned.get(), plain);
        }
    }

    #[test]
    fn nonsense_is_refused_or_harmless(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        if let Ok(map) = Precompiled::new(bytes) {
            let _ = map.normalize_plain("abc é 漢字");
        }
    }

    #[test]
    fn regions_change_nothing(text in "[abcAéｅ\u{301}\u{30a}½ﬁ™가각\u{11ab}\r\n\t \u{200b}👩\u{200d}🇩]{0,60}") {
        // Grapheme by grapheme, as the reference does it, without looking for quiet regions.
        let map = Precompiled::new(charsmap()).unwrap();
        let slow: String = unicode_segmentation::UnicodeSegmentation::graphemes(text.as_str(), true)
            .map(|grapheme| map.normalize_plain(grapheme).into_owned())
            .collect();
        prop_assert_eq!(map.normalize_plain(&text), slow);
    }
}
