//! What is said about documents that are refused.

use fissile_core::{Error, Tokenizer};

fn refused(document: &str) -> Error {
    Tokenizer::from_json(document).err().unwrap_or_else(|| panic!("taken: {document}"))
}

/// A document with `member` and a model.
fn with(member: &str) -> String {
    format!(r#"{{{member},"model":{{"type":"WordLevel","vocab":{{"a":0}},"unk_token":"a"}}}}"#)
}

#[test]
fn the_field_is_named() {
    let cases = [
        (with(r#""version":"2.0""#), "version"),
        (with(r#""truncation":{"max_length":1,"strategy":"LongestFirst"}"#), "truncation.stride"),
        (
            with(r#""truncation":{"max_length":1,"stride":0,"strategy":"longest_first"}"#),
            "truncation.strategy",
        ),
        (with(r#""padding":{"strategy":{"Fixed":-1}}"#), "padding.strategy.Fixed"),
        (with(r#""added_tokens":[{"id":0}]"#), "added_tokens[0].content"),
        (with(r#""normalizer":{"type":"nfc"}"#), "normalizer.type"),
        (
            with(
                r#""normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Strip","strip_left":true}]}"#,
            ),
            "normalizer.normalizers[1].strip_right",
        ),
        (
            with(r#""normalizer":{"type":"Replace","pattern":{"Regex":"(a"},"content":""}"#),
            "normalizer.pattern.Regex",
        ),
        (
            with(r#""normalizer":{"type":"Precompiled","precompiled_charsmap":"!"}"#),
            "normalizer.precompiled_charsmap",
        ),
        (with(r#""pre_tokenizer":{"type":"Delimiter","delimiter":"x"}"#), "pre_tokenizer.type"),
        (with(r#""pre_tokenizer":{"type":"FixedLength","length":0}"#), "pre_tokenizer.length"),
        (with(r#""decoder":{"type":"WordPiece","prefix":7,"cleanup":true}"#), "decoder.prefix"),
        (
            with(r#""post_processor":{"type":"BertProcessing","sep":["a",-1],"cls":["b",0]}"#),
            "post_processor.sep[1]",
        ),
        (
            with(
                r#""post_processor":{"type":"TemplateProcessing","single":[{"Sequence":{"id":"C","type_id":0}}],"pair":[],"special_tokens":{}}"#,
            ),
            "post_processor.single[0].Sequence.id",
        ),
        (r#"{"version":"1.0"}"#.into(), "model"),
        (r#"{"model":{"type":"Foo"}}"#.into(), "model.type"),
        (r#"{"model":{"type":"BPE","vocab":{}}}"#.into(), "model.merges"),
        (
            r#"{"model":{"type":"BPE","vocab":{"a\n":-1},"merges":[]}}"#.into(),
            r#"model.vocab["a\n"]"#,
        ),
        (
            r#"{"model":{"type":"BPE","vocab":{},"merges":[["a","b","c"]]}}"#.into(),
            "model.merges[0]",
        ),
        (
            r##"{"model":{"type":"BPE","vocab":{},"merges":["#version","ab"]}}"##.into(),
            "model.merges[1]",
        ),
        (r#"{"model":{"type":"Unigram","vocab":[["a",0],["b"]]}}"#.into(), "model.vocab[1]"),
    ];
    for (document, field) in cases {
        let error = refused(&document);
        assert_eq!(error.field(), Some(field), "{document}\n{error}");
        assert!(error.to_string().contains(field), "{error}");
    }
}

#[test]
fn expectation_finding_and_hint_are_told() {
    let error = refused(&with(r#""normalizer":{"type":"nfc"}"#));
    assert!(error.expected().is_some_and(|expected| expected.contains(r#""NFKD""#)), "{error}");
    assert_eq!(error.found(), Some(r#"the string "nfc""#));
    assert_eq!(error.hint(), Some(r#"did you mean "NFC"?"#));
    let error =
        refused(r#"{"model":{"type":"WordLevel","vocab":{"a":4294967296},"unk_token":"a"}}"#);
    assert_eq!(error.expected(), Some("an integer from 0 to 4294967295"));
    assert_eq!(error.found(), Some("the number 4294967296"));
}

#[test]
fn texts_that_users_match_are_kept() {
    let merges = r#"{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b c"]}}"#;
    assert!(refused(merges).message().contains("Merges text file invalid at line 1"));
    let version = refused(&with(r#""version":"2.0""#));
    assert!(version.message().contains("Unknown tokenizer version '2.0'"), "{version}");
}

#[test]
fn broken_json_is_placed_by_line_and_column() {
    let cases = [
        ("{\n  \"version\": 1.,\n}", "at line 2 column 16"),
        (
            "{\"model\":\n {\"vocab\":\n  {\"\\ud800\": 0}, \"type\": \"WordLevel\",\n \"unk_token\": \"\"}}",
            "at line 3 column ",
        ),
        ("{\"model\": {\"type\": \"BPE\"} x", "at line 1 column 27"),
        ("{} x", "at line 1 column 4"),
    ];
    for (document, place) in cases {
        let error = refused(document);
        assert!(error.message().contains(place), "{document}\n{error}");
    }
    let cut = refused("{\"model\": {");
    assert!(cut.hint().is_some_and(|hint| hint.contains("cut off")), "{cut}");
    let marked = refused("\u{feff}{}");
    assert!(marked.hint().is_some_and(|hint| hint.contains("byte order mark")), "{marked}");
    let error = Tokenizer::from_json_bytes(b"{\n\"a\xff").err().expect("no UTF-8");
    assert!(error.message().contains("at line 2 column 3"), "{error}");
    assert_eq!(error.found(), Some("the byte 0xff"));
}
