//! Added tokens: which ids they get, where they are found, how they are decoded.

use fissile_core::models::{Model, WordLevel};
use fissile_core::normalizers::Normalizer;
use fissile_core::tokenizer::{EncodeInput, EncodeOptions, SpecialTokens};
use fissile_core::vocab::Vocab;
use fissile_core::{AddedToken, ErrorKind, Tokenizer};

fn tokenizer(vocab: &[(&str, u32)]) -> Tokenizer {
    let vocab = Vocab::from_pairs(vocab.iter().copied());
    Tokenizer::new(Model::WordLevel(WordLevel::new(vocab, "<unk>".to_owned())))
}

fn ids(tokenizer: &Tokenizer, text: &str, options: &EncodeOptions) -> Vec<u32> {
    tokenizer.encode_ids(&EncodeInput::text(text), options).unwrap()
}

#[test]
fn ids_go_on_behind_the_vocabulary_and_skip_what_is_taken() {
    let mut dense = tokenizer(&[("a", 0), ("<unk>", 1)]);
    let count = dense.add_tokens(vec![
        AddedToken::new("x", false),
        AddedToken::new("a", false),
        AddedToken::new("", false),
        AddedToken::new("x", false),
        AddedToken::new("y", true),
    ]);
    assert_eq!(count.unwrap(), 3);
    assert_eq!(["x", "a", "y"].map(|t| dense.token_to_id(t)), [Some(2), Some(0), Some(3)]);
    assert_eq!((dense.vocab_size(false), dense.vocab_size(true)), (2, 4));

    // The reference would give the third new token the id that "b" has.
    let mut holes = tokenizer(&[("a", 0), ("b", 4)]);
    let new = ["c", "d", "e"].map(|text| AddedToken::new(text, false));
    holes.add_tokens(new.to_vec()).unwrap();
    assert_eq!(["c", "d", "e"].map(|t| holes.token_to_id(t)), [Some(2), Some(3), Some(5)]);
}

#[test]
fn of_two_tokens_that_normalize_alike_the_lower_id_is_found() {
    let mut tokenizer = tokenizer(&[("<unk>", 0)]);
    tokenizer.set_normalizer(Some(fissile_core::normalizers::Normalizer::Lowercase)).unwrap();
    tokenizer
        .add_tokens(vec![AddedToken::new("Foo", false), AddedToken::new("foo", false)])
        .unwrap();
    assert_eq!(ids(&tokenizer, "FOO", &EncodeOptions::default()), [1]);
}

#[test]
fn a_rejected_match_hides_shorter_ones_unless_told_otherwise() {
    let mut tokenizer = tokenizer(&[("<unk>", 0), ("x", 1), ("foobarx", 2), ("barx", 3)]);
    let whole_word = AddedToken { single_word: true, ..AddedToken::new("foobar", false) };
    tokenizer.add_tokens(vec![whole_word, AddedToken::new("foo", false)]).unwrap();
    assert_eq!(ids(&tokenizer, "foobarx", &EncodeOptions::default()), [2]);
    let exact = EncodeOptions { exact_matching: true, ..EncodeOptions::default() };
    assert_eq!(ids(&tokenizer, "foobarx", &exact), [5, 3]);
}

#[test]
fn special_tokens_can_be_chosen_and_forbidden_in_a_call() {
    let mut tokenizer = tokenizer(&[("<unk>", 0)]);
    tokenizer.add_tokens(vec![AddedToken::new("<a>", true), AddedToken::new("<b>", true)]).unwrap();
    let allow =
        |allowed| EncodeOptions { allowed_special: Some(allowed), ..EncodeOptions::default() };
    assert_eq!(ids(&tokenizer, "<a><b>", &EncodeOptions::default()), [1, 2]);
    assert_eq!(ids(&tokenizer, "<a><b>", &allow(SpecialTokens::None)), [0]);
    let only = SpecialTokens::Only(vec!["<b>".to_owned()]);
    assert_eq!(ids(&tokenizer, "<a><b>", &allow(only.clone())), [0, 2]);

    let forbid = EncodeOptions { disallowed_special: Some(SpecialTokens::All), ..allow(only) };
    assert_eq!(ids(&tokenizer, "<b>", &forbid), [2]);
    let error = tokenizer.encode(&EncodeInput::text("ok <a>"), &forbid).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::DisallowedToken));
    assert!(
        error.to_string().contains("\"<a>\"") && error.to_string().contains("byte 3"),
        "{error}"
    );
}

