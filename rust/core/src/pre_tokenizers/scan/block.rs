//! Sixty-four bytes at a time: for each class of characters one word with a bit per byte.
//!
//! Where pieces begin is then a matter of shifts and sums of such words (see [`cuts`](super::cuts)), without a
//! branch for each character. A character of several bytes has its class at each of them.

#![allow(clippy::cast_possible_truncation, reason = "places within a block are below 64")]
#![allow(clippy::inline_always, reason = "what a tier runs has to be compiled for it")]

use super::classes::{LETTER, LOWER, MARK, NUMBER, SPACE, Text, UPPER};
use super::tier::{Classes, Tier, WIDTH};

/// The classes of a text's next bytes, the first in the lowest bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Block {
    /// `\p{L}`; marks, too, where they belong to words.
    pub(super) letter: u64,
    /// Of the letters, those that only go on a word, as lower-case ones do.
    pub(super) lower: u64,
    /// Of the letters, those that begin words and go on with them: they have no case.
    pub(super) both: u64,
    /// `\p{N}`
    pub(super) number: u64,
    /// `\s`
    pub(super) space: u64,
    /// `[\r\n]`
    pub(super) newline: u64,
    /// The space itself.
    pub(super) blank: u64,
    /// `[^\s\p{L}\p{N}]`
    pub(super) other: u64,
    pub(super) apostrophe: u64,
    pub(super) slash: u64,
    /// Bytes of a character behind its first.
    pub(super) inner: u64,
    /// Bytes that are not ASCII.
    wide: u64,
    /// How many bytes are known; nothing is set behind them.
    pub(super) len: u32,
}

/// The lowest bits, so many.
#[inline]
pub(super) const fn low(count: u32) -> u64 {
    if count >= u64::BITS { u64::MAX } else { (1 << count) - 1 }
}

impl Block {
    /// The classes of the bytes from `at` on, a position inside of the text where a character begins. Known are
    /// those up to the first character that only a closer look tells about (white space and numbers beyond ASCII,
    /// and marks that belong to no word if `cased` says that words take marks), or that the block cuts.
    #[inline(always)]
    pub(super) fn new(tier: impl Tier, text: Text<'_>, at: usize, cased: bool) -> Self {
        let mut block = match text.rest(at).first_chunk::<WIDTH>() {
            Some(bytes) => Self::of_classes(tier.classes(bytes)),
            None => Self::at_end(tier, text.rest(at)),
        };
        if block.wide != 0 {
            block.add_wide(text, at, cased);
        }
        block
    }

    /// The classes of fewer bytes than a block has.
    fn at_end(tier: impl Tier, rest: &[u8]) -> Self {
        let mut bytes = [0; WIDTH];
        bytes[..rest.len()].copy_from_slice(rest);
        let mut block = Self::of_classes(tier.classes(&bytes));
        block.cut(rest.len() as u32);
        block
    }

    /// Know only the first `len` bytes.
    fn cut(&mut self, len: u32) {
        let known = low(len);
        self.len = len;
        for class in [
            &mut self.letter,
            &mut self.lower,
            &mut self.both,
            &mut self.number,
            &mut self.space,
            &mut self.newline,
            &mut self.blank,
            &mut self.other,
            &mut self.apostrophe,
            &mut self.slash,
            &mut self.inner,
            &mut self.wide,
        ] {
            *class &= known;
        }
    }

    /// Add the characters of several bytes.
    fn add_wide(&mut self, text: Text<'_>, at: usize, cased: bool) {
        let mut left = self.wide;
        while left != 0 {
            let place = left.trailing_zeros();
            let (flags, length) = text.flags(at + place as usize);
            let bits = low(length as u32) << place;
            let before = self.both << 1;
            let is_closed = (flags & MARK != 0 && cased && before >> place & 1 == 0)
                || flags & (SPACE | NUMBER) != 0
                || place + length as u32 > self.len;
            if is_closed {
                return self.cut(place);
            }
            if flags & LETTER != 0 || (cased && flags & MARK != 0) {
                self.letter |= bits;
                match flags & (UPPER | LOWER) {
                    LOWER => self.lower |= bits,
                    UPPER => {}
                    _ => self.both |= bits,
                }
            } else {
                self.other |= bits;
            }
            self.inner |= bits & (bits - 1);
            left &= !bits;
        }
    }

    /// From what single bytes tell.
    #[inline]
    fn of_classes(classes: Classes) -> Self {
        let Classes {
            letter, upper, number, space, newline, blank, apostrophe, slash, wide, ..
        } = classes;
        Self {
            letter,
            lower: letter & !upper,
            both: 0,
            number,
            space,
            newline,
            blank,
            other: !(letter | number | space | wide),
            apostrophe,
            slash,
            inner: 0,
            wide,
            len: WIDTH as u32,
        }
    }
}
