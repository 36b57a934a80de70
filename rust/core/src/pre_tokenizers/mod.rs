//! Pre-tokenizers: parts that cut a text into the pieces a model sees.

mod bert;
mod byte_level;
mod delimiter;
mod digits;
mod fixed_length;
mod metaspace;
mod punctuation;
mod split;
mod unicode_scripts;
mod whitespace;


pub use fixed_length::FixedLength;
pub use split::Split;

use std::sync::Arc;

use crate::stages::PreTokenize;
use crate::text::SplitBehavior;
use crate::text::byte_alphabet::ByteLevel;
use crate::text::metaspace::Metaspace;

/// Every pre-tokenizer there is. Cheap to clone.
#[derive(Clone)]
pub enum PreTokenizer {
    /// White space dropped, punctuation apart.
    Bert,
    /// GPT-2's cut and byte alphabet.
    ByteLevel(ByteLevel),
    /// Cut at one character, which is dropped.
    CharDelimiterSplit(char),
    /// SentencePiece's ▁ in place of spaces.
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
