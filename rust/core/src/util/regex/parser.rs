//! The dialect's grammar: from text to [`Node`]s. Classes are in [`class`](super::class), escapes in
//! [`escape`](super::escape), groups in [`group`](super::group).

use super::ast::{Assertion, Node, Pattern, Repeat};
use super::case;
use super::cursor::Cursor;
use super::quantifier::{self, Quantifier};
use crate::error::Result;

/// How deep groups and classes may nest: the stack is finite.
const MAX_DEPTH: u32 = 200;

/// How many quantifiers of a pattern may follow another one: each nests like a group.
const MAX_NESTED_QUANTIFIERS: u32 = 200;
/// How many ranges all classes of a pattern may have together; `\p{L}` has several hundred.
const MAX_RANGES: usize = 4 << 20;

/// What an option letter switches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // One per option letter of the dialect.
pub(super) struct Options {
    pub(super) ignore_case: bool,
    pub(super) extended: bool,
    pub(super) dot_all: bool,
    pub(super) ascii_word: bool,
    pub(super) ascii_digit: bool,
    pub(super) ascii_space: bool,
    pub(super) ascii_posix: bool,
    pub(super) no_captures: bool,
}

/// A piece of a branch before strings are put together.
pub(super) enum Atom {
    /// A character that case folding may join with its neighbours.
    Literal(char),
    /// A group that can be repeated even if it is only a place: `(?i:^)`.
    Group(Node),
    /// Anything else.
    Node(Node),
}

/// The state of parsing one pattern.
pub(super) struct Parser<'p> {
    pub(super) cursor: Cursor<'p>,
    pub(super) options: Options,
    /// The name of each numbered group so far; group 1 comes first.
    pub(super) names: Vec<Option<&'p str>>,
    /// References to check once all groups are known: group number, position.
    pub(super) pending: Vec<(u32, usize)>,
    /// Where the first reference by number stands.
    pub(super) numbered: Option<usize>,
    pub(super) in_look_behind: bool,
    depth: u32,
    nested_quantifiers: u32,
    ranges: usize,
}

/// Parse a whole pattern.
pub(crate) fn parse(source: &str) -> Result<Pattern> {
    let mut parser = Parser {
        cursor: Cursor::new(source),
        options: Options::default(),
        names: Vec::new(),
        pending: Vec::new(),
        numbered: None,
        in_look_behind: false,
        depth: 0,
        nested_quantifiers: 0,
        ranges: 0,
    };
    let node = parser.alternation()?;
    if !parser.cursor.is_at_end() {
        return Err(parser.cursor.error("unmatched close parenthesis"));
    }
    parser.check_references()?;
    let groups = u32::try_from(parser.names.len()).unwrap_or(u32::MAX);
    Ok(Pattern { node, groups })
}

