//! Texts under edit against the reference, and the laws of alignments.

#![allow(clippy::unwrap_used)]

use fissile_core::text::{NormalizedText, Pattern, Referential, SplitBehavior};
use fissile_core::token::Span;
use fissile_core::util::regex::Regex;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    edit: Vec<Edit>,
    split: Vec<Split>,
    slice: Vec<Slice>,
}

#[derive(Deserialize)]
struct Edit {
    input: String,
    edits: Vec<Vec<String>>,
    normalized: String,
    bytes: Vec<(usize, usize)>,
}

#[derive(Deserialize)]
struct Split {
    input: String,
    pattern: String,
    behavior: String,
    pieces: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Slice {
    input: String,
    edits: Vec<Vec<String>>,
    characters: (usize, usize),
    found: Option<(String, String)>,
}

#[derive(Deserialize)]
struct Transforms {
    case: Vec<Transform>,
}

#[derive(Deserialize)]
struct Transform {
    input: String,
    span: (usize, usize),
    characters: String,
    changes: Vec<isize>,
    initial_removed: usize,
    normalized: String,
    bytes: Vec<(usize, usize)>,
}

fn golden() -> Golden {
    toml::from_str(include_str!("../golden/text.toml")).expect("valid TOML")
}

/// Apply one edit, given as its name and arguments.
pub(crate) fn apply(text: &mut NormalizedText, edit: &[String]) {
    let edit: Vec<&str> = edit.iter().map(String::as_str).collect();
    match edit[..] {
        ["nfc"] => _ = text.nfc(),
        ["nfd"] => _ = text.nfd(),
        ["nfkc"] => _ = text.nfkc(),
        ["nfkd"] => _ = text.nfkd(),
        ["lowercase"] => _ = text.lowercase(),
        ["uppercase"] => _ = text.uppercase(),
        ["strip"] => _ = text.strip(),
        ["lstrip"] => _ = text.lstrip(),
        ["rstrip"] => _ = text.rstrip(),
        ["clear"] => _ = text.clear(),
        ["prepend", new] => _ = text.prepend(new),
        ["append", new] => _ = text.append(new),
        ["drop", characters] => _ = text.filter(|it| !characters.contains(it)),
        ["map", from, to] => {
            let to = to.chars().next().expect("a character");
            text.map(|it| if from.contains(it) { to } else { it });
        }
        ["replace", from, to] => {
            text.replace(&Pattern::Literal(from.to_owned()), to).expect("a literal");
        }
        _ => panic!("no such edit: {edit:?}"),
    }
}

fn pairs(spans: impl IntoIterator<Item = Span>) -> Vec<(usize, usize)> {
    spans.into_iter().map(|span| (span.start, span.end)).collect()
}

/// The source of each character.
fn character_spans(text: &NormalizedText) -> Vec<(usize, usize)> {
    let alignments = text.alignments();
    pairs(text.get().char_indices().map(|(position, _)| alignments[position]))
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start, end)
}

#[test]
fn edits_align_as_in_the_reference() {
    for case in golden().edit {
        let text = edited(&case.input, &case.edits);
        let place = format!("{:?} on {:?}", case.edits, case.input);
        assert_eq!(text.get(), case.normalized, "{place}");
        assert_eq!(character_spans(&text), case.bytes, "{place}");
        assert_eq!(text.original(), case.input, "{place}");
    }
}

#[test]
fn transforms_align_as_in_the_reference() {
    let golden: Transforms = toml::from_str(include_str!("../golden/transform.toml")).unwrap();
    for case in golden.case {
        let mut text = NormalizedText::new(case.input.as_str());
        let dest = case.characters.chars().zip(case.changes.iter().copied());
        let place = format!("{:?} {:?} by {:?}", case.input, case.span, case.characters);
        let whole = (0, case.input.len());
        if case.span == whole {
            let mut text = text.clone();
            text.transform(dest.clone(), case.initial_removed);
            assert_eq!(text.get(), case.normalized, "{place}");
        }
        let reach = span(case.span.0, case.span.1);
        text.transform_range(reach, Referential::Original, dest, case.initial_removed);
        assert_eq!(text.get(), case.normalized, "{place}");
        assert_eq!(pairs(text.alignments()), case.bytes, "{place}");
    }
}

