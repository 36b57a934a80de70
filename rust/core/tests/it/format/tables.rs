//! The one pass over ordinary documents reads what the full reader reads, and refuses what it refuses.

use fissile_core::Tokenizer;
use proptest::prelude::*;

/// The last members twice: then the full reader takes the document.
const TWICE: &str = r#","nothing":0,"nothing":0}"#;

const BPE: &str = r#"{"version":"1.0","model":{"type":"BPE","unk_token":"a","vocab":
  { "a" : 0, "\u0062":1,"ab": 2, "\u00e9\"\ud83d\ude00":3 , "c\\":4,"ac\\":5},
  "merges":[ ["a","b"], [ "a" ,"c\\" ]]}}"#;
const LINES: &str = r##"{"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2,"abb":3},
  "merges":["#version: 0.2","a \u0062","ab b"],"fuse_unk":true},"added_tokens":[]}"##;
const UNIGRAM: &str = r#"{"model":{"type":"Unigram","unk_id":0,"vocab":
  [["<unk>",0],["\u2581a",-1.25e0] , ["b", -2.000000000000001]]}}"#;
const SORTED: &str = r#"{"model":{"merges":["a b"],"type":"BPE","vocab":{"b":1,"a":0,"ab":7}}}"#;
const EMPTY: &str = r#"{"model":{"type":"BPE","vocab":{},"merges":[]}}"#;

fn both(document: &str) -> [Result<String, String>; 2] {
    let end = document.rfind('}').unwrap_or(0);
    let slow = format!("{}{TWICE}", &document[..end]);
    [document, &slow].map(|text| {
        let read = Tokenizer::from_json(text).and_then(|tokenizer| tokenizer.to_json(false));
        read.map_err(|error| error.to_string())
    })
}

#[test]
fn both_ways_read_the_same() {
    for document in [BPE, LINES, UNIGRAM, SORTED, EMPTY] {
        let [fast, slow] = both(document);
        assert_eq!(fast, slow);
        assert!(fast.is_ok(), "{fast:?}");
    }
}

#[test]
fn both_ways_name_what_is_wrong() {
    for (right, wrong) in [
        ("\"ab\": 2", "\"ab\": -2"),
        ("\"ab\": 2", "\"ab\": 2.5"),
        ("\"ab\": 2", "\"ab\": \"2\""),
        ("\"ab\": 2", "\"ab\": 4294967296"),
        ("\"ab\": 2", "\"ab\": 02"),
        ("\"ab\": 2", "\"ab\" 2"),
        ("\\ud83d\\ude00", "\\ud83d"),
        ("\\u0062", "\\u00"),
        ("\\u0062", "\n"),
        ("[\"a\",\"b\"]", "[\"a\"]"),
        ("[\"a\",\"b\"]", "[\"a\",\"b\",\"c\"]"),
        ("[\"a\",\"b\"]", "\"a b\""),
        ("[\"a\",\"b\"]", "[\"a\",1]"),
        ("[\"a\",\"b\"]", "[\"a\",\"nowhere\"]"),
        ("[\"a\",\"b\"]", "[\"a\",\"b\"],"),
    ] {
        assert!(BPE.contains(right), "{right}");
        let [fast, slow] = both(&BPE.replacen(right, wrong, 1));
        assert_eq!(fast, slow);
        assert!(fast.is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn changed_documents_are_read_or_refused_alike(
        which in 0..4_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[\"\\\\{}\\[\\],: 0ab\u{e9}\n-]"), 1..4),
    ) {
        let mut document = [BPE, LINES, UNIGRAM, SORTED][which].to_owned();
        for (at, with) in changes {
            // The end stays, since the way is chosen there.
            let at = at.index(document.len() - 2);
            if document.is_char_boundary(at) && document.is_char_boundary(at + 1) {
                document.replace_range(at..=at, &with);
            }
        }
        let [fast, slow] = both(&document);
        prop_assert_eq!(fast.is_ok(), slow.is_ok(), "{:?} {:?}", fast, slow);
        if fast.is_ok() {
            prop_assert_eq!(fast, slow);
        }
    }
}
