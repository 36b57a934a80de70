//! A way through JSON that knows only what ordinary files hold, and says `None` of all else.
//!
//! Nothing here is lenient: what it takes is sound JSON. What it does not take may be sound or not; the
//! caller finds out with a full reader.

use serde_json::value::RawValue;

/// A place in a text of JSON.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// Where a string of the document is: in its text or, where that has escapes, among the unescaped.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// The highest bit says where.
    start: u32,
    length: u32,
}

const UNESCAPED: u32 = 1 << 31;

impl Span {
    fn new(start: usize, end: usize, place: u32) -> Option<Self> {
        let start = u32::try_from(start).ok().filter(|start| start & UNESCAPED == 0)?;
        let length = u32::try_from(end).ok()?.checked_sub(start)?;
        Some(Self { start: start | place, length })
    }

    /// The string itself.
    #[inline]
    pub(super) fn of<'t>(self, text: &'t str, unescaped: &'t str) -> &'t str {
        let place = if self.start & UNESCAPED == 0 { text } else { unescaped };
        let start = (self.start & !UNESCAPED) as usize;
        &place[start..start + self.length as usize]
    }
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// How far it has come, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Go back to where it was.
    pub(super) fn go_back(&mut self, at: usize) {
        self.at = at;
    }

    /// The next byte that is no blank; it is not taken.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            match *bytes.get(self.at)? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(byte),
            }
            // Indented files are blanks by half.
            while bytes.get(self.at..self.at + 8) == Some(b"        ") {
                self.at += 8;
            }
        }
    }

    /// Take this byte, behind blanks.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Behind an item: whether another one follows (a comma is taken) or `close` does (it is taken too).
    #[inline]
    pub(super) fn more(&mut self, close: u8) -> Option<bool> {
        let byte = self.peek().filter(|&byte| byte == b',' || byte == close)?;
        self.at += 1;
        Some(byte == b',')
    }

    /// Whether nothing but blanks is left.
    pub(super) fn is_done(&mut self) -> bool {
        self.peek().is_none()
    }

    /// A string without escapes.
    pub(super) fn plain(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let end =
            stop(self.text.as_bytes(), self.at).filter(|&end| self.byte(end) == Some(b'"'))?;
        let text = &self.text[self.at..end];
        self.at = end + 1;
        Some(text)
    }

    /// A string; one that has escapes goes behind `unescaped` without them.
    #[inline]
    pub(super) fn string(&mut self, unescaped: &mut String) -> Option<Span> {
        self.take(b'"')?;
        let start = self.at;
        let end = stop(self.text.as_bytes(), start)?;
        if self.byte(end) != Some(b'"') {
            return self.unescape(end, unescaped);
        }
        self.at = end + 1;
        Span::new(start, end, 0)
    }

    /// An integer from 0 to the largest of 32 bits, in digits alone.
    #[inline]
    pub(super) fn natural(&mut self) -> Option<u32> {
        let first = self.peek()?;
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut number = 0_u64;
        while let Some(digit @ b'0'..=b'9') = bytes.get(self.at) {
            number = number * 10 + u64::from(digit - b'0');
            self.at += 1;
            if self.at - start > 10 {
                return None;
            }
        }
        let digits = self.at - start;
        let is_sound = digits == 1 || digits > 1 && first != b'0';
        let ends = matches!(bytes.get(self.at), Some(b',' | b'}' | b' ' | b'\n' | b'\r' | b'\t'));
        u32::try_from(number).ok().filter(|_| is_sound && ends)
    }

    /// A number as the full reader reads it.
    pub(super) fn number(&mut self) -> Option<f64> {
        self.peek()?;
        let rest = &self.text[self.at..];
        let end = rest
            .bytes()
            .position(|byte| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))?;
        self.at += end;
        serde_json::from_str(&rest[..end]).ok()
    }

    /// Any value, unread; its text is sound.
    pub(super) fn value(&mut self) -> Option<&'a str> {
        self.peek()?;
        let mut values = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter();
        let value: &RawValue = values.next()?.ok()?;
        self.at += values.byte_offset();
        Some(value.get())
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Unescape a string of which `stopped` bytes are plain.
    fn unescape(&mut self, stopped: usize, unescaped: &mut String) -> Option<Span> {
        let start = unescaped.len();
        let mut end = stopped;
        loop {
            unescaped.push_str(&self.text[self.at..end]);
            self.at = end + 1;
            match self.byte(end)? {
                b'"' => return Span::new(start, unescaped.len(), UNESCAPED),
                b'\\' => unescaped.push(self.escaped()?),
                _ => return None,
            }
            end = stop(self.text.as_bytes(), self.at)?;
        }
    }

    /// The character that stands behind a backslash.
    fn escaped(&mut self) -> Option<char> {
        let kind = self.byte(self.at)?;
        self.at += 1;
        Some(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.utf16(),
            _ => return None,
        })
    }

    /// A character in four digits of hexadecimals, or twice that with an escape between.
    fn utf16(&mut self) -> Option<char> {
        let first = self.unit()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(u32::from(first));
        }
        let escape = self.text.get(self.at..self.at + 2)?;
        self.at += 2;
        let second = self.unit().filter(|_| escape == "\\u")?;
        char::decode_utf16([first, second]).next()?.ok()
    }

    fn unit(&mut self) -> Option<u16> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        let is_sound = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u16::from_str_radix(digits, 16).ok().filter(|_| is_sound)
    }
}

