//! Where a text may be cut into units: places that no part of a pipeline looks across.
//!
//! [`Cut::next_unit`] takes one unit at a time; [`Cut::units`] takes sixty-four bytes at a time and gives the same.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a text has less than 4 GiB: checked where it comes in"
)]
#![allow(clippy::inline_always, reason = "what a tier runs has to be compiled for it")]

use fissile_unicode::category;

use super::block::low;
use super::classes::Text;
use super::cuts::ROOM;
use super::tier::{Classes, Tier, WIDTH, Work, on_best};

/// Where a text may be cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cut {
    /// At white space, which the pipeline drops anyway; and, where the pipeline sets punctuation apart,
    /// on both sides of an ASCII punctuation mark that stands among ASCII.
    DroppedSpace { punctuation_apart: bool },
    /// Before each space.
    BeforeSpace,
    /// Before each run of spaces, and between ASCII characters that no token of the model holds side by
    /// side; the segment is one word.
    Unbridged(Box<AsciiPairs>),
}

/// A set of pairs of ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AsciiPairs {
    /// For each left character a bit for each right one.
    rows: [u128; 128],
    /// Whether the space is with every letter behind it.
    space_holds_letters: bool,
    /// Whether no character that is seen is with a space behind it.
    nothing_holds_space: bool,
}

impl AsciiPairs {
    /// From some pairs.
    pub(crate) fn new(pairs: impl Iterator<Item = (u8, u8)>) -> Self {
        let mut set =
            Self { rows: [0; 128], space_holds_letters: false, nothing_holds_space: false };
        for (left, right) in pairs {
            set.rows[usize::from(left & 127)] |= 1 << (right & 127);
        }
        let mut ascii = 0..128;
        set.space_holds_letters =
            ascii.clone().all(|byte: u8| !byte.is_ascii_alphabetic() || set.holds(b' ', byte));
        set.nothing_holds_space =
            ascii.all(|byte: u8| !byte.is_ascii_graphic() || !set.holds(byte, b' '));
        set
    }

    #[inline]
    fn holds(&self, left: u8, right: u8) -> bool {
        self.rows[usize::from(left & 127)] >> (right & 127) & 1 == 1
    }
}

impl Cut {
    /// The next unit at or behind `at`.
    pub(crate) fn next_unit(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let bytes = text.as_bytes();
        let drops = matches!(self, Self::DroppedSpace { .. });
        // White space that something unsafe follows belongs to the unit.
        let behind = if drops { behind_space(bytes, at) } else { at };
        let start = if begins_safely(text, behind) { behind } else { at };
        if start == bytes.len() {
            return None;
        }
        let end = match self {
            Self::DroppedSpace { punctuation_apart } => {
                end_at_dropped(text, start, *punctuation_apart)
            }
            Self::BeforeSpace => (start + 1..bytes.len())
                .find(|&at| bytes[at] == b' ' && ends_safely(text, at))
                .unwrap_or(bytes.len()),
            Self::Unbridged(bridged) => (start + 1..bytes.len())
                .find(|&at| is_unbridged(text, at, bridged))
                .unwrap_or(bytes.len()),
        };
        Some((start, end))
    }

    /// Whether every unit that a letter of ASCII ends is ended by a space that a letter follows.
    pub(crate) fn ends_at_space(&self, letter: char) -> bool {
        match self {
            Self::DroppedSpace { .. } | Self::BeforeSpace => true,
            Self::Unbridged(bridged) => {
                u8::try_from(letter).is_ok_and(|letter| !bridged.holds(letter, b' '))
            }
        }
    }

    /// Write the units at or behind `at` into `room`, as long as there is room for those of a block: how many
    /// they are, and where to go on.
    pub(crate) fn units(&self, text: &str, at: usize, room: &mut [(u32, u32)]) -> (usize, usize) {
        on_best(Units { cut: self, text, at, room })
    }

    /// The units of the next bytes, as far as they are certain.
    #[inline(always)]
    fn marks(&self, tier: impl Tier, text: &str, at: usize) -> Marks {
        let around = Around::new(tier, text, at);
        match self {
            Self::DroppedSpace { punctuation_apart } => around.between_spaces(*punctuation_apart),
            Self::BeforeSpace => Marks::touching(around.spaces_behind_safe(), around.len),
            Self::Unbridged(bridged) => {
                Marks::touching(around.unbridged(text.as_bytes(), at, bridged), around.len)
            }
        }
    }
}

/// Where units begin and end within a block, one bit each; as many ends as begins, each behind its begin.
struct Marks {
    begins: u64,
    ends: u64,
}

