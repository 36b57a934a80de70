//! Where a text may be cut into units: places that no part of a pipeline looks across.
//!
//! [`Cut::next_unit`] takes one unit at a time; [`Cut::units`] takes sixty-four bytes at a time and gives the same.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a text has less than 4 GiB: checked where it comes in"
)]
#![allow(clippy::inline_always, reason = "what a tier runs has to be compiled for it")]

use fissile_unicode::category;

use super::beside::{
    Apart, attaches, begins_safely, behind_space, ends_safely, is_dropped, is_prepend,
};
use super::block::low;
use super::classes::Text;
use super::cuts::ROOM;
use super::seams::{FREE_AT_SPACE, FREE_BEFORE, FREE_BEHIND, Seams};
use super::tier::{Classes, Tier, WIDTH, Work, on_best};

/// Where a text may be cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cut {
    /// At white space, which the pipeline drops anyway; and on both sides of what it sets apart.
    DroppedSpace { apart: Apart },
    /// Before each space.
    BeforeSpace,
    /// Before each run of spaces, and between characters that no token of the model holds side by side; the
    /// segment is one word.
    Unbridged(Box<Seams>),
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
            Self::DroppedSpace { apart } => end_at_dropped(text, start, *apart),
            Self::BeforeSpace => (start + 1..bytes.len())
                .find(|&at| bytes[at] == b' ' && ends_safely(text, at))
                .unwrap_or(bytes.len()),
            Self::Unbridged(seams) => {
                (start + 1..bytes.len()).find(|&at| seams.is_free(text, at)).unwrap_or(bytes.len())
            }
        };
        Some((start, end))
    }

    /// Whether every unit that a letter of ASCII ends is ended by a space that a letter follows.
    pub(crate) fn ends_at_space(&self, letter: char) -> bool {
        match self {
            Self::DroppedSpace { .. } | Self::BeforeSpace => true,
            Self::Unbridged(seams) => {
                u8::try_from(letter).is_ok_and(|letter| !seams.ascii.holds(letter, b' '))
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
        let around = |apart| Around::new(tier, text, at).with_wide(text, at, apart);
        match self {
            Self::DroppedSpace { apart } => around(*apart).between_spaces(*apart),
            Self::BeforeSpace => {
                let around = around(Apart::Nothing);
                Marks::touching(around.spaces_behind_safe(), around.len)
            }
            Self::Unbridged(seams) => {
                let mut around = Around::new(tier, text, at);
                let wide = around.free_wide(text, at, seams);
                let found = wide | around.unbridged(text.as_bytes(), at, seams);
                Marks::touching(found, around.len)
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

/// The first and the last of the characters that most Chinese text consists of.
const FIRST_HAN: char = '\u{4e00}';
const LAST_HAN: char = '\u{9fa5}';

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
    /// Of all of these, what stands apart from its neighbours.
    alone: u64,
    /// Bytes of a character behind its first.
    inner: u64,
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
        Self {
            graphic: classes.graphic,
            dropped,
            apart: 0,
            marks: 0,
            alone: 0,
            inner: 0,
            strange: 0,
            len: known as u32,
            classes,
        }
    }

    /// The same with the characters of several bytes.
    #[inline(always)]
    fn with_wide(mut self, text: &str, at: usize, apart: Apart) -> Self {
        if self.classes.wide != 0 {
            self.add_wide(text, at, apart);
        }
        let fine = self.graphic | self.dropped | self.apart | self.marks;
        self.strange = (!fine | !low(self.len)).trailing_zeros();
        self
    }

    /// The next of the characters of several bytes in `left`, and its bytes. One that the block cuts ends it.
    #[inline(always)]
    fn next_wide(&mut self, view: Text<'_>, at: usize, left: &mut u64) -> Option<(char, u64)> {
        if *left == 0 {
            return None;
        }
        let place = left.trailing_zeros();
        let here = at + place as usize;
        let (character, length) = view.decode(view.byte(here), here);
        let bits = low(length as u32) << place;
        if place + length as u32 > self.len {
            self.len = place;
            return None;
        }
        *left &= !bits;
        Some((character, bits))
    }

    /// Add the characters of several bytes. One that the block cuts ends it.
    fn add_wide(&mut self, text: &str, at: usize, apart: Apart) {
        let view = Text::new(text);
        let mut left = self.classes.wide & low(self.len);
        while let Some((character, bits)) = self.next_wide(view, at, &mut left) {
            self.inner |= bits & (bits - 1);
            if matches!(character, FIRST_HAN..=LAST_HAN) {
                // All of them are letters.
                self.apart |= bits;
                self.alone |= if apart == (Apart::Bert { chinese: true }) { bits } else { 0 };
                continue;
            }
            let class = category::class(character);
            let is_text = class.is_letter() || class.is_number() || class.is_punctuation();
            let is_mark = class.is_mark() || attaches(character);
            match (is_text || is_mark) && !is_prepend(character) {
                true if is_mark => self.marks |= bits,
                true => self.apart |= bits,
                false => {}
            }
            if apart.holds(character) {
                self.alone |= bits;
            }
        }
    }

    /// Units between white space, and around what stands apart.
    #[inline(always)]
    fn between_spaces(&self, apart: Apart) -> Marks {
        let known = low(self.strange);
        let dropped = self.dropped & known;
        let inside = known & !dropped;
        let mut begins = inside & !(inside << 1);
        let marks = self.graphic & !(self.classes.letter | self.classes.number);
        match apart {
            Apart::Nothing => {}
            Apart::AsciiPunctuation => {
                begins |= (marks | marks << 1) & self.graphic & self.graphic << 1 & known;
            }
            Apart::Bert { .. } => {
                let alone = marks | self.alone;
                begins |= (alone | alone << 1) & inside & inside << 1 & !self.inner;
            }
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

    /// Places beside characters of several bytes that no token reaches across. One that the block cuts ends it.
    #[inline(always)]
    fn free_wide(&mut self, text: &str, at: usize, seams: &Seams) -> u64 {
        let view = Text::new(text);
        let mut left = self.classes.wide & low(self.len);
        let wide = left;
        let mut found = 0;
        while let Some((character, bits)) = self.next_wide(view, at, &mut left) {
            let free = seams.free(character);
            let (begin, end) = (bits & bits.wrapping_neg(), (bits << 1) & !bits);
            found |= if free & FREE_BEFORE == 0 { 0 } else { begin };
            found |= if free & FREE_BEHIND == 0 { 0 } else { end };
            found |= if free & FREE_AT_SPACE == 0 { 0 } else { end & self.classes.blank };
        }
        if seams.line_feed_is_free {
            let line_feed = self.classes.line_feed;
            found |= (wide << 1 & !wide & line_feed) | (line_feed << 1 & wide);
        }
        found
    }

    /// Places between ASCII characters that no token reaches across.
    #[inline(always)]
    fn unbridged(&self, bytes: &[u8], at: usize, seams: &Seams) -> u64 {
        let (blank, bridged) = (self.classes.blank, &seams.ascii);
        let mut found = 0;
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
fn end_at_dropped(text: &str, start: usize, apart: Apart) -> usize {
    let bytes = text.as_bytes();
    let mut end = start + 1;
    while end < bytes.len() {
        if is_dropped(bytes[end]) {
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
        } else if apart.cuts(text, end) {
            return end;
        } else {
            end += 1;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::ascii_pairs::AsciiPairs;
    use super::super::tier::on_each;
    use super::*;

    fn seams(ascii: AsciiPairs, usual: u8) -> Cut {
        let others = ('\u{80}'..'\u{3100}').map(|c| (c, (u32::from(c) % 7) as u8));
        Cut::Unbridged(Box::new(Seams::new(ascii, usual, others).unwrap()))
    }

    fn cuts() -> Vec<Cut> {
        let tokens = ["th", "he", " t", " a", "a.", "..", "é ", "b1", "  "];
        let some = tokens.iter().filter(|token| token.is_ascii());
        let some = some.map(|token| (token.as_bytes()[0], token.as_bytes()[1]));
        let letters = || (b'A'..=b'z').filter(u8::is_ascii_alphabetic);
        let all = letters().flat_map(|left| letters().map(move |right| (left, right)));
        let usual = all.chain(letters().map(|letter| (b' ', letter))).chain([(b'(', b')')]);
        vec![
            Cut::DroppedSpace { apart: Apart::Nothing },
            Cut::DroppedSpace { apart: Apart::AsciiPunctuation },
            Cut::DroppedSpace { apart: Apart::Bert { chinese: false } },
            Cut::DroppedSpace { apart: Apart::Bert { chinese: true } },
            Cut::BeforeSpace,
            seams(AsciiPairs::new(some), 0),
            seams(AsciiPairs::new(usual), FREE_BEHIND | FREE_BEFORE | FREE_AT_SPACE),
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

    /// One block after the other, each on every tier.
    fn in_blocks(cut: &Cut, text: &str) -> Vec<(u32, u32)> {
        let (mut units, mut at) = (Vec::new(), 0);
        while at < text.len() {
            let mut found = on_each(|| Block { cut, text, at }).into_iter();
            let (block, end) = found.next().expect("there is a tier");
            found.for_each(|other| assert_eq!(other, (block.clone(), end), "{cut:?} {text:?}"));
            assert!(end > at);
            units.extend(block);
            at = end;
        }
        units
    }

    /// The units of one block.
    struct Block<'a> {
        cut: &'a Cut,
        text: &'a str,
        at: usize,
    }

    impl Work for Block<'_> {
        type Output = (Vec<(u32, u32)>, usize);

        #[inline(always)]
        fn with(self, tier: impl Tier) -> Self::Output {
            let Self { cut, text, at } = self;
            let mut room = [(0, 0); 2 * WIDTH];
            let (count, end) = Units { cut, text, at, room: &mut room }.with(tier);
            (room[..count].to_vec(), end)
        }
    }

    /// Between letters a block makes no cuts, though they may be free.
    fn check(text: &str) {
        let bytes = text.as_bytes();
        for cut in cuts() {
            let expected = one_by_one(&cut, text);
            let found = in_blocks(&cut, text);
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
