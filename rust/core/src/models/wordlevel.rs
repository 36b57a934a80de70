//! One word, one id.

use std::sync::Arc;

use super::piece_tokens::{PieceTokens, piece_length};
use crate::error::{Error, Result};
use crate::stages::Tokenize;
use crate::token::{Span, Token, TokenId};
use crate::vocab::Vocab;

/// A word-level model: a piece is a token of the vocabulary, or unknown as a whole.
#[derive(Debug, Clone)]
pub struct WordLevel {
    vocab: Arc<Vocab>,
    unk_token: String,
}

impl WordLevel {
    /// From a vocabulary and the token that stands for all other words.
    pub fn new(vocab: Vocab, unk_token: String) -> Self {
        Self { vocab: Arc::new(vocab), unk_token }
    }

    /// Its vocabulary.
    pub fn vocab(&self) -> &Vocab {
        &self.vocab
    }

    /// What stands for words that are not in the vocabulary.
    pub fn unk_token(&self) -> &str {
        &self.unk_token
    }

    /// The same vocabulary with another unknown token.
    #[must_use]
    pub fn with_unk_token(&self, unk_token: String) -> Self {
        Self { vocab: self.vocab.clone(), unk_token }
    }

    /// The one token of `piece` as numbers; what `out` held before is gone.
    ///
    /// # Errors
    ///
    /// When the piece is unknown and the unknown token is not in the vocabulary.
    pub fn encode_piece(&self, piece: &str, out: &mut PieceTokens) -> Result<()> {
        out.clear();
        let end = piece_length(piece.as_bytes())?;
        let (_, id) = self.look_up(piece)?;
        out.push(id, 0, end);
        Ok(())
    }

    fn look_up<'a>(&'a self, piece: &'a str) -> Result<(&'a str, TokenId)> {
        [piece, &self.unk_token]
            .into_iter()
            .find_map(|token| Some((token, self.vocab.id(token)?)))
            .ok_or_else(|| missing_unk("WordLevel", &self.unk_token))
    }
}

impl Tokenize for WordLevel {
    fn tokenize(&self, piece: &str) -> Result<Vec<Token>> {
        let (token, id) = self.look_up(piece)?;
        Ok(vec![Token::new(id, token, Span::new(0, piece.len()))])
    }

    fn token_to_id(&self, token: &str) -> Option<TokenId> {
        self.vocab.id(token)
    }

    fn id_to_token(&self, id: TokenId) -> Option<&str> {
        self.vocab.token(id)
    }

    fn vocab_size(&self) -> usize {
        self.vocab.len()
    }
}

/// The error of a model that meets an unknown word and has no token for it. The text says `[UNK]`
/// whatever the token is called: callers match it.
pub(super) fn missing_unk(model: &str, unk_token: &str) -> Error {
    Error::model(format!("{model} error: Missing [UNK] token from the vocabulary")).hinting(
        format!(
            "the vocabulary has no `{unk_token}`: add it, or set unk_token to a token that it has"
        ),
    )
}
