//! Regular expressions against what the reference's engine matches, refuses and counts as a letter.

use std::ops::ControlFlow;
use std::sync::LazyLock;

use fissile_core::text::{NormalizedText, Pattern, SplitBehavior};
use fissile_core::util::regex::{Regex, famous};
use fissile_core::{ErrorKind, Span};
use proptest::prelude::*;

const GOLDEN: &str = include_str!("../../../../tests/golden/regex.toml");

fn golden() -> toml::Table {
    GOLDEN.parse().expect("the golden file is TOML")
}

fn regex(source: &str) -> Regex {
    Regex::new(source).unwrap_or_else(|error| panic!("{source:?}: {error}"))
}

fn pieces(regex: &Regex, text: &str, behavior: SplitBehavior) -> Vec<String> {
    let pieces = NormalizedText::new(text)
        .split(&Pattern::Regex(regex.clone()), behavior)
        .expect("no pattern here gives up");
    pieces.iter().filter(|piece| !piece.is_empty()).map(|piece| piece.get().to_owned()).collect()
}

#[test]
fn matches_as_the_reference() {
    let golden = golden();
    let texts: Vec<String> = golden["texts"].clone().try_into().expect("texts");
    let cases = golden["match"].as_array().expect("cases");
    assert!(cases.len() > 150, "the golden file lost its cases");
    for case in cases {
        let source = case["pattern"].as_str().expect("a pattern");
        let regex = regex(source);
        for (key, behavior) in
            [("isolated", SplitBehavior::Isolated), ("removed", SplitBehavior::Removed)]
        {
            let expected: Vec<Vec<String>> = case[key].clone().try_into().expect("pieces");
            for (text, expected) in texts.iter().zip(expected) {
                let found = pieces(&regex, text, behavior);
                assert_eq!(found, expected, "{source:?} {key} in {text:?}");
            }
        }
    }
}

#[test]
fn refuses_what_the_reference_refuses() {
    for case in golden()["refused"].as_array().expect("cases") {
        let source = case["pattern"].as_str().expect("a pattern");
        let message = case["message"].as_str().expect("a message");
        let error = Regex::new(source).expect_err(source);
        // What is not built is refused with other words.
        if !matches!(error.kind(), ErrorKind::Unsupported) {
            let found = error.message();
            assert!(found.starts_with(message), "{source:?}: {found:?}, not {message:?}");
            assert!(found.contains("at byte"), "{found:?} does not say where");
        }
    }
}

/// Code points of a class, as the ranges between surrogates and all others are counted: length and hash
/// of the first and last of each.
#[test]
fn classes_hold_the_characters_of_unicode_16() {
    let all: String = ('\0'..=char::MAX).collect();
    for case in golden()["class"].as_array().expect("cases") {
        let source = case["pattern"].as_str().expect("a pattern");
        let (count, hash) = summary(&regex(source), &all);
        assert_eq!(count, case["count"].as_integer().expect("a number"), "{source}");
        assert_eq!(format!("{hash:016x}"), case["hash"].as_str().expect("a hash"), "{source}");
    }
}

fn summary(regex: &Regex, all: &str) -> (i64, u64) {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for span in regex.find_all(all).expect("a class cannot give up") {
        for c in all[span.range()].chars().map(u32::from) {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == c => *last = c,
                _ => ranges.push((c, c)),
            }
        }
    }
    let count = ranges.iter().map(|(first, last)| i64::from(last - first) + 1).sum();
    let hash = ranges
        .iter()
        .flat_map(|&(first, last)| [first, last])
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, value| {
            (hash ^ u64::from(value)).wrapping_mul(0x0100_0000_01b3)
        });
    (count, hash)
}

#[test]
fn what_is_not_built_is_named() {
    for (source, construct) in [
        (r"a\Xb", r"\X"),
        (r"\yword\y", r"\y"),
        ("(?~x)", "absent"),
        (r"(a)\g<1>", "subexpression call"),
        ("(?(<n>)a|b)", "conditional"),
        ("(*FAIL)", "callout"),
        ("(?I:a)", "option"),
    ] {
        let error = Regex::new(source).expect_err(source);
        assert!(matches!(error.kind(), ErrorKind::Unsupported), "{source}: {error}");
        assert!(error.message().contains(construct), "{source}: {error}");
        assert!(error.message().contains("at byte"), "{source}: {error}");
    }
}

#[test]
fn nesting_without_end_is_an_error() {
    for opening in ["(", "(?:", "[", "(?="] {
        assert!(Regex::new(&opening.repeat(100_000)).is_err(), "{opening}");
    }
    assert!(Regex::new(&("a".to_owned() + &"{1,2}".repeat(100_000))).is_err());
    assert!(Regex::new(&"(?i)".repeat(100_000)).is_err());
}

/// Found by fuzzing: the work doubled with every possessive plus.
#[test]
fn repetitions_of_repetitions_are_read_in_no_time() {
    for count in [2, 3, 50, 51] {
        let regex = Regex::new(&format!(r"\pp{{0{{ha{}n|b", "+".repeat(count))).unwrap();
        assert_eq!(regex.find_all("ab").unwrap(), [Span::new(1, 2)], "{count}");
    }
    let deep = Regex::new(&format!("ha{}n", "+".repeat(1_000)));
    assert!(matches!(deep.unwrap_err().kind(), ErrorKind::Unsupported));
    let nested = format!("{}a{}b", "(?:".repeat(20), "+)?".repeat(20));
    assert!(Regex::new(&nested).is_ok());
}

