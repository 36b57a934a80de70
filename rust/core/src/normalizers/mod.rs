//! Normalizers: parts that clean a text before it is cut.
//!
//! Each part says three things about a text: how to edit it while keeping its alignment
//! ([`Normalize`]), what text comes out of that without the alignment
//! ([`normalize_plain`](Normalizer::normalize_plain)), and whether anything would change at all
//! ([`leaves_unchanged`](Normalizer::leaves_unchanged)). The last two serve the fast path, and are
//! tested to agree with the first.

mod bert;
mod byte_level;
mod lowercase;
mod nmt;
mod plain;
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

use crate::error::Result;
use crate::stages::Normalize;
use crate::text::{NormalizedText, Replacement};

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
    /// The clean-up of NMT models, as `SentencePiece` has it.
    Nmt,
    /// Every byte shown as a printable character.
    ByteLevel,
    /// A character map of `SentencePiece`.
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

impl Normalize for Normalizer {
    fn normalize(&self, text: &mut NormalizedText) -> Result<()> {
        text.check_size()?;
        match self {
            Self::Bert(bert) => bert.edit(text),
            Self::Nfc => _ = text.nfc(),
            Self::Nfd => _ = text.nfd(),
            Self::Nfkc => _ = text.nfkc(),
            Self::Nfkd => _ = text.nfkd(),
            Self::Lowercase => _ = text.lowercase(),
            Self::Strip(strip) => strip.edit(text),
            Self::StripAccents => strip_accents::edit(text),
            Self::Nmt => nmt::edit(text),
            Self::ByteLevel => byte_level::edit(text),
            Self::Precompiled(map) => map.normalize(text)?,
            Self::Replace(replacement) => replace::edit(replacement, text)?,
            Self::Prepend(part) => _ = text.prepend(&part.prepend),
            Self::Sequence(parts) => parts.iter().try_for_each(|part| part.normalize(text))?,
            Self::Custom(part) => part.normalize(text)?,
        }
        Ok(())
    }
}

impl Normalizer {
    /// The normalized form of `text`, by the same road that encoding with offsets takes.
    pub fn normalize_str(&self, text: &str) -> Result<String> {
        let mut text = NormalizedText::new(text);
        self.normalize(&mut text)?;
        Ok(text.get().to_owned())
    }
}
