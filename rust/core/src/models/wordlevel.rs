//! One word, one id.

use std::sync::Arc;

use crate::vocab::Vocab;

/// A word-level model.
#[derive(Debug, Clone)]
pub struct WordLevel {
    vocab: Arc<Vocab>,
    unk_token: String,
}
impl WordLevel {
    pub fn new(vocab: Vocab, unk_token: String) -> Self { Self { vocab: Arc::new(vocab), unk_token } }
    pub fn vocab(&self) -> &Vocab { &self.vocab }
    pub fn unk_token(&self) -> &str { &self.unk_token }
    #[must_use]
    pub fn with_unk_token(&self, unk_token: String) -> Self { Self { vocab: self.vocab.clone(), unk_token } }
}