fn behavior(name: &str) -> SplitBehavior {
    match name {
        "removed" => SplitBehavior::Removed,
        "isolated" => SplitBehavior::Isolated,
        "merged_with_previous" => SplitBehavior::MergedWithPrevious,
        "merged_with_next" => SplitBehavior::MergedWithNext,
        "contiguous" => SplitBehavior::Contiguous,
        other => panic!("no such behaviour: {other}"),
    }
}

#[test]
fn splits_are_those_of_the_reference() {
    for case in golden().split {
        let mut text = NormalizedText::new(case.input.as_str());
        text.nfd();
        let pattern = Pattern::Literal(case.pattern.clone());
        let pieces = text.split(&pattern, behavior(&case.behavior)).unwrap();
        let pieces = pieces.iter().map(|it| (it.get().to_owned(), it.original().to_owned()));
        let place = format!("{:?} at {:?}, {}", case.input, case.pattern, case.behavior);
        assert_eq!(pieces.collect::<Vec<_>>(), case.pieces, "{place}");
    }
}

#[test]
fn slices_by_characters_are_those_of_the_reference() {
    for case in golden().slice {
        let text = edited(&case.input, &case.edits);
        let slice = text.slice_chars(case.characters.0, case.characters.1);
        let found = slice.map(|it| (it.get().to_owned(), it.original().to_owned()));
        assert_eq!(found, case.found, "{:?} {:?} {:?}", case.input, case.edits, case.characters);
    }
}

#[test]
fn spans_convert_both_ways() {
    let mut text = NormalizedText::new("    __Hello__   ");
    text.filter(|it| it != ' ').lowercase();
    let original = |start, end| text.convert(span(start, end), Referential::Original);
    let normalized = |start, end| text.convert(span(start, end), Referential::Normalized);
    assert_eq!(original(6, 11), Some(span(2, 7)));
    assert_eq!(text.get_span(span(6, 11), Referential::Original), Some("hello"));
    assert_eq!(text.get_original_span(span(2, 7), Referential::Normalized), Some("Hello"));
    // Empty spans keep their numbers, whatever lies there.
    assert_eq!([original(3, 3), original(16, 16)], [Some(span(3, 3)), Some(span(16, 16))]);
    assert_eq!([normalized(9, 9), normalized(40, 40)], [Some(span(9, 9)), Some(span(40, 40))]);
    // What was dropped is an empty place; what is outside is nothing.
    assert_eq!([original(15, 16), original(0, 4)], [Some(span(9, 9)), None]);
    assert_eq!([normalized(9, 10), normalized(5, 2), original(5, 2)], [None, None, None]);
}

#[test]
fn slices_refuse_what_is_no_span_of_characters() {
    let mut text = NormalizedText::new("é𝔾");
    text.nfd();
    for (start, end, of) in [
        (1, 2, Referential::Original),
        (0, 1, Referential::Original),
        (0, 2, Referential::Normalized),
        (0, 40, Referential::Normalized),
        (3, 1, Referential::Normalized),
        (40, 41, Referential::Original),
    ] {
        assert_eq!(text.slice(span(start, end), of), None, "{start}..{end} {of:?}");
    }
    // An empty span is converted to the same numbers, which may cut through a character.
    let nothing = text.slice(span(2, 2), Referential::Original).unwrap();
    assert_eq!((nothing.get(), nothing.original()), ("", ""));
    assert_eq!(nothing.span_in_original(), span(2, 2));
}

#[test]
fn exact_texts_map_a_character_to_all_it_came_from() {
    let exact = |text: &str, edit: &str| {
        let mut text = NormalizedText::exact(text);
        apply(&mut text, &[edit.to_owned()]);
        character_spans(&text)
    };
    assert_eq!(exact("e\u{301}x", "nfc"), [(0, 3), (3, 4)]);
    assert_eq!(exact("\u{1112}\u{1161}\u{11ab}!", "nfkc"), [(0, 9), (9, 10)]);
    assert_eq!(exact("éx", "nfd"), [(0, 2), (0, 2), (2, 3)]);
    // Marks that change places share what they cover together.
    assert_eq!(exact("a\u{301}\u{323}b", "nfd"), [(0, 1), (1, 5), (1, 5), (5, 6)]);
    let mut quoted = NormalizedText::exact("a''b");
    quoted.replace(&Pattern::Literal("''".to_owned()), "\"").unwrap();
    assert_eq!(character_spans(&quoted), [(0, 1), (1, 3), (3, 4)]);
}