impl Marks {
    /// Of units that touch, from where they begin behind the first, which begins the block.
    #[inline(always)]
    fn touching(begins: u64, len: u32) -> Self {
        let ends = begins & low(len) & !1;
        // The last one ends outside.
        let last = if ends == 0 { 1 } else { 1 << (u64::BITS - 1 - ends.leading_zeros()) };
        Self { begins: (ends | 1) & !last, ends }
    }
}

/// The cutting of a text into units, as far as there is room.
struct Units<'t, 'r> {
    cut: &'t Cut,
    text: &'t str,
    at: usize,
    room: &'r mut [(u32, u32)],
}

impl Work for Units<'_, '_> {
    type Output = (usize, usize);

    #[inline(always)]
    fn with(self, tier: impl Tier) -> (usize, usize) {
        let Self { cut, text, mut at, room } = self;
        let mut count = 0;
        while at < text.len()
            && let Some(room) = room.get_mut(count..).and_then(<[_]>::first_chunk_mut::<ROOM>)
        {
            let Marks { mut begins, mut ends } = cut.marks(tier, text, at);
            if ends == 0 {
                let Some((start, end)) = cut.next_unit(text, at) else {
                    return (count, text.len());
                };
                room[0] = (start as u32, end as u32);
                (at, count) = (end, count + 1);
                continue;
            }
            count += ends.count_ones() as usize;
            let base = at;
            for span in room {
                at = base + ends.trailing_zeros() as usize;
                *span = (base as u32 + begins.trailing_zeros(), at as u32);
                begins &= begins.wrapping_sub(1);
                ends &= ends - 1;
                if ends == 0 {
                    break;
                }
            }
        }
        (count, at)
    }
}

/// What a block's characters are to units.
struct Around {
    classes: Classes,
    /// ASCII that is seen.
    graphic: u64,
    /// White space that is a boundary.
    dropped: u64,
    /// Characters beyond ASCII that stay apart from white space on both sides.
    apart: u64,
    /// Marks, and what is like them: they stay apart from white space behind them.
    marks: u64,
    /// The first byte that is none of these.
    strange: u32,
    /// How many bytes are known.
    len: u32,
}

impl Around {
    #[inline(always)]
    fn new(tier: impl Tier, text: &str, at: usize) -> Self {
        let rest = &text.as_bytes()[at..];
        let (classes, known) = match rest.first_chunk::<WIDTH>() {
            Some(bytes) => (tier.classes(bytes), WIDTH),
            None => (at_end(tier, rest), rest.len()),
        };
        let dropped = classes.blank | classes.tab | classes.line_feed;
        let mut around = Self {
            graphic: classes.graphic,
            dropped,
            apart: 0,
            marks: 0,
            strange: 0,
            len: known as u32,
            classes,
        };
        if around.classes.wide != 0 {
            around.add_wide(text, at);
        }
        let fine = around.graphic | dropped | around.apart | around.marks;
        around.strange = (!fine | !low(around.len)).trailing_zeros();
        around
    }

    /// Add the characters of several bytes. One that the block cuts ends it.
    fn add_wide(&mut self, text: &str, at: usize) {
        let view = Text::new(text);
        let mut left = self.classes.wide & low(self.len);
        while left != 0 {
            let place = left.trailing_zeros();
            let here = at + place as usize;
            let (character, length) = view.decode(view.byte(here), here);
            let bits = low(length as u32) << place;
            if place + length as u32 > self.len {
                self.len = place;
                return;
            }
            let class = category::class(character);
            let is_text = class.is_letter() || class.is_number() || class.is_punctuation();
            let is_mark = class.is_mark() || attaches(character);
            match (is_text || is_mark) && !is_prepend(character) {
                true if is_mark => self.marks |= bits,
                true => self.apart |= bits,
                false => {}
            }
            left &= !bits;
        }
    }

    /// Units between white space, and if `punctuation` says so around ASCII punctuation in ASCII.
    #[inline(always)]
    fn between_spaces(&self, punctuation: bool) -> Marks {
        let known = low(self.strange);
        let dropped = self.dropped & known;
        let inside = known & !dropped;
        let mut begins = inside & !(inside << 1);
        if punctuation {
            let marks = self.graphic & !(self.classes.letter | self.classes.number);
            begins |= (marks | marks << 1) & self.graphic & self.graphic << 1 & known;
        }
        // A mark that white space, or nothing known, stands before takes it in.
        let taking = self.marks & known & !(inside << 1);
        let mut certain = self.strange.min(taking.trailing_zeros());
        let ends = inside << 1 & (dropped | begins);
        // What follows the last white space says whether a unit ends there.
        let blank = dropped << (u64::BITS - certain).min(63);
        certain -= if certain == 0 { 0 } else { blank.leading_ones().min(certain) };
        let ends = ends & low(certain);
        let last = u64::BITS - ends.leading_zeros();
        let begins = begins & low(last.saturating_sub(1));
        Marks { begins, ends }
    }

