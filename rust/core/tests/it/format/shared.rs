//! Real tokenizers, where the machine has them: `FISSILE_SHARED` names the folder of vocabularies.

use std::path::PathBuf;

use fissile_core::Tokenizer;

const FILES: &str = include_str!("../../../../../tests/golden/shared_json.toml");

/// The folder, or `None` (and a word about it) where there is none.
pub(super) fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("FISSILE_SHARED").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: FISSILE_SHARED does not name the folder of shared vocabularies");
    }
    folder
}

/// CRC-32 as zlib has it, a bit at a time.
fn crc32(bytes: &[u8]) -> i64 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    };
    i64::from(!bytes.iter().fold(u32::MAX, step))
}

#[test]
fn files_are_written_as_the_reference_writes_them() {
    let Some(folder) = shared() else { return };
    let table: toml::Table = FILES.parse().expect("the golden file is TOML");
    for file in table["file"].as_array().expect("a list of files") {
        let path = file["path"].as_str().expect("a path");
        let number = |field: &str| file[field].as_integer().expect("a number");
        let tokenizer = Tokenizer::from_file(&folder.join(path)).expect(path);
        for (pretty, length, crc) in
            [(false, "length", "crc"), (true, "pretty_length", "pretty_crc")]
        {
            let written = tokenizer.to_json(pretty).expect("it can be written");
            let length = usize::try_from(number(length)).expect("a length");
            assert_eq!(written.len(), length, "{path}, pretty {pretty}");
            assert_eq!(crc32(written.as_bytes()), number(crc), "{path}, pretty {pretty}");
        }
    }
}

#[test]
fn bert_from_its_vocabulary_is_the_one_in_its_json() {
    let Some(folder) = shared() else { return };
    for name in ["bert_cased", "bert_uncased"] {
        let [txt, json] = ["vocab.txt", "tokenizer.json"].map(|file| {
            let path = folder.join(name).join(file);
            Tokenizer::from_file(&path).and_then(|read| read.to_json(false)).expect(file)
        });
        assert!(txt == json, "{name}");
    }
}

#[test]
fn gpt2_from_its_two_files_is_the_one_in_its_json() {
    let Some(folder) = shared() else { return };
    let read = |file: &str| {
        let tokenizer = Tokenizer::from_file(&folder.join("gpt2").join(file)).expect(file);
        tokenizer.to_json(false).expect("it can be written")
    };
    let json = read("tokenizer.json");
    assert!(read("vocab.json") == json);
    assert!(read("merges.txt") == json);
}

#[test]
fn the_door_knows_the_real_files() {
    let Some(folder) = shared() else { return };
    let files = [
        ("llama2/tokenizer.model", "<s>"),
        ("xlmr/sentencepiece.bpe.model", "<s>"),
        ("cl100k/cl100k_base.tiktoken", "<|endoftext|>"),
        ("o200k", "<|endoftext|>"),
        ("mistral_tekken", "<s>"),
        ("mistral_v1", "<s>"),
        ("gpt2", "<|endoftext|>"),
        ("bert_cased", "[CLS]"),
    ];
    for (file, token) in files {
        let tokenizer = Tokenizer::from_file(&folder.join(file)).expect(file);
        assert!(tokenizer.token_to_id(token).is_some(), "{file}");
    }
}

#[test]
fn beginnings_of_real_files_are_errors_or_tokenizers() {
    let Some(folder) = shared() else { return };
    let room = super::folder("beginnings");
    for file in [
        "llama2/tokenizer.model",
        "gpt2/tokenizer.json",
        "cl100k/cl100k_base.tiktoken",
        "bert_cased/vocab.txt",
    ] {
        let content = std::fs::read(folder.join(file)).expect(file);
        for length in [1, 2, 3, 7, 40, 1000, 4095, 65_537] {
            let path = room.join("cut");
            std::fs::write(&path, &content[..length]).expect("the folder is writable");
            drop(Tokenizer::from_file(&path));
        }
    }
}
