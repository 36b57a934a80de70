//! The older files: `vocab.txt`, `vocab.json`, `merges.txt`, `unigram.json`, and the door to all.

use std::fs;
use std::path::Path;

use fissile_core::format::BertOptions;
use fissile_core::models::bpe::Bpe;
use fissile_core::models::{Model, Unigram, WordLevel, WordPiece};
use fissile_core::vocab::Vocab;
use fissile_core::{Error, Tokenizer};

use super::folder;

/// What is expected of a vocabulary, and of merges.
type Entries = &'static [(&'static str, u32)];
type Pairs = &'static [(&'static str, &'static str)];

fn file(folder: &Path, name: &str, content: &[u8]) -> std::path::PathBuf {
    let path = folder.join(name);
    fs::write(&path, content).expect("the folder is writable");
    path
}

fn entries(vocab: &Vocab) -> Vec<(&str, u32)> {
    vocab.iter().collect()
}

#[test]
fn vocab_txt_reads_as_in_the_reference() {
    let cases: [(&[u8], Entries); 9] = [
        (b"", &[]),
        (b"\n", &[("", 0)]),
        (b"a\nb\n", &[("a", 0), ("b", 1)]),
        (b"a\r\nb\r\n", &[("a", 0), ("b", 1)]),
        (b"a\nb", &[("a", 0), ("b", 1)]),
        (b"a\nb\r", &[("a", 0), ("b", 1)]),
        (b" a \t\nb\xe3\x80\x80\n\nc\n", &[(" a", 0), ("b", 1), ("", 2), ("c", 3)]),
        (b"a\na\n", &[("a", 1)]),
        (b"a\x00b\nc", &[("a\0b", 0), ("c", 1)]),
    ];
    let folder = folder("vocab-txt");
    for (content, expected) in cases {
        let vocab = WordPiece::read_file(&file(&folder, "v.txt", content)).expect("a vocabulary");
        assert_eq!(entries(&vocab), expected, "{content:?}");
    }
    let error = WordPiece::read_file(&file(&folder, "v.txt", b"a\nb\xff\n")).expect_err("no UTF-8");
    assert_eq!(error.field(), Some("line 2"));
    assert!(error.path().is_some_and(|path| path.ends_with("v.txt")));
}

fn read_bpe(vocab: &[u8], merges: &[u8]) -> Result<(Vocab, Vec<(String, String)>), Error> {
    let folder = folder("bpe-files");
    Bpe::read_files(&file(&folder, "v.json", vocab), &file(&folder, "m.txt", merges))
}

#[test]
fn merges_and_vocabulary_read_as_in_the_reference() {
    let merges: [(&[u8], Pairs); 9] = [
        (b"", &[]),
        (b"a b\n", &[("a", "b")]),
        (b"#version: 0.2\na b\r\nb a\r\n", &[("a", "b"), ("b", "a")]),
        (b"a b", &[("a", "b")]),
        (b"a b\r", &[("a", "b\r")]),
        (b"#versionx y z\na b\n", &[("a", "b")]),
        (b"a b\n#version 1\n", &[("a", "b")]),
        (b" b\n", &[("", "b")]),
        (b"a \n", &[("a", "")]),
    ];
    for (content, expected) in merges {
        let read = read_bpe(b"{\"a\":0}", content).expect("merges").1;
        let read: Vec<_> = read.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(read, expected, "{content:?}");
    }
    let vocabularies: [(&[u8], Entries); 5] = [
        (b"{}", &[]),
        (b" {\"a\":1}\n", &[("a", 1)]),
        (b"{\"a\":\"x\",\"b\":3}", &[("b", 3)]),
        (b"{\"a\":1,\"a\":2}", &[("a", 2)]),
        (b"{\"a\":null}", &[]),
    ];
    for (content, expected) in vocabularies {
        assert_eq!(entries(&read_bpe(content, b"").expect("a vocabulary").0), expected);
        let path = file(&folder("wordlevel"), "v.json", content);
        assert_eq!(entries(&WordLevel::read_file(&path).expect("a vocabulary")), expected);
    }
}

#[test]
fn wrong_merges_and_vocabularies_are_placed() {
    let merges: [(&[u8], &str, &str); 6] = [
        (b"#version\na b\n\n", "line 3", "Merges text file invalid at line 2"),
        (b"a b \n", "line 1", "Merges text file invalid at line 1"),
        (b"a  b\n", "line 1", "Merges text file invalid at line 1"),
        (b"\n", "line 1", "Merges text file invalid at line 1"),
        (b"ab\n", "line 1", "Merges text file invalid at line 1"),
        (b"a b\n\xff a\n", "line 2", "not UTF-8"),
    ];
    for (content, field, message) in merges {
        let error = read_bpe(b"{}", content).expect_err("not merges");
        assert_eq!((error.field(), error.message()), (Some(field), message), "{content:?}");
        assert!(error.path().is_some_and(|path| path.ends_with("m.txt")));
    }
    for content in [&b"[]"[..], b"{\"a\":1.5}", b"{\"a\":-1}", b"{\"a\":4294967296}"] {
        let error = read_bpe(content, b"").expect_err("no vocabulary");
        assert_eq!(error.message(), "Bad vocabulary json file");
    }
    for content in [&b"{\"a\":1} x"[..], b"", b"\xef\xbb\xbf{\"a\":1}", b"{\"a\":\xff}"] {
        let error = read_bpe(content, b"").expect_err("no vocabulary");
        assert!(error.message().contains(" at line 1 column "), "{error}");
        assert!(error.path().is_some_and(|path| path.ends_with("v.json")));
    }
}

