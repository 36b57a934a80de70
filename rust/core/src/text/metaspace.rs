//! The ▁ rules, shared by the pre-tokenizer and the decoder.

/// When a ▁ is put in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrependScheme {
    /// Before every piece.
    Always,
    /// Before the first piece of a text only.
    First,
    /// Not at all.
    Never,
}

/// `SentencePiece`'s white space: a visible character in place of the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Metaspace {
    /// The visible character.
    pub replacement: char,
    /// When it is put in front.
    pub prepend_scheme: PrependScheme,
    /// Whether to cut before it.
    pub split: bool,
}

impl Default for Metaspace {
    fn default() -> Self {
        Self { replacement: '▁', prepend_scheme: PrependScheme::Always, split: true }
    }
}
