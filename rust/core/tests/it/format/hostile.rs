//! Documents made to hurt: none may panic, none may take long.

use fissile_core::Tokenizer;
use fissile_core::models::bpe::Bpe;
use proptest::prelude::*;

const DOCUMENT: &str = r#"{"version":"1.0",
"truncation":{"direction":"Left","max_length":9,"strategy":"OnlyFirst","stride":1},
"padding":{"strategy":{"Fixed":5},"direction":"Left","pad_to_multiple_of":8,"pad_id":1,"pad_type_id":2,"pad_token":"p"},
"added_tokens":[{"id":3,"content":"<x>","single_word":false,"lstrip":true,"rstrip":false,"normalized":true,"special":false}],
"normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"_"},{"type":"Replace","pattern":{"Regex":"[ab]+"},"content":"_"}]},
"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\s+"},"behavior":"Removed","invert":false},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true}]},
"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"X","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{"X":{"id":"X","ids":[0],"tokens":["a"]}}},
"decoder":{"type":"Sequence","decoders":[{"type":"Metaspace","replacement":"▁"},{"type":"Strip","content":" ","start":1,"stop":0}]},
"model":{"type":"BPE","dropout":0.5,"unk_token":"a","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}}"#;

#[test]
fn the_document_itself_is_sound() {
    let tokenizer = Tokenizer::from_json(DOCUMENT).expect("it is sound");
    let written = tokenizer.to_json(false).expect("it can be written");
    let again = Tokenizer::from_json(&written).expect("it was written by us");
    assert_eq!(again.to_json(false).expect("it can be written"), written);
}

#[test]
fn depth_is_bounded() {
    for (open, close) in
        [("[", "]"), (r#"{"a":"#, "}"), (r#"{"normalizers":["#, "]}"), ("[{\"type\":", "}]")]
    {
        let deep = format!("{}0{}", open.repeat(100_000), close.repeat(100_000));
        for member in [
            "normalizer",
            "pre_tokenizer",
            "post_processor",
            "decoder",
            "model",
            "added_tokens",
            "padding",
            "version",
        ] {
            let document = format!(r#"{{"{member}":{deep}}}"#);
            assert!(Tokenizer::from_json(&document).is_err());
        }
        assert!(Tokenizer::from_json(&deep).is_err());
        let model = r#"{"type":"WordLevel","vocab":{"a":0},"unk_token":"a","#;
        let document = format!(r#"{{"unknown":{deep},"model":{model}"unknown":{deep}}}}}"#);
        assert!(Tokenizer::from_json(&document).is_ok(), "what is unknown is skipped at any depth");
    }
}

#[test]
fn ids_at_the_end_of_their_range_cost_nothing() {
    let document =
        r#"{"model":{"type":"WordLevel","vocab":{"a":0,"b":4294967295},"unk_token":"a"}}"#;
    if let Ok(tokenizer) = Tokenizer::from_json(document) {
        let written = tokenizer.to_json(false).expect("it can be written");
        assert!(written.contains(r#""vocab":{"a":0,"b":4294967295}"#), "{written}");
    }
}

proptest! {
    #[test]
    fn cut_documents_never_panic(end in 0..DOCUMENT.len()) {
        prop_assert!(Tokenizer::from_json_bytes(&DOCUMENT.as_bytes()[..end]).is_err());
    }

    #[test]
    fn changed_bytes_never_panic(changes in prop::collection::vec((0..DOCUMENT.len(), any::<u8>()), 1..4)) {
        let mut bytes = DOCUMENT.as_bytes().to_vec();
        for (place, byte) in changes {
            bytes[place] = byte;
        }
        drop(Tokenizer::from_json_bytes(&bytes));
    }

    #[test]
    fn exchanged_stretches_never_panic(a in 0..DOCUMENT.len(), b in 0..DOCUMENT.len(), length in 0..60_usize) {
        let mut bytes = DOCUMENT.as_bytes().to_vec();
        let length = length.min(bytes.len() - a).min(bytes.len() - b);
        let stretch = bytes[a..a + length].to_vec();
        bytes[b..b + length].copy_from_slice(&stretch);
        drop(Tokenizer::from_json_bytes(&bytes));
    }

    #[test]
    fn any_lines_are_a_vocabulary_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let options = fissile_core::format::BertOptions::default();
        drop(Tokenizer::from_vocab_txt_bytes(&bytes, &options));
        drop(Tokenizer::from_bpe_bytes(b"{\"a\":0,\"b\":1,\"ab\":2}", &bytes));
        drop(Tokenizer::from_bpe_bytes(&bytes, b"a b\n"));
    }
}

#[test]
fn missing_files_are_errors() {
    let none = std::path::Path::new("/nonexistent/vocab.json");
    let error = Bpe::read_files(none, none).expect_err("there is no such file");
    assert_eq!(error.path(), Some("/nonexistent/vocab.json"));
    assert!(Tokenizer::from_file(none).is_err());
}