#[test]
fn models_save_the_files_of_the_reference() {
    let unigram = "{\n  \"type\": \"Unigram\",\n  \"unk_id\": 0,\n  \"vocab\": [\n    [\n      \
                   \"<unk>\",\n      0.0\n    ],\n    [\n      \"a\",\n      -1.5\n    ]\n  ],\n  \
                   \"byte_fallback\": true\n}";
    let cases: [(&str, &[(&str, &str)]); 4] = [
        (
            r#"{"type":"BPE","vocab":{"a":5,"b":1,"ab":9},"merges":["a b"]}"#,
            &[("vocab.json", r#"{"b":1,"a":5,"ab":9}"#), ("merges.txt", "#version: 0.2\na b\n")],
        ),
        (
            r###"{"type":"WordPiece","vocab":{"b":3,"a":1,"\n":2},"unk_token":"a","continuing_subword_prefix":"##","max_input_chars_per_word":9}"###,
            &[("vocab.txt", "a\n\n\nb\n")],
        ),
        (
            r#"{"type":"WordLevel","vocab":{"b":3,"a":1},"unk_token":"a"}"#,
            &[("vocab.json", r#"{"a":1,"b":3}"#)],
        ),
        (
            r#"{"type":"Unigram","vocab":[["<unk>",0],["a",-1.5]],"unk_id":0,"byte_fallback":true}"#,
            &[("unigram.json", unigram)],
        ),
    ];
    let folder = folder("save");
    for (json, files) in cases {
        let model = Model::from_json(json).expect("a model");
        for (prefix, dashed) in [(None, ""), (Some("p"), "p-"), (Some(""), "-")] {
            let saved = model.save(&folder, prefix).expect("the folder is writable");
            let names = files.iter().map(|(name, _)| folder.join(format!("{dashed}{name}")));
            assert_eq!(saved, names.collect::<Vec<_>>());
            for (path, (_, content)) in saved.iter().zip(files) {
                assert_eq!(&fs::read_to_string(path).expect("it was saved"), content);
            }
        }
    }
    assert!(Unigram::from_unigram_json_bytes(unigram.as_bytes()).is_ok());
    assert!(Unigram::from_unigram_json_bytes(b"{\"vocab\":{},\"merges\":[]}").is_err());
}

const BERT: &[u8] = b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\n##s\n";

#[test]
fn bert_from_lines() {
    let options = BertOptions::default();
    let tokenizer = Tokenizer::from_vocab_txt_bytes(BERT, &options).expect("a vocabulary of BERT");
    let json = tokenizer.to_json(false).expect("it can be written");
    assert!(json.contains(r#""type":"BertNormalizer","clean_text":true"#), "{json}");
    assert!(json.contains(r#"{"id":4,"content":"[MASK]""#), "{json}");
    let lacking = Tokenizer::from_vocab_txt_bytes(b"[UNK]\nhello\n", &options);
    assert!(lacking.err().is_some_and(|error| error.message().contains("[CLS]")));
}

#[test]
fn the_door_tells_formats_by_content() {
    let folder = folder("door");
    let json = br#"{"model":{"type":"WordLevel","vocab":{"a":0},"unk_token":"a"}}"#;
    let model = |name: &str, content: &[u8]| {
        let tokenizer = Tokenizer::from_file(&file(&folder, name, content))?;
        Ok::<_, Error>(match tokenizer.model() {
            Model::Bpe(_) => "BPE",
            Model::WordPiece(_) => "WordPiece",
            Model::WordLevel(_) => "WordLevel",
            Model::Unigram(_) => "Unigram",
        })
    };
    assert_eq!(model("x.txt", json).ok(), Some("WordLevel"));
    assert_eq!(model("x.json", BERT).ok(), Some("WordPiece"));
    let lonely = model("vocab.json", b"{\"a\":0}").expect_err("no merges");
    assert!(lonely.expected().is_some_and(|expected| expected.contains("merges.txt")), "{lonely}");
    file(&folder, "merges.txt", b"#version: 0.2\n");
    let words = b"{\"model\": 0, \"vocab\": 1, \"config\": 2, \"version\": 3}";
    assert_eq!(model("vocab.json", words).ok(), Some("BPE"));
    assert!(Tokenizer::from_file(&folder).is_ok(), "the folder holds vocab.json and merges.txt");
    for content in [&b""[..], b"\x00\x01\x02", b"some text\n", b"[1]"] {
        let error = model("x", content).expect_err("no format");
        assert!(error.expected().is_some_and(|e| e.contains("tokenizer.json")), "{error}");
        assert!(error.path().is_some_and(|path| path.ends_with('x')), "{error}");
    }
    let broken = model("x", b"{\"model\":{").expect_err("cut off");
    assert!(broken.message().contains("at line 1"), "{broken}");
}

#[test]
fn a_folder_without_a_tokenizer_says_what_was_looked_for() {
    let folder = folder("empty");
    let error = Tokenizer::from_file(&folder).err().expect("nothing is there");
    assert!(error.expected().is_some_and(|expected| expected.contains("tekken.json")), "{error}");
}

#[test]
fn saving_and_reading_again() {
    let folder = folder("save-json");
    let json = r#"{"model":{"type":"WordLevel","vocab":{"a":0},"unk_token":"a"}}"#;
    let tokenizer = Tokenizer::from_json(json).expect("a tokenizer");
    for pretty in [false, true] {
        let path = folder.join("tokenizer.json");
        tokenizer.save(&path, pretty).expect("the folder is writable");
        let written = fs::read_to_string(&path).expect("it was saved");
        assert_eq!(written, tokenizer.to_json(pretty).expect("it can be written"));
        assert!(Tokenizer::from_file(&folder).is_ok());
    }
}
