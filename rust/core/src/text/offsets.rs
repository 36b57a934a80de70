//! Bytes to characters, and back.

#![allow(clippy::cast_possible_truncation, reason = "spans of 32 bits stay spans of 32 bits")]

use crate::token::Span;

/// The unit of the offsets that come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OffsetUnit {
    /// Bytes of the UTF-8 text.
    Byte,
    /// Characters (Unicode scalar values), as Python counts them.
    #[default]
    Char,
}

/// Bytes between two entries of the index: small enough to count through, large enough to cost little.
const BLOCK: usize = 64;

/// A text made ready for asking which character a byte belongs to.
///
/// Built once per text in one pass; an ASCII text needs no index at all. Each question then costs at
/// most one look-up and counting through one block of 64 bytes.
#[derive(Debug, Clone)]
pub struct CharIndex<'a> {
    text: &'a str,
    /// How many characters begin before each block; `None` for an ASCII text.
    before_block: Option<Vec<usize>>,
    characters: usize,
}

impl<'a> CharIndex<'a> {
    /// Index `text`.
    pub fn new(text: &'a str) -> Self {
        if text.is_ascii() {
            return Self { text, before_block: None, characters: text.len() };
        }
        let mut characters = 0;
        let mut before_block = Vec::with_capacity(text.len() / BLOCK + 1);
        for block in text.as_bytes().chunks(BLOCK) {
            before_block.push(characters);
            characters += count_characters(block);
        }
        Self { text, before_block: Some(before_block), characters }
    }

    /// Whether bytes and characters are the same.
    pub fn is_ascii(&self) -> bool {
        self.before_block.is_none()
    }

    /// How many characters the text has.
    pub fn char_count(&self) -> usize {
        self.characters
    }

    /// The number of the character that the byte at `position` belongs to (inside a character, that
    /// very character). At the end of the text and behind it: the number of characters.
    pub fn byte_to_char(&self, position: usize) -> usize {
        if position >= self.text.len() {
            return self.characters;
        }
        match &self.before_block {
            None => position,
            Some(before_block) => {
                let block = position / BLOCK;
                let part = &self.text.as_bytes()[block * BLOCK..=position];
                // At least one character begins at or before any byte of a text.
                before_block[block] + count_characters(part) - 1
            }
        }
    }

    /// A byte span as a character span, each end by [`byte_to_char`](Self::byte_to_char).
    pub fn span_to_chars(&self, span: Span) -> Span {
        Span::new(self.byte_to_char(span.start), self.byte_to_char(span.end))
    }

    /// A byte span as the reference converts it, which differs for spans that reach the end.
    ///
    /// A span that begins at or behind the end of the text stays as it is, in bytes; one that only
    /// ends behind it is taken to cover two characters.
    pub fn convert(&self, span: Span) -> Span {
        let length = self.text.len();
        if span.start >= length {
            return span;
        }
        let start = self.byte_to_char(span.start);
        let end = if span.end > length { start + 2 } else { self.byte_to_char(span.end) };
        Span::new(start, end)
    }
}

/// Converts spans that mostly follow each other: each position is counted from the one before it, which
/// is a few bytes away where an index would count through half a block, and among ASCII is not counted
/// at all.
///
/// A jump over more than a block asks an index, so that spans in any order cost no more than that.
#[derive(Debug, Clone)]
pub struct CharWalk<'a> {
    text: &'a str,
    /// Where the walk stands, and how many characters begin before that.
    at: usize,
    characters: usize,
    index: Option<CharIndex<'a>>,
    /// A stretch of ASCII, its end included, and how much less characters are than bytes there.
    plain: (usize, usize),
    less: usize,
    /// How far stretches of ASCII were looked for, once.
    seen: usize,
}

impl<'a> CharWalk<'a> {
    /// At the beginning of `text`.
    pub fn new(text: &'a str) -> Self {
        let plain = (0, ascii_end(text.as_bytes(), 0));
        Self { text, at: 0, characters: 0, index: None, plain, less: 0, seen: plain.1 }
    }

    /// A span of bytes as one of characters; where it begins or ends inside a character, that is part of it.
    #[inline]
    pub fn whole_span(&mut self, span: (u32, u32)) -> (u32, u32) {
        let (start, end) = (span.0 as usize, span.1 as usize);
        if start >= self.plain.0 && start <= end && end <= self.plain.1 {
            // Both are below 2^32, as what they came from.
            let less = self.less as u32;
            return (span.0 - less, span.1 - less);
        }
        self.any_span(start, end)
    }

