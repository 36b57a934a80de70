//! Post-processors as the reference has them.

use std::sync::Arc;

use fissile_core::Encoding;
use fissile_core::post_processors::template::{
    SpecialToken, TemplatePiece, parse_piece, parse_template,
};
use fissile_core::post_processors::{
    BertProcessing, ByteLevelProcessing, PostProcessor, RobertaProcessing, TemplateProcessing,
    frame,
};
use fissile_core::stages::PostProcess;
use serde::Deserialize;

use crate::golden;

#[derive(Deserialize)]
struct Golden {
    case: Vec<Case>,
    broken: Vec<Broken>,
    piece: Vec<Piece>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    processors: Vec<Processor>,
    add_special_tokens: bool,
    added: (usize, usize),
    first: String,
    second: Option<String>,
    expected: String,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Processor {
    Bert,
    Roberta { trim_offsets: bool, add_prefix_space: bool },
    ByteLevel { trim_offsets: bool, add_prefix_space: bool },
    Template { single: String, pair: String, special_tokens: Vec<(String, Vec<u32>, Vec<String>)> },
}

#[derive(Deserialize)]
struct Broken {
    single: String,
    pair: String,
    error: String,
}

#[derive(Deserialize)]
struct Piece {
    text: String,
    piece: Option<(String, String, u32)>,
    error: Option<String>,
}

impl Processor {
    fn build(self) -> PostProcessor {
        match self {
            Self::Bert => PostProcessor::Bert(Arc::new(BertProcessing::default())),
            Self::Roberta { trim_offsets, add_prefix_space } => {
                let roberta =
                    RobertaProcessing { trim_offsets, add_prefix_space, ..Default::default() };
                PostProcessor::Roberta(Arc::new(roberta))
            }
            Self::ByteLevel { trim_offsets, add_prefix_space } => {
                let use_regex = true;
                PostProcessor::ByteLevel(ByteLevelProcessing {
                    add_prefix_space,
                    trim_offsets,
                    use_regex,
                })
            }
            Self::Template { single, pair, special_tokens } => {
                let tokens = special_tokens.into_iter();
                let tokens =
                    tokens.map(|(id, ids, tokens)| SpecialToken::new(id, ids, tokens).unwrap());
                let (single, pair) =
                    (parse_template(&single).unwrap(), parse_template(&pair).unwrap());
                let template = TemplateProcessing::new(single, pair, tokens.collect()).unwrap();
                PostProcessor::Template(Arc::new(template))
            }
        }
    }
}

fn build(processors: Vec<Processor>) -> PostProcessor {
    let mut list: Vec<_> = processors.into_iter().map(Processor::build).collect();
    if list.len() == 1 { list.remove(0) } else { PostProcessor::Sequence(Arc::new(list)) }
}

#[test]
fn golden_cases() {
    for case in golden::read::<Golden>("post_processors").case {
        let processor = build(case.processors);
        let added = (processor.added_tokens(false), processor.added_tokens(true));
        assert_eq!(added, case.added, "{}", case.name);
        let first = Encoding::from_json(&case.first).unwrap();
        let second = case.second.map(|json| Encoding::from_json(&json).unwrap());
        let framed = frame(Some(&processor), first, second, case.add_special_tokens).unwrap();
        assert_eq!(framed.to_json(), case.expected, "{}", case.name);
    }
}

#[test]
fn broken_templates() {
    for case in golden::read::<Golden>("post_processors").broken {
        let single = parse_template(&case.single).unwrap();
        let pair = parse_template(&case.pair).unwrap();
        let error = TemplateProcessing::new(single, pair, Vec::new()).unwrap_err();
        assert_eq!(error.message(), case.error);
    }
    assert!(SpecialToken::new("x".to_owned(), vec![1], Vec::new()).is_err());
}

#[test]
fn pieces() {
    for case in golden::read::<Golden>("post_processors").piece {
        let piece = parse_piece(&case.text).map(|piece| match piece {
            TemplatePiece::Sequence { second, type_id } => {
                ("Sequence".to_owned(), if second { "B" } else { "A" }.to_owned(), type_id)
            }
            TemplatePiece::Special { id, type_id } => ("SpecialToken".to_owned(), id, type_id),
        });
        match piece {
            Ok(piece) => assert_eq!(Some(piece), case.piece, "{:?}", case.text),
            Err(error) => {
                assert_eq!(Some(error.message()), case.error.as_deref(), "{:?}", case.text);
            }
        }
    }
}

/// What panics in the reference: a template behind one that has already cut everything into pieces, a
/// template that wants a second sequence or a token there is none of.
#[test]
fn templates_that_cannot_be_laid_out() {
    let template = |single: &str| {
        let single = parse_template(single).unwrap();
        let pair = parse_template("$A $B").unwrap();
        let tokens = [("[X]".to_owned(), SpecialToken::single("[X]", 5))].into();
        PostProcessor::Template(Arc::new(
            TemplateProcessing::from_parts(single, pair, tokens).unwrap(),
        ))
    };
    let twice = PostProcessor::Sequence(Arc::new(vec![template("[X] $A [X]"), template("$A")]));
    for processor in [twice, template("$B"), template("[Y] $A")] {
        assert!(frame(Some(&processor), Encoding::default(), None, true).is_err());
    }
    let framed = frame(Some(&template("[Y] $A [X]")), Encoding::default(), None, false).unwrap();
    assert!(framed.is_empty());
}
