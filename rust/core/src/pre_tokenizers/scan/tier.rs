//! What the classes of sixty-four bytes are found with: the best that the processor at hand has.
//!
//! Work is written once, for any [`Tier`], and compiled for each: [`on_best`] runs it on the best one.

#![allow(unsafe_code, reason = "a processor's own instructions are called where it has them")]
#![allow(clippy::inline_always, reason = "what a tier runs has to be compiled for it")]

/// Bytes looked at together.
pub(super) const WIDTH: usize = 64;

/// What is told from single bytes: for each class a bit a byte, the first in the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Classes {
    /// `[A-Za-z]`
    pub(super) letter: u64,
    /// `[A-Z]`
    pub(super) upper: u64,
    /// `[0-9]`
    pub(super) number: u64,
    /// `[\t-\r ]`
    pub(super) space: u64,
    /// `[\r\n]`
    pub(super) newline: u64,
    /// The space itself.
    pub(super) blank: u64,
    pub(super) apostrophe: u64,
    pub(super) slash: u64,
    pub(super) tab: u64,
    pub(super) line_feed: u64,
    /// `[!-~]`
    pub(super) graphic: u64,
    /// Bytes that are not ASCII.
    pub(super) wide: u64,
}

/// A way to find classes. Having one means that the processor knows its instructions.
pub(super) trait Tier: Copy {
    /// The classes of all bytes.
    fn classes(self, bytes: &[u8; WIDTH]) -> Classes;
}

/// Work that is compiled for each tier; `with` has to be `#[inline(always)]` for that.
pub(super) trait Work {
    /// What it gives.
    type Output;

    /// Do it.
    fn with(self, tier: impl Tier) -> Self::Output;
}

/// Do work with the best tier.
#[inline]
pub(super) fn on_best<W: Work>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(tier) = crate::util::level::V3::detect() {
        return v3::run(tier, work);
    }
    work.with(Portable)
}

/// Eight bytes at a time, in ordinary registers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Portable;

impl Tier for Portable {
    #[inline]
    fn classes(self, bytes: &[u8; WIDTH]) -> Classes {
        use super::swar::{HIGH, bits, letters, within};
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

/// Thirty-two bytes at a time, and bit operations of one instruction.
#[cfg(target_arch = "x86_64")]
mod v3 {
    use std::arch::x86_64::{
        __m256i, _mm256_cmpeq_epi8, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256,
        _mm256_set1_epi8, _mm256_slli_epi16, _mm256_sub_epi8,
    };

    use super::{Classes, Tier, WIDTH, Work};
    use crate::util::level::{self, V3};

    impl Tier for V3 {
        #[inline(always)]
        fn classes(self, bytes: &[u8; WIDTH]) -> Classes {
            // SAFETY: there is a `V3` only where the processor has all that the function is compiled for.
            unsafe { classes(bytes) }
        }
    }

    #[inline]
    pub(super) fn run<W: Work>(tier: V3, work: W) -> W::Output {
        tier.run(OnTier(tier, work))
    }

    struct OnTier<W>(V3, W);

    impl<W: Work> level::Work for OnTier<W> {
        type Output = W::Output;

        #[inline(always)]
        fn run(self) -> W::Output {
            self.1.with(self.0)
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn classes(bytes: &[u8; WIDTH]) -> Classes {
        let mut classes = Classes::default();
        let (parts, _) = bytes.as_chunks::<32>();
        for (index, part) in parts.iter().enumerate() {
            let bytes: __m256i = bytemuck::cast(*part);
            let place = |found| bits(found) << (32 * index);
            let letter = place(within(_mm256_or_si256(bytes, every(0x20)), b'a', b'z'));
            // The case of a letter is its sixth bit, here brought to the top of each byte.
            let not_upper = place(_mm256_slli_epi16::<2>(bytes));
            let blank = is(bytes, b' ');
            classes.letter |= letter;
            classes.upper |= letter & !not_upper;
            classes.number |= place(within(bytes, b'0', b'9'));
            classes.space |= place(_mm256_or_si256(blank, within(bytes, b'\t', b'\r')));
            classes.newline |= place(_mm256_or_si256(is(bytes, b'\n'), is(bytes, b'\r')));
            classes.blank |= place(blank);
            classes.apostrophe |= place(is(bytes, b'\''));
            classes.slash |= place(is(bytes, b'/'));
            classes.tab |= place(is(bytes, b'\t'));
            classes.line_feed |= place(is(bytes, b'\n'));
            classes.graphic |= place(within(bytes, b'!', b'~'));
            classes.wide |= place(bytes);
        }
        classes
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn every(byte: u8) -> __m256i {
        _mm256_set1_epi8(byte.cast_signed())
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn is(bytes: __m256i, byte: u8) -> __m256i {
        _mm256_cmpeq_epi8(bytes, every(byte))
    }

    /// All ones in each byte of `first..=last`.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn within(bytes: __m256i, first: u8, last: u8) -> __m256i {
        let above = _mm256_sub_epi8(bytes, every(first));
        _mm256_cmpeq_epi8(_mm256_min_epu8(above, every(last - first)), above)
    }

    /// The highest bit of each byte.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn bits(bytes: __m256i) -> u64 {
        u64::from(_mm256_movemask_epi8(bytes).cast_unsigned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A byte in each place, among others of every kind.
    fn blocks() -> impl Iterator<Item = [u8; WIDTH]> {
        (0..=u8::MAX).flat_map(|byte| {
            (0..WIDTH).map(move |place| {
                let mut bytes: [u8; WIDTH] =
                    std::array::from_fn(|at| (at * 37 + place).to_le_bytes()[0]);
                bytes[place] = byte;
                bytes
            })
        })
    }

    struct Classify<'b>(&'b [u8; WIDTH]);

    impl Work for Classify<'_> {
        type Output = Classes;

        #[inline(always)]
        fn with(self, tier: impl Tier) -> Classes {
            tier.classes(self.0)
        }
    }

    #[test]
    fn the_tiers_agree() {
        for bytes in blocks() {
            assert_eq!(on_best(Classify(&bytes)), Portable.classes(&bytes));
        }
    }

    #[test]
    fn classes_are_as_the_flags_say() {
        use super::super::classes::{self, LETTER, NEWLINE, NUMBER, SPACE, UPPER};
        for bytes in blocks() {
            let found = Portable.classes(&bytes);
            for (at, &byte) in bytes.iter().enumerate() {
                let is = |class: u64| class >> at & 1 == 1;
                assert_eq!(is(found.wide), !byte.is_ascii());
                assert_eq!(is(found.blank), byte == b' ');
                assert_eq!(is(found.apostrophe), byte == b'\'');
                assert_eq!(is(found.slash), byte == b'/');
                assert_eq!(is(found.tab), byte == b'\t');
                assert_eq!(is(found.line_feed), byte == b'\n');
                assert_eq!(is(found.graphic), byte.is_ascii_graphic());
                if !byte.is_ascii() {
                    continue;
                }
                let flags = classes::of(char::from(byte));
                assert_eq!(is(found.letter), flags & LETTER != 0);
                assert_eq!(is(found.upper), flags & UPPER != 0);
                assert_eq!(is(found.number), flags & NUMBER != 0);
                assert_eq!(is(found.space), flags & SPACE != 0);
                assert_eq!(is(found.newline), flags & NEWLINE != 0);
            }
        }
    }
}
