//! Thirty-two bytes at a time, and bit operations of one instruction.

#![allow(unsafe_code, reason = "a processor's own instructions are called where it has them")]
#![allow(clippy::inline_always, reason = "what a tier runs has to be compiled for it")]

use std::arch::x86_64::{
    __m256i, _mm256_cmpeq_epi8, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256,
    _mm256_set1_epi8, _mm256_slli_epi16, _mm256_sub_epi8,
};

use super::{Classes, OnTier, Tier, WIDTH, Work};
use crate::util::level::V3;

impl Tier for V3 {
    #[inline(always)]
    fn classes(self, bytes: &[u8; WIDTH]) -> Classes {
        // SAFETY: there is a `V3` only where the processor has all that the function is compiled for.
        unsafe { classes(bytes) }
    }
}

#[inline]
pub(super) fn run<W: Work>(tier: V3, work: W) -> W::Output {
    tier.run(OnTier { tier, work })
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
