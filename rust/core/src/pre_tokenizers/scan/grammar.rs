//! The cuts of the famous byte-level vocabularies, by hand.
//!
//! All these patterns are one family: contractions, words, numbers, everything else, white space. Every
//! character belongs to some piece, so a piece is known by where it ends.

use super::classes::{LETTER, LOWER, NEWLINE, NUMBER, OTHER, SPACE, Text, UPPER};

/// One pattern of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grammar {
    pub(super) contractions: Contractions,
    pub(super) words: Words,
    pub(super) numbers: Numbers,
    pub(super) tail: Tail,
    pub(super) newlines: bool,
}

/// `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll`, `'d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contractions {
    None,
    /// As they stand.
    Exact,
    /// In any case, the long s (`ſ`) included.
    AnyCase,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// ` ?\p{L}+`; numbers and the rest take a space in front, too.
    Spaced,
    /// `[^\r\n\p{L}\p{N}]?\p{L}+`
    Prefixed,
    /// The same, cut where a lower-case letter meets an upper-case one; contractions belong to the word.
    Cased,
}

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// ` ?\p{N}+`
    Spaced,
    /// `\p{N}{1,n}`
    UpTo(u8),
}

/// What follows ` ?[^\s\p{L}\p{N}]+` in the same piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    Nothing,
    /// `[\r\n]*`
    Newlines,
    /// `[\r\n/]*`
    NewlinesAndSlashes,
}

impl Grammar {
    /// The end of the piece that begins at `start`, a position inside of the text.
    #[inline]
    pub(super) fn end(self, text: Text<'_>, start: usize) -> usize {
        let (first, length) = text.flags(start);
        if self.words == Words::Cased {
            if let Some(end) = self.cased_word(text, start, first, length) {
                return end;
            }
        } else if text.byte(start) == b'\''
            && let Some(end) = self.contraction(text, start)
        {
            return end;
        }
        if first & LETTER != 0 {
            return text.run(start + length, LETTER);
        }
        if first & NUMBER != 0 {
            return self.number(text, start + length);
        }
        let next = start + length;
        if first & SPACE != 0 {
            return self.space(text, start, first, next);
        }
        if self.words == Words::Prefixed && text.flags(next).0 & LETTER != 0 {
            return text.run(next, LETTER);
        }
        self.other(text, next)
    }

    /// A number whose first character ends at `at`.
    #[inline]
    fn number(self, text: Text<'_>, mut at: usize) -> usize {
        let Numbers::UpTo(most) = self.numbers else { return text.run(at, NUMBER) };
        for _ in 1..most {
            let (flags, length) = text.flags(at);
            if flags & NUMBER == 0 {
                break;
            }
            at += length;
        }
        at
    }

    /// Neither letters nor numbers nor white space, of which the first ends at `at`.
    #[inline]
    fn other(self, text: Text<'_>, at: usize) -> usize {
        let end = text.run(at, OTHER);
        match self.tail {
            Tail::Nothing => end,
            Tail::Newlines => text.run(end, NEWLINE),
            Tail::NewlinesAndSlashes => {
                let mut end = end;
                while matches!(text.byte(end), b'\r' | b'\n' | b'/') {
                    end += 1;
                }
                end
            }
        }
    }

    /// White space at `start`, and what it may be the prefix of; its first character ends at `next`.
    #[inline]
    fn space(self, text: Text<'_>, start: usize, first: u8, next: usize) -> usize {
        let is_blank = text.byte(start) == b' ';
        let (flags, length) = text.flags(next);
        match self.words {
            Words::Spaced if is_blank && flags & LETTER != 0 => return text.run(next, LETTER),
            Words::Spaced if is_blank && flags & NUMBER != 0 => return text.run(next, NUMBER),
            Words::Prefixed if first & NEWLINE == 0 && flags & LETTER != 0 => {
                return text.run(next, LETTER);
            }
            _ => {}
        }
        if is_blank && flags & OTHER != 0 {
            return self.other(text, next + length);
        }
        self.blank(text, start)
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`, the first only if the pattern has it.
    fn blank(self, text: Text<'_>, start: usize) -> usize {
        let (mut at, mut last, mut newline) = (start, start, None);
        loop {
            let (flags, length) = text.flags(at);
            if flags & SPACE == 0 {
                break;
            }
            last = at;
            at += length;
            if flags & NEWLINE != 0 {
                newline = Some(at);
            }
        }
        match newline {
            Some(end) if self.newlines => end,
            // The last blank belongs to what follows, unless it is the only one or nothing follows.
            _ if at == text.len() || last == start => at,
            _ => last,
        }
    }

    /// The end of a contraction that begins with the apostrophe at `start`.
    #[inline]
    pub(super) fn contraction(self, text: Text<'_>, start: usize) -> Option<usize> {
        let fold = match self.contractions {
            Contractions::None => return None,
            Contractions::Exact => 0,
            Contractions::AnyCase => 0x20,
        };
        let byte = |offset| {
            let byte = text.byte(start + offset);
            if byte.is_ascii_alphabetic() { byte | fold } else { byte }
        };
        match (byte(1), byte(2)) {
            (b's' | b't' | b'm' | b'd', _) => Some(start + 2),
            (b'r' | b'v', b'e') | (b'l', b'l') => Some(start + 3),
            // The long s, which is an s in another case.
            (0xC5, 0xBF) if fold != 0 => Some(start + 3),
            _ => None,
        }
    }

    /// A word of the cased kind, with whatever may stand in front of it and a contraction behind.
    fn cased_word(self, text: Text<'_>, start: usize, first: u8, length: usize) -> Option<usize> {
        let takes_prefix = first & (LETTER | NUMBER | NEWLINE) == 0;
        let begins_word = first & (UPPER | LOWER) != 0;
        let behind = if takes_prefix { Some(start + length) } else { None };
        let here = begins_word.then_some(start);
        let end = behind
            .and_then(|at| lower_word(text, at))
            .or_else(|| here.and_then(|at| lower_word(text, at)))
            .or_else(|| behind.and_then(|at| upper_word(text, at)))
            .or_else(|| here.and_then(|at| upper_word(text, at)))?;
        if text.byte(end) == b'\'' {
            return Some(self.contraction(text, end).unwrap_or(end));
        }
        Some(end)
    }
}

/// `[upper]*[lower]+`, where some characters are both.
fn lower_word(text: Text<'_>, start: usize) -> Option<usize> {
    let mut at = start;
    // Behind the last character so far that could be the lower part's only one.
    let mut fallback = None;
    loop {
        let (flags, length) = text.flags(at);
        if flags & UPPER == 0 {
            break;
        }
        at += length;
        if flags & LOWER != 0 {
            fallback = Some(at);
        }
    }
    let end = text.run(at, LOWER);
    if end > at { Some(end) } else { fallback }
}

/// `[upper]+[lower]*`; asked only where no lower part follows.
fn upper_word(text: Text<'_>, start: usize) -> Option<usize> {
    let end = text.run(start, UPPER);
    (end > start).then(|| text.run(end, LOWER))
}
