//! The generated tables and how they are looked up. Not for meaning: that is the business of the modules that read them.
//!
//! All files but this one come from `scripts/tables.py`.

pub(crate) mod category;
pub(crate) mod chinese;
pub(crate) mod composition;
pub(crate) mod decomposition;
pub(crate) mod lowercase;
pub(crate) mod properties;
pub(crate) mod script;
pub(crate) mod traits;
pub(crate) mod uppercase;

/// Bits of a code point that select a slot within a page.
const PAGE_BITS: u32 = 7;
const PAGE: usize = 1 << PAGE_BITS;

/// A two-level table over code points: the number of each page, then the distinct pages.
pub(crate) struct PageTable<I: 'static, V: 'static> {
    index: &'static [I],
    pages: &'static [[V; PAGE]],
}

impl<I: Copy + Into<usize>, V: Copy + Default> PageTable<I, V> {
    /// The value of a character; the default for everything past the last page.
    #[inline]
    pub(crate) fn get(&self, character: char) -> V {
        let code = character as u32;
        match self.index.get((code >> PAGE_BITS) as usize) {
            Some(&page) => self.pages[page.into()][code as usize % PAGE],
            None => V::default(),
        }
    }

    /// The same for tables whose first pages stand in order, which spares Latin-1 the look into the index.
    #[inline]
    pub(crate) fn get_latin_first(&self, character: char) -> V {
        let code = character as usize;
        if code < 2 * PAGE { self.pages[code / PAGE][code % PAGE] } else { self.get(character) }
    }
}
