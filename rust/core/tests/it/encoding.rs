//! Encodings: edits, lookups and JSON as the reference has them.

use std::sync::Arc;

use fissile_core::encoding::{Direction, TokenRun};
use fissile_core::{Encoding, ErrorKind, Span};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::golden;

#[derive(Deserialize)]
struct Golden {
    edit: Vec<Edit>,
    lookup: Vec<Lookup>,
}

#[derive(Deserialize)]
struct Edit {
    name: String,
    inputs: Vec<String>,
    operations: Vec<Vec<String>>,
    expected: String,
}

#[derive(Deserialize)]
struct Lookup {
    name: String,
    encoding: String,
    expected: String,
}

pub(crate) fn direction(name: &str) -> Direction {
    if name == "left" { Direction::Left } else { Direction::Right }
}

fn number<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn apply(encoding: &mut Encoding, operation: &[&str], others: &[Encoding]) {
    match operation {
        ["truncate", max, stride, end] => {
            encoding.truncate(number(max), number(stride), direction(end)).unwrap();
        }
        ["pad", length, end, id, type_id, token] => {
            encoding
                .pad(number(length), direction(end), number(id), number(type_id), token)
                .unwrap();
        }
        ["sequence", sequence] => encoding.set_sequence_id(number(sequence)),
        ["merge", growing] => {
            let all = [std::slice::from_ref(encoding), others].concat();
            *encoding = Encoding::merge(all, *growing == "growing");
        }
        other => panic!("unknown operation {other:?}"),
    }
}

/// Arrays say what lists say.
fn check_arrays(encoding: &Encoding) {
    assert_eq!(encoding.id_column().as_slice(), encoding.ids());
    let signed = |number: usize| i32::try_from(number).unwrap();
    let offsets: Vec<_> =
        encoding.iter_offsets().map(|span| [signed(span.start), signed(span.end)]).collect();
    assert_eq!(encoding.offset_column().unwrap().as_slice(), offsets);
    let words = encoding.iter_word_ids();
    let words: Vec<_> = words.map(|word| word.map_or(-1, |word| signed(word as usize))).collect();
    assert_eq!(encoding.word_column().unwrap().as_slice(), words);
    assert_eq!(encoding.type_column().as_slice(), encoding.type_ids());
    let wide = |mask: &[u8]| mask.iter().map(|value| u32::from(*value)).collect::<Vec<_>>();
    let special = encoding.special_column();
    assert_eq!(wide(special.as_slice()), encoding.special_tokens_mask());
    let attention = encoding.attention_column();
    assert_eq!(wide(attention.as_slice()), encoding.attention_mask());
}

#[test]
fn arrays_of_numbers_too_large_are_an_error() {
    let one = |offsets: (u32, u32), word: u32| {
        let run = TokenRun::new(vec![0], vec![offsets], vec![word], Vec::new(), None);
        Encoding::from_run(Arc::new(run), 0)
    };
    let most = i32::MAX as u32;
    check_arrays(&one((most - 1, most), most));
    let error = one((most, most + 1), 0).offset_column().err().unwrap();
    assert!(matches!(error.kind(), ErrorKind::InvalidValue));
    assert!(one((0, 1), most + 1).word_column().is_err());
    let mut padded = one((0, most + 1), most + 1);
    padded.pad(2, Direction::Left, 9, 0, "").unwrap();
    assert!(padded.offset_column().is_err() && padded.word_column().is_err());
    // Without words and offsets there are still arrays.
    check_arrays(&Encoding::from_run(
        Arc::new(TokenRun::new(vec![3, 4], Vec::new(), Vec::new(), Vec::new(), None)),
        1,
    ));
}

#[test]
fn edits() {
    for case in golden::read::<Golden>("encoding").edit {
        let mut inputs: Vec<_> =
            case.inputs.iter().map(|json| Encoding::from_json(json).unwrap()).collect();
        let others = inputs.split_off(1);
        let mut encoding = inputs.remove(0);
        assert_eq!(encoding.to_json(), case.inputs[0], "{}: JSON back and forth", case.name);
        for operation in &case.operations {
            let operation: Vec<_> = operation.iter().map(String::as_str).collect();
            apply(&mut encoding, &operation, &others);
            check_arrays(&encoding);
        }
        assert_eq!(encoding.to_json(), case.expected, "{}", case.name);
    }
}

fn pair(span: Span) -> Value {
    json!([span.start, span.end])
}

/// All answers an encoding gives, in the shape of the golden file.
fn answers(encoding: &Encoding) -> Value {
    let tokens = || 0..encoding.len() + 3;
    let by_sequence = |count: usize, of: &dyn Fn(usize, usize) -> Value| -> Vec<Vec<Value>> {
        (0..3).map(|sequence| (0..count).map(|what| of(what, sequence)).collect()).collect()
    };
    let word = |word: usize| u32::try_from(word).unwrap();
    json!({
        "n_sequences": encoding.n_sequences(),
        "sequence_ids": encoding.sequence_ids(),
        "word_to_tokens": by_sequence(6, &|w, s| encoding.word_to_tokens(word(w), s).map_or(Value::Null, pair)),
        "word_to_chars": by_sequence(6, &|w, s| encoding.word_to_chars(word(w), s).map_or(Value::Null, pair)),
        "token_to_sequence": tokens().map(|t| encoding.token_to_sequence(t)).collect::<Vec<_>>(),
        "token_to_chars":
            tokens().map(|t| encoding.token_to_chars(t).map(|(_, span)| pair(span))).collect::<Vec<_>>(),
        "token_to_word":
            tokens().map(|t| encoding.token_to_word(t).map(|(_, word)| word)).collect::<Vec<_>>(),
        "char_to_token": by_sequence(26, &|c, s| json!(encoding.char_to_token(c, s))),
        "char_to_word": by_sequence(26, &|c, s| json!(encoding.char_to_word(c, s))),
    })
}

