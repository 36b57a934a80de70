//! Scanners against the pre-tokenizers and regular expressions that they stand in for.

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use fissile_core::Span;
use fissile_core::pre_tokenizers::scan::{Grammar, Scanner, Scratch};
use fissile_core::pre_tokenizers::{PreTokenizer, Split};
use fissile_core::stages::PreTokenize;
use fissile_core::text::byte_alphabet::ByteLevel;
use fissile_core::text::metaspace::Metaspace;
use fissile_core::text::{NormalizedText, OffsetUnit, Pattern, Pieces, Referential, SplitBehavior};
use fissile_core::util::regex::{Regex, famous};
use proptest::prelude::*;

/// Pieces by the regular expression. They cover the text, as those of a grammar do.
fn by_regex(regex: &Regex, text: &str) -> Vec<Span> {
    regex.find_all(text).expect("no famous pattern gives up")
}

fn by_grammar(grammar: Grammar, text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = grammar.next_end(text, start);
        assert!(end > start, "no progress at {start} of {text:?}");
        spans.push(Span::new(start, end));
        start = end;
    }
    spans
}

/// Point at the first difference; the texts are too long to be shown.
fn assert_same(pattern: &str, text: &str, expected: &[Span], found: &[Span]) {
    let differs = expected.iter().zip(found).position(|(a, b)| a != b);
    if let Some(at) = differs {
        let (expected, found) = (expected[at], found[at]);
        let window = &text[expected.start..expected.end.max(found.end)];
        panic!("{pattern}\n{window:?}: {expected:?} by the expression, {found:?} by hand");
    }
    assert_eq!(expected.len(), found.len(), "{pattern}");
}

/// Compiled once for all tests.
static FAMOUS: LazyLock<Vec<(Regex, Grammar)>> = LazyLock::new(|| {
    famous::ALL
        .into_iter()
        .map(|pattern| {
            let regex = Regex::new(pattern).expect("famous patterns are valid");
            (regex, Grammar::of_pattern(pattern).expect("famous patterns have a grammar"))
        })
        .collect()
});

fn check_famous(text: &str) {
    for (regex, grammar) in FAMOUS.iter() {
        assert_same(regex.source(), text, &by_regex(regex, text), &by_grammar(*grammar, text));
    }
}

#[test]
fn every_character_in_every_context() {
    let contexts: [fn(char) -> String; 4] = [
        |c| format!("'{c} A{c}a\n{c}1{c}"),
        |c| format!("{c}a{c}1{c}{c}! {c}"),
        |c| format!("A{c}b\n{c}\r\n {c}.{c}/"),
        |c| format!("\t{c}  {c}'{c}s12{c}34"),
    ];
    for (index, context) in contexts.into_iter().enumerate() {
        // The separator keeps a match from reaching over more than one neighbour.
        // All characters in the first context; in the others, the great blocks that are all of one
        // kind (ideographs, Hangul, private use) only here and there.
        let is_asked = |&c: &char| {
            let code = u32::from(c);
            index == 0
                || code % 89 == 0
                || !matches!(code, 0x3400..0xA000 | 0xAC00..0xFB00 | 0x2_0000..)
        };
        let text: String =
            ('\0'..=char::MAX).filter(is_asked).flat_map(|c| [context(c), ";\n".into()]).collect();
        check_famous(&text);
    }
}

/// Words, numbers, blanks and marks thrown together, the same every time.
fn excerpt(seed: u64, parts: usize) -> String {
    const PARTS: [&str; 40] = [
        "the",
        "Hello",
        "WORLD",
        "camelCase",
        "HTTPServer",
        "don",
        "'t",
        "'S",
        "'ll",
        "'Re",
        "I'm",
        "ſ",
        "'ſ",
        "1",
        "1234",
        "3.14",
        "½",
        "٣٤",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        "\u{a0}",
        "\u{3000}",
        "\u{2028}",
        ".",
        ",",
        "!!",
        "//",
        "(x)",
        "中文",
        "かな",
        "한국어",
        "не́т",
        "e\u{301}",
        "\u{301}",
        "😀",
        "👩\u{200d}👧",
        "_",
    ];
    let mut random = fastrand::Rng::with_seed(seed);
    (0..parts).map(|_| PARTS[random.usize(..PARTS.len())]).collect()
}

