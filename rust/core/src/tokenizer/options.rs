//! What goes into a call and how it can be told to work.

use crate::tokenizer::{PaddingOptions, TruncationOptions};
use crate::util::rooms::Numbers;

/// One text or a text already cut into words.
#[derive(Debug, Clone)]
pub enum Input<'a> {
    /// A text.
    Text(&'a str),
    /// Words.
    Words(Vec<&'a str>),
}

impl Input<'_> {
    /// Bytes in all.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Words(words) => words.iter().map(|word| word.len()).sum(),
        }
    }
}

/// What is encoded in one go: a sequence, or a pair.
#[derive(Debug, Clone)]
pub struct EncodeInput<'a> {
    /// The first sequence.
    pub first: Input<'a>,
    /// The second of a pair.
    pub second: Option<Input<'a>>,
}

impl<'a> EncodeInput<'a> {
    /// One text.
    pub fn text(text: &'a str) -> Self {
        Self { first: Input::Text(text), second: None }
    }

    /// Two texts.
    pub fn pair(first: &'a str, second: &'a str) -> Self {
        Self { first: Input::Text(first), second: Some(Input::Text(second)) }
    }

    /// Bytes in all.
    pub(crate) fn bytes(&self) -> usize {
        self.first.bytes() + self.second.as_ref().map_or(0, Input::bytes)
    }
}

/// A choice among the special tokens (after tiktoken's arguments of that name).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SpecialTokens {
    /// All of them.
    #[default]
    All,
    /// None.
    None,
    /// Only these.
    Only(Vec<String>),
}

impl SpecialTokens {
    /// Whether a token is among them.
    pub(crate) fn contains(&self, token: &str) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Only(tokens) => tokens.iter().any(|t| t == token),
        }
    }
}

/// How to encode: what a call can say beside its text. The defaults are the tokenizer's own settings.
#[derive(Debug, Clone, Default)]
pub struct EncodeOptions {
    /// Leave out the special tokens of the post-processor (the default is to add them).
    pub skip_special_tokens: bool,
    /// Skip offsets, words and token texts.
    pub ids_only: bool,
    /// Offsets in bytes rather than characters.
    pub byte_offsets: bool,
    /// Offsets as they ought to be where the reference's are wrong (composing normalizers).
    pub exact_offsets: bool,
    /// Find the added tokens that a rejected longer match covers (the reference misses them).
    pub exact_matching: bool,
    /// Instead of the tokenizer's truncation: `Some(None)` for none.
    pub truncation: Option<Option<TruncationOptions>>,
    /// Instead of the tokenizer's padding: `Some(None)` for none.
    pub padding: Option<Option<PaddingOptions>>,
    /// Special tokens that are recognised in the text, the others being text; the default follows the
    /// tokenizer's `encode_special_tokens`.
    pub allowed_special: Option<SpecialTokens>,
    /// Texts that make encoding fail when they stand in the text. All are the special tokens that
    /// `allowed_special` does not name (where that is left out, every special token); the default is none.
    pub disallowed_special: Option<SpecialTokens>,
    /// At most so many threads; the default asks the environment.
    pub num_threads: Option<usize>,
    /// A text of so many bytes is shared by threads that other texts leave free; the default is 256 KiB.
    pub long_text: Option<usize>,
}

/// Ids of several texts in one buffer: row `i` is `values[splits[i]..splits[i + 1]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RaggedIds {
    /// All ids.
    pub values: Numbers,
    /// Where rows begin; one more than there are rows.
    pub splits: Vec<i64>,
}
