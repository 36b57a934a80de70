//! Tokens and their numbers.

pub mod added_tokens;
pub mod vocab;

pub use added_tokens::{AddedToken, AddedTokens};
pub use vocab::Vocab;
