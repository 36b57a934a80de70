//! Eight bytes at a time in one register: which of them are letters.
//!
//! A word of text is five bytes long or so, and how long is what a processor cannot guess; a loop over
//! its bytes costs one wrong guess a word, which is more than all the rest.

/// The highest bit of each byte.
pub(super) const HIGH: u64 = every(0x80);

const fn every(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The highest bit of each byte that is ASCII and in `first..=last`.
#[inline]
pub(super) const fn within(bytes: u64, first: u8, last: u8) -> u64 {
    let low = bytes & !HIGH;
    // Neither sum carries into the next byte, for both parts are below 0x80.
    let from_first = low + every(0x80 - first);
    let past_last = low + every(0x7F - last);
    from_first & !past_last & !bytes & HIGH
}

/// `[A-Za-z]`
#[inline]
pub(super) const fn letters(bytes: u64) -> u64 {
    within(bytes | every(0x20), b'a', b'z')
}

/// `[a-z]`
#[inline]
pub(super) const fn lower_letters(bytes: u64) -> u64 {
    within(bytes, b'a', b'z')
}

/// ASCII above the space: nothing of it is white space.
#[inline]
pub(super) const fn visible(bytes: u64) -> u64 {
    within(bytes, b'!', 0x7F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_judged_by_itself() {
        for byte in 0..=u8::MAX {
            for (place, around) in
                (0..8).flat_map(|place| [(place, b'a'), (place, 0xFF), (place, 0)])
            {
                let mut bytes = [around; 8];
                bytes[place] = byte;
                let bit = |found: u64| found >> (place * 8 + 7) & 1 == 1;
                let word = u64::from_le_bytes(bytes);
                assert_eq!(bit(letters(word)), byte.is_ascii_alphabetic());
                assert_eq!(bit(lower_letters(word)), byte.is_ascii_lowercase());
                assert_eq!(bit(visible(word)), (0x21..0x80).contains(&byte));
            }
        }
    }
}
