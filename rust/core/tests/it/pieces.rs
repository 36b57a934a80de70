//! Pieces and the encodings made of them, against the reference.

#![allow(clippy::unwrap_used)]

use fissile_core::text::{NormalizedText, OffsetUnit, Pattern, Pieces, Referential, SplitBehavior};
use fissile_core::token::{Span, Token};
use serde::Deserialize;

use crate::text::apply;

#[derive(Deserialize)]
struct Golden {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    input: String,
    edits: Vec<Vec<String>>,
    edits_of_pieces: Vec<Vec<String>>,
    texts: Vec<String>,
    original_byte: Vec<(usize, usize)>,
    original_char: Vec<(usize, usize)>,
    normalized_byte: Vec<(usize, usize)>,
    normalized_char: Vec<(usize, usize)>,
    ids: Vec<u32>,
    tokens: Vec<String>,
    words: Vec<u32>,
    offsets: Vec<(usize, usize)>,
}

/// The text of a case: edited, cut behind spaces, its pieces edited.
fn pieces(case: &Case) -> Pieces {
    let mut pieces = Pieces::new(NormalizedText::new(case.input.as_str()));
    let space = Pattern::Literal(" ".to_owned());
    let apply_all = |text: &mut NormalizedText, edits: &[Vec<String>]| {
        for edit in edits {
            apply(text, edit);
        }
        Ok(())
    };
    pieces.normalize(|text| apply_all(text, &case.edits)).unwrap();
    pieces.split(|_, text| text.split(&space, SplitBehavior::MergedWithPrevious)).unwrap();
    pieces.normalize(|text| apply_all(text, &case.edits_of_pieces)).unwrap();
    pieces
}

/// A token per character, an empty one behind them, and one that is partly outside.
fn tokens(text: &NormalizedText) -> Vec<Token> {
    let length = text.len();
    let characters = text.get().char_indices().zip(0..).map(|((start, character), id)| {
        Token::new(id, character, Span::new(start, start + character.len_utf8()))
    });
    let odd = [
        Token::new(99, "<end>", Span::new(length, length)),
        Token::new(98, "<out>", Span::new(length, length + 7)),
    ];
    characters.chain(odd).collect()
}

fn golden() -> Vec<Case> {
    toml::from_str::<Golden>(include_str!("../golden/pieces.toml")).expect("valid TOML").case
}

#[test]
fn splits_say_what_the_reference_says() {
    for case in golden() {
        let pieces = pieces(&case);
        let texts: Vec<_> = pieces.pieces().iter().map(|piece| piece.text.get()).collect();
        assert_eq!(texts, case.texts, "{:?}", case.input);
        for (referential, unit, expected) in [
            (Referential::Original, OffsetUnit::Byte, &case.original_byte),
            (Referential::Original, OffsetUnit::Char, &case.original_char),
            (Referential::Normalized, OffsetUnit::Byte, &case.normalized_byte),
            (Referential::Normalized, OffsetUnit::Char, &case.normalized_char),
        ] {
            let splits = pieces.splits(referential, unit);
            let spans: Vec<_> = splits.iter().map(|it| (it.1.start, it.1.end)).collect();
            assert_eq!(spans, *expected, "{:?} {referential:?} {unit:?}", case.input);
        }
    }
}

#[test]
fn encodings_are_those_of_the_reference() {
    for case in golden() {
        let mut pieces = pieces(&case);
        pieces.tokenize(|text| Ok(tokens(text))).unwrap();
        let numbered = pieces.clone().into_encoding(Some(7), 0, OffsetUnit::Byte).unwrap();
        assert!(numbered.word_ids().iter().all(|word| *word == Some(7)));
        let bare = pieces.clone().into_bare_encoding().unwrap();
        assert_eq!(bare.ids(), case.ids);
        assert_eq!(bare.offsets(), vec![Span::default(); case.ids.len()]);
        let encoding = pieces.into_encoding(None, 3, OffsetUnit::Char).unwrap();
        assert_eq!(encoding.ids(), case.ids, "{:?}", case.input);
        assert_eq!(encoding.tokens(), case.tokens, "{:?}", case.input);
        let words: Vec<_> = case.words.iter().copied().map(Some).collect();
        assert_eq!(encoding.word_ids(), words, "{:?}", case.input);
        let offsets: Vec<_> = encoding.offsets().iter().map(|it| (it.start, it.end)).collect();
        assert_eq!(offsets, case.offsets, "{:?}", case.input);
        assert_eq!(encoding.type_ids(), vec![3; case.ids.len()]);
    }
}

#[test]
fn a_piece_without_tokens_gives_no_encoding() {
    let pieces = Pieces::new(NormalizedText::new("x"));
    assert!(pieces.clone().into_bare_encoding().is_err());
    let error = pieces.into_encoding(None, 0, OffsetUnit::Char).err().unwrap();
    assert!(error.message().starts_with("Split has not been tokenized"));
}

#[test]
fn pieces_with_tokens_are_left_alone() {
    let mut pieces = Pieces::new(NormalizedText::new("a b"));
    let space = Pattern::Literal(" ".to_owned());
    let cut = |text: NormalizedText| {
        let parts = text.split(&space, SplitBehavior::Isolated)?;
        let done = |part: &NormalizedText| (part.get() == "b").then(|| tokens(part));
        Ok(parts.into_iter().map(move |part| (part.clone(), done(&part))))
    };
    pieces.split(|_, text| cut(text)).unwrap();
    let mut seen = Vec::new();
    let see = |text: &mut NormalizedText| {
        seen.push(text.get().to_owned());
        Ok(())
    };
    pieces.normalize(see).unwrap();
    pieces.split(|_, text| Ok([text])).unwrap();
    pieces.tokenize(|text| Ok(tokens(text))).unwrap();
    assert_eq!(seen, ["a", " "]);
    assert_eq!(pieces.pieces().len(), 3);
}