#[test]
fn patterns_without_measure_are_an_error() {
    assert!(Regex::new(r"(?:\p{L}{1000}){1000}").is_err());
    assert!(Regex::new(&r"\p{L}".repeat(100_000)).is_err());
}

#[test]
fn expressions_are_shared_by_threads() {
    fn is_shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    is_shared(&regex("a"));
}

#[test]
fn backtracking_without_end_is_an_error() {
    let regex = regex("(?:(?=a)a+)+c");
    assert!(!regex.is_linear());
    let error = regex.find_all(&("a".repeat(64) + "b")).expect_err("it cannot finish");
    assert!(matches!(error.kind(), ErrorKind::PatternLimit), "{error}");
}

#[test]
fn patterns_of_vocabularies_run_in_linear_time() {
    for source in famous::ALL.into_iter().chain([
        r"\s+(?!\S)|\s+",
        r"[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s+(?!\S)|\s++",
        r"[\p{L}&&[^\p{Han}]]+|\p{Han}+|\s*[\r\n]+",
        "^a+$",
    ]) {
        assert!(regex(source).is_linear(), "{source}");
    }
    assert!(!regex(r"\p{N}{1,3}(?=(?:\p{N}{3})*\b)").is_linear());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// The rewritten look-ahead against an engine that backtracks.
    #[test]
    fn trailing_look_ahead_without_backtracking(text in r"[ \n\t\u{3000}ab1.]{0,24}") {
        for (ours, theirs) in LOOK_AHEAD.iter() {
            let found = ours.find_all(&text).expect("linear");
            let expected: Vec<Span> = theirs
                .find_iter(text.as_str())
                .map(|found| found.expect("a short text"))
                .map(|found| Span::new(found.start(), found.end()))
                .collect();
            prop_assert_eq!(found, expected, "{}", ours.source());
        }
    }
}

static LOOK_AHEAD: LazyLock<Vec<(Regex, fancy_regex::Regex)>> = LazyLock::new(|| {
    [
        r"\s+(?!\S)",
        r"\s+(?!\S)|\s+",
        r"a|\s+(?!\S)|\s+b",
        r" ?\w+|\s+(?!\S)|\s",
        r"\s+(?!a)|b",
        r"[a-z]+(?![0-9])|\s+(?!\.)",
        famous::GPT2,
    ]
    .map(|source| {
        let ours = regex(source);
        assert!(ours.is_linear(), "{source}");
        (ours, fancy_regex::Regex::new(source).expect("valid there too"))
    })
    .into()
});

#[test]
fn scratch_serves_its_own_pattern_and_is_replaced_for_others() {
    let (words, digits) = (regex(r"\p{L}+"), regex(r"\d+"));
    let mut scratch = words.scratch();
    let mut spans = Vec::new();
    for regex in [&words, &digits, &words] {
        regex
            .for_each_match("ab 12 cd", &mut scratch, |span| {
                spans.push(span);
                ControlFlow::Continue(())
            })
            .expect("no limit here");
    }
    let expected = [(0, 2), (6, 8), (3, 5), (0, 2), (6, 8)];
    assert_eq!(spans, expected.map(|(start, end)| Span::new(start, end)));
    let mut count = 0;
    let stop = |_| {
        count += 1;
        ControlFlow::Break(())
    };
    words.for_each_match("a b c", &mut scratch, stop).expect("no limit here");
    assert_eq!(count, 1);
}

#[test]
fn patterns_cover_the_text() {
    let spans = |pattern: &Pattern, text: &str| -> Vec<(usize, usize, bool)> {
        let found = pattern.find_matches(text).expect("no limit here");
        found.into_iter().map(|(span, hit)| (span.start, span.end, hit)).collect()
    };
    let literal = |text: &str| Pattern::Literal(text.into());
    let inverted = |pattern: Pattern| Pattern::Invert(Box::new(pattern));
    assert_eq!(
        spans(&literal("ab"), "aabbab"),
        [(0, 1, false), (1, 3, true), (3, 4, false), (4, 6, true)]
    );
    assert_eq!(spans(&literal("aa"), "aaa"), [(0, 2, true), (2, 3, false)]);
    assert_eq!(spans(&literal("b"), ""), [(0, 0, false)]);
    assert_eq!(spans(&inverted(literal("b")), ""), [(0, 0, true)]);
    assert_eq!(spans(&literal(""), "é"), [(0, 1, false)]);
    let digit = Pattern::Chars(char::is_numeric);
    assert_eq!(spans(&digit, "12é3"), [(0, 1, true), (1, 2, true), (2, 4, false), (4, 5, true)]);
    assert_eq!(spans(&digit, ""), [(0, 0, false)]);
    let spaces = Pattern::Regex(regex(r"\s+"));
    assert_eq!(spans(&inverted(spaces), "a  b"), [(0, 1, true), (1, 3, false), (3, 4, true)]);
    let empty = Pattern::Regex(regex(""));
    assert_eq!(
        spans(&empty, "ab"),
        [(0, 0, true), (0, 1, false), (1, 1, true), (1, 2, false), (2, 2, true)]
    );
    assert_eq!(spans(&empty, ""), [(0, 0, false)]);
}
