//! Greedy longest match.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::piece_tokens::{PieceTokens, piece_length};
use super::wordlevel::missing_unk;
use crate::error::{Error, Result};
use crate::stages::Tokenize;
use crate::token::{Token, TokenId};
use crate::vocab::Vocab;

mod matcher;

use matcher::Matcher;

/// A `WordPiece` model: from the left, always the longest token that fits, where all but the first of
/// a word carry a prefix. A word that cannot be covered is unknown as a whole.
#[derive(Clone)]
pub struct WordPiece {
    vocab: Arc<Vocab>,
    /// Depends on the vocabulary and the prefix only; built at the first word.
    matcher: Arc<OnceLock<Option<Matcher>>>,
    options: WordPieceOptions,
}

/// What can be set on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordPieceOptions {
    /// What stands for a word that cannot be covered.
    pub unk_token: String,
    /// What tokens inside a word start with.
    pub continuing_subword_prefix: String,
    /// Words of more characters are unknown.
    pub max_input_chars_per_word: usize,
}

impl Default for WordPieceOptions {
    fn default() -> Self {
        Self {
            unk_token: "[UNK]".into(),
            continuing_subword_prefix: "##".into(),
            max_input_chars_per_word: 100,
        }
    }
}

impl WordPiece {
    /// From a vocabulary and options. The unknown token may be missing until it is needed.
    pub fn new(vocab: Vocab, options: WordPieceOptions) -> Self {
        Self { vocab: Arc::new(vocab), matcher: Arc::default(), options }
    }

    /// Its vocabulary.
    pub fn vocab(&self) -> &Vocab {
        &self.vocab
    }

    /// Its options.
    pub fn options(&self) -> &WordPieceOptions {
        &self.options
    }

    /// The same vocabulary under other options.
    #[must_use]
    pub fn with_options(&self, options: WordPieceOptions) -> Self {
        let same = options.continuing_subword_prefix == self.options.continuing_subword_prefix;
        let matcher = if same { self.matcher.clone() } else { Arc::default() };
        Self { vocab: self.vocab.clone(), matcher, options }
    }

    /// The tokens of `piece` as numbers; what `out` held before is gone.
    ///
    /// # Errors
    ///
    /// When the piece cannot be covered and the unknown token is not in the vocabulary.
    pub fn encode_piece(&self, piece: &str, out: &mut PieceTokens) -> Result<()> {
        out.clear();
        let length = piece_length(piece.as_bytes())?;
        let limit = self.options.max_input_chars_per_word;
        let too_long = piece.len() > limit && piece.chars().count() > limit;
        if !too_long && self.matcher()?.cover(piece.as_bytes(), out) {
            return Ok(());
        }
        out.clear();
        let unk = &self.options.unk_token;
        let id = self.vocab.id(unk).ok_or_else(|| missing_unk("WordPiece", unk))?;
        out.push(id, 0, length);
        Ok(())
    }

    fn matcher(&self) -> Result<&Matcher> {
        let prefix = &self.options.continuing_subword_prefix;
        let matcher = self.matcher.get_or_init(|| Matcher::new(&self.vocab, prefix));
        matcher.as_ref().ok_or_else(|| Error::model("the vocabulary is too large for its trie"))
    }
}

impl Tokenize for WordPiece {
    fn tokenize(&self, piece: &str) -> Result<Vec<Token>> {
        let mut out = PieceTokens::new();
        self.encode_piece(piece, &mut out)?;
        Ok(out.to_tokens(|id, _| self.id_to_token(id).unwrap_or_default().to_owned()))
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

impl fmt::Debug for WordPiece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WordPiece")
            .field("options", &self.options)
            .field("vocab", &self.vocab.len())
            .finish_non_exhaustive()
    }
}
