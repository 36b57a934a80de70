//! Tokens and their numbers.

mod added_table;
pub mod added_tokens;
pub(crate) mod merges;
pub(crate) mod pair_table;
mod text_index;
#[allow(clippy::module_inception, reason = "the folder is the room, the file the concept")]
pub mod vocab;

pub(crate) mod matcher;

pub use added_tokens::{AddedToken, AddedTokens};
pub use vocab::Vocab;
