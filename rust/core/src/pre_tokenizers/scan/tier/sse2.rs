//! Sixteen bytes at a time: what every processor of this architecture has.

#![allow(unsafe_code, reason = "a processor's own instructions are called where it has them")]

use std::arch::x86_64::{
    __m128i, _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8,
    _mm_slli_epi16, _mm_sub_epi8,
};

use super::{Classes, Tier, WIDTH};

/// Vectors of sixteen bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sse2;

impl Tier for Sse2 {
    #[inline]
    fn classes(self, bytes: &[u8; WIDTH]) -> Classes {
        // SAFETY: no processor of this architecture is without these instructions.
        unsafe { classes(bytes) }
    }
}

#[inline]
#[target_feature(enable = "sse2")]
fn classes(bytes: &[u8; WIDTH]) -> Classes {
    let mut classes = Classes::default();
    let (parts, _) = bytes.as_chunks::<16>();
    for (index, part) in parts.iter().enumerate() {
        let bytes: __m128i = bytemuck::cast(*part);
        let place = |found| bits(found) << (16 * index);
        let letter = place(within(_mm_or_si128(bytes, every(0x20)), b'a', b'z'));
        // The case of a letter is its sixth bit, here brought to the top of each byte.
        let not_upper = place(_mm_slli_epi16::<2>(bytes));
        let blank = is(bytes, b' ');
        classes.letter |= letter;
        classes.upper |= letter & !not_upper;
        classes.number |= place(within(bytes, b'0', b'9'));
        classes.space |= place(_mm_or_si128(blank, within(bytes, b'\t', b'\r')));
        classes.newline |= place(_mm_or_si128(is(bytes, b'\n'), is(bytes, b'\r')));
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
#[target_feature(enable = "sse2")]
fn every(byte: u8) -> __m128i {
    _mm_set1_epi8(byte.cast_signed())
}

#[inline]
#[target_feature(enable = "sse2")]
fn is(bytes: __m128i, byte: u8) -> __m128i {
    _mm_cmpeq_epi8(bytes, every(byte))
}

/// All ones in each byte of `first..=last`.
#[inline]
#[target_feature(enable = "sse2")]
fn within(bytes: __m128i, first: u8, last: u8) -> __m128i {
    let above = _mm_sub_epi8(bytes, every(first));
    _mm_cmpeq_epi8(_mm_min_epu8(above, every(last - first)), above)
}

/// The highest bit of each byte.
#[inline]
#[target_feature(enable = "sse2")]
fn bits(bytes: __m128i) -> u64 {
    u64::from(_mm_movemask_epi8(bytes).cast_unsigned())
}
