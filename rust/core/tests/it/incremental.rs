//! Text that grows gives at every step the ids of the whole, and files larger than a part those of the
//! text in them.

use fissile_core::Tokenizer;
use fissile_core::tokenizer::{EncodeInput, EncodeOptions, IncrementalEncoder};
use proptest::prelude::*;

use crate::roads::{nasty_text, pipelines};

/// Each pipeline with its added tokens as they are, with all of them looked for in the raw text, and so
/// without the one that holds a space.
fn tokenizers() -> impl Iterator<Item = (&'static str, Tokenizer)> {
    pipelines().into_iter().flat_map(|(name, tokenizer)| {
        let raw = tokenizer
            .to_json(false)
            .unwrap()
            .replace("\"normalized\":true", "\"normalized\":false");
        let bare = raw.replace("one two", "onetwo");
        [tokenizer, Tokenizer::from_json(&raw).unwrap(), Tokenizer::from_json(&bare).unwrap()]
            .map(|tokenizer| (name, tokenizer))
    })
}

fn framed(tokenizer: &Tokenizer) -> Tokenizer {
    let processor = r#""post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"<s>","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":0}}],"special_tokens":{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]}}}"#;
    let json = tokenizer.to_json(false).unwrap().replace("\"post_processor\":null", processor);
    Tokenizer::from_json(&json).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn ids_are_at_every_step_those_of_the_whole(
        parts in prop::collection::vec(nasty_text(), 1..8),
        sizes in prop::collection::vec(1..12_usize, 1..6),
        add_special_tokens: bool,
    ) {
        let text: Vec<char> = parts.join(" the lot ").chars().collect();
        let options = EncodeOptions { skip_special_tokens: !add_special_tokens, ..EncodeOptions::default() };
        for (name, tokenizer) in tokenizers() {
            let tokenizer = if add_special_tokens { framed(&tokenizer) } else { tokenizer };
            let mut encoder = IncrementalEncoder::new(&tokenizer, add_special_tokens).unwrap();
            let mut whole = String::new();
            let mut ids = encoder.ids().to_vec();
            prop_assert_eq!(&ids, &tokenizer.encode_ids(&EncodeInput::text(""), &options).unwrap());
            let mut rest = text.as_slice();
            for size in sizes.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let part: String = rest[..rest.len().min(*size)].iter().collect();
                rest = &rest[rest.len().min(*size)..];
                whole.push_str(&part);
                let settled = ids[..encoder.settled()].to_vec();
                let change = encoder.append(&part).unwrap();
                prop_assert!(change.dropped + settled.len() <= ids.len());
                ids.truncate(ids.len() - change.dropped);
                ids.extend(change.added);
                prop_assert_eq!(&ids, encoder.ids());
                prop_assert!(ids.starts_with(&settled));
                let expected = tokenizer.encode_ids(&EncodeInput::text(&whole), &options).unwrap();
                prop_assert_eq!(&ids, &expected, "{}: {:?} + {:?}", name, whole, part);
            }
        }
    }
}

#[test]
fn only_the_end_is_encoded_again() {
    let (_, tokenizer) = tokenizers().nth(2).unwrap();
    let mut encoder = IncrementalEncoder::new(&tokenizer, false).unwrap();
    assert!(encoder.is_incremental());
    for step in 0..200 {
        let settled = encoder.settled();
        let change = encoder.append(" hello the lot").unwrap();
        assert!(change.dropped < 8 && change.added.len() < 24, "{step}: {change:?}");
        assert!(encoder.settled() > settled || step == 0);
    }
    assert!(encoder.ids().len() - encoder.settled() < 8);
}

#[test]
fn what_is_not_known_to_be_safe_is_encoded_anew() {
    let (_, tokenizer) = pipelines().into_iter().find(|(name, _)| *name == "any regex").unwrap();
    let mut encoder = IncrementalEncoder::new(&tokenizer, false).unwrap();
    assert!(!encoder.is_incremental());
    encoder.append("hello").unwrap();
    encoder.append(" the lot").unwrap();
    let whole =
        tokenizer.encode_ids(&EncodeInput::text("hello the lot"), &EncodeOptions::default());
    assert_eq!(encoder.ids(), whole.unwrap());
}