#[test]
fn special_tokens_that_are_normalized_are_skipped_in_decoding() {
    let mut tokenizer = tokenizer(&[("<unk>", 0)]);
    tokenizer.set_normalizer(Some(fissile_core::normalizers::Normalizer::Lowercase)).unwrap();
    let token = AddedToken { normalized: true, ..AddedToken::new("<END>", true) };
    tokenizer.add_tokens(vec![token]).unwrap();
    assert_eq!(tokenizer.decode(&[1], false).unwrap(), "<end>");
    assert_eq!(tokenizer.decode(&[1], true).unwrap(), "");
}

#[test]
fn added_words_survive_a_byte_level_decoder_on_request() {
    use fissile_core::decoders::Decoder;
    use fissile_core::text::byte_alphabet::ByteLevel;
    let mut tokenizer = tokenizer(&[("<unk>", 0), ("Ã", 1)]);
    tokenizer.set_decoder(Some(Decoder::ByteLevel(ByteLevel::default())));
    tokenizer
        .add_tokens(["naïve", "日本", "Ã"].map(|t| AddedToken::new(t, false)).to_vec())
        .unwrap();
    assert_eq!(tokenizer.decode(&[2, 3], false).unwrap(), "na\u{fffd}ve日本");
    tokenizer.set_verbatim_added_tokens(true);
    assert_eq!(tokenizer.decode(&[2, 3], false).unwrap(), "naïve日本");
    assert_eq!(tokenizer.token_bytes(2).unwrap(), "naïve".as_bytes());
    // What the model has as well stays the byte that the model means.
    assert_eq!(tokenizer.decode_bytes(&[1], false).unwrap(), [0xc3]);
}

#[test]
fn many_tokens_one_by_one_take_linear_work() {
    let mut tokenizer = tokenizer(&[("<unk>", 0)]);
    for index in 0..20_000 {
        tokenizer.add_tokens(vec![AddedToken::new(format!("<{index}>"), false)]).unwrap();
    }
    assert_eq!(ids(&tokenizer, "<19999><0>", &EncodeOptions::default()), [20_000, 1]);
}

fn token(text: &str, special: bool, normalized: bool) -> AddedToken {
    AddedToken { normalized, ..AddedToken::new(text, special) }
}

proptest::proptest! {
    /// Copies of a tokenizer share what was added before: each keeps its own state all the same.
    #[test]
    fn one_by_one_is_all_at_once(
        picks in proptest::collection::vec((0_usize..60, proptest::bool::ANY, proptest::bool::ANY), 0..160),
    ) {
        let json = include_str!("../../../../tests/data/tokenizers/whole_words.json");
        let mut single = Tokenizer::from_json(json).unwrap();
        single.set_normalizer(Some(Normalizer::Lowercase)).unwrap();
        let mut whole = single.clone();
        let tokens: Vec<_> = picks
            .iter()
            .map(|&(pick, special, normalized)| token(&format!("Tok{pick}"), special, normalized))
            .collect();
        let mut kept = Vec::new();
        let mut added = 0;
        for token in &tokens {
            kept.push((single.clone(), state(&single)));
            added += single.add_tokens(vec![token.clone()]).unwrap();
        }
        proptest::prop_assert_eq!(whole.add_tokens(tokens).unwrap(), added);
        proptest::prop_assert_eq!(state(&single), state(&whole));
        proptest::prop_assert_eq!(single.to_json(false).unwrap(), whole.to_json(false).unwrap());
        for (tokenizer, before) in kept {
            proptest::prop_assert_eq!(state(&tokenizer), before);
        }
    }
}

/// Everything that can be asked about the added tokens.
fn state(tokenizer: &Tokenizer) -> String {
    let added = tokenizer.added_tokens();
    let texts: std::collections::BTreeMap<_, _> = added.texts().collect();
    let tokens: Vec<_> = added.iter().map(|(id, it)| (id, it, added.decoded_text(id))).collect();
    assert_eq!(texts.len(), added.len());
    format!("{texts:?} {tokens:?} {}", tokenizer.vocab_size(true))
}
