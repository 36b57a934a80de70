//! Strings that remember where they came from.
//!
//! Three coordinate systems meet here: **bytes of the original** text, **bytes of the normalized**
//! text, and **characters** of either. [`NormalizedText`] keeps the first two aligned byte by byte;
//! [`Pieces`] is what pre-tokenizers cut such a text into; [`offsets`] converts bytes to characters.

mod alignment;
pub mod byte_alphabet;
mod edits;
pub mod metaspace;
pub mod normalized;
pub mod offsets;
pub mod pattern;
pub mod pieces;
pub mod split;
mod state;

pub use normalized::{NormalizedText, Referential};
pub use offsets::{CharIndex, OffsetUnit};
pub use pattern::{Pattern, Replacement};
pub use pieces::{Piece, Pieces};
pub use split::SplitBehavior;
