//! Pre-tokenizers: parts that cut a text into the pieces a model sees.

mod bert;
mod byte_level;
mod delimiter;
mod digits;
mod fixed_length;
mod metaspace;
mod punctuation;
pub mod scan;
mod split;
mod unicode_scripts;
mod whitespace;

pub use byte_level::gpt2_pattern;
pub use fixed_length::FixedLength;
pub use split::Split;

use std::sync::Arc;

use crate::error::Result;
use crate::stages::PreTokenize;
use crate::text::byte_alphabet::ByteLevel;
use crate::text::metaspace::Metaspace;
use crate::text::{Pieces, SplitBehavior};

/// Every pre-tokenizer there is. Cheap to clone.
#[derive(Clone)]
pub enum PreTokenizer {
    /// White space dropped, punctuation apart.
    Bert,
    /// GPT-2's cut and byte alphabet.
    ByteLevel(ByteLevel),
    /// Cut at one character, which is dropped.
    CharDelimiterSplit(char),
    /// `SentencePiece`'s ▁ in place of spaces.
    Metaspace(Metaspace),
    /// `\w+|[^\w\s]+`
    Whitespace,
    /// Cut at white space, which is dropped.
    WhitespaceSplit,
    /// Cut at a literal or a regular expression.
    Split(Arc<Split>),
    /// Cut at punctuation.
    Punctuation(SplitBehavior),
    /// Cut at digits: each alone (`true`) or in runs.
    Digits(bool),
    /// Cut where the script changes.
    UnicodeScripts,
    /// Cut every so many characters.
    FixedLength(FixedLength),
    /// Several, one after the other.
    Sequence(Arc<Vec<PreTokenizer>>),
    /// A part written elsewhere; it cannot be saved.
    Custom(Arc<dyn PreTokenize>),
}

impl PreTokenize for PreTokenizer {
    fn pre_tokenize(&self, pieces: &mut Pieces) -> Result<()> {
        match self {
            Self::Bert => bert::cut(pieces),
            Self::ByteLevel(options) => byte_level::cut(*options, pieces),
            Self::CharDelimiterSplit(delimiter) => delimiter::cut(*delimiter, pieces),
            Self::Metaspace(options) => metaspace::cut(*options, pieces),
            Self::Whitespace => whitespace::cut_words(pieces),
            Self::WhitespaceSplit => whitespace::cut_at_space(pieces),
            Self::Split(split) => split.cut(pieces),
            Self::Punctuation(behavior) => punctuation::cut(*behavior, pieces),
            Self::Digits(individual) => digits::cut(*individual, pieces),
            Self::UnicodeScripts => unicode_scripts::cut(pieces),
            Self::FixedLength(length) => length.cut(pieces),
            Self::Sequence(parts) => parts.iter().try_for_each(|part| part.pre_tokenize(pieces)),
            Self::Custom(part) => part.pre_tokenize(pieces),
        }
    }
}
