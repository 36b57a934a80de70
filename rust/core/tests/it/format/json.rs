//! `tokenizer.json` against what the reference makes of the same documents.

use std::sync::Arc;

use fissile_core::decoders::Decoder;
use fissile_core::format::JsonOptions;
use fissile_core::models::Model;
use fissile_core::normalizers::Normalizer;
use fissile_core::post_processors::PostProcessor;
use fissile_core::pre_tokenizers::PreTokenizer;
use fissile_core::stages::{Decode, Normalize, PreTokenize};
use fissile_core::text::{NormalizedText, Pieces};
use fissile_core::{Result, Tokenizer};

const CASES: &str = include_str!("../../../../../tests/golden/tokenizer_json.toml");

fn cases() -> Vec<toml::Table> {
    let table: toml::Table = CASES.parse().expect("the golden file is TOML");
    let cases = table["case"].as_array().expect("a list of cases");
    cases.iter().map(|case| case.as_table().expect("a case is a table").clone()).collect()
}

fn text<'c>(case: &'c toml::Table, field: &str) -> Option<&'c str> {
    case.get(field).and_then(toml::Value::as_str)
}

#[test]
fn documents_read_as_the_reference_reads_them() {
    let mut wrong = Vec::new();
    for case in cases() {
        let input = text(&case, "input").expect("a case has an input");
        let read = Tokenizer::from_json(input);
        let written =
            read.as_ref().ok().map(|read| read.to_json(false).expect("it can be written"));
        if written.as_deref() != text(&case, "output") {
            let name = text(&case, "name").expect("a case has a name");
            wrong.push(format!("{name}\n  gives {written:?}\n  error {:?}", read.err()));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn refusals_say_where_or_what() {
    for case in cases().iter().filter(|case| text(case, "output").is_none()) {
        let input = text(case, "input").expect("a case has an input");
        let error = Tokenizer::from_json(input).err().expect("the reference refuses it");
        let shown = error.to_string();
        assert!(!shown.contains("untagged"), "{shown}");
        assert!(
            error.field().is_some() || error.found().is_some() || shown.contains(" at line "),
            "{input}\n{shown}"
        );
    }
}

#[test]
fn parts_go_through_their_own_json() {
    let json = r#"{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Lowercase"}]}"#;
    let part = Normalizer::from_json(json).expect("a normalizer");
    assert_eq!(part.to_json().expect("it can be written"), json);
    let json = r#"{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":false}"#;
    let part = PreTokenizer::from_json(json).expect("a pre-tokenizer");
    assert_eq!(part.to_json().expect("it can be written"), json);
    let part = Decoder::from_json(json).expect("a decoder");
    assert_eq!(part.to_json().expect("it can be written"), json);
    let json = r#"{"type":"BertProcessing","sep":["[SEP]",102],"cls":["[CLS]",101]}"#;
    let part = PostProcessor::from_json(json).expect("a post-processor");
    assert_eq!(part.to_json().expect("it can be written"), json);
    let json = r#"{"type":"WordLevel","vocab":{"a":0,"b":3},"unk_token":"a"}"#;
    let part = Model::from_json(json).expect("a model");
    assert_eq!(part.to_json().expect("it can be written"), json);
}

#[test]
fn indented_as_the_reference_indents() {
    let json = r#"{"added_tokens":[],"normalizer":{"type":"Sequence","normalizers":[]},
        "model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}}"#;
    let expected = r#"{
  "version": "1.0",
  "truncation": null,
  "padding": null,
  "added_tokens": [],
  "normalizer": {
    "type": "Sequence",
    "normalizers": []
  },
  "pre_tokenizer": null,
  "post_processor": null,
  "decoder": null,
  "model": {
    "type": "BPE",
    "dropout": null,
    "unk_token": null,
    "continuing_subword_prefix": null,
    "end_of_word_suffix": null,
    "fuse_unk": false,
    "byte_fallback": false,
    "ignore_merges": false,
    "vocab": {
      "a": 0,
      "b": 1,
      "ab": 2
    },
    "merges": [
      [
        "a",
        "b"
      ]
    ]
  }
}"#;
    let tokenizer = Tokenizer::from_json(json).expect("a tokenizer");
    assert_eq!(tokenizer.to_json(true).expect("it can be written"), expected);
}

#[test]
fn strict_ids_refuse_what_cannot_be_kept() {
    let token = |id: u32| {
        format!(
            r#"{{"id":{id},"content":"x","single_word":false,"lstrip":false,"rstrip":false,
               "normalized":false,"special":true}}"#
        )
    };
    let document = |id| {
        format!(
            r#"{{"added_tokens":[{}],"model":{{"type":"WordLevel","vocab":{{"a":0}},"unk_token":"a"}}}}"#,
            token(id)
        )
    };
    let strict = JsonOptions { strict_ids: true };
    assert!(Tokenizer::from_json_with(&document(1), strict).is_ok());
    assert!(Tokenizer::from_json(&document(7)).is_ok());
    let error = Tokenizer::from_json_with(&document(7), strict).err().expect("a gap");
    assert_eq!(error.field(), Some("added_tokens[0].id"));
    assert_eq!(error.found(), Some("7"));
}

