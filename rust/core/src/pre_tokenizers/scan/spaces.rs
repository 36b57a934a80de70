//! The cuts that drop white space: pieces with gaps between them.

use fissile_unicode::category;

use super::classes::Text;
use super::swar;
use crate::token::Span;

/// How the text between white space is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// Not at all.
    Nowhere,
    /// Where words and other characters meet.
    Words,
    /// Around each punctuation character.
    Punctuation,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Space,
    Word,
    /// Neither of the two; as a rule punctuation.
    Other,
}

/// The ASCII characters: white space, words, and all else.
static ASCII: [Kind; 128] = ascii();

const fn ascii() -> [Kind; 128] {
    let mut kinds = [Kind::Other; 128];
    let mut byte = 0u8;
    while byte < 128 {
        kinds[byte as usize] = match byte {
            b'\t'..=b'\r' | b' ' => Kind::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => Kind::Word,
            _ => Kind::Other,
        };
        byte += 1;
    }
    kinds
}

impl Between {
    /// The kind and the length of the character at `at`, a position inside of the text. The kinds are
    /// the same for equal treatment: what stays together has one kind.
    #[inline]
    fn kind(self, text: Text<'_>, at: usize) -> (Kind, usize) {
        let byte = text.byte(at);
        if byte < 128 {
            let kind = match (self, ASCII[usize::from(byte)]) {
                (Self::Nowhere, Kind::Other) => Kind::Word,
                (Self::Punctuation, _) if byte == b'_' => Kind::Other,
                (Self::Punctuation, Kind::Other) if !byte.is_ascii_punctuation() => Kind::Word,
                (_, kind) => kind,
            };
            return (kind, 1);
        }
        let (character, length) = text.decode(byte, at);
        (self.kind_of(character), length)
    }

    fn kind_of(self, character: char) -> Kind {
        if category::is_whitespace(character) {
            return Kind::Space;
        }
        let is_word = match self {
            Self::Nowhere => true,
            Self::Words => category::is_word(character),
            Self::Punctuation => !category::is_bert_punctuation(character),
        };
        if is_word { Kind::Word } else { Kind::Other }
    }

    /// The first piece at or behind `start`.
    #[inline]
    pub(super) fn next(self, text: Text<'_>, start: usize) -> Option<Span> {
        let mut start = start;
        loop {
            if start >= text.len() {
                return None;
            }
            let (kind, length) = self.kind(text, start);
            if kind != Kind::Space {
                return Some(Span::new(start, self.end(text, start + length, kind)));
            }
            start += length;
        }
    }

    /// The end of a piece of one kind, of which the first character ends at `at`.
    #[inline]
    fn end(self, text: Text<'_>, mut at: usize, kind: Kind) -> usize {
        if self == Self::Punctuation && kind == Kind::Other {
            return at;
        }
        loop {
            if kind == Kind::Word {
                at = match self {
                    Self::Nowhere => text.skip(at, swar::visible),
                    Self::Words | Self::Punctuation => text.skip(at, swar::letters),
                };
            }
            if at >= text.len() {
                return at;
            }
            let (next, length) = self.kind(text, at);
            if next != kind {
                return at;
            }
            at += length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_is_as_the_tables_say() {
        for between in [Between::Nowhere, Between::Words, Between::Punctuation] {
            for c in '\0'..'\u{80}' {
                let text = c.to_string();
                let (kind, length) = between.kind(Text::new(&text), 0);
                assert!(kind == between.kind_of(c) && length == 1, "{between:?} {c:?}");
            }
        }
    }
}
