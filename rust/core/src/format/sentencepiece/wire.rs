//! A reader of protocol buffers, as much of it as SentencePiece's files need.
//!
//! A message is a list of fields: a key (the field's number and how its value is written), then the
//! value. Lengths are checked against what is left before anything is taken; nothing is copied.

use crate::error::{Error, Result};

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    /// A number, as a variable count of bytes.
    Varint(u64),
    /// Eight bytes.
    Fixed64,
    /// A string, bytes or a message.
    Bytes(&'a [u8]),
    /// Four bytes.
    Fixed32([u8; 4]),
}

impl<'a> Value<'a> {
    /// The bytes.
    pub(super) fn bytes(self) -> Result<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            other => Err(other.mistyped("bytes")),
        }
    }

    /// The bytes as a text.
    pub(super) fn text(self) -> Result<&'a str> {
        std::str::from_utf8(self.bytes()?)
            .map_err(|error| Error::format(format!("a text that is not UTF-8: {error}")))
    }

    /// A number of four bytes.
    pub(super) fn float(self) -> Result<f32> {
        match self {
            Self::Fixed32(bytes) => Ok(f32::from_le_bytes(bytes)),
            other => Err(other.mistyped("a float")),
        }
    }

    /// A whole number.
    pub(super) fn number(self) -> Result<u64> {
        match self {
            Self::Varint(number) => Ok(number),
            other => Err(other.mistyped("a whole number")),
        }
    }

    /// A truth value.
    pub(super) fn truth(self) -> Result<bool> {
        Ok(self.number()? != 0)
    }

    fn mistyped(self, expected: &str) -> Error {
        let found = match self {
            Self::Varint(_) => "a whole number",
            Self::Fixed64 => "eight bytes",
            Self::Bytes(_) => "bytes",
            Self::Fixed32(_) => "four bytes",
        };
        Error::format("a field of the wrong type").expecting(expected).finding(found)
    }
}

/// The fields of a message, in order: their numbers and values.
pub(super) fn fields(message: &[u8]) -> impl Iterator<Item = Result<(u64, Value<'_>)>> {
    let mut rest = message;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let field = take_field(&mut rest);
        if field.is_err() {
            rest = &[];
        }
        Some(field.map_err(|error| {
            error.in_field(format!("byte {} of a message", message.len() - rest.len()))
        }))
    })
}

fn take_field<'a>(rest: &mut &'a [u8]) -> Result<(u64, Value<'a>)> {
    let key = take_varint(rest)?;
    let value = match key & 7 {
        0 => Value::Varint(take_varint(rest)?),
        1 => take(rest, 8).map(|_| Value::Fixed64)?,
        2 => {
            let length = take_varint(rest)?;
            Value::Bytes(take(rest, length)?)
        }
        5 => Value::Fixed32(take(rest, 4)?.try_into().expect("four bytes were asked for")),
        other => {
            return Err(
                Error::format("a field written in an unknown way").finding(other.to_string())
            );
        }
    };
    Ok((key >> 3, value))
}

fn take<'a>(rest: &mut &'a [u8], length: u64) -> Result<&'a [u8]> {
    let split = usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length));
    let Some((taken, behind)) = split else {
        return Err(Error::format("cut short")
            .expecting(format!("{length} bytes"))
            .finding(rest.len().to_string()));
    };
    *rest = behind;
    Ok(taken)
}

fn take_varint(rest: &mut &[u8]) -> Result<u64> {
    let mut number = 0u64;
    for (index, &byte) in rest.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7F) << (7 * index);
        if byte < 0x80 {
            *rest = &rest[index + 1..];
            return Ok(number);
        }
    }
    Err(Error::format("a number without an end"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_fields_and_refuses_what_is_cut() {
        let message = [0x08, 0x96, 0x01, 0x12, 0x02, b'h', b'i', 0x1d, 0, 0, 0x80, 0x3f];
        let all: Vec<_> = fields(&message).map(Result::unwrap).collect();
        assert_eq!(all.len(), 3);
        assert_eq!(all[0], (1, Value::Varint(150)));
        assert_eq!(all[1].1.text().unwrap(), "hi");
        assert!(
            all[2].1.float().unwrap().to_bits() == 1f32.to_bits() && all[2].1.number().is_err()
        );
        for end in [1, 2, 4, 5, 6, 8, 11] {
            assert!(fields(&message[..end]).last().unwrap().is_err(), "{end}");
        }
        assert!(fields(&[0xFF; 11]).next().unwrap().is_err());
        assert!(fields(&[0x0B]).next().unwrap().is_err());
    }
}
