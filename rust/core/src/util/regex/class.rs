//! Bracketed character classes: ranges, nesting, intersection, POSIX brackets.

use super::ast::Node;
use super::case;
use super::charset::CharSet;
use super::escape::Code;
use super::parser::Parser;
use super::property;
use crate::error::Result;

/// What the last token of a class was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing yet.
    Start,
    /// A value that may become the start of a range.
    Value(Value),
    /// A value and a hyphen.
    Range(Value),
    /// A whole range, or a nested class.
    Complete,
}

/// A value in a class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    Point(u32),
    /// A byte that is no character: it matches nothing.
    Byte,
    /// A set, which was added already.
    Set,
}

/// One token of a class.
enum Token {
    Point(u32),
    Byte,
    Several(Vec<u32>),
    Set(CharSet),
    Hyphen,
    Open,
    And,
    Close,
}

impl Parser<'_> {
    /// A class outside of classes; its bracket was read.
    pub(super) fn class(&mut self) -> Result<Node> {
        let (set, negated) = self.class_set()?;
        if self.options.ignore_case {
            return Ok(case::class_node(&set, negated));
        }
        Ok(Node::Set(if negated { set.negate() } else { set }))
    }

    /// The inside of a class, and whether all of it is negated.
    fn class_set(&mut self) -> Result<(CharSet, bool)> {
        self.enter()?;
        let start = self.cursor.at() - 1;
        let negated = self.cursor.eat("^");
        let mut builder = Builder { set: CharSet::empty(), left: None, state: State::Start };
        if self.cursor.rest().starts_with(']') {
            if !has_close(&self.cursor.rest()[1..]) {
                return Err(self.cursor.error_at(start, "empty char-class"));
            }
            self.cursor.next();
            builder.state = State::Value(Value::Point(']'.into()));
        }
        let mut token = self.class_token(start)?;
        loop {
            token = match token {
                Token::Close => break,
                Token::Hyphen => {
                    let behind = self.class_token_behind_hyphen(&builder, start)?;
                    match self.hyphen(&mut builder, behind, start)? {
                        Some(next) => next,
                        None => self.class_token(start)?,
                    }
                }
                other => {
                    self.add(&mut builder, other, start)?;
                    self.class_token(start)?
                }
            };
        }
        self.leave();
        Ok((builder.finish(), negated))
    }

    /// The token behind a hyphen, where it decides what the hyphen is.
    fn class_token_behind_hyphen(
        &mut self,
        builder: &Builder,
        start: usize,
    ) -> Result<Option<Token>> {
        match builder.state {
            State::Range(_) => Ok(None),
            _ => self.class_token(start).map(Some),
        }
    }

    /// A hyphen: a range, or itself. Gives back a token that is still to be dealt with.
    fn hyphen(
        &mut self,
        builder: &mut Builder,
        behind: Option<Token>,
        start: usize,
    ) -> Result<Option<Token>> {
        let literal = Token::Point('-'.into());
        match (builder.state, &behind) {
            (State::Value(value), Some(next)) => {
                let ends = matches!(next, Token::Close | Token::And);
                if ends {
                    self.add(builder, literal, start)?;
                } else if value == Value::Set {
                    let message = "unmatched range specifier in char-class";
                    return Err(self.cursor.error_at(start, message));
                } else {
                    builder.state = State::Range(value);
                }
            }
            _ => self.add(builder, literal, start)?,
        }
        Ok(behind)
    }

    fn add(&mut self, builder: &mut Builder, token: Token, start: usize) -> Result<()> {
        match token {
            Token::Point(code) => self.add_value(builder, Value::Point(code), start),
            Token::Byte => self.add_value(builder, Value::Byte, start),
            Token::Several(codes) => codes
                .into_iter()
                .try_for_each(|code| self.add_value(builder, Value::Point(code), start)),
            Token::Set(set) => {
                if matches!(builder.state, State::Range(_)) {
                    return Err(self.cursor.error_at(start, "char-class value at end of range"));
                }
                builder.settle();
                builder.set.union(&set);
                builder.state = State::Value(Value::Set);
                Ok(())
            }
            Token::Open => {
                builder.settle();
                builder.state = State::Complete;
                let (set, negated) = self.class_set()?;
                builder.set.union(&if negated { set.negate() } else { set });
                Ok(())
            }
            Token::And => {
                builder.settle();
                builder.intersect();
                Ok(())
            }
            Token::Hyphen => self.add_value(builder, Value::Point('-'.into()), start),
            Token::Close => Ok(()),
        }
    }

    fn add_value(&mut self, builder: &mut Builder, value: Value, start: usize) -> Result<()> {
        match (builder.state, value) {
            (State::Range(Value::Point(first)), Value::Point(last)) => {
                if first > last {
                    return Err(self.cursor.error_at(start, "empty range in char class"));
                }
                builder.set.add(first, last.min(0x10_FFFF));
                builder.state = State::Complete;
            }
            (State::Range(_), _) => builder.state = State::Complete,
            _ => {
                builder.settle();
                // Behind a complete range the value stands alone and cannot open another.
                builder.state = State::Value(value);
            }
        }
        Ok(())
    }

    fn class_token(&mut self, start: usize) -> Result<Token> {
        let at = self.cursor.at();
        let Some(c) = self.cursor.next() else {
            return Err(self.cursor.error_at(start, "premature end of char-class"));
        };
        Ok(match c {
            ']' => Token::Close,
            '-' => Token::Hyphen,
            '[' => match self.posix_bracket(at)? {
                Some(set) => Token::Set(set),
                None => Token::Open,
            },
            '&' if self.cursor.eat("&") => Token::And,
            '\\' => return self.class_escape(at),
            other => Token::Point(other.into()),
        })
    }

    fn class_escape(&mut self, at: usize) -> Result<Token> {
        let Some(c) = self.cursor.next() else {
            return Err(self.cursor.error_at(at, "end pattern at escape"));
        };
        let options = self.options;
        let (set, ascii) = match c.to_ascii_lowercase() {
            'w' => (property::word_in_class(), options.ascii_word),
            'd' => (property::digit(), options.ascii_digit),
            's' => (property::space(), options.ascii_space),
            'h' => (property::hex_digit(), false),
            'p' if self.cursor.peek() == Some('{') => {
                return self.property(c == 'P', true).map(Token::Set);
            }
            _ => {
                return Ok(match self.code_escape(c, at, true)? {
                    None => Token::Point(c.into()),
                    Some(Code::Point(code)) => Token::Point(code),
                    Some(Code::Byte) => Token::Byte,
                    Some(Code::Several(codes)) => Token::Several(codes),
                });
            }
        };
        let ascii = ascii || options.ascii_posix;
        let set = if ascii { set.intersect(&property::ascii()) } else { set };
        Ok(Token::Set(if c.is_ascii_uppercase() { set.negate() } else { set }))
    }

    /// `[:name:]`; the bracket was read. `None` if it opens a nested class.
    fn posix_bracket(&mut self, at: usize) -> Result<Option<CharSet>> {
        let Some(rest) = self.cursor.rest().strip_prefix(':') else { return Ok(None) };
        let Some(end) = rest.find(":]") else { return Ok(None) };
        let negated = rest.starts_with('^');
        let name = &rest[usize::from(negated).min(end)..end];
        if end == 0 || !name.chars().all(char::is_alphabetic) {
            return Ok(None);
        }
        let Some(mut set) = property::posix(name) else {
            return Err(self.cursor.error_at(at, "invalid POSIX bracket type"));
        };
        let options = self.options;
        let ascii = options.ascii_posix
            || options.ascii_word && name == "word"
            || options.ascii_digit && name == "digit"
            || options.ascii_space && name == "space";
        if ascii {
            set = set.intersect(&property::ascii());
        }
        self.cursor.go_to(self.cursor.at() + 1 + end + 2);
        Ok(Some(if negated { set.negate() } else { set }))
    }
}

/// A class under construction.
struct Builder {
    set: CharSet,
    /// What stood before the last `&&`.
    left: Option<CharSet>,
    state: State,
}

impl Builder {
    /// Add the value that waits to see whether it opens a range.
    fn settle(&mut self) {
        // A range that a nested class cuts short loses its start, in this dialect.
        if let State::Value(Value::Point(code @ 0..=0x10_FFFF)) = self.state {
            self.set.add(code, code);
        }
    }

    fn intersect(&mut self) {
        let right = std::mem::take(&mut self.set);
        self.left = Some(match self.left.take() {
            Some(left) => left.intersect(&right),
            None => right,
        });
        self.state = State::Start;
    }

    fn finish(mut self) -> CharSet {
        self.settle();
        match self.left {
            Some(left) => left.intersect(&self.set),
            None => self.set,
        }
    }
}

/// Whether an unescaped bracket closes the class somewhere.
fn has_close(rest: &str) -> bool {
    let mut escaped = false;
    rest.chars().any(|c| {
        let close = c == ']' && !escaped;
        escaped = c == '\\' && !escaped;
        close
    })
}
