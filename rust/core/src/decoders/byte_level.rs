//! GPT-2's byte alphabet back into bytes.

use crate::error::Result;
use crate::stages::Decode;
use crate::text::byte_alphabet::{ByteLevel, char_to_byte};

/// Put the bytes of a token behind `out`: those its characters stand for, or, when one of them stands
/// for none, those of the token as it is.
pub(super) fn write_bytes(token: &str, out: &mut Vec<u8>) {
    let start = out.len();
    for character in token.chars() {
        let Some(byte) = char_to_byte(character) else {
            out.truncate(start);
            out.extend_from_slice(token.as_bytes());
            return;
        };
        out.push(byte);
    }
}

/// Bytes made text as they come, invalid ones U+FFFD, the end kept back while it may become a character.
#[derive(Debug, Clone, Default)]
pub(super) struct LossyBytes {
    pending: Vec<u8>,
}

impl LossyBytes {
    /// Take the bytes of one more token and put what is certain behind `text`.
    pub(super) fn push(&mut self, token: &str, text: &mut String) {
        write_bytes(token, &mut self.pending);
        let mut rest = self.pending.as_slice();
        while !rest.is_empty() {
            let error = match std::str::from_utf8(rest) {
                Ok(valid) => {
                    text.push_str(valid);
                    rest = &[];
                    break;
                }
                Err(error) => error,
            };
            let (valid, behind) = rest.split_at(error.valid_up_to());
            text.push_str(std::str::from_utf8(valid).expect("valid up to here"));
            rest = behind;
            let Some(invalid) = error.error_len() else { break };
            text.push(char::REPLACEMENT_CHARACTER);
            rest = &rest[invalid..];
        }
        let done = self.pending.len() - rest.len();
        self.pending.drain(..done);
    }

    /// Whether the beginning of a character is kept back.
    pub(super) fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.pending.clear();
    }
}

impl Decode for ByteLevel {
    /// One string out, whatever comes in.
    fn decode_chain(&self, tokens: Vec<String>) -> Result<Vec<String>> {
        let mut bytes = Vec::with_capacity(tokens.iter().map(String::len).sum());
        for token in &tokens {
            write_bytes(token, &mut bytes);
        }
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Ok(vec![text])
    }
}
