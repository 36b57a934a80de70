//! The smallest vocabulary types: an id, a span, a token.

/// The number of a token.
pub type TokenId = u32;

/// A half-open range of positions, in bytes unless a name says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Span {
    /// First position inside.
    pub start: usize,
    /// First position behind.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// How many positions it covers.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The same range as the standard library writes it.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// One token as a model gives it: its id, its text, and the span of the piece it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The number.
    pub id: TokenId,
    /// The text (for an unknown token, whatever the model shows in its place).
    pub value: String,
    /// Byte span inside the piece that was tokenized.
    pub span: Span,
}

impl Token {
    /// A token from its three parts.
    pub fn new(id: TokenId, value: impl Into<String>, span: Span) -> Self {
        Self { id, value: value.into(), span }
    }
}
