//! Token to id and back, built once.

use crate::token::TokenId;

/// A vocabulary: distinct strings, each with an id; ids may leave holes.
#[derive(Debug, Clone, Default)]
pub struct Vocab {}
#[allow(unused_variables, clippy::todo)]
impl Vocab {
    /// From tokens and ids. A later pair with the same token wins; of two tokens with one id the first keeps the way back.
    pub fn from_pairs<S: AsRef<str>>(pairs: impl IntoIterator<Item = (S, TokenId)>) -> Self { todo!() }
    /// The id of a token.
    pub fn id(&self, token: &str) -> Option<TokenId> { todo!() }
    /// The token of an id.
    pub fn token(&self, id: TokenId) -> Option<&str> { todo!() }
    /// How many tokens there are.
    pub fn len(&self) -> usize { todo!() }
    pub fn is_empty(&self) -> bool { self.len() == 0 }
    /// The highest id plus one.
    pub fn id_bound(&self) -> usize { todo!() }
    /// Tokens and ids, by ascending id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, TokenId)> { std::iter::empty() }
}