#[test]
fn errors_of_callbacks_come_out_and_leave_the_text_alone() {
    let mut text = NormalizedText::new("abc");
    let refuse = |it: char| if it == 'b' { Err("no b") } else { Ok(true) };
    assert_eq!(text.try_filter(refuse).err(), Some("no b"));
    assert_eq!(text.try_map(|it| refuse(it).map(|_| 'x')).err(), Some("no b"));
    assert_eq!(text.try_for_each(|it| refuse(it).map(drop)), Err("no b"));
    assert_eq!(text, NormalizedText::new("abc"));
    assert_eq!(text.try_map(|it| Ok::<_, ()>(it.to_ascii_uppercase())).unwrap().get(), "ABC");
}

#[test]
fn impossible_transforms_do_not_panic() {
    let dest = [('x', 0), ('y', isize::MIN), ('z', 0), ('w', isize::MAX)];
    let mut text = NormalizedText::new("é");
    text.transform(dest, usize::MAX);
    assert_eq!((text.get(), character_spans(&text)), ("xyzw", vec![(0, 2); 4]));
    let mut text = NormalizedText::new("é");
    text.transform_range(span(1, 2), Referential::Normalized, dest, 0);
    text.transform_range(span(7, 9), Referential::Normalized, dest, 0);
    text.transform_range(span(9, 7), Referential::Original, dest, 0);
    let (huge, mut upper) = (span(0, usize::MAX), text.clone());
    assert_eq!(text.convert(huge, Referential::Original), Some(span(0, 2)));
    assert_eq!(upper.uppercase().convert(huge, Referential::Original), Some(span(0, 2)));
    let piece = upper.slice(span(2, 2), Referential::Normalized).unwrap();
    assert_eq!(piece.convert(span(1, usize::MAX), Referential::Original), None);
    assert_eq!(text, NormalizedText::new("é"));
}

pub(crate) fn texts() -> impl Strategy<Value = String> {
    let odd: Vec<char> = "aB éÉ\u{301}\u{323}ßİ\u{3000}한\u{1112}\u{1161}ﬁ𝔾…".chars().collect();
    let character = prop_oneof![6 => prop::sample::select(odd), 1 => any::<char>()];
    prop::collection::vec(character, 0..16).prop_map(String::from_iter)
}

pub(crate) fn edits() -> impl Strategy<Value = Vec<Vec<String>>> {
    let edit = golden().edit.into_iter().flat_map(|case| case.edits).collect::<Vec<_>>();
    prop::collection::vec(prop::sample::select(edit), 0..5)
}

pub(crate) fn edited(input: &str, edits: &[Vec<String>]) -> NormalizedText {
    let mut text = NormalizedText::new(input);
    for edit in edits {
        apply(&mut text, edit);
    }
    text
}

proptest! {
    #[test]
    fn alignments_never_step_back_and_stay_inside(input in texts(), edits in edits()) {
        let text = edited(&input, &edits);
        let spans = text.alignments();
        prop_assert_eq!(spans.len(), text.len());
        prop_assert!(spans.is_sorted_by(|a, b| a.start <= b.start && a.end <= b.end));
        for span in spans {
            prop_assert!(input.get(span.range()).is_some());
        }
    }

    #[test]
    fn slices_know_their_place_in_the_original(
        input in texts(), edits in edits(), start in 0_usize..16, end in 0_usize..16,
    ) {
        let text = edited(&input, &edits);
        if let Some(slice) = text.slice_chars(start, end) {
            prop_assert!(text.get().contains(slice.get()));
            let place = slice.span_in_original();
            prop_assert!(slice.is_empty() || input[place.range()] == *slice.original());
            let inner = slice.slice(span(0, slice.len()), Referential::Normalized).unwrap();
            prop_assert_eq!(inner.get(), slice.get());
        }
    }

    #[test]
    fn pieces_of_a_split_cover_the_text(input in texts(), edits in edits()) {
        let text = edited(&input, &edits);
        let space = Pattern::Regex(Regex::new(r"\s+").unwrap());
        for name in ["isolated", "merged_with_previous", "merged_with_next", "contiguous"] {
            let pieces = text.split(&space, behavior(name)).unwrap();
            let joined: String = pieces.iter().map(NormalizedText::get).collect();
            prop_assert_eq!(joined, text.get());
        }
    }

    #[test]
    fn editing_a_slice_leaves_the_rest_alone(input in texts(), edits in edits()) {
        let text = edited(&input, &edits);
        let before = text.clone();
        if let Some(mut slice) = text.slice_chars(1, 3) {
            slice.append("…").prepend("x").uppercase();
        }
        prop_assert_eq!(text, before);
    }
}
