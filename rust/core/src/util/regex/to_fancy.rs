//! Patterns in the spelling of the backtracking engine, with every class written out.

use std::fmt::Write as _;

use super::ast::{Assertion, Node, Repeat};
use super::charset::CharSet;
use super::property;
use super::simplify::loop_prefers_nothing;

/// Spell a pattern. Groups that no reference needs are not captured; the others are numbered anew.
pub(super) fn spell(node: &Node) -> String {
    let mut speller = Speller { out: String::new(), needed: Vec::new(), order: Vec::new() };
    collect_references(node, &mut speller.needed);
    // Groups are numbered by where they open, so the order has to be known before a reference is met.
    collect_groups(node, &speller.needed.clone(), &mut speller.order);
    speller.node(node);
    speller.out
}

struct Speller {
    out: String,
    /// The groups that references name.
    needed: Vec<u32>,
    /// Those of them that exist, in the order in which they open.
    order: Vec<u32>,
}

fn children(node: &Node) -> Vec<&Node> {
    match node {
        Node::Concat(nodes) | Node::Alternation(nodes) => nodes.iter().collect(),
        Node::Repeat(repeat) => vec![&repeat.node],
        Node::Capture(_, node) | Node::Atomic(node) => vec![node],
        Node::Look(look) => vec![&look.node],
        _ => Vec::new(),
    }
}

fn collect_references(node: &Node, needed: &mut Vec<u32>) {
    if let Node::BackReference { groups, .. } = node {
        needed.extend(groups);
    }
    for child in children(node) {
        collect_references(child, needed);
    }
}

fn collect_groups(node: &Node, needed: &[u32], order: &mut Vec<u32>) {
    if let Node::Capture(group, _) = node
        && needed.contains(group)
    {
        order.push(*group);
    }
    for child in children(node) {
        collect_groups(child, needed, order);
    }
}

/// Whether nothing but a place is in the node.
fn is_place(node: &Node) -> bool {
    match node {
        Node::Look(_) | Node::Assertion(_) => true,
        Node::Capture(_, inner) | Node::Atomic(inner) => is_place(inner),
        _ => false,
    }
}

impl Speller {
    fn node(&mut self, node: &Node) {
        match node {
            Node::Empty => {}
            Node::Char(c) => self.char(*c),
            Node::Set(set) => self.set(set),
            Node::Concat(nodes) => nodes.iter().for_each(|node| self.node(node)),
            Node::Alternation(nodes) => self.alternation(nodes),
            Node::Repeat(repeat) => self.repeat(repeat),
            Node::Capture(group, inner) => {
                let open = if self.needed.contains(group) { "(" } else { "(?:" };
                self.wrapped(open, inner);
            }
            Node::Atomic(inner) => self.wrapped("(?>", inner),
            Node::Look(look) => {
                let open = match (look.ahead, look.negative) {
                    (true, false) => "(?=",
                    (true, true) => "(?!",
                    (false, false) => "(?<=",
                    (false, true) => "(?<!",
                };
                self.wrapped(open, &look.node);
            }
            Node::Assertion(assertion) => self.assertion(*assertion),
            Node::BackReference { groups, ignore_case } => self.reference(groups, *ignore_case),
            Node::Keep => self.out.push_str(r"\K"),
        }
    }

    fn wrapped(&mut self, open: &str, node: &Node) {
        self.out.push_str(open);
        self.node(node);
        self.out.push(')');
    }

    fn alternation(&mut self, nodes: &[Node]) {
        self.out.push_str("(?:");
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                self.out.push('|');
            }
            self.node(node);
        }
        self.out.push(')');
    }

    fn repeat(&mut self, repeat: &Repeat) {
        if is_place(&repeat.node) {
            return self.repeated_place(repeat);
        }
        // The engine hands what looks easy to the automaton; the empty look-ahead keeps this loop.
        let keep = loop_prefers_nothing(repeat);
        self.wrapped(if keep { "(?:(?=)" } else { "(?:" }, &repeat.node);
        match repeat.max {
            None => write!(self.out, "{{{},}}", repeat.min),
            Some(max) => write!(self.out, "{{{},{max}}}", repeat.min),
        }
        .expect("writing to a string cannot fail");
        if !repeat.greedy {
            self.out.push('?');
        }
    }

    /// A place repeated, which the engine does not take: the same as once, or perhaps not at all.
    fn repeated_place(&mut self, repeat: &Repeat) {
        self.out.push_str(if repeat.min == 0 && !repeat.greedy { "(?:|" } else { "(?:" });
        if repeat.max != Some(0) {
            self.node(&repeat.node);
        }
        self.out.push_str(if repeat.min == 0 && repeat.greedy { "|)" } else { ")" });
    }

    fn char(&mut self, c: char) {
        if c.is_ascii_alphanumeric() {
            self.out.push(c);
        } else {
            write!(self.out, r"\x{{{:X}}}", u32::from(c)).expect("writing to a string cannot fail");
        }
    }

    fn set(&mut self, set: &CharSet) {
        let start = self.out.len();
        self.out.push('[');
        for (first, last) in set.char_ranges() {
            self.char(first);
            if first != last {
                self.out.push('-');
                self.char(last);
            }
        }
        if self.out.len() == start + 1 {
            // No character at all; an empty bracket would not parse.
            self.out.truncate(start);
            self.out.push_str(r"(?!)");
        } else {
            self.out.push(']');
        }
    }

    fn assertion(&mut self, assertion: Assertion) {
        let text = match assertion {
            Assertion::LineStart => r"(?:\A|(?<=\x{A})(?!\z))",
            Assertion::LineEnd => r"(?=\x{A}|\z)",
            Assertion::TextStart => r"\A",
            Assertion::TextEnd => r"\z",
            Assertion::TextEndOrNewline => r"(?=\x{A}?\z)",
            Assertion::SearchStart => r"\G",
            Assertion::WordBoundary { ascii } => return self.boundary(ascii, ["(?!", "(?="]),
            Assertion::NotWordBoundary { ascii } => return self.boundary(ascii, ["(?=", "(?!"]),
        };
        self.out.push_str(text);
    }

    /// Behind a word character the first look-ahead, elsewhere the second.
    fn boundary(&mut self, ascii: bool, ahead: [&str; 2]) {
        let mut word = property::word();
        if ascii {
            word = word.intersect(&property::ascii());
        }
        for (open, parts) in ["(?:(?<=", "|(?<!"].into_iter().zip(ahead) {
            self.out.push_str(open);
            self.set(&word);
            self.out.push(')');
            self.out.push_str(parts);
            self.set(&word);
            self.out.push(')');
        }
        self.out.push(')');
    }

    /// The first group that took part and whose text comes next; no second thoughts.
    fn reference(&mut self, groups: &[u32], ignore_case: bool) {
        self.out.push_str(if ignore_case { "(?i:(?>" } else { "(?:(?>" });
        for (index, group) in groups.iter().enumerate() {
            if index > 0 {
                self.out.push('|');
            }
            let number = self.order.iter().position(|known| known == group).map_or(0, |at| at + 1);
            write!(self.out, r"\{number}").expect("writing to a string cannot fail");
        }
        self.out.push_str("))");
    }
}
