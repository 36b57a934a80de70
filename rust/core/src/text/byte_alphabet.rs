//! GPT-2's byte alphabet: every byte as a printable character. Shared by the byte-level parts.

/// The flags of the byte-level parts (pre-tokenizer, post-processor, decoder), which carry all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteLevel {
    /// Put a space in front of a text that has none.
    pub add_prefix_space: bool,
    /// Leave white space out of the offsets.
    pub trim_offsets: bool,
    /// Cut with GPT-2's regular expression.
    pub use_regex: bool,
}

impl Default for ByteLevel {
    fn default() -> Self {
        Self { add_prefix_space: true, trim_offsets: true, use_regex: true }
    }
}

/// The characters, by byte. Printable bytes of Latin-1 stand for themselves; the others take the
/// characters from U+0100 on, in order.
static CHARS: [char; 256] = chars();

/// One more than the last code point of the alphabet.
const END: usize = 0x144;

/// The bytes, by code point; `None` for characters that stand for no byte.
static BYTES: [Option<u8>; END] = bytes();

const fn chars() -> [char; 256] {
    let mut chars = ['\0'; 256];
    let mut shifted = 0x100;
    let mut byte = 0;
    while byte < 256 {
        let mut code = byte;
        if !is_printable(byte) {
            code = shifted;
            shifted += 1;
        }
        if let Some(character) = char::from_u32(code) {
            chars[byte as usize] = character;
        }
        byte += 1;
    }
    chars
}

const fn bytes() -> [Option<u8>; END] {
    let chars = chars();
    let mut bytes = [None; END];
    let mut byte = 0u8;
    loop {
        bytes[chars[byte as usize] as usize] = Some(byte);
        if byte == u8::MAX {
            return bytes;
        }
        byte += 1;
    }
}

const fn is_printable(byte: u32) -> bool {
    matches!(byte, 0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF)
}

/// The character that stands for `byte`.
pub fn byte_to_char(byte: u8) -> char {
    CHARS[usize::from(byte)]
}

/// The byte that `character` stands for.
pub fn char_to_byte(character: char) -> Option<u8> {
    BYTES.get(u32::from(character) as usize).copied().flatten()
}

/// All 256 characters, by byte.
pub fn alphabet() -> &'static [char; 256] {
    &CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_its_own_character() {
        for byte in 0..=u8::MAX {
            assert_eq!(char_to_byte(byte_to_char(byte)), Some(byte));
        }
        assert_eq!(byte_to_char(b' '), 'Ġ');
        assert_eq!(byte_to_char(b'\n'), 'Ċ');
        assert_eq!(byte_to_char(0xAD), 'Ń');
        assert_eq!(char_to_byte(' '), None);
        assert_eq!(char_to_byte('ń'), None);
        assert_eq!(char_to_byte('▁'), None);
    }
}
