//! Normalizers: parts that clean a text before it is cut.

mod bert;
mod byte_level;
mod lowercase;
mod nmt;
mod precompiled;
mod prepend;
mod replace;
mod strip;
mod strip_accents;
mod unicode_forms;

pub use bert::BertNormalizer;
pub use precompiled::Precompiled;
pub use prepend::Prepend;

pub use strip::Strip;

use std::sync::Arc;

use crate::stages::Normalize;
use crate::text::Replacement;

/// Every normalizer there is. Cheap to clone: what is heavy sits behind an `Arc`.
#[derive(Clone)]
pub enum Normalizer {
    /// BERT's clean-up.
    Bert(BertNormalizer),
    /// Canonical composition.
    Nfc,
    /// Canonical decomposition.
    Nfd,
    /// Compatibility composition.
    Nfkc,
    /// Compatibility decomposition.
    Nfkd,
    /// Lower case, character by character.
    Lowercase,
    /// White space at the ends dropped.
    Strip(Strip),
    /// Combining marks dropped.
    StripAccents,
    /// SentencePiece's NMT clean-up.
    Nmt,
    /// Every byte shown as a printable character.
    ByteLevel,
    /// SentencePiece's character map.
    Precompiled(Arc<Precompiled>),
    /// Matches of a pattern replaced.
    Replace(Arc<Replacement>),
    /// A string put in front.
    Prepend(Prepend),
    /// Several, one after the other.
    Sequence(Arc<Vec<Normalizer>>),
    /// A part written elsewhere; it cannot be saved.
    Custom(Arc<dyn Normalize>),
}
