//! The tokens of a vocabulary in the making: text to id and back.

use std::sync::Arc;

use fissile_core::util::hash::Map;
use fissile_core::vocab::{AddedToken, Vocab};
use fissile_core::{Error, Result, TokenId};

/// Tokens numbered as they come.
#[derive(Default)]
pub(crate) struct Symbols {
    ids: Map<Arc<str>, TokenId>,
    texts: Vec<Arc<str>>,
}

impl Symbols {
    /// Special tokens first, then the alphabet.
    pub(crate) fn new(special_tokens: &[AddedToken], alphabet: &[char]) -> Result<Self> {
        let mut symbols = Self::default();
        for token in special_tokens {
            symbols.put(&token.content)?;
        }
        for character in alphabet {
            symbols.put(character.encode_utf8(&mut [0; 4]))?;
        }
        Ok(symbols)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// All texts with their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, TokenId)> {
        self.texts.iter().map(|text| &**text).zip(0..)
    }

    /// The id of a text.
    pub(crate) fn id(&self, text: &str) -> Option<TokenId> {
        self.ids.get(text).copied()
    }

    /// The text of an id.
    pub(crate) fn text(&self, id: TokenId) -> &str {
        &self.texts[id as usize]
    }

    /// The same, to be kept.
    pub(crate) fn shared(&self, id: TokenId) -> Arc<str> {
        self.texts[id as usize].clone()
    }

    /// The id of a text, which gets one if it has none.
    pub(crate) fn put(&mut self, text: &str) -> Result<TokenId> {
        if let Some(id) = self.id(text) {
            return Ok(id);
        }
        let id = TokenId::try_from(self.texts.len())
            .map_err(|_| Error::invalid("the vocabulary has more tokens than ids can number"))?;
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.ids.insert(text, id);
        Ok(id)
    }

    /// What two tokens make: the right one without the prefix of tokens inside a word.
    pub(crate) fn join(&self, left: TokenId, right: TokenId, prefix: Option<&str>) -> String {
        let right = self.text(right);
        let right = prefix.and_then(|prefix| right.strip_prefix(prefix)).unwrap_or(right);
        [self.text(left), right].concat()
    }

    /// The vocabulary.
    pub(crate) fn to_vocab(&self) -> Vocab {
        Vocab::from_pairs(self.texts.iter().zip(0..))
    }
}
