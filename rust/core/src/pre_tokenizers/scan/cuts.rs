//! Where the pieces of a [`Grammar`] begin, sixty-four bytes at a time.
//!
//! The slow twin is [`Grammar::end`]: it takes one piece at a time, and every piece that a block does not tell
//! about. A block begins where a piece does, so that nothing before it matters.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a text has less than 4 GiB: checked where it comes in"
)]
#![allow(clippy::inline_always, reason = "what a tier runs has to be compiled for it")]

use super::block::{Block, low};
use super::classes::Text;
use super::grammar::{Contractions, Grammar, Numbers, Tail, Words};
use super::tier::{Tier, WIDTH, Work, on_best};

/// Room that one more block may need.
pub(crate) const ROOM: usize = WIDTH;

impl Grammar {
    /// Write the pieces from `at` on into `room`, as long as there is [`ROOM`]: how many they are, and
    /// where the last one ends. No progress means that there is no room, or no text.
    pub(crate) fn cut(self, text: &str, at: usize, room: &mut [(u32, u32)]) -> (usize, usize) {
        on_best(Cut { grammar: self, text: Text::new(text), at, room })
    }

    /// Where pieces begin behind `at`, where one does: some of the next, as far as they are certain. The end of the text
    /// counts as one.
    #[inline(always)]
    fn starts(self, tier: impl Tier, text: Text<'_>, at: usize) -> u64 {
        let cased = self.words == Words::Cased;
        let block = Block::new(tier, text, at, cased);
        if block.len == 0 {
            return 0;
        }
        let mut other = block.other;
        let tail = self.tail(&block);
        other &= !tail;
        let blank = block.blank << 1;
        let others = other & !(other << 1 | blank);
        let spaces = self.spaces(&block, tail);
        let letters = match self.words {
            Words::Spaced => block.letter & !(block.letter << 1 | blank),
            Words::Prefixed | Words::Cased => {
                // Behind white space that is no line's end, and behind a mark that is alone.
                let prefixed = (block.space & !block.newline) << 1;
                let marked = ((others << 1).wrapping_add(block.inner)) & !block.inner;
                block.letter & !(block.letter << 1 | prefixed | marked)
            }
        };
        let mut starts = letters | self.numbers(&block, blank) | others | spaces;
        let mut len = block.len;
        if cased {
            let upper = block.letter & !(block.lower | block.both);
            starts |= upper & block.lower << 1;
            // A letter without case beside one that has one: look closer.
            let with_case = block.letter & !block.both;
            let meets = block.both & with_case << 1 | with_case & block.both << 1;
            len = len.min(meets.trailing_zeros());
        }
        let apostrophes = block.apostrophe & others;
        if apostrophes != 0 && self.contractions != Contractions::None {
            starts = self.contract(text, at, starts, apostrophes, block.letter);
        }
        // White space that the next bytes may go on with is not certain, but for where it begins.
        let spaces = (block.space << (u64::BITS - len)).leading_ones();
        let certain = low(len - spaces) << 1 | 1;
        // Where the text ends, a piece would begin if there were more.
        let ends = u32::from(len < u64::BITS && text.len() - at == len as usize);
        (starts | low(ends) << (len % u64::BITS)) & certain & low(len + ends) & !1
    }

    /// What follows other characters in the same piece.
    #[inline(always)]
    fn tail(self, block: &Block) -> u64 {
        let follows = match self.tail {
            Tail::Nothing => return 0,
            Tail::Newlines => block.newline,
            Tail::NewlinesAndSlashes => block.newline | block.slash,
        };
        let first = block.other << 1 & block.newline;
        // The sum carries through each run that begins with one of the first.
        ((first.wrapping_add(follows) ^ follows) | first) & follows
    }

    #[inline(always)]
    fn numbers(self, block: &Block, blank: u64) -> u64 {
        let number = block.number;
        let first = number & !(number << 1);
        match self.numbers {
            Numbers::Spaced => first & !blank,
            Numbers::UpTo(1) => number,
            Numbers::UpTo(most) => {
                let most = u32::from(most);
                // Numbers with so many before them.
                let long = (1..=most).fold(number, |long, back| long & number << back);
                let (mut starts, mut next) = (first, first);
                while next != 0 && long != 0 {
                    next = next << most & long;
                    starts |= next;
                }
                starts
            }
        }
    }

    /// Where pieces of white space begin.
    #[inline(always)]
    fn spaces(self, block: &Block, tail: u64) -> u64 {
        let space = block.space;
        let first = space & !(space << 1 | tail);
        let ends = space & !(space >> 1);
        if !self.newlines {
            return first | ends;
        }
        let inline = space & !block.newline;
        let behind = block.newline << 1 & inline;
        // Where the white space behind a newline ends.
        let stops = behind.wrapping_add(inline) & !inline;
        let mut reached = stops & block.newline;
        let mut begins = behind;
        while reached != 0 {
            // At another newline: it begins nothing, but behind a tail.
            let stop = reached.trailing_zeros();
            let run = (inline << (u64::BITS - stop)).leading_ones();
            begins &= !(1 << (stop - run)) | tail << 1;
            reached &= reached - 1;
        }
        first | ends & inline | begins
    }

