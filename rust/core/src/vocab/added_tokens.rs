//! Tokens added on top of a model's vocabulary, and the matcher that finds them in a text.
//!
//! Some are looked for in the raw text, the others in the normalized text, in their normalized form.
//! This module is given that form; it knows no normalizer.

use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result};
use crate::token::TokenId;
use crate::util::hash::Map;
use crate::vocab::added_table::AddedTable;
use crate::vocab::matcher::{Matcher, Pattern};

/// A token that is found in the text before the model sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedToken {
    /// Its text.
    pub content: String,
    /// Only where it is a word of its own.
    pub single_word: bool,
    /// Takes the white space to its left with it.
    pub lstrip: bool,
    /// Takes the white space to its right with it.
    pub rstrip: bool,
    /// Looked for in the normalized text (`true`) or in the raw one.
    pub normalized: bool,
    /// Left out when decoding, on request.
    pub special: bool,
}

impl AddedToken {
    /// A token with the field's defaults: looked for in the normalized text unless it is special.
    pub fn new(content: impl Into<String>, special: bool) -> Self {
        Self {
            content: content.into(),
            single_word: false,
            lstrip: false,
            rstrip: false,
            normalized: !special,
            special,
        }
    }
}

/// All added tokens of a tokenizer.
#[derive(Clone, Default)]
pub struct AddedTokens {
    table: AddedTable,
    /// How many of the texts are no token of the model.
    beyond_model: usize,
    /// Built when a text is first searched, so that adding tokens one by one stays linear.
    matchers: OnceLock<Arc<Matchers>>,
}

/// The two automata: for the raw and for the normalized text.
pub(crate) struct Matchers {
    pub(crate) raw: Option<Matcher>,
    pub(crate) normalized: Option<Matcher>,
}

impl Matchers {
    /// Automata over bare texts, looked for in the raw text.
    pub(crate) fn of_texts(texts: &[String]) -> Result<Self> {
        let patterns = texts
            .iter()
            .map(|text| Pattern {
                id: 0,
                text,
                single_word: false,
                lstrip: false,
                rstrip: false,
                special: false,
            })
            .collect();
        Ok(Self { raw: Matcher::new(patterns)?, normalized: None })
    }
}

/// The part of a model that adding tokens depends on.
pub(crate) trait ModelVocabulary {
    fn token_to_id(&self, token: &str) -> Option<TokenId>;
    fn has_id(&self, id: TokenId) -> bool;
    fn size(&self) -> usize;
}

impl AddedTokens {
    /// Tokens by ascending id.
    pub fn iter(&self) -> impl Iterator<Item = (TokenId, &AddedToken)> {
        self.table.iter()
    }