/// A part written elsewhere, in every role that such parts can have.
struct Elsewhere;

impl Normalize for Elsewhere {
    fn normalize(&self, _: &mut NormalizedText) -> Result<()> {
        Ok(())
    }
}

impl PreTokenize for Elsewhere {
    fn pre_tokenize(&self, _: &mut Pieces) -> Result<()> {
        Ok(())
    }
}

impl Decode for Elsewhere {
    fn decode_chain(&self, tokens: Vec<String>) -> Result<Vec<String>> {
        Ok(tokens)
    }
}

#[test]
fn parts_from_elsewhere_have_no_form_in_a_file() {
    let normalizer = Normalizer::Sequence(vec![Normalizer::Custom(Arc::new(Elsewhere))].into());
    let said = |written: Result<String>| written.expect_err("it has no form").to_string();
    assert_eq!(said(normalizer.to_json()), "Custom Normalizer cannot be serialized");
    let part = PreTokenizer::Custom(Arc::new(Elsewhere));
    assert_eq!(said(part.to_json()), "Custom PreTokenizer cannot be serialized");
    let part = Decoder::Custom(Arc::new(Elsewhere));
    assert_eq!(said(part.to_json()), "Custom Decoder cannot be serialized");
    let json = r#"{"model":{"type":"WordLevel","vocab":{},"unk_token":""}}"#;
    let mut tokenizer = Tokenizer::from_json(json).expect("a tokenizer");
    tokenizer.set_normalizer(Some(normalizer)).expect("no added tokens");
    assert_eq!(said(tokenizer.to_json(true)), "Custom Normalizer cannot be serialized");
}

/// Found by fuzzing: the reference saves one of them, too, but at random.
#[test]
fn of_tokens_that_share_an_id_the_first_is_saved() {
    let model = r#"{"type":"WordLevel","vocab":{"b":1,"a":1,"c":2},"unk_token":"c"}"#;
    let tokenizer = Tokenizer::from_json(&format!(r#"{{"model":{model}}}"#)).unwrap();
    let saved = tokenizer.to_json(false).unwrap();
    assert!(saved.contains(r#""vocab":{"b":1,"c":2}"#), "{saved}");
    let model = r#"{"type":"BPE","vocab":{"a":1,"b":1,"ab":2},"merges":[["a","b"]]}"#;
    let tokenizer = Tokenizer::from_json(&format!(r#"{{"model":{model}}}"#)).unwrap();
    let error = Tokenizer::from_json(&tokenizer.to_json(false).unwrap()).err().unwrap();
    assert!(error.to_string().contains("model.merges[0]"), "{error}");
}
