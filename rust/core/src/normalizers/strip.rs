//! White space at the ends dropped.

use fissile_unicode::category;

use crate::text::NormalizedText;

/// Which ends to strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strip {
    /// The left end.
    pub left: bool,
    /// The right end.
    pub right: bool,
}

impl Strip {
    pub(super) fn edit(self, text: &mut NormalizedText) {
        match (self.left, self.right) {
            (true, true) => _ = text.strip(),
            (true, false) => _ = text.lstrip(),
            (false, true) => _ = text.rstrip(),
            (false, false) => {}
        }
    }

    pub(super) fn plain(self, mut text: &str) -> &str {
        if self.left {
            text = text.trim_start_matches(category::is_whitespace);
        }
        if self.right {
            text = text.trim_end_matches(category::is_whitespace);
        }
        text
    }
}