/// The first byte from `at` on that does not just stand for itself in a string: a quote, a backslash, a
/// control character.
#[inline]
fn stop(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(eight) = bytes.get(at..at + 8) {
        let found = stops(u64::from_le_bytes(eight.try_into().ok()?));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < b' ').map(|more| at + more)
}

/// The highest bit of the first such byte of eight is set, and none below it.
#[inline]
fn stops(eight: u64) -> u64 {
    const EACH: u64 = u64::MAX / 255;
    const HIGH: u64 = EACH << 7;
    let equal = |byte: u8| {
        let rest = eight ^ (EACH * u64::from(byte));
        rest.wrapping_sub(EACH) & !rest
    };
    let control = eight.wrapping_sub(EACH * u64::from(b' ')) & !eight;
    (equal(b'"') | equal(b'\\') | control) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_stop_where_they_should() {
        for byte in 0..=u8::MAX {
            let is_stop = byte == b'"' || byte == b'\\' || byte < b' ';
            for at in 0..20 {
                let mut bytes = [b'a'; 20];
                bytes[at] = byte;
                assert_eq!(stop(&bytes, 0), is_stop.then_some(at), "{byte} at {at}");
            }
        }
    }

    #[test]
    fn strings_and_numbers_are_those_of_the_full_reader() {
        for text in [
            r#""""#,
            r#""a b""#,
            r#""\u0120x\"y\\""#,
            r#""\ud83d\ude00\n\/""#,
            r#""中\t""#,
            r#""a"#,
            r#""\x""#,
            r#""\u12""#,
            r#""\ud83d""#,
            r#""\ud83d\n123""#,
            r#""\udc00""#,
            r#""\u+123""#,
            "\"\n\"",
            r#""\u00é9""#,
            r#""\ud83dé""#,
        ] {
            let mut unescaped = String::new();
            let found = Cursor::new(text).string(&mut unescaped);
            let expected = serde_json::from_str::<String>(text).ok();
            assert_eq!(found.map(|span| span.of(text, &unescaped)), expected.as_deref(), "{text}");
        }
        for text in [
            "0",
            "7",
            "128255",
            "4294967295",
            "4294967296",
            "99999999999999999999",
            "01",
            "-1",
            "1.0",
            "1e2",
            "x",
            "",
        ] {
            let listed = format!("{text},");
            let found = Cursor::new(&listed).natural();
            assert_eq!(found, serde_json::from_str(text).ok(), "{text}");
        }
    }
}
