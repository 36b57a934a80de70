//! Bytes to characters.

/// The unit of the offsets that come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OffsetUnit {
    /// Bytes of the UTF-8 text.
    Byte,
    /// Characters (Unicode scalar values), as Python counts them.
    #[default]
    Char,
}