    /// Spaces that what stands before them does not take in.
    #[inline(always)]
    fn spaces_behind_safe(&self) -> u64 {
        let safe = self.graphic | self.dropped | self.apart | self.marks;
        self.classes.blank & safe << 1
    }

    /// Places that no token reaches across.
    #[inline(always)]
    fn unbridged(&self, bytes: &[u8], at: usize, bridged: &AsciiPairs) -> u64 {
        let blank = self.classes.blank;
        let wide = (self.apart | self.marks) << 1;
        let mut found = blank & wide;
        // Two ASCII characters that are not both letters; letters are seldom apart.
        let (ascii, letter) = (!self.classes.wide, self.classes.letter);
        let mut asked = ascii & ascii << 1 & !(letter & letter << 1) & low(self.len) & !1;
        asked &= !(blank & blank << 1);
        if bridged.space_holds_letters {
            asked &= !(letter & blank << 1);
        }
        if bridged.nothing_holds_space {
            let free = blank & asked & self.graphic << 1;
            found |= free;
            asked &= !free;
        }
        while asked != 0 {
            let place = asked.trailing_zeros();
            let here = at + place as usize;
            if let [before, byte] = bytes[here - 1..=here]
                && !bridged.holds(before, byte)
            {
                found |= 1 << place;
            }
            asked &= asked - 1;
        }
        found
    }
}

#[inline(never)]
fn at_end(tier: impl Tier, rest: &[u8]) -> Classes {
    let mut bytes = [0; WIDTH];
    bytes[..rest.len()].copy_from_slice(rest);
    tier.classes(&bytes)
}

/// The end of the unit that begins at `start`, where white space is dropped.
fn end_at_dropped(text: &str, start: usize, punctuation_apart: bool) -> usize {
    let bytes = text.as_bytes();
    let mut end = start + 1;
    while end < bytes.len() {
        let (before, byte) = (bytes[end - 1], bytes[end]);
        if is_dropped(byte) {
            let behind = behind_space(bytes, end);
            if begins_safely(text, behind) {
                if ends_safely(text, end) {
                    return end;
                }
                // Between two of them it is always safe.
                if end + 1 < behind {
                    return end + 1;
                }
            }
            end = behind;
        } else if punctuation_apart
            && byte.is_ascii_graphic()
            && before.is_ascii_graphic()
            && (byte.is_ascii_punctuation() || before.is_ascii_punctuation())
        {
            return end;
        } else {
            end += 1;
        }
    }
    end
}

/// Whether no token reaches across `at`.
fn is_unbridged(text: &str, at: usize, bridged: &AsciiPairs) -> bool {
    let bytes = text.as_bytes();
    match (bytes[at - 1], bytes[at]) {
        (b' ', b' ') => false,
        (before, byte) if before.is_ascii() && byte.is_ascii() => !bridged.holds(before, byte),
        (_, b' ') => ends_safely(text, at),
        _ => false,
    }
}

/// White space of one byte that every part of such a pipeline treats as a boundary. A carriage return is
/// not among them: with a line feed it is one grapheme.
fn is_dropped(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t')
}

fn behind_space(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| is_dropped(**byte)).count()
}

/// Whether what begins at `at` never attaches to white space before it, as a mark or a joiner would.
fn begins_safely(text: &str, at: usize) -> bool {
    use fissile_unicode::category::{is_letter, is_number, is_punctuation};
    match text.as_bytes().get(at) {
        None => true,
        Some(byte) if byte.is_ascii() => byte.is_ascii_graphic(),
        Some(_) => text[at..]
            .chars()
            .next()
            .is_some_and(|c| (is_letter(c) || is_number(c) || is_punctuation(c)) && !attaches(c)),
    }
}

/// The letters that graphemes or compatibility forms treat as marks.
fn attaches(c: char) -> bool {
    matches!(c, '\u{e33}' | '\u{eb3}' | '\u{ff9e}' | '\u{ff9f}')
}

