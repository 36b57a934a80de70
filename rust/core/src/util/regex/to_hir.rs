//! Patterns as the automaton takes them.

use regex_syntax::hir::{Class, Hir, Look, Repetition};

use super::ast::{Assertion, Node};
use super::simplify::loop_prefers_nothing;

/// The node for the automaton; `None` if it has parts that only backtracking can match.
pub(super) fn hir(node: &Node) -> Option<Hir> {
    Some(match node {
        Node::Empty => Hir::empty(),
        Node::Char(c) => Hir::literal(c.encode_utf8(&mut [0; 4]).as_bytes()),
        Node::Set(set) => {
            let class = set.to_class();
            if class.ranges().is_empty() { Hir::fail() } else { Hir::class(Class::Unicode(class)) }
        }
        Node::Concat(nodes) => Hir::concat(nodes.iter().map(hir).collect::<Option<_>>()?),
        Node::Alternation(nodes) => Hir::alternation(nodes.iter().map(hir).collect::<Option<_>>()?),
        Node::Repeat(repeat) if loop_prefers_nothing(repeat) => return None,
        Node::Repeat(repeat) => Hir::repetition(Repetition {
            min: repeat.min,
            max: repeat.max,
            greedy: repeat.greedy,
            sub: Box::new(hir(&repeat.node)?),
        }),
        // Groups only matter to references, which the automaton does not have.
        Node::Capture(_, node) => hir(node)?,
        Node::Assertion(assertion) => Hir::look(look(*assertion)?),
        Node::Atomic(_) | Node::Look(_) | Node::BackReference { .. } | Node::Keep => return None,
    })
}

fn look(assertion: Assertion) -> Option<Look> {
    match assertion {
        Assertion::LineStart => Some(Look::StartLF),
        Assertion::LineEnd => Some(Look::EndLF),
        Assertion::TextStart => Some(Look::Start),
        Assertion::TextEnd => Some(Look::End),
        Assertion::WordBoundary { ascii: true } => Some(Look::WordAscii),
        Assertion::NotWordBoundary { ascii: true } => Some(Look::WordAsciiNegate),
        // Word characters are not quite those of the automaton's tables.
        Assertion::WordBoundary { .. }
        | Assertion::NotWordBoundary { .. }
        | Assertion::TextEndOrNewline
        | Assertion::SearchStart => None,
    }
}