impl Parser<'_> {
    /// Branches up to the end of the group or of the pattern.
    pub(super) fn alternation(&mut self) -> Result<Node> {
        self.enter()?;
        let mut branches = vec![self.branch()?];
        while self.cursor.eat("|") {
            branches.push(self.branch()?);
        }
        self.depth -= 1;
        Ok(Node::alternation(branches))
    }

    pub(super) fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.cursor.unsupported(self.cursor.at(), "nesting this deep"));
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    fn branch(&mut self) -> Result<Node> {
        let mut nodes = Vec::new();
        let mut string = Vec::new();
        loop {
            self.skip_trivia()?;
            if matches!(self.cursor.peek(), None | Some('|' | ')')) {
                break;
            }
            if let Some(rest) = self.isolated_option()? {
                self.flush(&mut string, &mut nodes);
                nodes.push(rest);
                break;
            }
            let atom = self.atom()?;
            self.weigh(&atom)?;
            let (atom, quantified) = self.quantified(atom)?;
            match atom {
                Atom::Literal(c) if !quantified => string.push(c),
                Atom::Literal(c) => {
                    self.flush(&mut string, &mut nodes);
                    nodes.push(self.literal(&[c]));
                }
                Atom::Group(node) | Atom::Node(node) => {
                    self.flush(&mut string, &mut nodes);
                    nodes.push(node);
                }
            }
        }
        self.flush(&mut string, &mut nodes);
        Ok(Node::concat(nodes))
    }

    /// Count the ranges of a class, so that a long pattern cannot take memory without bound.
    fn weigh(&mut self, atom: &Atom) -> Result<()> {
        let Atom::Node(Node::Set(set)) = atom else { return Ok(()) };
        self.ranges += set.len();
        if self.ranges > MAX_RANGES {
            return Err(self
                .cursor
                .unsupported(self.cursor.at(), "a pattern with this many classes"));
        }
        Ok(())
    }

    fn flush(&self, string: &mut Vec<char>, nodes: &mut Vec<Node>) {
        if !string.is_empty() {
            nodes.push(self.literal(string));
            string.clear();
        }
    }

    /// A string under the options of this place.
    fn literal(&self, text: &[char]) -> Node {
        if self.options.ignore_case {
            case::string_node(text, self.in_look_behind)
        } else {
            Node::concat(text.iter().map(|&c| Node::Char(c)).collect())
        }
    }

    /// `(?i)` and the like: they reach to the end of the group, over all its branches.
    fn isolated_option(&mut self) -> Result<Option<Node>> {
        let start = self.cursor.at();
        if !self.cursor.eat("(?") {
            return Ok(None);
        }
        let outer = self.options;
        let Ok(Some((options, ')'))) = self.option_letters() else {
            self.cursor.go_to(start);
            return Ok(None);
        };
        self.options = options;
        let rest = self.alternation();
        self.options = outer;
        rest.map(Some)
    }

    /// Quantifiers behind an atom, as many as there are.
    fn quantified(&mut self, atom: Atom) -> Result<(Atom, bool)> {
        let mut atom = atom;
        let mut repeated = false;
        loop {
            self.skip_trivia()?;
            let at = self.cursor.at();
            let Some(quantifier) = quantifier::read(&mut self.cursor)? else {
                return Ok((atom, repeated));
            };
            self.nested_quantifiers += u32::from(repeated);
            if self.nested_quantifiers > MAX_NESTED_QUANTIFIERS {
                return Err(self.cursor.unsupported(at, "nesting this deep"));
            }
            let node = match atom {
                Atom::Literal(c) => self.literal(&[c]),
                Atom::Node(node) if is_place(&node) => {
                    return Err(self.cursor.error_at(at, "target of repeat operator is invalid"));
                }
                Atom::Group(node) | Atom::Node(node) => node,
            };
            atom = Atom::Node(apply(node, &quantifier));
            repeated = true;
        }
    }

    /// Comments, and in extended form white space: what may stand between any two tokens.
    pub(super) fn skip_trivia(&mut self) -> Result<()> {
        loop {
            if self.cursor.rest().starts_with("(?#") {
                self.comment()?;
            } else if self.options.extended && self.cursor.eat("#") {
                while !matches!(self.cursor.next(), None | Some('\n')) {}
            } else if self.options.extended
                && matches!(self.cursor.peek(), Some(' ' | '\t' | '\n' | '\r' | '\x0C'))
            {
                self.cursor.next();
            } else {
                return Ok(());
            }
        }
    }

    fn comment(&mut self) -> Result<()> {
        self.cursor.eat("(?#");
        loop {
            match self.cursor.next() {
                None => return Err(self.cursor.error("end pattern in group")),
                Some('\\') => {
                    self.cursor.next();
                }
                Some(')') => return Ok(()),
                Some(_) => {}
            }
        }
    }

    fn atom(&mut self) -> Result<Atom> {
        let at = self.cursor.at();
        let dot_all = self.options.dot_all;
        let c = self.cursor.next().expect("a branch asks for an atom only if there is one");
        Ok(match c {
            '\\' => return self.escape(),
            '(' => return self.group(),
            '[' => Atom::Node(self.class()?),
            '.' => Atom::Node(super::escape::any_char(dot_all)),
            '^' => Atom::Node(Node::Assertion(Assertion::LineStart)),
            '$' => Atom::Node(Node::Assertion(Assertion::LineEnd)),
            '*' | '+' | '?' => {
                return Err(self.cursor.error_at(at, "target of repeat operator is not specified"));
            }
            '{' => {
                self.cursor.go_to(at);
                if quantifier::read(&mut self.cursor)?.is_some() {
                    return Err(self
                        .cursor
                        .error_at(at, "target of repeat operator is not specified"));
                }
                self.cursor.next();
                Atom::Literal('{')
            }
            other => Atom::Literal(other),
        })
    }

    fn check_references(&self) -> Result<()> {
        let any_named = self.names.iter().any(Option::is_some);
        if let (true, Some(at)) = (any_named, self.numbered) {
            let message = "numbered backref/call is not allowed. (use name)";
            return Err(self.cursor.error_at(at, message));
        }
        for &(group, at) in &self.pending {
            if group as usize > self.names.len() {
                return Err(self.cursor.error_at(at, "invalid backref number/name"));
            }
        }
        Ok(())
    }
}

/// Whether the node is a place, which cannot be repeated.
fn is_place(node: &Node) -> bool {
    match node {
        Node::Assertion(_) | Node::Look(_) | Node::Keep => true,
        Node::Alternation(nodes) => nodes.iter().any(is_place),
        _ => false,
    }
}

fn apply(node: Node, quantifier: &Quantifier) -> Node {
    let repeated = if (quantifier.min, quantifier.max) == (1, Some(1)) {
        node
    } else {
        quantifier::reduced(Repeat {
            node: Box::new(node),
            min: quantifier.min,
            max: quantifier.max,
            greedy: quantifier.greedy,
        })
    };
    if quantifier.possessive { Node::Atomic(Box::new(repeated)) } else { repeated }
}
