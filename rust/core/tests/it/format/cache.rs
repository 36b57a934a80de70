//! Cache files: the same tokenizer with them and without, and nothing out of one that does not fit.

use std::fs;
use std::path::{Path, PathBuf};

use fissile_core::Tokenizer;
use fissile_core::format::CacheUse;
use fissile_core::tokenizer::{EncodeInput, EncodeOptions};

use super::folder;

const BPE: &str = r#"{"version":"1.0","truncation":null,"padding":null,"added_tokens":[
  {"id":9,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
  "normalizer":{"type":"Lowercase"},"pre_tokenizer":{"type":"Whitespace"},"post_processor":null,"decoder":null,
  "model":{"type":"BPE","dropout":null,"unk_token":"u","continuing_subword_prefix":null,"end_of_word_suffix":null,
  "fuse_unk":true,"byte_fallback":false,"ignore_merges":false,
  "vocab":{"a":0,"b":1,"é":2,"ab":3,"abé":4,"u":5,"éa":6},"merges":[["a","b"],["ab","é"],["é","a"]]}}"#;
const WORDPIECE: &str = r###"{"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
  "pre_tokenizer":{"type":"Whitespace"},"post_processor":null,"decoder":null,"model":{"type":"WordPiece",
  "unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
  "vocab":{"[UNK]":0,"ab":1,"##é":2,"u":7}}}"###;
const WORDLEVEL: &str = r#"{"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
  "pre_tokenizer":{"type":"Whitespace"},"post_processor":null,"decoder":null,
  "model":{"type":"WordLevel","vocab":{"u":0,"abé":1},"unk_token":"u"}}"#;
const UNIGRAM: &str = r#"{"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
  "pre_tokenizer":null,"post_processor":null,"decoder":null,
  "model":{"type":"Unigram","unk_id":0,"vocab":[["u",0.0],["ab",-1.5]],"byte_fallback":false}}"#;
const TEXT: &str = "ab <s> abé ABÉa x béa é";

fn file(name: &str, content: &str) -> (PathBuf, PathBuf) {
    let path = folder(name).join("tokenizer.json");
    fs::write(&path, content).expect("the folder is writable");
    let cache = Tokenizer::cache_beside(&path).expect("the file is there");
    (path, cache)
}

fn open(path: &Path, cache: &Path) -> (Tokenizer, CacheUse) {
    Tokenizer::from_file_with_cache(path, cache).expect("the file is sound")
}

#[track_caller]
fn assert_same(tokenizer: &Tokenizer, source: &str) {
    let expected = Tokenizer::from_json(source).expect("the document is sound");
    assert_eq!(tokenizer.to_json(true).expect("JSON"), expected.to_json(true).expect("JSON"));
    let encode = |tokenizer: &Tokenizer| {
        let encoding = tokenizer.encode(&EncodeInput::text(TEXT), &EncodeOptions::default());
        let encoding = encoding.expect("text");
        (
            encoding.ids().clone(),
            encoding.offsets().into_iter().map(|span| (span.start, span.end)).collect(),
        )
    };
    let (ids, offsets): (Vec<u32>, Vec<(usize, usize)>) = encode(&expected);
    assert_eq!(encode(tokenizer), (ids, offsets));
}

#[test]
fn the_second_time_tables_come_out_of_the_cache() {
    for (name, source) in
        [("bpe", BPE), ("wordpiece", WORDPIECE), ("wordlevel", WORDLEVEL), ("unigram", UNIGRAM)]
    {
        let (path, cache) = file(&format!("cache-{name}"), source);
        let (first, written) = open(&path, &cache);
        assert!(matches!(written, CacheUse::Written), "{name} {written:?}");
        let (second, read) = open(&path, &cache);
        assert!(matches!(read, CacheUse::Read), "{name} {read:?}");
        assert_same(&first, source);
        assert_same(&second, source);
        let folder = path.parent().expect("a file is in a folder");
        let (third, read) = open(folder, &Tokenizer::cache_beside(folder).expect("it holds one"));
        assert!(matches!(read, CacheUse::Read), "{name} {read:?}");
        assert_same(&third, source);
    }
}

#[test]
fn another_document_has_another_cache() {
    let (path, cache) = file("cache-other", BPE);
    open(&path, &cache);
    let other = BPE.replace("\"é\"]", "\"é\"] ").replace("Lowercase", "NFC");
    fs::write(&path, &other).expect("the folder is writable");
    let (tokenizer, done) = open(&path, &cache);
    assert!(matches!(done, CacheUse::Written), "{done:?}");
    assert_same(&tokenizer, &other);
    assert!(matches!(open(&path, &cache).1, CacheUse::Read));
}

#[test]
fn a_broken_cache_is_written_anew() {
    let (path, cache) = file("cache-broken", BPE);
    open(&path, &cache);
    let sound = fs::read(&cache).expect("it was written");
    let places = (0..160).step_by(9).chain((160..sound.len()).step_by(sound.len() / 40));
    let flipped = places.map(|at| {
        let mut bytes = sound.clone();
        bytes[at] ^= 1 << (at % 8);
        bytes
    });
    let cut = (0..12).map(|part| sound[..sound.len() * part / 12].to_vec());
    let longer = [[&*sound, &[0; 8]].concat()];
    for bytes in flipped.chain(cut).chain(longer) {
        fs::write(&cache, bytes).expect("the folder is writable");
        let (tokenizer, done) = open(&path, &cache);
        assert!(matches!(done, CacheUse::Written), "{done:?}");
        assert_same(&tokenizer, BPE);
        assert_eq!(fs::read(&cache).expect("it was written"), sound);
    }
}

#[test]
fn what_has_no_cache_is_read_all_the_same() {
    // Two files: one of them could change and the other not.
    let folder = folder("cache-two");
    let alphabet = fissile_core::text::byte_alphabet::alphabet();
    let vocab: serde_json::Map<_, _> =
        (0..).zip(alphabet).map(|(id, c): (u32, _)| (c.to_string(), id.into())).collect();
    let path = folder.join("vocab.json");
    fs::write(&path, serde_json::to_string(&vocab).expect("JSON")).expect("writable");
    fs::write(folder.join("merges.txt"), "#version: 0.2\n").expect("writable");
    let cache = Tokenizer::cache_beside(&path).expect("the file is there");
    let (tokenizer, done) = open(&path, &cache);
    assert!(matches!(done, CacheUse::None), "{done:?}");
    assert!(!cache.exists());
    let encoding = tokenizer.encode(&EncodeInput::text("ab"), &EncodeOptions::default());
    assert_eq!(encoding.expect("text").ids(), [97, 98]);

    let (path, _) = file("cache-nowhere", BPE);
    let (tokenizer, done) = open(&path, &path.with_file_name("none").join("cache"));
    assert!(matches!(done, CacheUse::Failed(_)), "{done:?}");
    assert_same(&tokenizer, BPE);

    let (path, cache) =
        file("cache-wrong", "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}, 1}");
    let error = Tokenizer::from_file_with_cache(&path, &cache).err().expect("no JSON");
    assert_eq!(error.path(), Some(&*path.display().to_string()));
    assert!(!cache.exists());
}
