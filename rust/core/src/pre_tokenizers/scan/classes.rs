//! What a scanner asks about the character at a position: one byte of flags.

use fissile_unicode::GeneralCategory;
use fissile_unicode::category;

use super::swar;

/// `\p{L}`
pub(super) const LETTER: u8 = 1;
/// `\p{N}`
pub(super) const NUMBER: u8 = 1 << 1;
/// `\s`
pub(super) const SPACE: u8 = 1 << 2;
/// `[\r\n]`
pub(super) const NEWLINE: u8 = 1 << 3;
/// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`: what a capitalized word can begin with.
pub(super) const UPPER: u8 = 1 << 4;
/// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`: what it can go on with.
pub(super) const LOWER: u8 = 1 << 5;
/// `\p{M}`
pub(super) const MARK: u8 = 1 << 6;
/// `[^\s\p{L}\p{N}]`
pub(super) const OTHER: u8 = 1 << 7;

/// The flags of the ASCII characters.
static ASCII: [u8; 128] = ascii();

const fn ascii() -> [u8; 128] {
    let mut flags = [OTHER; 128];
    let mut byte = 0u8;
    while byte < 128 {
        flags[byte as usize] = match byte {
            b'A'..=b'Z' => LETTER | UPPER,
            b'a'..=b'z' => LETTER | LOWER,
            b'0'..=b'9' => NUMBER,
            b'\r' | b'\n' => SPACE | NEWLINE,
            b'\t' | 0x0B | 0x0C | b' ' => SPACE,
            _ => OTHER,
        };
        byte += 1;
    }
    flags
}

/// The flags of any character.
pub(super) fn of(character: char) -> u8 {
    use GeneralCategory as Category;
    let class = category::class(character);
    if class.is_regex_space() {
        let is_newline = matches!(character, '\r' | '\n');
        return SPACE | if is_newline { NEWLINE } else { 0 };
    }
    match class.general_category() {
        Category::UppercaseLetter | Category::TitlecaseLetter => LETTER | UPPER,
        Category::LowercaseLetter => LETTER | LOWER,
        Category::ModifierLetter | Category::OtherLetter => LETTER | UPPER | LOWER,
        Category::NonspacingMark | Category::SpacingMark | Category::EnclosingMark => {
            OTHER | MARK | UPPER | LOWER
        }
        Category::DecimalNumber | Category::LetterNumber | Category::OtherNumber => NUMBER,
        _ => OTHER,
    }
}

/// A text as the scanners read it.
#[derive(Clone, Copy)]
pub(super) struct Text<'t> {
    bytes: &'t [u8],
}

impl<'t> Text<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { bytes: text.as_bytes() }
    }

    pub(super) fn len(self) -> usize {
        self.bytes.len()
    }

    /// The bytes from a position on.
    #[inline]
    pub(super) fn rest(self, at: usize) -> &'t [u8] {
        self.bytes.get(at..).unwrap_or_default()
    }

    /// The byte at a position; zero behind the end.
    #[inline]
    pub(super) fn byte(self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The flags and the length of the character at a position; no flags behind the end.
    #[inline]
    pub(super) fn flags(self, at: usize) -> (u8, usize) {
        match self.bytes.get(at) {
            Some(&byte) if byte < 128 => (ASCII[usize::from(byte)], 1),
            Some(&lead) => self.wide(lead, at),
            None => (0, 0),
        }
    }

    fn wide(self, lead: u8, at: usize) -> (u8, usize) {
        let (character, length) = self.decode(lead, at);
        (of(character), length)
    }

    /// The character at a position and its length; `lead` is the byte there.
    pub(super) fn decode(self, lead: u8, at: usize) -> (char, usize) {
        let tail = |offset| u32::from(self.byte(at + offset) & 0x3F);
        let lead = u32::from(lead);
        let (code, length) = match lead {
            0..0x80 => (lead, 1),
            0x80..0xE0 => ((lead & 0x1F) << 6 | tail(1), 2),
            0xE0..0xF0 => ((lead & 0x0F) << 12 | tail(1) << 6 | tail(2), 3),
            _ => ((lead & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4),
        };
        (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), length)
    }

    /// Step over bytes of one kind, eight at a time while eight are left: `kind` marks them in the
    /// highest bit of each. The byte it ends at may still be of that kind.
    #[inline]
    pub(super) fn skip(self, mut at: usize, kind: impl Fn(u64) -> u64) -> usize {
        while let Some(&chunk) = self.bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            let others = !kind(u64::from_le_bytes(chunk)) & swar::HIGH;
            if others != 0 {
                return at + others.trailing_zeros() as usize / 8;
            }
            at += 8;
        }
        at
    }

    /// The end of the run of characters with any of these flags.
    #[inline]
    pub(super) fn run(self, mut at: usize, flags: u8) -> usize {
        loop {
            if flags & LETTER != 0 {
                at = self.skip(at, swar::letters);
            } else if flags & LOWER != 0 {
                at = self.skip(at, swar::lower_letters);
            }
            let (found, length) = self.flags(at);
            if found & flags == 0 {
                return at;
            }
            at += length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_is_as_the_tables_say() {
        for c in (0..128u8).map(char::from) {
            assert_eq!(ASCII[c as usize], of(c), "{c:?}");
        }
    }

    #[test]
    fn decoding_gives_every_character_back() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            let decoded = Text::new(&text).decode(text.as_bytes()[0], 0);
            assert_eq!(decoded, (c, text.len()));
        }
    }
}
