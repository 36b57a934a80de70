//! Offsets trimmed of byte-level white space.

pub use crate::text::byte_alphabet::ByteLevel as ByteLevelProcessing;
