//! The unit cache: what every model's encoding goes through.
//!
//! A *unit* is a stretch of text that the pipeline encodes independently of its neighbours (a regex
//! piece, a BERT word, a ▁-word). Text repeats itself: nineteen units of twenty have been met before,
//! so what a unit encodes to is kept, per thread, in tables of bounded size, and only a unit not met
//! before goes to the model. An entry is made by the exact road alone, so the cache changes times and
//! never results.
//!
//! [`table`] holds short units in 32 bytes each; [`long`] holds the rest; [`queue`] gathers units so that
//! many are looked up at once; [`scratch`] owns them all, together with the buffers a thread works in.

mod long;
mod queue;
mod scratch;
mod table;

pub(crate) use queue::{AsideTokens, Queue};
pub(crate) use scratch::{Scratch, ScratchPool};
pub(crate) use table::Hit;
use table::MAX_KEY;

use crate::token::TokenId;

/// What a unit encodes to, relative to the unit: the currency between caches, models and sinks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct UnitTokens {
    /// Token ids.
    pub(crate) ids: Vec<TokenId>,
    /// Byte spans inside the unit's original text.
    pub(crate) spans: Vec<(u32, u32)>,
    /// Word numbers, counted from the unit's first.
    pub(crate) words: Vec<u32>,
    /// Texts that differ from the names of the ids.
    pub(crate) texts: Vec<(u32, Box<str>)>,
    /// How many words the unit has (some may have no token).
    pub(crate) word_count: u32,
}

impl UnitTokens {
    pub(crate) fn clear(&mut self) {
        self.ids.clear();
        self.spans.clear();
        self.words.clear();
        self.texts.clear();
        self.word_count = 0;
    }

    pub(crate) fn push(&mut self, id: TokenId, span: (u32, u32), word: u32) {
        self.ids.push(id);
        self.spans.push(span);
        self.words.push(word);
    }
}