    /// How many texts were added.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.table.len() == 0
    }

    /// How many of the texts are not tokens of the model as well.
    pub(crate) fn beyond_model(&self) -> usize {
        self.beyond_model
    }

    /// The id of an added text.
    pub fn id(&self, token: &str) -> Option<TokenId> {
        self.table.id(token)
    }

    /// The token of an id.
    pub fn get(&self, id: TokenId) -> Option<&AddedToken> {
        self.table.get(id)
    }

    /// The text of an id as decoders expect it: the normalized form, since they undo normalizing.
    pub fn decoded_text(&self, id: TokenId) -> Option<&str> {
        let token = self.table.get(id)?;
        Some(self.table.form(id).unwrap_or(&token.content))
    }

    /// Texts and ids, in no order.
    pub fn texts(&self) -> impl Iterator<Item = (&str, TokenId)> {
        self.table.texts()
    }

    /// Whether an id, or the text it stands for, is left out when special tokens are skipped.
    pub(crate) fn is_special(&self, id: TokenId, text: &str) -> bool {
        // Once special, a text stays special: adding it again as an ordinary token does not undo it.
        self.table.has_special()
            && (self.table.was_special(text) || self.get(id).is_some_and(|token| token.special))
    }

    /// The texts that are, or were once, special.
    pub(crate) fn special_texts(&self) -> impl Iterator<Item = &str> {
        self.table.special_texts()
    }

    /// Add tokens; how many were new or changed. An empty text is passed over.
    ///
    /// A text that the model knows keeps the model's id. Any other gets the next free one: behind the
    /// last added token, or behind the model's vocabulary, never one that is taken (a vocabulary with
    /// holes has taken ids behind its size).
    pub(crate) fn add(
        &mut self,
        tokens: Vec<AddedToken>,
        model: &impl ModelVocabulary,
        normalize: impl Fn(&str) -> Result<Option<String>>,
    ) -> Result<usize> {
        let mut changed = 0;
        let mut next = self.first_free_id(model)?;
        for token in tokens {
            if token.content.is_empty() || self.knows_exactly(&token) {
                continue;
            }
            changed += 1;
            let known = self.id(&token.content);
            let in_model = model.token_to_id(&token.content);
            let id = match known.or(in_model) {
                Some(id) => id,
                None => self.take_free_id(&mut next, model)?,
            };
            self.beyond_model += usize::from(known.is_none() && in_model.is_none());
            self.insert(id, token, &normalize)?;
        }
        if changed > 0 {
            self.table.settle(changed);
            self.matchers = OnceLock::new();
        }
        Ok(changed)
    }

    fn knows_exactly(&self, token: &AddedToken) -> bool {
        self.id(&token.content).is_some_and(|id| self.get(id) == Some(token))
    }

    fn first_free_id(&self, model: &impl ModelVocabulary) -> Result<TokenId> {
        let size = TokenId::try_from(model.size())
            .map_err(|_| Error::invalid("the vocabulary has more tokens than ids can number"))?;
        Ok(match self.table.last_id() {
            Some(last) if last >= size || size == 0 => last.saturating_add(1),
            _ => size,
        })
    }

    fn take_free_id(&self, next: &mut TokenId, model: &impl ModelVocabulary) -> Result<TokenId> {
        while model.has_id(*next) || self.get(*next).is_some() {
            *next = next.checked_add(1).ok_or_else(|| Error::invalid("no id is left to give"))?;
        }
        let id = *next;
        *next = next.saturating_add(1);
        Ok(id)
    }

    fn insert(
        &mut self,
        id: TokenId,
        token: AddedToken,
        normalize: &impl Fn(&str) -> Result<Option<String>>,
    ) -> Result<()> {
        let form = if token.normalized { normalize(&token.content)? } else { None };
        let form = form.filter(|form| *form != token.content);
        self.table.insert(id, token, form);
        Ok(())
    }

    /// Work out all normalized forms anew: the normalizer changed.
    pub(crate) fn renormalize(
        &mut self,
        normalize: impl Fn(&str) -> Result<Option<String>>,
    ) -> Result<()> {
        let mut forms = Map::default();
        for (id, token) in self.iter().filter(|(_, token)| token.normalized) {
            if let Some(form) = normalize(&token.content)?
                && form != token.content
            {
                forms.insert(id, form);
            }
        }
        self.table.set_forms(forms);
        self.matchers = OnceLock::new();
        Ok(())
    }

    /// Count anew which texts the model lacks: the model changed.
    pub(crate) fn recount(&mut self, model: &impl ModelVocabulary) {
        self.beyond_model = self.texts().filter(|(t, _)| model.token_to_id(t).is_none()).count();
    }

    /// The automata over all tokens.
    pub(crate) fn matchers(&self) -> Result<&Matchers> {
        if let Some(matchers) = self.matchers.get() {
            return Ok(matchers);
        }
        let built = Arc::new(self.matchers_of(|_| true)?);
        Ok(self.matchers.get_or_init(|| built))
    }

    /// Automata over the tokens that `keep` accepts.
    pub(crate) fn matchers_of(&self, keep: impl Fn(&AddedToken) -> bool) -> Result<Matchers> {
        let patterns = |normalized: bool| {
            self.iter()
                .filter(|(_, token)| token.normalized == normalized && keep(token))
                .map(|(id, token)| self.pattern(id, token))
                .collect::<Vec<_>>()
        };
        Ok(Matchers {
            raw: Matcher::new(patterns(false))?,
            normalized: Matcher::new(patterns(true))?,
        })
    }

    fn pattern<'a>(&'a self, id: TokenId, token: &'a AddedToken) -> Pattern<'a> {
        let form = if token.normalized { self.table.form(id) } else { None };
        Pattern {
            id,
            text: form.unwrap_or(&token.content),
            single_word: token.single_word,
            lstrip: token.lstrip,
            rstrip: token.rstrip,
            special: self.table.was_special(&token.content),
        }
    }
}
