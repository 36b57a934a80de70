//! DeepSeek's three splits in one: numbers set apart, then Chinese characters and kana, then what lies between.
//!
//! The later splits see each stretch alone, so that a stretch ends for them where the text would. Pieces touch: one is
//! known by where it ends.

use fissile_unicode::GeneralCategory as Category;
use fissile_unicode::category;

use super::Scanner;
use super::classes::Text;
use super::swar;
use crate::text::{Pattern, SplitBehavior};
use crate::util::regex::famous;

/// `[\p{L}\p{M}]`
const WORD: u8 = 1;
/// `\p{N}`
const NUMBER: u8 = 1 << 1;
/// `\s`
const SPACE: u8 = 1 << 2;
/// `[\r\n]`
const NEWLINE: u8 = 1 << 3;
/// `[\p{P}\p{S}]`
const SIGN: u8 = 1 << 4;
/// What the second split sets apart.
const EASTERN: u8 = 1 << 5;

/// Digits that stand together.
const DIGITS: usize = 3;

/// The flags of the ASCII characters.
static ASCII: [u8; 128] = ascii();

const fn ascii() -> [u8; 128] {
    let mut flags = [0; 128];
    let mut byte = 0u8;
    while byte < 128 {
        flags[byte as usize] = match byte {
            b'A'..=b'Z' | b'a'..=b'z' => WORD,
            b'0'..=b'9' => NUMBER,
            b'\r' | b'\n' => SPACE | NEWLINE,
            b'\t' | 0x0B | 0x0C | b' ' => SPACE,
            _ if byte.is_ascii_punctuation() => SIGN,
            _ => 0,
        };
        byte += 1;
    }
    flags
}

/// The flags of any character.
fn of(character: char) -> u8 {
    let eastern = match character {
        '一'..='龥' | '\u{3040}'..='\u{30ff}' => EASTERN,
        _ => 0,
    };
    let class = category::class(character);
    if class.is_regex_space() {
        return SPACE | if matches!(character, '\r' | '\n') { NEWLINE } else { 0 };
    }
    let kind = match class.general_category() {
        Category::UppercaseLetter
        | Category::LowercaseLetter
        | Category::TitlecaseLetter
        | Category::ModifierLetter
        | Category::OtherLetter
        | Category::NonspacingMark
        | Category::SpacingMark
        | Category::EnclosingMark => WORD,
        Category::DecimalNumber | Category::LetterNumber | Category::OtherNumber => NUMBER,
        Category::ConnectorPunctuation
        | Category::DashPunctuation
        | Category::OpenPunctuation
        | Category::ClosePunctuation
        | Category::InitialPunctuation
        | Category::FinalPunctuation
        | Category::OtherPunctuation
        | Category::MathSymbol
        | Category::CurrencySymbol
        | Category::ModifierSymbol
        | Category::OtherSymbol => SIGN,
        _ => 0,
    };
    kind | eastern
}

/// The flags and the length of the character at a position; no length behind the end.
#[inline]
fn flags(text: Text<'_>, at: usize) -> (u8, usize) {
    match text.rest(at) {
        [byte @ 0..128, ..] => (ASCII[usize::from(*byte)], 1),
        [lead, ..] => {
            let (character, length) = text.decode(*lead, at);
            (of(character), length)
        }
        [] => (0, 0),
    }
}

/// Whether three scanners, each of the pieces of the one before, are those of DeepSeek.
pub(super) fn is_made_of(chain: &[Scanner]) -> bool {
    chain.len() == famous::DEEPSEEK.len()
        && chain.iter().zip(famous::DEEPSEEK).all(|(scanner, source)| {
            scanner.split().is_some_and(|split| {
                split.behavior == SplitBehavior::Isolated
                    && !split.invert
                    && matches!(&split.pattern, Pattern::Regex(regex) if regex.source() == source)
            })
        })
}

/// The end of the piece that begins at `start`, a position inside of the text.
pub(super) fn end(text: Text<'_>, start: usize) -> usize {
    let (first, length) = flags(text, start);
    if first & NUMBER == 0 {
        return Stretch { text, is_eastern: first & EASTERN != 0 }.end(start, first, length);
    }
    let mut at = start + length;
    for _ in 1..DIGITS {
        let (next, length) = flags(text, at);
        if next & NUMBER == 0 {
            break;
        }
        at += length;
    }
    at
}

