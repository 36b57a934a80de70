//! Eight bytes at a time, in ordinary registers: for processors whose own instructions are not used.

use super::super::swar::{HIGH, letters, within};
use super::{Classes, Tier, WIDTH};

/// Eight bytes at a time, in ordinary registers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Portable;

impl Tier for Portable {
    #[inline]
    fn classes(self, bytes: &[u8; WIDTH]) -> Classes {
        let mut classes = Classes::default();
        let (parts, _) = bytes.as_chunks::<8>();
        for (index, part) in parts.iter().enumerate() {
            let bytes = u64::from_le_bytes(*part);
            let place = |found| bits(found) << (8 * index);
            let is = |byte| within(bytes, byte, byte);
            classes.letter |= place(letters(bytes));
            classes.upper |= place(within(bytes, b'A', b'Z'));
            classes.number |= place(within(bytes, b'0', b'9'));
            classes.space |= place(is(b' ') | within(bytes, b'\t', b'\r'));
            classes.newline |= place(is(b'\n') | is(b'\r'));
            classes.blank |= place(is(b' '));
            classes.apostrophe |= place(is(b'\''));
            classes.slash |= place(is(b'/'));
            classes.tab |= place(is(b'\t'));
            classes.line_feed |= place(is(b'\n'));
            classes.graphic |= place(within(bytes, b'!', b'~'));
            classes.wide |= place(bytes & HIGH);
        }
        classes
    }
}

/// The highest bits of eight bytes, side by side; all other bits are zero.
#[inline]
const fn bits(found: u64) -> u64 {
    // Each bit is brought to another place of the top byte; no two meet.
    (found >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}
