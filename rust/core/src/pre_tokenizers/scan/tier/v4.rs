//! Sixty-four bytes at a time: what most bytes are comes out of a table of 128 bytes that lies in registers.

#![allow(unsafe_code, reason = "a processor's own instructions are called where it has them")]
#![allow(clippy::inline_always, reason = "what a tier runs has to be compiled for it")]

use std::arch::x86_64::{
    __m512i, _mm512_cmpeq_epi8_mask, _mm512_maskz_permutex2var_epi8, _mm512_movepi8_mask,
    _mm512_set1_epi8, _mm512_test_epi8_mask,
};

use super::{Classes, OnTier, Tier, WIDTH, Work};
use crate::util::level::V4;

impl Tier for V4 {
    #[inline(always)]
    fn classes(self, bytes: &[u8; WIDTH]) -> Classes {
        // SAFETY: there is a `V4` only where the processor has all that the function is compiled for.
        unsafe { classes(bytes) }
    }
}

#[inline]
pub(super) fn run<W: Work>(tier: V4, work: W) -> W::Output {
    tier.run(OnTier { tier, work })
}

const LETTER: u8 = 1;
const UPPER: u8 = 1 << 1;
const NUMBER: u8 = 1 << 2;
const SPACE: u8 = 1 << 3;
const NEWLINE: u8 = 1 << 4;
const GRAPHIC: u8 = 1 << 5;

const fn is_in(class: u8, has: bool) -> u8 {
    if has { class } else { 0 }
}

/// The classes of each ASCII byte that are more than one byte.
const TABLE: [[u8; WIDTH]; 2] = {
    let mut table = [[0; WIDTH]; 2];
    let mut own = 0_u8;
    while own < 128 {
        table[own as usize / WIDTH][own as usize % WIDTH] =
            is_in(LETTER, own.is_ascii_alphabetic())
                | is_in(UPPER, own.is_ascii_uppercase())
                | is_in(NUMBER, own.is_ascii_digit())
                | is_in(SPACE, matches!(own, b' ' | b'\t'..=b'\r'))
                | is_in(NEWLINE, matches!(own, b'\r' | b'\n'))
                | is_in(GRAPHIC, own.is_ascii_graphic());
        own += 1;
    }
    table
};

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn classes(bytes: &[u8; WIDTH]) -> Classes {
    let bytes: __m512i = bytemuck::cast(*bytes);
    let wide = _mm512_movepi8_mask(bytes);
    let table = TABLE.map(|half| -> __m512i { bytemuck::cast(half) });
    let found = _mm512_maskz_permutex2var_epi8(!wide, table[0], bytes, table[1]);
    Classes {
        letter: has(found, LETTER),
        upper: has(found, UPPER),
        number: has(found, NUMBER),
        space: has(found, SPACE),
        newline: has(found, NEWLINE),
        graphic: has(found, GRAPHIC),
        blank: is(bytes, b' '),
        apostrophe: is(bytes, b'\''),
        slash: is(bytes, b'/'),
        tab: is(bytes, b'\t'),
        line_feed: is(bytes, b'\n'),
        wide,
    }
}

/// The bytes of a class.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn has(found: __m512i, class: u8) -> u64 {
    _mm512_test_epi8_mask(found, _mm512_set1_epi8(class.cast_signed()))
}

/// The bytes that are this one.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn is(bytes: __m512i, byte: u8) -> u64 {
    _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte.cast_signed()))
}
