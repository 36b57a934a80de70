//! [`NormalizedText`]: a text, what it was before, and which byte came from where.

use crate::error::Result;
use crate::text::pattern::Pattern;
use crate::text::split::SplitBehavior;
use crate::token::Span;

/// Which of the two texts a position belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Referential {
    /// The text as it was given.
    Original,
    /// The text as it is now.
    Normalized,
}

/// A text under edit. Every byte of the normalized text knows the span of the original it came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NormalizedText {
    original: String,
    normalized: String,
    /// One span of `original` per byte of `normalized`.
    alignment: Vec<(u32, u32)>,
    /// Where `original` begins in the text it was sliced from.
    shift: usize,
}

#[allow(unused_variables, clippy::todo)]
impl NormalizedText {
    /// A text that nothing was done to yet.
    pub fn new(text: impl Into<String>) -> Self { todo!() }
    /// The text as it is now.
    pub fn get(&self) -> &str { &self.normalized }
    /// The text as it was given.
    pub fn original(&self) -> &str { &self.original }
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool { self.normalized.is_empty() }
    /// Bytes of the normalized text.
    pub fn len(&self) -> usize { self.normalized.len() }
    /// The span of this slice in the text it was sliced from.
    pub fn span_in_original(&self) -> Span { todo!() }
    /// Convert a span of one text into a span of the other.
    pub fn convert(&self, span: Span, from: Referential) -> Option<Span> { todo!() }
    /// A slice (byte span in the named text), itself a text with its alignment; `None` off character boundaries.
    pub fn slice(&self, span: Span, of: Referential) -> Option<NormalizedText> { todo!() }
    /// The one editing primitive (see the module's docs).
    pub fn transform(&mut self, dest: impl IntoIterator<Item = (char, isize)>, initial_removed: usize) { todo!() }
    /// The same for a span of the named text.
    pub fn transform_range(&mut self, span: Span, of: Referential, dest: impl IntoIterator<Item = (char, isize)>, initial_removed: usize) { todo!() }
    /// Canonical composition. Likewise `nfd`, `nfkc`, `nfkd`.
    pub fn nfc(&mut self) -> &mut Self { todo!() }
    pub fn nfd(&mut self) -> &mut Self { todo!() }
    pub fn nfkc(&mut self) -> &mut Self { todo!() }
    pub fn nfkd(&mut self) -> &mut Self { todo!() }
    /// Lower case.
    pub fn lowercase(&mut self) -> &mut Self { todo!() }
    /// Upper case.
    pub fn uppercase(&mut self) -> &mut Self { todo!() }
    /// Keep the characters that `keep` accepts.
    pub fn filter(&mut self, keep: impl FnMut(char) -> bool) -> &mut Self { todo!() }
    /// Replace each character by one.
    pub fn map(&mut self, map: impl FnMut(char) -> char) -> &mut Self { todo!() }
    /// Strip white space at both ends; `lstrip`, `rstrip` at one.
    pub fn strip(&mut self) -> &mut Self { todo!() }
    pub fn lstrip(&mut self) -> &mut Self { todo!() }
    pub fn rstrip(&mut self) -> &mut Self { todo!() }
    /// Drop everything; how many bytes that was.
    pub fn clear(&mut self) -> usize { todo!() }
    pub fn prepend(&mut self, text: &str) -> &mut Self { todo!() }
    pub fn append(&mut self, text: &str) -> &mut Self { todo!() }
    /// Replace all matches.
    pub fn replace(&mut self, pattern: &Pattern, content: &str) -> Result<()> { todo!() }
    /// Cut at the matches.
    pub fn split(&self, pattern: &Pattern, behavior: SplitBehavior) -> Result<Vec<NormalizedText>> { todo!() }
}