/// What the third split sees alone: no numbers, and either nothing but what the second one sets apart or none of it.
#[derive(Clone, Copy)]
struct Stretch<'t> {
    text: Text<'t>,
    is_eastern: bool,
}

impl Stretch<'_> {
    /// The flags and the length of the character at a position; no length behind the end of the stretch.
    #[inline]
    fn flags(self, at: usize) -> (u8, usize) {
        let (found, length) = flags(self.text, at);
        let is_inside = found & NUMBER == 0 && (found & EASTERN != 0) == self.is_eastern;
        if is_inside { (found, length) } else { (0, 0) }
    }

    /// The end of a piece by its first character.
    #[inline]
    fn end(self, start: usize, first: u8, length: usize) -> usize {
        let next = start + length;
        let byte = self.text.byte(start);
        if byte.is_ascii_punctuation() && self.text.byte(next).is_ascii_alphabetic() {
            let rest = self.text.rest(next).iter();
            return next + rest.take_while(|byte| byte.is_ascii_alphabetic()).count();
        }
        if first & WORD != 0 {
            return self.run(next, WORD);
        }
        if first & SIGN != 0 {
            return self.signs(next);
        }
        let (second, _) = self.flags(next);
        if first & NEWLINE == 0 && second & WORD != 0 {
            return self.run(next, WORD);
        }
        if byte == b' ' && second & SIGN != 0 {
            return self.signs(next);
        }
        if first & SPACE != 0 { self.blank(start) } else { self.gap(start) }
    }

    /// The end of the run of characters with a flag.
    #[inline]
    fn run(self, mut at: usize, flag: u8) -> usize {
        loop {
            if flag == WORD && !self.is_eastern {
                at = self.text.skip(at, swar::letters);
            }
            let (found, length) = self.flags(at);
            if found & flag == 0 {
                return at;
            }
            at += length;
        }
    }

    /// `[\p{P}\p{S}]*[\r\n]*`
    #[inline]
    fn signs(self, at: usize) -> usize {
        self.run(self.run(at, SIGN), NEWLINE)
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`
    fn blank(self, start: usize) -> usize {
        let (mut at, mut last, mut newline) = (start, start, None);
        loop {
            let (found, length) = self.flags(at);
            if found & SPACE == 0 {
                // The last blank belongs to what follows, unless it is the only one or nothing follows.
                let is_whole = length == 0 || last == start;
                return newline.unwrap_or(if is_whole { at } else { last });
            }
            last = at;
            at += length;
            if found & NEWLINE != 0 {
                newline = Some(at);
            }
        }
    }

    /// The end of what nothing matches, such as control characters; one that stands before a word belongs to it.
    fn gap(self, start: usize) -> usize {
        let (mut at, mut last) = (start, start);
        loop {
            let (found, length) = self.flags(at);
            if found & WORD != 0 {
                return last;
            }
            if length == 0 || found & (SIGN | SPACE) != 0 {
                return at;
            }
            last = at;
            at += length;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Kind;
    use super::*;
    use crate::pre_tokenizers::{PreTokenizer, Split};
    use crate::util::regex::Regex;

    #[test]
    fn its_splits_are_recognised_and_others_are_not() {
        let part = |source, behavior| {
            let pattern = Pattern::Regex(Regex::new(source).expect("famous patterns are valid"));
            PreTokenizer::Split(Arc::new(Split { pattern, behavior, invert: false }))
        };
        let scanned_by_hand = |parts: Vec<PreTokenizer>| {
            let scanner = Scanner::of(&PreTokenizer::Sequence(Arc::new(parts)));
            matches!(scanner.expect("splits can be scanned").kind, Kind::DeepSeek)
        };
        let [numbers, eastern, rest] = famous::DEEPSEEK;
        let isolated = |source| part(source, SplitBehavior::Isolated);
        assert!(scanned_by_hand(vec![isolated(numbers), isolated(eastern), isolated(rest)]));
        assert!(!scanned_by_hand(vec![isolated(eastern), isolated(numbers), isolated(rest)]));
        let removed = part(numbers, SplitBehavior::Removed);
        assert!(!scanned_by_hand(vec![removed, isolated(eastern), isolated(rest)]));
    }

    #[test]
    fn ascii_is_as_the_tables_say() {
        for c in (0..128u8).map(char::from) {
            assert_eq!(ASCII[c as usize], of(c), "{c:?}");
        }
    }
}
