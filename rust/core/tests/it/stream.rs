//! Streams as the reference has them.

use fissile_core::tokenizer::DecodeStream;
use fissile_core::{ErrorKind, Tokenizer};
use proptest::prelude::*;
use serde::Deserialize;

use crate::golden;

#[derive(Deserialize)]
struct Golden {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    tokenizer: String,
    streams: Vec<Stream>,
}

#[derive(Deserialize)]
struct Stream {
    skip_special_tokens: bool,
    start: Vec<u32>,
    steps: Vec<(Vec<u32>, String)>,
}

fn shown(step: fissile_core::Result<Option<String>>) -> String {
    match step {
        Ok(text) => text.unwrap_or_default(),
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::StreamPrefix));
            format!("!{}", error.message())
        }
    }
}

#[test]
fn golden_cases() {
    for case in golden::read::<Golden>("stream").case {
        let tokenizer = Tokenizer::from_json(&case.tokenizer).unwrap();
        for stream in case.streams {
            let mut live = DecodeStream::new(stream.start.clone(), stream.skip_special_tokens);
            for (index, (ids, expected)) in stream.steps.iter().enumerate() {
                let given = shown(live.step(&tokenizer, ids));
                assert_eq!(given, *expected, "{}, {:?}, step {index}", case.name, stream.start);
            }
        }
    }
}

/// The reference's stream, word for word: everything decoded anew at each step.
#[derive(Default)]
struct Naive {
    ids: Vec<u32>,
    prefix: String,
    prefix_index: usize,
}

impl Naive {
    fn step(
        &mut self,
        tokenizer: &Tokenizer,
        skip: bool,
        new: &[u32],
    ) -> Option<Result<String, ()>> {
        let decode = |ids: &[u32]| tokenizer.decode(ids, skip).unwrap();
        if self.prefix.is_empty() && !self.ids.is_empty() {
            let prefix = decode(&self.ids);
            if !prefix.ends_with('\u{FFFD}') {
                self.prefix = prefix;
                self.prefix_index = self.ids.len();
            }
        }
        self.ids.extend(new);
        let text = decode(&self.ids);
        if text.len() <= self.prefix.len() || text.ends_with('\u{FFFD}') {
            return None;
        }
        let Some(rest) = text.strip_prefix(&self.prefix) else { return Some(Err(())) };
        self.ids.drain(..self.prefix_index);
        self.prefix_index = self.ids.len();
        self.prefix = decode(&self.ids);
        Some(Ok(rest.to_owned()))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Streams equal the naive ones, and given text and flushed text are that of all ids.
    #[test]
    fn streams_equal_naive_ones(
        case in 0usize..10,
        skip: bool,
        start in prop::collection::vec(0u32..32, 0..4),
        steps in prop::collection::vec(prop::collection::vec(0u32..32, 0..3), 0..30),
    ) {
        let mut cases = golden::read::<Golden>("stream").case;
        let tokenizer = Tokenizer::from_json(&cases.swap_remove(case).tokenizer).unwrap();
        let mut live = DecodeStream::new(start.clone(), skip);
        let mut naive = Naive { ids: start, ..Naive::default() };
        for ids in &steps {
            let given = live.step(&tokenizer, ids).map_err(|_| ());
            let expected = naive.step(&tokenizer, skip, ids);
            prop_assert_eq!(given.transpose(), expected);
        }
    }
}

fn tokenizer(name: &str) -> Tokenizer {
    let cases = golden::read::<Golden>("stream").case;
    let case = cases.iter().find(|case| case.name == name).unwrap();
    Tokenizer::from_json(&case.tokenizer).unwrap()
}

#[test]
fn flushing_gives_what_was_held_back() {
    let bytes = tokenizer("byte level");
    let id = |token: &str| bytes.token_to_id(token).unwrap();
    let mut stream = DecodeStream::new(vec![id("a")], false);
    assert_eq!(stream.step(&bytes, &[id("b")]).unwrap().as_deref(), Some("b"));
    assert_eq!(stream.step(&bytes, &[id("å"), id("ı")]).unwrap(), None);
    assert_eq!(stream.flush(&bytes).unwrap().as_deref(), Some("\u{FFFD}"));
    assert_eq!(stream.flush(&bytes).unwrap(), None);
    assert_eq!(stream.step(&bytes, &[id("a")]).unwrap().as_deref(), Some("a"));

    let llama = tokenizer("llama");
    let id = |token: &str| llama.token_to_id(token).unwrap();
    let mut stream = DecodeStream::new(Vec::new(), false);
    assert_eq!(stream.step(&llama, &[id("<0x41>")]).unwrap().as_deref(), Some("A"));
    assert_eq!(stream.step(&llama, &[id("<0xE5>")]).unwrap(), None);
    assert_eq!(stream.flush(&llama).unwrap().as_deref(), Some("\u{FFFD}"));
}

/// Steps that give nothing cost no more the more there were: a million of them end.
#[test]
fn long_silences() {
    let bytes = tokenizer("byte level");
    let mut stream = DecodeStream::new(Vec::new(), true);
    let special = bytes.token_to_id("<s>").unwrap();
    let broken = bytes.token_to_id("«").unwrap();
    let a = bytes.token_to_id("a").unwrap();
    for id in [special, broken] {
        assert_eq!(stream.step(&bytes, &[a]).unwrap().as_deref(), Some("a"));
        for _ in 0..200_000 {
            assert_eq!(stream.step(&bytes, &[id]).unwrap(), None);
        }
        let given = stream.step(&bytes, &[a]).unwrap().unwrap();
        assert_eq!(given.chars().count(), if id == broken { 200_001 } else { 1 });
    }
}
