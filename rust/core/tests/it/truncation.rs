//! Truncation of one sequence and of pairs, as the reference has it.

use fissile_core::post_processors::frame;
use fissile_core::tokenizer::{TruncationOptions, TruncationStrategy, truncate_encodings};
use fissile_core::{Encoding, ErrorKind};
use serde::Deserialize;

use crate::encoding::direction;
use crate::golden;

#[derive(Deserialize)]
struct Golden {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    max_length: usize,
    stride: usize,
    strategy: String,
    direction: String,
    first: String,
    second: Option<String>,
    expected: Option<String>,
    error: Option<String>,
}

#[test]
fn golden_cases() {
    for case in golden::read::<Golden>("truncation").case {
        let strategy = match case.strategy.as_str() {
            "longest_first" => TruncationStrategy::LongestFirst,
            "only_first" => TruncationStrategy::OnlyFirst,
            _ => TruncationStrategy::OnlySecond,
        };
        let (max_length, stride, direction) =
            (case.max_length, case.stride, direction(&case.direction));
        let options = TruncationOptions { max_length, stride, strategy, direction };
        let first = Encoding::from_json(&case.first).unwrap();
        let second = case.second.as_ref().map(|json| Encoding::from_json(json).unwrap());
        match truncate_encodings(first, second, &options) {
            Ok((first, second)) => {
                let merged = frame(None, first, second, true).unwrap();
                assert_eq!(Some(merged.to_json()), case.expected, "{}", case.name);
            }
            Err(error) => assert_eq!(Some(error.message()), case.error.as_deref(), "{}", case.name),
        }
    }
}

fn options(max_length: usize, stride: usize) -> TruncationOptions {
    TruncationOptions { max_length, stride, ..Default::default() }
}

/// The reference lets these through: then nothing is truncated, or the first long text panics.
#[test]
fn impossible_options() {
    let error = options(1, 0).less_added(2).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidValue));
    assert_eq!((error.expected(), error.found()), (Some("at least 2"), Some("1")));
    assert_eq!(options(2, 0).less_added(2).unwrap().max_length, 0);

    for (max_length, stride, added, fits) in [
        (4, 3, 0, true),
        (4, 4, 0, false),
        (4, 2, 2, false),
        (4, 1, 2, true),
        (2, 0, 2, true),
        (1, 0, 2, true),
        (1, 1, 2, false),
        (0, 0, 0, true),
    ] {
        let result = options(max_length, stride).check(added);
        assert_eq!(result.is_ok(), fits, "{max_length} {stride} {added}");
    }
    let error = options(4, 3).check(2).unwrap_err();
    assert!(error.message().starts_with(
        "tokenizer stride set to 3, which is greater than or equal to its effective max length of 2 (= 4 \
         original max length - 2 added special tokens)"
    ));
}
