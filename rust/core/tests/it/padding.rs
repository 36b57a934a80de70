//! Padding of batches, as the reference has it.

use fissile_core::Encoding;
use fissile_core::tokenizer::{PaddingOptions, PaddingStrategy, pad_encodings};
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
    direction: String,
    pad_id: u32,
    pad_type_id: u32,
    pad_token: String,
    length: Option<usize>,
    pad_to_multiple_of: Option<usize>,
    encodings: Vec<String>,
    expected: Vec<String>,
}

#[test]
fn golden_cases() {
    for case in golden::read::<Golden>("padding").case {
        let options = PaddingOptions {
            strategy: case.length.map_or(PaddingStrategy::BatchLongest, PaddingStrategy::Fixed),
            direction: direction(&case.direction),
            pad_to_multiple_of: case.pad_to_multiple_of,
            pad_id: case.pad_id,
            pad_type_id: case.pad_type_id,
            pad_token: case.pad_token,
        };
        let mut encodings: Vec<_> =
            case.encodings.iter().map(|json| Encoding::from_json(json).unwrap()).collect();
        pad_encodings(&mut encodings, &options).unwrap();
        let padded: Vec<_> = encodings.iter().map(Encoding::to_json).collect();
        assert_eq!(padded, case.expected, "{}", case.name);
    }
}

#[test]
fn lengths_no_memory_holds() {
    let strategy = PaddingStrategy::Fixed(usize::MAX);
    for pad_to_multiple_of in [None, Some(8)] {
        let options = PaddingOptions { strategy, pad_to_multiple_of, ..Default::default() };
        assert!(pad_encodings(&mut [Encoding::default()], &options).is_err());
        assert!(pad_encodings(&mut [], &options).is_ok());
    }
}