#[test]
fn excerpts() {
    check_famous(&excerpt(1, 200_000));
    for seed in 2..60 {
        check_famous(&excerpt(seed, 8));
    }
    check_famous("");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in r"(?s)[ \n\r\t'a-zA-Zsſ0-9²\u{301}\u{2028}Ǆǅʰ中!/.\PC]{0,40}") {
        check_famous(&text);
    }
}

fn scanned(scanner: &Scanner, text: &str, scratch: &mut Scratch) -> Vec<String> {
    let mut pieces = Vec::new();
    let flow = scanner.for_each_piece(text, scratch, |span| {
        pieces.push(text[span.range()].to_owned());
        ControlFlow::Continue(())
    });
    assert!(flow.expect("nothing here gives up").is_continue());
    pieces
}

/// The pieces in the original text, so that the byte alphabet does not show.
fn cut(part: &PreTokenizer, text: &str) -> Vec<String> {
    let mut pieces = Pieces::new(NormalizedText::new(text));
    part.pre_tokenize(&mut pieces).expect("nothing here gives up");
    let splits = pieces.splits(Referential::Original, OffsetUnit::Byte);
    let spans = splits.into_iter().map(|(_, span, _)| span).filter(|span| !span.is_empty());
    spans.map(|span| text[span.range()].to_owned()).collect()
}

fn split(pattern: Pattern, behavior: SplitBehavior, invert: bool) -> PreTokenizer {
    PreTokenizer::Split(Arc::new(Split { pattern, behavior, invert }))
}

fn scannable_parts() -> Vec<PreTokenizer> {
    let bytes = |use_regex| {
        PreTokenizer::ByteLevel(ByteLevel {
            add_prefix_space: false,
            trim_offsets: true,
            use_regex,
        })
    };
    let regex = |source: &str| Pattern::Regex(Regex::new(source).expect("valid"));
    let mut parts = vec![
        bytes(true),
        bytes(false),
        PreTokenizer::WhitespaceSplit,
        PreTokenizer::Whitespace,
        PreTokenizer::Bert,
        PreTokenizer::CharDelimiterSplit('e'),
        PreTokenizer::Sequence(Arc::new(vec![])),
    ];
    for behavior in [
        SplitBehavior::Removed,
        SplitBehavior::Isolated,
        SplitBehavior::MergedWithPrevious,
        SplitBehavior::MergedWithNext,
        SplitBehavior::Contiguous,
    ] {
        for invert in [false, true] {
            parts.push(split(regex(r"\d|\s+|x*"), behavior, invert));
            parts.push(split(Pattern::Literal(" ".into()), behavior, invert));
            parts.push(split(Pattern::Literal(String::new()), behavior, invert));
            parts.push(split(regex(famous::TEKKEN), behavior, invert));
        }
    }
    let numbers = split(regex(r"\p{N}{1,3}"), SplitBehavior::Isolated, false);
    let han = split(regex("[一-龥]+"), SplitBehavior::Isolated, false);
    parts.push(PreTokenizer::Sequence(Arc::new(vec![numbers.clone(), han.clone(), bytes(true)])));
    let nested = PreTokenizer::Sequence(Arc::new(vec![PreTokenizer::Bert, numbers]));
    parts.push(PreTokenizer::Sequence(Arc::new(vec![nested, han, bytes(false)])));
    parts
}

/// DeepSeek's pre-tokenizer, as its file has it.
fn deepseek() -> PreTokenizer {
    let mut parts: Vec<_> = famous::DEEPSEEK
        .into_iter()
        .map(|source| Pattern::Regex(Regex::new(source).expect("famous patterns are valid")))
        .map(|pattern| split(pattern, SplitBehavior::Isolated, false))
        .collect();
    parts.push(PreTokenizer::ByteLevel(ByteLevel {
        add_prefix_space: false,
        trim_offsets: true,
        use_regex: false,
    }));
    PreTokenizer::Sequence(Arc::new(parts))
}

