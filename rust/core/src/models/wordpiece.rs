//! Greedy longest match.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::piece_tokens::{PieceTokens, piece_length};
use super::wordlevel::missing_unk;
use crate::error::{Error, Result};
use crate::stages::Tokenize;
use crate::token::{Token, TokenId};
use crate::vocab::Vocab;

mod lookup;
mod matcher;

use matcher::Matcher;

/// A `WordPiece` model: from the left, always the longest token that fits, where all but the first of
/// a word carry a prefix. A word that cannot be covered is unknown as a whole.
#[derive(Clone)]
pub struct WordPiece {
    vocab: Arc<Vocab>,
    /// Depends on the vocabulary and the prefix only.
    matching: Arc<Matching>,
    options: WordPieceOptions,
}

/// So many words are looked up before tries are built: that takes about as long as all of them, so that no text takes
/// twice as long as it could.
const WITHOUT_TRIES: usize = 1 << 14;
/// Longer words are never looked up: that would take quadratic time.
const MAX_LOOKED_UP: usize = 64;

#[derive(Default)]
struct Matching {
    /// How many words were looked up.
    looked_up: AtomicUsize,
    tries: OnceLock<Option<Matcher>>,
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
        Self { vocab: Arc::new(vocab), matching: Arc::default(), options }
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
        let matching = if same { self.matching.clone() } else { Arc::default() };
        Self { vocab: self.vocab.clone(), matching, options }
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
        if !too_long && self.cover(piece, out)? {
            return Ok(());
        }
        out.clear();
        let unk = &self.options.unk_token;
        let id = self.vocab.id(unk).ok_or_else(|| missing_unk("WordPiece", unk))?;
        out.push(id, 0, length);
        Ok(())
    }

    /// Append the tokens of a word; `false` (and anything in `out`) if it cannot be covered.
    fn cover(&self, word: &str, out: &mut PieceTokens) -> Result<bool> {
        let Matching { looked_up, tries } = &*self.matching;
        if tries.get().is_none()
            && word.len() <= MAX_LOOKED_UP
            && looked_up.fetch_add(1, Ordering::Relaxed) < WITHOUT_TRIES
        {
            let prefix = &self.options.continuing_subword_prefix;
            return Ok(lookup::cover(&self.vocab, prefix, word, out));
        }
        Ok(self.matcher()?.cover(word.as_bytes(), out))
    }

    fn matcher(&self) -> Result<&Matcher> {
        let prefix = &self.options.continuing_subword_prefix;
        let matcher = self.matching.tries.get_or_init(|| Matcher::new(&self.vocab, prefix));
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