    fn any_span(&mut self, start: usize, end: usize) -> (u32, u32) {
        if start > self.at && self.at >= self.plain.0 && self.at < self.plain.1 {
            // Over what is left of the ASCII that was not counted.
            self.at = start.min(self.plain.1);
            self.characters = self.at - self.less;
        }
        if end <= start {
            return (self.byte_to_char(start) as u32, self.byte_to_char(end) as u32);
        }
        let first = self.byte_to_char(start);
        // All characters that begin before the end, the one that it is inside of, too.
        let last = self.count_to(end);
        if self.at >= self.seen
            && let Some(next) = self.text.as_bytes()[self.at..].first_chunk::<16>()
            && next.is_ascii()
        {
            self.seen = ascii_end(self.text.as_bytes(), self.at);
            (self.plain, self.less) = ((self.at, self.seen), self.at - self.characters);
        }
        (first as u32, last as u32)
    }

    /// What [`CharIndex::byte_to_char`] says.
    #[inline]
    pub fn byte_to_char(&mut self, position: usize) -> usize {
        // Inside a character, that character has begun already.
        self.count_to(position) - usize::from(is_inside(self.text.as_bytes(), position))
    }

    /// Go to `position`, or to the end of the text: how many characters begin before it.
    #[inline]
    fn count_to(&mut self, position: usize) -> usize {
        let bytes = self.text.as_bytes();
        let position = position.min(bytes.len());
        if position.abs_diff(self.at) > BLOCK {
            let index = self.index.get_or_insert_with(|| CharIndex::new(self.text));
            self.characters =
                index.byte_to_char(position) + usize::from(is_inside(bytes, position));
        } else if position > self.at {
            self.characters += count_nearby(bytes, self.at, position);
        } else if position < self.at {
            self.characters -= count_nearby(bytes, position, self.at);
        }
        self.at = position;
        self.characters
    }
}

/// Whether a byte is one inside a character, behind its first.
#[inline]
fn is_inside(bytes: &[u8], position: usize) -> bool {
    bytes.get(position).is_some_and(|byte| (0x80..0xC0).contains(byte))
}

/// The first byte at or behind `start` that is not ASCII.
fn ascii_end(bytes: &[u8], start: usize) -> usize {
    let rest = &bytes[start..];
    let (words, _) = rest.as_chunks::<16>();
    let plain = words.iter().take_while(|word| word.is_ascii()).count() * 16;
    let tail = rest[plain..].iter().take(16).take_while(|byte| byte.is_ascii()).count();
    start + plain + tail
}

/// How many characters begin in `bytes[start..end]`, which is mostly a token: eight bytes are counted in
/// one word.
#[inline]
fn count_nearby(bytes: &[u8], start: usize, end: usize) -> usize {
    let length = end - start;
    match bytes.get(start..).and_then(<[u8]>::first_chunk::<8>) {
        Some(word) if length <= 8 => {
            let word = u64::from_le_bytes(*word);
            // A continuation byte has the highest bit set and the next one not.
            let continuing = (word >> 7) & !(word >> 6) & 0x0101_0101_0101_0101;
            let inside = if length == 8 { u64::MAX } else { (1 << (8 * length)) - 1 };
            length - ((continuing & inside).wrapping_mul(0x0101_0101_0101_0101) >> 56) as usize
        }
        _ => count_characters(&bytes[start..end]),
    }
}

/// How many characters begin in `bytes`: all bytes but the continuation bytes.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| !(0x80..0xC0).contains(&byte)).count()
}

/// The byte span of the characters `start..end` of `text`, as indexing from Python wants it.
///
/// As in the reference: an `end` behind the text is cut to it, `start` must be inside unless both are
/// zero, and an `end` before `start` means the end of the text.
pub fn char_span_to_bytes(text: &str, start: usize, end: usize) -> Option<Span> {
    if (start, end) == (0, 0) {
        return Some(Span::new(0, 0));
    }
    let first = text.char_indices().nth(start)?.0;
    let length = match end.checked_sub(start) {
        Some(count) => text[first..].chars().take(count).map(char::len_utf8).sum(),
        None => text.len() - first,
    };
    Some(Span::new(first, first + length))
}
