//! The JSON of texts, pieces and streams: nothing is lost, and nothing is believed.

use fissile_core::Tokenizer;
use fissile_core::text::{NormalizedText, OffsetUnit, Pattern, Pieces, Referential, SplitBehavior};
use fissile_core::token::{Span, Token};
use fissile_core::tokenizer::DecodeStream;
use proptest::prelude::*;

use crate::text::{edited, edits, texts};

/// Pieces of an edited text, every second one with a token.
fn pieces(text: NormalizedText) -> Pieces {
    let mut pieces = Pieces::new(text);
    let space = Pattern::Literal(" ".to_owned());
    pieces.split(|_, piece| piece.split(&space, SplitBehavior::Isolated)).unwrap();
    let mut has_token = false;
    pieces
        .split(|_, piece| {
            has_token = !has_token;
            let token = Token::new(7, piece.get(), Span::new(0, piece.len()));
            Ok([(piece, has_token.then(|| vec![token]))])
        })
        .unwrap();
    pieces
}

proptest! {
    #[test]
    fn texts_come_back(input in texts(), edits in edits(), start in 0_usize..9, end in 0_usize..9) {
        let text = edited(&input, &edits);
        for text in [Some(text.clone()), text.slice_chars(start, end)].into_iter().flatten() {
            let again = NormalizedText::from_json(&text.to_json()).unwrap();
            prop_assert_eq!(&again, &text);
            prop_assert_eq!(again.alignments(), text.alignments());
            prop_assert_eq!(again.is_unedited(), text.is_unedited());
        }
    }

    #[test]
    fn pieces_come_back(input in texts(), edits in edits()) {
        let pieces = pieces(edited(&input, &edits));
        let again = Pieces::from_json(&pieces.to_json()).unwrap();
        prop_assert_eq!(&again, &pieces);
        let splits = |pieces: &Pieces| {
            let splits = pieces.splits(Referential::Original, OffsetUnit::Char);
            splits.iter().map(|(text, span, _)| ((*text).to_owned(), *span)).collect::<Vec<_>>()
        };
        prop_assert_eq!(splits(&again), splits(&pieces));
    }

    #[test]
    fn streams_go_on_where_they_were(
        ids in prop::collection::vec(0_u32..300, 0..24), at in any::<prop::sample::Index>(), skip in any::<bool>(),
    ) {
        let json = include_str!("../../../../tests/data/tokenizers/byte_level_roberta.json");
        let tokenizer = Tokenizer::from_json(json).unwrap();
        let (before, behind) = ids.split_at(at.index(ids.len() + 1));
        let mut stream = DecodeStream::new(Vec::new(), skip);
        for id in before {
            stream.step(&tokenizer, &[*id]).unwrap();
        }
        let mut again = DecodeStream::from_json(&stream.to_json()).unwrap();
        for id in behind {
            let given = stream.step(&tokenizer, &[*id]).unwrap();
            prop_assert_eq!(again.step(&tokenizer, &[*id]).unwrap(), given);
        }
        prop_assert_eq!(again.flush(&tokenizer).unwrap(), stream.flush(&tokenizer).unwrap());
    }
}

#[test]
fn a_root_that_pieces_share_is_written_once() {
    let text = "a b c d e f g h".repeat(100);
    let json = pieces(NormalizedText::new(text.clone())).to_json();
    assert_eq!(json.matches(&text).count(), 1);
}

#[test]
fn slices_of_other_texts_keep_their_own_root() {
    let mut pieces = Pieces::new(NormalizedText::new("one two"));
    pieces.split(|_, piece| Ok([piece, NormalizedText::new("three")])).unwrap();
    assert_eq!(Pieces::from_json(&pieces.to_json()).unwrap(), pieces);
}

#[test]
fn what_does_not_fit_is_refused_and_named() {
    let text = |root: &str, span: &str, edited: &str| {
        let json = format!(
            r#"{{"roots":["aé"],"text":{{"root":{root},"span":{span},"exact":false,"edited":{edited}}}}}"#
        );
        NormalizedText::from_json(&json).map_err(|error| error.to_string())
    };
    assert!(text("0", "[0,3]", "null").is_ok());
    for (root, span, edited, place) in [
        ("1", "[0,3]", "null", "text.root"),
        ("0", "[0,2]", "null", "text.span"),
        ("0", "[3,1]", "null", "text.span"),
        ("0", "[0,9]", "null", "text.span"),
        ("0", "[0,3]", r#"{"text":"xy","sources":[[0,1]]}"#, "text.edited.sources"),
        ("0", "[0,3]", r#"{"text":"xy","sources":[[1,2],[0,2]]}"#, "text.edited.sources"),
        ("0", "[0,3]", r#"{"text":"xy","sources":[[0,2],[0,1]]}"#, "text.edited.sources"),
        ("0", "[0,3]", r#"{"text":"é","sources":[[0,1],[0,2]]}"#, "text.edited.sources"),
        ("0", "[0,3]", "7", ""),
    ] {
        let error = text(root, span, edited).unwrap_err();
        assert!(error.contains(place), "{error}");
    }
    let stream =
        r#"{"skip_special_tokens":false,"window":{"ids":[1],"prefix":"","prefix_index":2}}"#;
    let error = DecodeStream::from_json(stream).unwrap_err().to_string();
    assert!(error.contains("prefix_index"), "{error}");
}
