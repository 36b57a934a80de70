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
#[allow(unused_variables, clippy::todo)]
/// The character that stands for `byte`.
pub fn byte_to_char(byte: u8) -> char { todo!() }
#[allow(unused_variables, clippy::todo)]
/// The byte that `character` stands for.
pub fn char_to_byte(character: char) -> Option<u8> { todo!() }