/// Whether what ends before `at` never takes the next character into its grapheme.
fn ends_safely(text: &str, at: usize) -> bool {
    use fissile_unicode::category::{is_letter, is_mark, is_number, is_punctuation};
    match text.as_bytes()[at - 1] {
        byte if byte.is_ascii() => byte.is_ascii_graphic() || is_dropped(byte),
        _ => text[..at].chars().next_back().is_some_and(|c| {
            (is_letter(c) || is_number(c) || is_punctuation(c) || is_mark(c)) && !is_prepend(c)
        }),
    }
}

/// The letters of the Unicode property `Grapheme_Cluster_Break=Prepend`.
fn is_prepend(c: char) -> bool {
    matches!(
        c,
        '\u{d4e}'
            | '\u{111c2}'
            | '\u{111c3}'
            | '\u{113d1}'
            | '\u{1193f}'
            | '\u{11941}'
            | '\u{11a3a}'
            | '\u{11a84}'..='\u{11a89}' | '\u{11d46}' | '\u{11f02}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tier::Portable;
    use super::*;

    fn cuts() -> Vec<Cut> {
        let tokens = ["th", "he", " t", " a", "a.", "..", "é ", "b1", "  "];
        let some = tokens.iter().filter(|token| token.is_ascii());
        let some = some.map(|token| (token.as_bytes()[0], token.as_bytes()[1]));
        let letters = || (b'A'..=b'z').filter(u8::is_ascii_alphabetic);
        let all = letters().flat_map(|left| letters().map(move |right| (left, right)));
        let usual = all.chain(letters().map(|letter| (b' ', letter))).chain([(b'(', b')')]);
        vec![
            Cut::DroppedSpace { punctuation_apart: false },
            Cut::DroppedSpace { punctuation_apart: true },
            Cut::BeforeSpace,
            Cut::Unbridged(Box::new(AsciiPairs::new(some))),
            Cut::Unbridged(Box::new(AsciiPairs::new(usual))),
        ]
    }

    fn one_by_one(cut: &Cut, text: &str) -> Vec<(u32, u32)> {
        let (mut units, mut at) = (Vec::new(), 0);
        while let Some((start, end)) = cut.next_unit(text, at) {
            units.push((start as u32, end as u32));
            at = end;
        }
        units
    }

    fn in_blocks(cut: &Cut, text: &str, portable: bool) -> Vec<(u32, u32)> {
        let (mut units, mut at) = (Vec::new(), 0);
        let mut room = [(0, 0); 2 * WIDTH];
        while at < text.len() {
            let work = Units { cut, text, at, room: &mut room };
            let (count, end) = if portable { work.with(Portable) } else { on_best(work) };
            assert!(end > at);
            units.extend_from_slice(&room[..count]);
            at = end;
        }
        units
    }

    /// Between letters a block makes no cuts, though they may be free.
    fn check(text: &str) {
        let bytes = text.as_bytes();
        for cut in cuts() {
            let expected = one_by_one(&cut, text);
            for portable in [false, true] {
                let found = in_blocks(&cut, text, portable);
                if matches!(cut, Cut::Unbridged(_)) {
                    let ends = |units: &[(u32, u32)]| -> Vec<usize> {
                        let ends = units.iter().map(|unit| unit.1 as usize);
                        ends.filter(|&end| {
                            !bytes[end - 1].is_ascii_alphabetic()
                                || !bytes.get(end).is_some_and(u8::is_ascii_alphabetic)
                        })
                        .collect()
                    };
                    assert_eq!(ends(&expected), ends(&found), "{cut:?} {text:?}");
                    assert!(found.iter().all(|unit| expected.iter().any(|own| own.1 == unit.1)));
                } else {
                    assert_eq!(expected, found, "{cut:?} {text:?}");
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn blocks_cut_as_the_twin_does(parts in prop::collection::vec(prop_oneof![
            8 => "[a-zA-Z0-9]{1,6}",
            6 => "[ \\t\\n]{1,3}",
            3 => "[!-/:-@_]{1,3}",
            2 => "[äßéж“”—漢字。]{1,4}",
            1 => "[\\r\u{0}\u{7f}\u{a0}\u{3000}☃€\u{200b}]",
            1 => "[\u{301}\u{e33}\u{ff9e}\u{d4e}\u{111c2}ि]{1,2}",
            1 => "[a-z]{60,70}",
            1 => " {60,70}",
        ], 0..50)) {
            check(&parts.concat());
        }
    }

    #[test]
    fn every_character_between_others() {
        let text: String = ('\0'..=char::MAX)
            .flat_map(|c| ['a', c, 'b', ' ', c, ' ', '.', c, '\n', 't', 'h', 'e', ' '])
            .collect();
        for part in text.as_bytes().chunks(1000) {
            check(&String::from_utf8_lossy(part));
        }
    }
}