#[test]
fn lookups() {
    for case in golden::read::<Golden>("encoding").lookup {
        let encoding = Encoding::from_json(&case.encoding).unwrap();
        let expected: Value = serde_json::from_str(&case.expected).unwrap();
        assert_eq!(answers(&encoding), expected, "{}", case.name);
    }
}

/// Tokens `first..first + len` with offsets of two characters each.
fn run(first: u32, len: u32) -> Encoding {
    let ids = (first..first + len).collect();
    let offsets = (0..len).map(|i| (2 * i, 2 * i + 2)).collect();
    let run = TokenRun::new(ids, offsets, (0..len).collect(), Vec::new(), None);
    Encoding::from_run(Arc::new(run), 0)
}

#[test]
fn a_stride_that_never_ends_is_an_error() {
    let mut encoding = run(0, 5);
    let error = encoding.truncate(3, 3, Direction::Right).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidValue));
    assert!(error.message().starts_with("`stride` must be strictly less than `max_len=3`"));
    assert_eq!(encoding, run(0, 5));
    encoding.truncate(5, 7, Direction::Right).unwrap();
    assert!(encoding.pad(usize::MAX, Direction::Right, 0, 0, "").is_err());
}

/// Where the reference gives `[None, None, 0]`, and forgets the first of two framed texts.
#[test]
fn merging_keeps_sequence_ids() {
    let mut second = run(2, 1);
    second.set_sequence_id(0);
    let merged = Encoding::merge(vec![run(0, 2), second.clone()], true);
    assert_eq!(merged.sequence_ids(), [Some(0), Some(0), Some(0)]);
    assert_eq!(merged.n_sequences(), 1);
    assert_eq!(merged.char_to_token(1, 0), Some(0));
    assert_eq!(merged.char_to_token(5, 0), Some(2));

    let mut framed = second;
    framed.pad(2, Direction::Left, 9, 0, "[PAD]").unwrap();
    let merged = Encoding::merge(vec![framed.clone(), framed], false);
    assert_eq!(merged.sequence_ids(), [None, Some(0), None, Some(0)]);
    let again = Encoding::from_json(&merged.to_json()).unwrap();
    assert_eq!(again.sequence_ids(), merged.sequence_ids());
}

#[test]
fn broken_json_is_an_error() {
    let good = run(0, 2).to_json();
    for (from, to) in [
        ("\"ids\":[0,1]", "\"ids\":[0]"),
        ("\"tokens\"", "\"texts\""),
        ("[0,2]", "[0,4294967296]"),
        ("\"sequence_ranges\":{}", "\"sequence_ranges\":{\"0\":{\"start\":0,\"end\":3}}"),
        ("\"sequence_ranges\":{}", "\"sequence_ranges\":{\"0\":{\"start\":2,\"end\":1}}"),
        ("}", ""),
    ] {
        assert!(good.contains(from));
        assert!(Encoding::from_json(&good.replacen(from, to, 1)).is_err(), "{to}");
    }
}

/// The columns of an encoding, edited one by one: the slow twin of segments.
fn columns(encoding: &Encoding) -> Vec<(u32, String, Span, u32, u32)> {
    let masks = encoding.special_tokens_mask().into_iter().zip(encoding.attention_mask());
    let front = encoding.ids().into_iter().zip(encoding.tokens()).zip(encoding.offsets());
    let all = front
        .zip(masks)
        .map(|(((id, token), span), (special, mask))| (id, token, span, special, mask));
    all.collect()
}

proptest! {
    /// Parts of any truncation are slices of the whole that cover it, each repeating `stride` tokens.
    #[test]
    fn truncation_slices(len in 0u32..40, max in 1usize..12, stride in 0usize..12, left: bool, padded in 0usize..45) {
        prop_assume!(stride < max);
        let end = if left { Direction::Left } else { Direction::Right };
        let mut encoding = run(0, len);
        encoding.pad(padded, Direction::Right, 99, 0, "[PAD]").unwrap();
        let whole = columns(&encoding);
        encoding.truncate(max, stride, end).unwrap();
        let parts = std::iter::once(&encoding).chain(encoding.overflowing());
        let mut edge = 0;
        for (index, part) in parts.enumerate() {
            let start = if index == 0 { 0 } else { edge - stride };
            let stop = (start + max).min(whole.len());
            let range = if left { whole.len() - stop..whole.len() - start } else { start..stop };
            prop_assert_eq!(columns(part), whole[range].to_vec());
            check_arrays(part);
            edge = stop;
        }
        prop_assert_eq!(edge, whole.len());
    }
}
