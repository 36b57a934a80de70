//! White space at the ends of token texts: what byte-level tokens take out of their offsets.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::token::TokenId;

/// How many characters of white space a token's text begins and ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Blanks {
    /// At the beginning.
    pub leading: usize,
    /// At the end; a text of nothing else has as many as at the beginning.
    pub trailing: usize,
}

/// Whether `character` is white space, or the space of the byte alphabet.
fn is_blank(character: char) -> bool {
    character == '\u{120}' || character.is_whitespace()
}

impl Blanks {
    /// Those of a text.
    pub fn of(text: &str) -> Self {
        let leading = text.chars().take_while(|c| is_blank(*c)).count();
        let trailing = text.chars().rev().take_while(|c| is_blank(*c)).count();
        Self { leading, trailing }
    }
}

/// The white space of the tokens of a vocabulary, a byte for each, found when first asked for: the texts
/// themselves lie all over the memory.
pub(crate) struct BlanksTable {
    /// Zero where nothing is known yet.
    packed: Box<[AtomicU8]>,
}

/// Marks an entry that was filled in.
const KNOWN: u8 = 0x80;
/// A count that does not fit its three bits.
const MANY: u8 = 7;

impl BlanksTable {
    /// A table for ids below `size`.
    pub(crate) fn new(size: usize) -> Self {
        Self { packed: (0..size).map(|_| AtomicU8::new(0)).collect() }
    }

    /// The white space around the text of `id`, which `text` gives.
    #[inline]
    pub(crate) fn of<'a>(&self, id: TokenId, text: impl FnOnce() -> &'a str) -> Blanks {
        let entry = usize::try_from(id).ok().and_then(|id| self.packed.get(id));
        let known = entry.map_or(0, |entry| entry.load(Ordering::Relaxed));
        let (leading, trailing) = (known & 7, known >> 3 & 7);
        if known & KNOWN != 0 && leading != MANY && trailing != MANY {
            return Blanks { leading: leading.into(), trailing: trailing.into() };
        }
        let blanks = Blanks::of(text());
        if let Some(entry) = entry {
            let pack = |count: usize| u8::try_from(count).map_or(MANY, |count| count.min(MANY));
            let packed = KNOWN | pack(blanks.trailing) << 3 | pack(blanks.leading);
            entry.store(packed, Ordering::Relaxed);
        }
        blanks
    }
}
