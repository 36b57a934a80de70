//! Backslash sequences, inside classes and outside of them.

use super::ast::{Assertion, Node};
use super::charset::CharSet;
use super::parser::{Atom, Parser};
use super::property;
use crate::error::Result;

/// A dot: any character, newlines only if asked.
pub(super) fn any_char(newlines: bool) -> Node {
    let set = if newlines { CharSet::full() } else { CharSet::single('\n').negate() };
    Node::Set(set)
}

/// What a numeric escape names.
pub(super) enum Code {
    /// A code point; it need not be a character.
    Point(u32),
    /// A byte that is no character by itself.
    Byte,
    /// Several code points: `\x{41 42}`.
    Several(Vec<u32>),
}

impl Parser<'_> {
    /// An escape outside of classes; the backslash was read.
    pub(super) fn escape(&mut self) -> Result<Atom> {
        let at = self.cursor.at() - 1;
        let Some(c) = self.cursor.next() else {
            return Err(self.cursor.error_at(at, "end pattern at escape"));
        };
        if let Some(set) = self.type_escape(c)? {
            return Ok(Atom::Node(Node::Set(set)));
        }
        if let Some(node) = self.place_escape(c) {
            return Ok(Atom::Node(node));
        }
        Ok(Atom::Node(match c {
            'K' => Node::Keep,
            'N' => any_char(false),
            'O' => any_char(true),
            'R' => general_newline(),
            'X' => return Err(self.cursor.unsupported(at, r"the text segment \X")),
            'y' | 'Y' => return Err(self.cursor.unsupported(at, r"the text segment boundary \y")),
            'k' if matches!(self.cursor.peek(), Some('<' | '\'')) => self.named_reference(at)?,
            'g' if matches!(self.cursor.peek(), Some('<' | '\'')) => {
                return Err(self.cursor.unsupported(at, r"the subexpression call \g<…>"));
            }
            '1'..='9' => return self.number_escape(at),
            _ => return self.char_escape(c, at),
        }))
    }

    /// `\w \d \s \h \p{…}` and their opposites, as outside of classes.
    fn type_escape(&mut self, c: char) -> Result<Option<CharSet>> {
        let ascii =
            |on: bool, set: CharSet| if on { set.intersect(&property::ascii()) } else { set };
        let options = self.options;
        let set = match c.to_ascii_lowercase() {
            'w' => ascii(options.ascii_word || options.ascii_posix, property::word()),
            'd' => ascii(options.ascii_digit || options.ascii_posix, property::digit()),
            's' => ascii(options.ascii_space || options.ascii_posix, property::space()),
            'h' => property::hex_digit(),
            'p' if self.cursor.peek() == Some('{') => {
                return self.property(c == 'P', false).map(Some);
            }
            _ => return Ok(None),
        };
        Ok(Some(if c.is_ascii_uppercase() { set.negate() } else { set }))
    }

    /// `{name}` or `{^name}` behind `\p` or `\P`.
    pub(super) fn property(&mut self, negated: bool, in_class: bool) -> Result<CharSet> {
        let start = self.cursor.at();
        self.cursor.eat("{");
        let negated = negated ^ self.cursor.eat("^");
        let rest = self.cursor.rest();
        let end = rest.find(['}', '(', ')', '{', '|']).filter(|&at| rest[at..].starts_with('}'));
        let Some(end) = end else {
            return Err(self.cursor.error_at(start, "end pattern with unmatched parenthesis"));
        };
        let name = &rest[..end];
        let set = self.property_set(name, in_class).ok_or_else(|| {
            let message = format!("invalid character property name {{{name}}}");
            let error = self.cursor.error_at(start, &message);
            if name.to_ascii_lowercase().starts_with("in") {
                return error.hinting("blocks are not supported; write the range of code points");
            }
            error
        })?;
        self.cursor.go_to(self.cursor.at() + end + 1);
        Ok(if negated { set.negate() } else { set })
    }

    fn property_set(&self, name: &str, in_class: bool) -> Option<CharSet> {
        let is_word = name.eq_ignore_ascii_case("word");
        let set = if is_word && !in_class { property::word() } else { property::by_name(name)? };
        let options = self.options;
        let ascii = options.ascii_posix && property::posix(&name.to_ascii_lowercase()).is_some()
            || options.ascii_word && is_word
            || options.ascii_digit && name.eq_ignore_ascii_case("digit")
            || options.ascii_space && name.eq_ignore_ascii_case("space");
        Some(if ascii { set.intersect(&property::ascii()) } else { set })
    }

    fn place_escape(&self, c: char) -> Option<Node> {
        let ascii = self.options.ascii_word || self.options.ascii_posix;
        Some(Node::Assertion(match c {
            'A' => Assertion::TextStart,
            'z' => Assertion::TextEnd,
            'Z' => Assertion::TextEndOrNewline,
            'G' => Assertion::SearchStart,
            'b' => Assertion::WordBoundary { ascii },
            'B' => Assertion::NotWordBoundary { ascii },
            _ => return None,
        }))
    }

    /// `\1`: a group if there can be one of that number, else an octal code.
    fn number_escape(&mut self, at: usize) -> Result<Atom> {
        let digits_at = self.cursor.at() - 1;
        self.cursor.go_to(digits_at);
        let number: Option<u32> = self.cursor.digits(10, usize::MAX).parse().ok();
        match number {
            Some(number) if number <= 9 || number as usize <= self.names.len() => {
                self.numbered.get_or_insert(at);
                self.pending.push((number, at));
                let ignore_case = self.options.ignore_case;
                Ok(Atom::Node(Node::BackReference { groups: vec![number], ignore_case }))
            }
            _ => {
                self.cursor.go_to(digits_at);
                let c = self.cursor.next().unwrap_or('0');
                if c == '8' || c == '9' { Ok(Atom::Literal(c)) } else { self.char_escape(c, at) }
            }
        }
    }

    /// `\k<name>`, `\k<1>`, `\k<-1>`.
    fn named_reference(&mut self, at: usize) -> Result<Node> {
        let close = if self.cursor.next() == Some('<') { '>' } else { '\'' };
        let rest = self.cursor.rest();
        let Some(end) = rest.find(close) else {
            return Err(self.cursor.error_at(at, "invalid group name <>"));
        };
        let name = &rest[..end];
        self.cursor.go_to(self.cursor.at() + end + 1);
        let ignore_case = self.options.ignore_case;
        if name.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+') {
            let group = self
                .group_number(name)
                .ok_or_else(|| self.cursor.error_at(at, "invalid backref number/name"))?;
            self.numbered.get_or_insert(at);
            self.pending.push((group, at));
            return Ok(Node::BackReference { groups: vec![group], ignore_case });
        }
        let mut groups: Vec<u32> = (1u32..)
            .zip(&self.names)
            .filter(|(_, known)| **known == Some(name))
            .map(|(group, _)| group)
            .collect();
        // Of several groups with one name, the last is asked first.
        groups.reverse();
        if groups.is_empty() {
            return Err(self.cursor.error_at(at, &format!("undefined name <{name}> reference")));
        }
        Ok(Node::BackReference { groups, ignore_case })
    }

    /// A group by number, counted from the start, or from here backwards or forwards.
    fn group_number(&self, text: &str) -> Option<u32> {
        let known = u32::try_from(self.names.len()).ok()?;
        let group = if let Some(back) = text.strip_prefix('-') {
            (known + 1).checked_sub(back.parse().ok()?)?
        } else if let Some(on) = text.strip_prefix('+') {
            known.checked_add(on.parse().ok()?)?
        } else {
            text.parse().ok()?
        };
        (group > 0).then_some(group)
    }

    /// An escape that names a character.
    fn char_escape(&mut self, c: char, at: usize) -> Result<Atom> {
        Ok(match self.code_escape(c, at, false)? {
            None => Atom::Literal(c),
            Some(Code::Byte) => Atom::Node(Node::Set(CharSet::empty())),
            Some(Code::Point(code)) => match char::from_u32(code) {
                Some(character) => Atom::Literal(character),
                None => Atom::Node(Node::Set(CharSet::empty())),
            },
            Some(Code::Several(codes)) => {
                let text: String = codes.iter().filter_map(|&code| char::from_u32(code)).collect();
                if text.chars().count() < codes.len() {
                    return Ok(Atom::Node(Node::Set(CharSet::empty())));
                }
                if self.options.ignore_case {
                    return Err(self.cursor.unsupported(at, "a code point sequence under (?i)"));
                }
                Atom::Node(Node::concat(text.chars().map(Node::Char).collect()))
            }
        })
    }

    /// The escapes that stand for a code: `\n`, `\x41`, `\u0041`, `\101`, `\cA`, …
    /// `None` if the character stands for itself.
    pub(super) fn code_escape(
        &mut self,
        c: char,
        at: usize,
        in_class: bool,
    ) -> Result<Option<Code>> {
        Ok(Some(Code::Point(match c {
            'n' => 0x0A,
            't' => 0x09,
            'r' => 0x0D,
            'f' => 0x0C,
            'a' => 0x07,
            'b' => 0x08,
            'e' => 0x1B,
            'v' => 0x0B,
            'x' if self.cursor.peek() == Some('{') => return self.braced_code(16, 8, at),
            'o' if self.cursor.peek() == Some('{') => return self.braced_code(8, 11, at),
            'x' => {
                let byte = self.number(16, 2);
                return self.bytes(byte, 16, at, in_class).map(Some);
            }
            '0'..='7' => {
                self.cursor.go_to(self.cursor.at() - 1);
                let code = self.number(8, 3);
                if code > 0xFF {
                    return Err(self.cursor.error_at(at, "too big number"));
                }
                return self.bytes(code, 8, at, in_class).map(Some);
            }
            'u' => {
                let digits = self.cursor.digits(16, 4);
                if digits.len() < 4 {
                    return Err(self.cursor.error_at(at, "invalid code point value"));
                }
                u32::from_str_radix(digits, 16).unwrap_or(0)
            }
            'c' => self.control(at)?,
            'C' => {
                if !self.cursor.eat("-") {
                    return Err(self.cursor.error_at(at, "invalid control-code syntax"));
                }
                self.control(at)?
            }
            'M' => return Err(self.cursor.unsupported(at, r"the meta escape \M-")),
            _ => return Ok(None),
        })))
    }

    fn number(&mut self, base: u32, most: usize) -> u32 {
        u32::from_str_radix(self.cursor.digits(base, most), base).unwrap_or(0)
    }

    fn control(&mut self, at: usize) -> Result<u32> {
        match self.cursor.next() {
            None => Err(self.cursor.error_at(at, "end pattern at control")),
            Some('?') => Ok(0x7F),
            Some('\\') => {
                let Some(c) = self.cursor.next() else {
                    return Err(self.cursor.error_at(at, "end pattern at escape"));
                };
                match self.code_escape(c, at, false)? {
                    Some(Code::Point(code)) => Ok(code & 0x9F),
                    _ => Ok(u32::from(c) & 0x9F),
                }
            }
            Some(c) => Ok(u32::from(c) & 0x9F),
        }
    }

    /// `{41}` or `{41 42}` behind `\x` or `\o`. An empty or unreadable brace makes the letter a letter.
    fn braced_code(&mut self, base: u32, most: usize, at: usize) -> Result<Option<Code>> {
        let start = self.cursor.at();
        self.cursor.eat("{");
        let mut codes = Vec::new();
        loop {
            let digits = self.cursor.digits(base, most);
            if digits.is_empty() {
                if codes.is_empty() {
                    self.cursor.go_to(start);
                    return Ok(None);
                }
                return Err(self.cursor.error_at(at, "invalid code point value"));
            }
            match u32::from_str_radix(digits, base) {
                Ok(code) => codes.push(code),
                Err(_) => return Err(self.cursor.error_at(at, "too big wide-char value")),
            }
            if self.cursor.eat("}") {
                break;
            }
            let before = self.cursor.at();
            while self.cursor.eat(" ") || self.cursor.eat("\n") {}
            if self.cursor.eat("-") {
                return Err(self.cursor.unsupported(at, "a range inside of \\x{…}"));
            }
            if self.cursor.eat("}") {
                break;
            }
            if self.cursor.at() == before {
                return Err(self.cursor.error_at(at, "invalid code point value"));
            }
        }
        Ok(Some(if let [code] = codes[..] { Code::Point(code) } else { Code::Several(codes) }))
    }

    /// A byte given by number; with those behind it, it may spell a character in UTF-8.
    fn bytes(&mut self, first: u32, base: u32, at: usize, in_class: bool) -> Result<Code> {
        let too_short = "too short multibyte code string";
        let first = u8::try_from(first).unwrap_or(u8::MAX);
        let length = match first {
            0..=0x7F => return Ok(Code::Point(first.into())),
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return Ok(Code::Byte),
        };
        let mut bytes = vec![first];
        while bytes.len() < length {
            match self.next_byte(base) {
                Some(byte) => bytes.push(byte),
                None => return Err(self.cursor.error_at(at, too_short)),
            }
        }
        match std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()) {
            Some(c) => Ok(Code::Point(c.into())),
            None if in_class => Err(self.cursor.error_at(at, too_short)),
            None => Err(self.cursor.error_at(at, "invalid wide-char value")),
        }
    }

    fn next_byte(&mut self, base: u32) -> Option<u8> {
        let start = self.cursor.at();
        let prefix = if base == 16 { r"\x" } else { r"\" };
        if self.cursor.eat(prefix) {
            let digits = self.cursor.digits(base, if base == 16 { 2 } else { 3 });
            if let Ok(byte) = u8::from_str_radix(digits, base) {
                return Some(byte);
            }
        }
        self.cursor.go_to(start);
        None
    }
}

/// `\R`: a line end, `\r\n` as one.
fn general_newline() -> Node {
    let pair = Node::concat(vec![Node::Char('\r'), Node::Char('\n')]);
    let single = CharSet::from_ranges([(0x0A, 0x0D), (0x85, 0x85), (0x2028, 0x2029)]);
    Node::Atomic(Box::new(Node::alternation(vec![pair, Node::Set(single)])))
}
