//! The script of a character, as the reference's `UnicodeScripts` pre-tokenizer knows it.
//!
//! Not here: that pre-tokenizer's own rules (kana count as Han, the space joins anything).

use crate::tables::script::{ALL, NAMES, SCRIPTS};

pub use crate::tables::script::Script;

/// The script of a character; [`Script::Any`] where the reference's table of Unicode 9 has none.
#[inline]
pub fn script(character: char) -> Script {
    ALL[usize::from(SCRIPTS.get_latin_first(character))]
}

impl Script {
    /// The name that Unicode and regular expressions use, such as `Old_Italic`.
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }
}
