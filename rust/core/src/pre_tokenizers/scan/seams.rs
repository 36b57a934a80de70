//! Which characters the tokens of a model hold side by side, as far as it is worth knowing: ASCII by pairs, others
//! each for itself.

use super::ascii_pairs::AsciiPairs;

/// No token reaches from the character to the one behind it, whichever that is.
pub(crate) const FREE_BEHIND: u8 = 1;
/// The same for the one before it.
pub(crate) const FREE_BEFORE: u8 = 1 << 1;
/// No token reaches from the character to a space behind it.
pub(crate) const FREE_AT_SPACE: u8 = 1 << 2;

/// Characters of a page.
const PAGE: usize = 256;
const PAGES: usize = (char::MAX as usize + 1) / PAGE;

/// Where tokens reach across the seam of two characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seams {
    pub(super) ascii: AsciiPairs,
    /// For each character, what is free. Of ASCII only the line feed counts.
    page_of: Vec<u8>,
    pages: Vec<[u8; PAGE]>,
    /// Whether all is free around a line feed.
    pub(super) line_feed_is_free: bool,
}

impl Seams {
    /// From the pairs of ASCII, what is free around most characters, and around some. `None` when these are too
    /// many for the table.
    pub(crate) fn new(
        ascii: AsciiPairs,
        usual: u8,
        others: impl Iterator<Item = (char, u8)>,
    ) -> Option<Self> {
        let pages = vec![[usual; PAGE]];
        let mut seams = Self { ascii, page_of: vec![0; PAGES], pages, line_feed_is_free: false };
        for (c, free) in others {
            let code = c as usize;
            let page = &mut seams.page_of[code / PAGE];
            if *page == 0 {
                *page = u8::try_from(seams.pages.len()).ok()?;
                seams.pages.push([usual; PAGE]);
            }
            seams.pages[usize::from(*page)][code % PAGE] = free;
        }
        let both = FREE_BEHIND | FREE_BEFORE;
        seams.line_feed_is_free = seams.free('\n') & both == both;
        Some(seams)
    }

    /// What is free around a character.
    #[inline]
    pub(super) fn free(&self, c: char) -> u8 {
        let code = c as usize;
        self.pages[usize::from(self.page_of[code / PAGE])][code % PAGE]
    }

    /// Whether no token reaches across `at`, a place inside of a text.
    pub(super) fn is_free(&self, text: &str, at: usize) -> bool {
        if !text.is_char_boundary(at) {
            return false;
        }
        let (before, behind) = text.split_at(at);
        let (Some(before), Some(behind)) = (before.chars().next_back(), behind.chars().next())
        else {
            return true;
        };
        if before.is_ascii() && behind.is_ascii() {
            // A run of spaces stays in one.
            return (before, behind) != (' ', ' ') && !self.ascii.holds(before as u8, behind as u8);
        }
        let free = |c: char, free: u8| {
            let counts = !c.is_ascii() || (c == '\n' && self.line_feed_is_free);
            counts && self.free(c) & free != 0
        };
        let before_is_free =
            free(before, FREE_BEHIND) || (behind == ' ' && free(before, FREE_AT_SPACE));
        before_is_free || free(behind, FREE_BEFORE)
    }
}
