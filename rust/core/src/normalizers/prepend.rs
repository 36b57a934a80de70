//! A string put in front.

use std::borrow::Cow;

/// What to put in front of a text that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepend {
    /// The string.
    pub prepend: String,
}

impl Prepend {
    /// `None` for the empty string, which takes from the first character where it came from.
    pub(super) fn plain<'a>(&self, text: Cow<'a, str>) -> Option<Cow<'a, str>> {
        match (text.is_empty(), self.prepend.is_empty()) {
            (true, _) => Some(text),
            (false, true) => None,
            (false, false) => Some(Cow::Owned(format!("{}{text}", self.prepend))),
        }
    }
}