    /// Contractions: at these apostrophes, where pieces begin so far.
    fn contract(
        self,
        text: Text<'_>,
        at: usize,
        mut starts: u64,
        mut apostrophes: u64,
        letter: u64,
    ) -> u64 {
        let cased = self.words == Words::Cased;
        let mut last = 0;
        while apostrophes != 0 {
            let place = apostrophes.trailing_zeros();
            apostrophes &= apostrophes - 1;
            // Behind a word, but not behind another contraction, it is part of the word.
            if cased && (letter << 1 >> place & 1 == 0 || place == last) {
                continue;
            }
            let Some(end) = self.contraction(text, at + place as usize) else { continue };
            last = (end - at) as u32;
            let inside = low(last) & !low(if cased { place } else { place + 1 });
            starts &= !inside;
            starts |= 1_u64.checked_shl(last).unwrap_or(0);
        }
        starts
    }
}

/// The cutting of a text, as far as there is room.
struct Cut<'t, 'r> {
    grammar: Grammar,
    text: Text<'t>,
    at: usize,
    room: &'r mut [(u32, u32)],
}

impl Work for Cut<'_, '_> {
    type Output = (usize, usize);

    #[inline(always)]
    fn with(self, tier: impl Tier) -> (usize, usize) {
        let Self { grammar, text, mut at, room } = self;
        let mut count = 0;
        while at < text.len()
            && let Some(room) = room.get_mut(count..).and_then(<[_]>::first_chunk_mut::<ROOM>)
        {
            let mut starts = grammar.starts(tier, text, at);
            if starts == 0 {
                let end = grammar.end(text, at);
                room[0] = (at as u32, end as u32);
                (at, count) = (end, count + 1);
                continue;
            }
            count += starts.count_ones() as usize;
            let base = at;
            for span in room {
                let end = base + starts.trailing_zeros() as usize;
                *span = (at as u32, end as u32);
                at = end;
                starts &= starts - 1;
                if starts == 0 {
                    break;
                }
            }
        }
        (count, at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::famous;
    use super::super::tier::on_each;
    use super::*;
    use crate::util::regex::famous::ALL;

    /// Pieces by the slow twin.
    fn one_by_one(grammar: Grammar, text: &str) -> Vec<(u32, u32)> {
        let mut spans = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let end = grammar.end(Text::new(text), at);
            spans.push((at as u32, end as u32));
            at = end;
        }
        spans
    }

    /// The pieces of one block.
    struct Block<'a> {
        grammar: Grammar,
        text: &'a str,
        at: usize,
    }

    impl Work for Block<'_> {
        type Output = (Vec<(u32, u32)>, usize);

        #[inline(always)]
        fn with(self, tier: impl Tier) -> Self::Output {
            let Self { grammar, text, at } = self;
            let mut room = [(0, 0); 2 * ROOM];
            let cut = Cut { grammar, text: Text::new(text), at, room: &mut room };
            let (count, end) = cut.with(tier);
            (room[..count].to_vec(), end)
        }
    }

    /// One block after the other, each on every tier.
    fn in_blocks(grammar: Grammar, text: &str) -> Vec<(u32, u32)> {
        let (mut spans, mut at) = (Vec::new(), 0);
        while at < text.len() {
            let mut found = on_each(|| Block { grammar, text, at }).into_iter();
            let (block, end) = found.next().expect("there is a tier");
            found.for_each(|other| assert_eq!(other, (block.clone(), end), "{grammar:?} {text:?}"));
            assert!(end > at);
            spans.extend(block);
            at = end;
        }
        spans
    }

    fn check(text: &str) {
        for grammar in ALL.into_iter().filter_map(famous::grammar) {
            let expected = one_by_one(grammar, text);
            let found = in_blocks(grammar, text);
            let differs = expected.iter().zip(&found).position(|(one, other)| one != other);
            if let Some(at) = differs {
                let ((start, end), found) = (expected[at], found[at]);
                let end = end.max(found.1) as usize;
                panic!(
                    "{grammar:?} {:?}: {found:?}, not {:?}",
                    &text[start as usize..end],
                    expected[at]
                );
            }
            assert_eq!(expected.len(), found.len());
        }
    }

    /// Characters that the rules are about, most of them ASCII, so that blocks are seldom left.
    fn parts() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            8 => "[a-zA-Z]{1,6}",
            4 => "[ ]{1,3}",
            3 => "[\\t \\n\\r]{1,4}",
            3 => "'(s|t|re|ve|m|ll|d|S|LL|rE|x|\u{17f})?",
            3 => "[0-9]{1,9}",
            3 => "[!-/:-@_{-~]{1,3}[\\n/]{0,2}",
            2 => "[äßéΩжДя“”—€]",
            1 => "[漢字ความहिन्दी\u{301}\u{300}]{1,3}",
            1 => "[٣½\u{a0}\u{3000}\u{85}\u{2028}ªǅ\u{1f600}]",
            1 => "[a-z]{60,70}",
            1 => " {60,70}",
        ];
        prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn blocks_cut_as_the_twin_does(text in parts()) {
            check(&text);
        }
    }

    #[test]
    fn every_short_text_of_the_classes() {
        // One character of each kind, in all texts of four, each in front of a long rest and at the end.
        let kinds = ["a", "B", "1", " ", "\n", "\t", "!", "'", "/", "s", "é", "“", "漢", "\u{301}"];
        let mut text = String::new();
        for number in 0..kinds.len().pow(4) {
            let at = |place: u32| kinds[number / kinds.len().pow(place) % kinds.len()];
            let four = [at(0), at(1), at(2), at(3)].concat();
            check(&four);
            text.push_str(&four);
            text.push_str(if number % 3 == 0 { ";\r\n" } else { "x" });
        }
        check(&text);
    }

    #[test]
    fn every_character_in_a_block() {
        let text: String = ('\0'..=char::MAX).flat_map(|c| ['a', c, 'b', ' ', c, '\n']).collect();
        check(&text);
    }
}
