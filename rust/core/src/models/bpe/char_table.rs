//! From a character to the token that is this character alone.

use crate::token::TokenId;
use crate::vocab::Vocab;

/// Single-character tokens in pages of 256 code points; pages without tokens share one empty page.
#[derive(Clone)]
pub(super) struct CharTable {
    page_of: Vec<u16>,
    pages: Vec<[TokenId; 256]>,
    /// The character whose id looks like [`NO_TOKEN`].
    last: Option<char>,
}

const NO_TOKEN: TokenId = TokenId::MAX;

impl CharTable {
    pub(super) fn new(vocab: &Vocab) -> Self {
        let pages_in_all = (char::MAX as usize >> 8) + 1;
        let mut table =
            Self { page_of: vec![0; pages_in_all], pages: vec![[NO_TOKEN; 256]], last: None };
        for (token, id) in vocab.iter() {
            let mut chars = token.chars();
            if let (Some(character), None) = (chars.next(), chars.next()) {
                table.put(character, id);
            }
        }
        table
    }

    #[inline]
    pub(super) fn get(&self, character: char) -> Option<TokenId> {
        let code = character as usize;
        let id = self.pages[usize::from(self.page_of[code >> 8])][code & 0xFF];
        (id != NO_TOKEN || self.last == Some(character)).then_some(id)
    }

    fn put(&mut self, character: char, id: TokenId) {
        if id == NO_TOKEN {
            self.last = Some(character);
        }
        let code = character as usize;
        let page = &mut self.page_of[code >> 8];
        if *page == 0 {
            *page = u16::try_from(self.pages.len()).expect("there are 4352 pages");
            self.pages.push([NO_TOKEN; 256]);
        }
        self.pages[usize::from(*page)][code & 0xFF] = id;
    }
}
