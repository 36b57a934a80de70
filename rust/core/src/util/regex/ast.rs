//! What a pattern says, free of its spelling.

use super::charset::CharSet;

/// One node of a parsed pattern. Options are resolved: a node means the same wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// Matches nothing, always.
    Empty,
    /// One character.
    Char(char),
    /// One character of a set.
    Set(CharSet),
    /// One after the other.
    Concat(Vec<Node>),
    /// The first that leads to a match.
    Alternation(Vec<Node>),
    /// So many times.
    Repeat(Repeat),
    /// A group that other parts may refer to.
    Capture(u32, Box<Node>),
    /// No way back into it once it matched.
    Atomic(Box<Node>),
    /// What must, or must not, stand before or behind.
    Look(Look),
    /// A place.
    Assertion(Assertion),
    /// The text of a group once more: the first of these groups that has one and matches.
    BackReference { groups: Vec<u32>, ignore_case: bool },
    /// `\K`: the match begins here.
    Keep,
}

/// A quantified node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repeat {
    pub(crate) node: Box<Node>,
    pub(crate) min: u32,
    pub(crate) max: Option<u32>,
    pub(crate) greedy: bool,
}

/// A look-around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) ahead: bool,
    pub(crate) negative: bool,
    pub(crate) node: Box<Node>,
}

/// A place in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assertion {
    /// `^`: start of the text, or behind a newline that is not the last character.
    LineStart,
    /// `$`: end of the text, or before a newline.
    LineEnd,
    /// `\A`
    TextStart,
    /// `\z`
    TextEnd,
    /// `\Z`: end of the text, or before the newline that ends it.
    TextEndOrNewline,
    /// `\b`
    WordBoundary { ascii: bool },
    /// `\B`
    NotWordBoundary { ascii: bool },
    /// `\G`: where the search began.
    SearchStart,
}

/// A whole pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) node: Node,
    /// How many groups were numbered.
    pub(crate) groups: u32,
}

impl Node {
    /// Several in a row, flat.
    pub(crate) fn concat(nodes: Vec<Node>) -> Node {
        let mut flat = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::Empty => {}
                Node::Concat(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Node::Empty,
            1 => flat.remove(0),
            _ => Node::Concat(flat),
        }
    }

    /// Several to choose from, flat (a choice inside a choice is one choice).
    pub(crate) fn alternation(nodes: Vec<Node>) -> Node {
        let mut flat = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::Alternation(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Node::Empty,
            1 => flat.remove(0),
            _ => Node::Alternation(flat),
        }
    }

    /// Greedy repetition.
    pub(crate) fn repeat(node: Node, min: u32, max: Option<u32>) -> Node {
        Node::Repeat(Repeat { node: Box::new(node), min, max, greedy: true })
    }
}
