//! What encoding a text gives: ids, and everything that can be said about them.
//!
//! An [`Encoding`] is a short list of segments over shared, immutable [`TokenRun`]s. Truncating slices
//! segments, padding and framing add some, overflowing parts point into the same run: none of them
//! copies tokens. What is rarely read (token texts, masks, word ids) is worked out when it is asked for.
//!
//! | file | what |
//! |---|---|
//! | `run` | the tokens a model gave |
//! | `block` | the memory of many runs |
//! | `segment` | a slice of a run, or a token repeated, and what happened to it since |
//! | `sequences` | which positions belong to which sequence |
//! | `columns` | reading: ids, offsets, masks, … |
//! | `arrays` | the same as arrays, shared with the run where it has them |
//! | `blanks` | white space at the ends of token texts |
//! | `edit` | truncate, pad, merge, frame |
//! | `lookup` | from characters and words to tokens and back |
//! | `json` | what a pickle holds |

mod arrays;
mod blanks;
mod block;
mod columns;
mod edit;
mod json;
mod lookup;
mod run;
mod segment;
mod sequences;

use std::fmt;
use std::sync::Arc;

pub use arrays::Column;
pub use blanks::Blanks;
pub(crate) use blanks::BlanksTable;
pub(crate) use block::Block;
pub(crate) use edit::{PadToken, check_padded_length};
pub(crate) use run::fit_signed;
pub use run::{TokenNames, TokenRun};
pub(crate) use segment::Segment;
use sequences::SequenceRanges;

use crate::token::Token;

/// The result of encoding. See the module's docs.
#[derive(Clone, Default)]
pub struct Encoding {
    segments: Vec<Segment>,
    sequences: SequenceRanges,
    overflowing: Vec<Encoding>,
}

/// Which end truncation and padding work on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// The beginning.
    Left,
    /// The end.
    #[default]
    Right,
}

impl Encoding {
    /// An encoding of one run, all of one type.
    pub fn from_run(run: Arc<TokenRun>, type_id: u32) -> Self {
        let range = 0..run.len();
        Self::from_segment(Segment::run(run, range, type_id))
    }

    /// An encoding of tokens that carry their own texts, all of one type and of no word.
    pub fn from_tokens(tokens: Vec<Token>, type_id: u32) -> Self {
        Self::from_run(Arc::new(TokenRun::from_tokens(tokens)), type_id)
    }

    pub(crate) fn from_segment(segment: Segment) -> Self {
        let mut encoding = Self::default();
        encoding.push(segment);
        encoding
    }

    /// How many tokens.
    pub fn len(&self) -> usize {
        self.segments.last().map_or(0, Segment::end)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What truncation cut off, in the reference's order.
    pub fn overflowing(&self) -> &[Encoding] {
        &self.overflowing
    }

    /// How many sequences it is made of.
    pub fn n_sequences(&self) -> usize {
        self.sequences.count().max(1)
    }
}

/// Equal in every column, wherever the tokens are kept.
impl PartialEq for Encoding {
    fn eq(&self, other: &Self) -> bool {
        self.ids() == other.ids()
            && self.type_ids() == other.type_ids()
            && self.iter_tokens().eq(other.iter_tokens())
            && self.word_ids() == other.word_ids()
            && self.offsets() == other.offsets()
            && self.special_tokens_mask() == other.special_tokens_mask()
            && self.attention_mask() == other.attention_mask()
            && self.sequences == other.sequences
            && self.overflowing == other.overflowing
    }
}

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}
