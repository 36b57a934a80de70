//! Parentheses: groups, look-around, options.

use super::ast::{Look, Node};
use super::parser::{Atom, Options, Parser};
use crate::error::Result;

impl Parser<'_> {
    /// A group; its parenthesis was read.
    pub(super) fn group(&mut self) -> Result<Atom> {
        let at = self.cursor.at() - 1;
        if self.cursor.eat("?") {
            return self.extended_group(at);
        }
        if self.cursor.rest().starts_with('*') {
            return Err(self.cursor.unsupported(at, "a callout"));
        }
        if self.options.no_captures {
            return self.body().map(Atom::Node);
        }
        self.capture(None).map(Atom::Node)
    }

    fn extended_group(&mut self, at: usize) -> Result<Atom> {
        let start = self.cursor.at();
        let Some(c) = self.cursor.next() else {
            return Err(self.cursor.error("end pattern in group"));
        };
        let node = match c {
            ':' => self.body(),
            '=' | '!' => self.look(true, c == '!'),
            '>' => Ok(Node::Atomic(Box::new(self.body()?))),
            '<' if self.cursor.eat("=") => self.look(false, false),
            '<' if self.cursor.eat("!") => self.look(false, true),
            '<' => self.named(at, '>'),
            '\'' => self.named(at, '\''),
            '~' => Err(self.cursor.unsupported(at, "the absent function (?~…)")),
            '{' => Err(self.cursor.unsupported(at, "a callout")),
            '(' => Err(self.cursor.unsupported(at, "the conditional (?(…)…)")),
            _ => {
                self.cursor.go_to(start);
                return self.option_group().map(Atom::Group);
            }
        };
        node.map(Atom::Node)
    }

    /// The inside of a group and its closing parenthesis.
    fn body(&mut self) -> Result<Node> {
        let node = self.alternation()?;
        if self.cursor.eat(")") {
            return Ok(node);
        }
        Err(self.cursor.error("end pattern with unmatched parenthesis"))
    }

    fn capture(&mut self, name: Option<usize>) -> Result<Node> {
        let group = u32::try_from(self.names.len() + 1).unwrap_or(u32::MAX);
        if name.is_none() {
            self.names.push(None);
        }
        let group = name.map_or(group, |known| u32::try_from(known).unwrap_or(u32::MAX));
        Ok(Node::Capture(group, Box::new(self.body()?)))
    }

    fn named(&mut self, at: usize, close: char) -> Result<Node> {
        let rest = self.cursor.rest();
        let Some(end) = rest.find([close, ')']).filter(|&end| rest[end..].starts_with(close))
        else {
            return Err(self.cursor.error_at(at, "end pattern in group"));
        };
        let name = &rest[..end];
        let is_word = |c: char| c == '_' || c.is_alphanumeric();
        if name.is_empty() {
            return Err(self.cursor.error_at(at, "group name is empty"));
        }
        if name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(is_word) {
            return Err(self.cursor.error_at(at, &format!("invalid group name <{name}>")));
        }
        self.cursor.go_to(self.cursor.at() + end + close.len_utf8());
        self.names.push(Some(name));
        self.capture(Some(self.names.len()))
    }

    fn look(&mut self, ahead: bool, negative: bool) -> Result<Node> {
        let outer = self.in_look_behind;
        self.in_look_behind |= !ahead;
        let node = self.body();
        self.in_look_behind = outer;
        Ok(Node::Look(Look { ahead, negative, node: Box::new(node?) }))
    }

    fn option_group(&mut self) -> Result<Node> {
        let at = self.cursor.at();
        let outer = self.options;
        match self.option_letters()? {
            Some((options, ':')) => {
                self.options = options;
                let node = self.body();
                self.options = outer;
                node
            }
            _ => Err(self.cursor.error_at(at, "undefined group option")),
        }
    }

    /// Option letters up to `:` or `)`, which is returned too.
    pub(super) fn option_letters(&mut self) -> Result<Option<(Options, char)>> {
        let mut options = self.options;
        let mut on = true;
        loop {
            let at = self.cursor.at();
            let Some(c) = self.cursor.next() else {
                return Err(self.cursor.error("end pattern in group"));
            };
            match c {
                ')' | ':' => return Ok(Some((options, c))),
                '-' => on = false,
                'i' => options.ignore_case = on,
                'x' => options.extended = on,
                'm' => options.dot_all = on,
                'W' => options.ascii_word = on,
                'D' => options.ascii_digit = on,
                'S' => options.ascii_space = on,
                'P' => options.ascii_posix = on,
                'C' if on => options.no_captures = true,
                'I' | 'L' | 'y' => {
                    return Err(self.cursor.unsupported(at, &format!("the option {c:?}")));
                }
                _ => return Ok(None),
            }
        }
    }
}