static DEEPSEEK: LazyLock<(PreTokenizer, Scanner)> = LazyLock::new(|| {
    let part = deepseek();
    let scanner = Scanner::of(&part).expect("DeepSeek's parts can be scanned");
    (part, scanner)
});

fn check_deepseek(text: &str) {
    let (part, scanner) = &*DEEPSEEK;
    let (found, expected) = (scanned(scanner, text, &mut Scratch::default()), cut(part, text));
    let differs = expected.iter().zip(&found).position(|(one, other)| one != other);
    if let Some(at) = differs {
        panic!("{:?}, not {:?}, behind {:?}", found[at], expected[at], &expected[..at].last());
    }
    assert_eq!(expected.len(), found.len(), "{text:?}");
}

#[test]
fn deepseek_cuts_every_character_as_its_parts_do() {
    let contexts: [fn(char) -> String; 3] = [
        |c| format!("a{c} {c}b1{c}2\u{1}{c};\n"),
        |c| format!("中{c}ア{c}{c}.{c}x \n{c} 1234"),
        |c| format!("\u{1}\u{1}{c}\u{1}  {c}\t\t{c}!{c}\r\n"),
    ];
    for context in contexts {
        let is_asked = |&c: &char| {
            let code = u32::from(c);
            code % 89 == 0 || !matches!(code, 0x3400..0xA000 | 0xAC00..0xFB00 | 0x2_0000..)
        };
        let asked: Vec<char> = ('\0'..=char::MAX).filter(is_asked).collect();
        for part in asked.chunks(2000) {
            check_deepseek(&part.iter().copied().map(context).collect::<String>());
        }
    }
    // The ends of what is set apart.
    check_deepseek("x\u{303f}\u{3040}\u{3097}゛・ヿ\u{3100}a\u{4dff}一龥\u{9fa6}b ア イ\n中 \n");
}

#[test]
fn deepseek_cuts_excerpts_as_its_parts_do() {
    for seed in 0..60 {
        check_deepseek(&excerpt(seed, 200));
        check_deepseek(&excerpt(seed, 8));
    }
    check_deepseek("");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn deepseek_cuts_any_text_as_its_parts_do(
        text in r"(?s)([ \n\r\t'a-zA-Z0-9²\u{0}-\u{1f}\u{301}\u{2028}\u{3040}-\u{30ff}!-/中龥\u{9fa6}.]|\PC){0,40}"
    ) {
        check_deepseek(&text);
    }
}

#[test]
fn scanners_cut_as_the_parts_they_stand_for() {
    let texts = [String::new(), " ".into(), "x".into(), excerpt(3, 400), excerpt(4, 50)];
    // One scratch for all: each scanner must notice that it is another's.
    let mut scratch = Scratch::default();
    for part in scannable_parts() {
        let scanner = Scanner::of(&part).expect("these parts can be scanned");
        for text in &texts {
            assert_eq!(scanned(&scanner, text, &mut scratch), cut(&part, text), "{text:?}");
        }
    }
}

#[test]
fn parts_that_change_the_text_have_no_scanner() {
    let bytes = PreTokenizer::ByteLevel(ByteLevel::default());
    assert!(Scanner::of(&bytes).is_none());
    let plain = ByteLevel { add_prefix_space: false, ..ByteLevel::default() };
    let shown_first =
        vec![PreTokenizer::ByteLevel(plain), PreTokenizer::Whitespace, PreTokenizer::Bert];
    assert!(Scanner::of(&PreTokenizer::Sequence(Arc::new(shown_first))).is_none());
    assert!(Scanner::of(&PreTokenizer::Metaspace(Metaspace::default())).is_none());
}

#[test]
fn a_scan_can_be_stopped() {
    for part in scannable_parts() {
        let scanner = Scanner::of(&part).expect("these parts can be scanned");
        let mut count = 0;
        let flow = scanner.for_each_piece("ab 12 cd", &mut Scratch::default(), |_| {
            count += 1;
            ControlFlow::Break(())
        });
        assert!(count <= 1);
        assert_eq!(flow.expect("nothing here gives up").is_break(), count == 1);
    }
}
