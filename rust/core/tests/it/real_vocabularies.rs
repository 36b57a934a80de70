//! The models on real vocabularies, where the environment variable `FISSILE_SHARED` names a folder
//! that has some (`tokenizers/<name>/tokenizer.json`).

use std::path::PathBuf;

use fissile_core::models::bpe::BpeOptions;
use fissile_core::models::wordpiece::WordPieceOptions;
use fissile_core::models::{Bpe, PieceTokens, WordPiece};
use fissile_core::text::byte_alphabet::char_to_byte;
use fissile_core::vocab::Vocab;
use serde_json::Value;

use crate::naive;

/// The `model` of a real vocabulary; `None`, and the reason on the standard error, without one.
fn model(name: &str) -> Option<Value> {
    let path = std::env::var("FISSILE_SHARED")
        .map(|shared| PathBuf::from(shared).join("tokenizers").join(name).join("tokenizer.json"));
    match path.map_err(|error| error.to_string()).and_then(|path| {
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    }) {
        Ok(text) => Some(serde_json::from_str::<Value>(&text).unwrap()["model"].take()),
        Err(reason) => {
            eprintln!("skipped {name}: no vocabulary (FISSILE_SHARED: {reason})");
            None
        }
    }
}

fn vocab(model: &Value) -> Vocab {
    let tokens = model["vocab"].as_object().unwrap();
    Vocab::from_pairs(
        tokens.iter().map(|(token, id)| (token, u32::try_from(id.as_u64().unwrap()).unwrap())),
    )
}

fn bpe(model: &Value) -> Bpe {
    let merges = model["merges"].as_array().unwrap().iter().map(|merge| match merge {
        Value::String(line) => line.split_once(' ').unwrap(),
        parts => (parts[0].as_str().unwrap(), parts[1].as_str().unwrap()),
    });
    let flag = |name: &str| model[name].as_bool().unwrap_or(false);
    let options = BpeOptions {
        unk_token: model["unk_token"].as_str().map(Into::into),
        fuse_unk: flag("fuse_unk"),
        byte_fallback: flag("byte_fallback"),
        ignore_merges: flag("ignore_merges"),
        ..BpeOptions::default()
    };
    Bpe::from_merges(vocab(model), merges, options).unwrap()
}

/// Strings of a few random tokens each: no better source of tricky words for a vocabulary.
fn words(vocab: &Vocab, most: usize) -> impl Iterator<Item = String> {
    let mut random = fastrand::Rng::with_seed(4);
    let bound = u32::try_from(vocab.id_bound()).unwrap();
    (0..400).map(move |_| {
        let tokens = (0..random.usize(1..=most)).map(|_| random.u32(0..bound));
        tokens.filter_map(|id| vocab.token(id)).collect()
    })
}

fn check_bpe(name: &str, byte_level: bool) {
    let Some(model) = model(name) else { return };
    let model = bpe(&model);
    assert_eq!(model.encodes_bytes(), byte_level, "{name}");
    let twin = naive::bpe::Twin::of(&model);
    let mut out = PieceTokens::new();
    for word in words(model.vocab(), 3).chain(words(model.vocab(), 30).take(20)) {
        model.encode_piece(&word, &mut out).unwrap();
        let found: Vec<_> = out.iter().map(|(id, span)| (id, span.start, span.end)).collect();
        assert_eq!(Some(&found), twin.encode(&word).as_ref(), "{name}: {word:?}");
        let bytes: Option<Vec<u8>> = word.chars().map(char_to_byte).collect();
        if let (true, Some(bytes)) = (byte_level, bytes) {
            let (mut ids, mut lengths) = (vec![], vec![]);
            model.encode_bytes(&bytes, &mut ids, &mut lengths).unwrap();
            assert_eq!(ids, out.ids, "{name}: {word:?}");
            assert_eq!(lengths.iter().sum::<u32>() as usize, bytes.len(), "{name}: {word:?}");
        }
        if let Some(parts) = model.parts(&word) {
            let mut ids = Vec::new();
            for part in parts {
                model.encode_piece(part, &mut out).unwrap();
                ids.extend_from_slice(&out.ids);
            }
            assert_eq!(ids, found.iter().map(|token| token.0).collect::<Vec<_>>(), "{name}");
        }
    }
}

#[test]
fn gpt2() {
    check_bpe("gpt2", true);
}

#[test]
fn llama2() {
    check_bpe("llama2", false);
}

#[test]
fn llama3() {
    check_bpe("llama3", true);
}

#[test]
fn bert_uncased() {
    let Some(model) = model("bert_uncased") else { return };
    let model = WordPiece::new(vocab(&model), WordPieceOptions::default());
    let mut out = PieceTokens::new();
    for word in words(model.vocab(), 4) {
        for word in [word.replace("##", ""), word] {
            model.encode_piece(&word, &mut out).unwrap();
            let found: Vec<_> = out.iter().map(|(id, span)| (id, span.start, span.end)).collect();
            assert_eq!(Some(found), naive::wordpiece::encode(&model, &word), "{word:?}");
        }
    }
}
