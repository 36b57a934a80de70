//! The added tokens' table, in two layers, so that a copy with one token more costs little.
//!
//! Every change of a tokenizer makes a copy of it, and tokens come one by one (a program that adds a
//! thousand in a loop is no rarity). Copies share the lower layer; what is copied is the upper one,
//! which is folded into the lower when it has grown to about the square root of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::token::TokenId;
use crate::util::hash::{Map, Set};
use crate::vocab::AddedToken;

/// The upper layer is never folded below this size.
const ALWAYS_KEPT: usize = 16;

/// One layer.
#[derive(Clone, Default)]
struct Layer {
    by_id: BTreeMap<TokenId, AddedToken>,
    ids: Map<String, TokenId>,
    special: Set<String>,
    normalized: Map<TokenId, String>,
}

/// Added tokens by id and by text. What the upper layer says of a token counts.
#[derive(Clone, Default)]
pub(super) struct AddedTable {
    lower: Arc<Layer>,
    upper: Layer,
    /// Texts in all.
    len: usize,
}

impl AddedTable {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, id: TokenId) -> Option<&AddedToken> {
        self.upper.by_id.get(&id).or_else(|| self.lower.by_id.get(&id))
    }

    pub(super) fn id(&self, text: &str) -> Option<TokenId> {
        self.upper.ids.get(text).or_else(|| self.lower.ids.get(text)).copied()
    }

    /// Whether any text was special once.
    pub(super) fn has_special(&self) -> bool {
        !self.lower.special.is_empty() || !self.upper.special.is_empty()
    }

    /// Whether a text was special once.
    pub(super) fn was_special(&self, text: &str) -> bool {
        self.upper.special.contains(text) || self.lower.special.contains(text)
    }

    /// The texts that were special once.
    pub(super) fn special_texts(&self) -> impl Iterator<Item = &str> {
        self.upper.special.iter().chain(&self.lower.special).map(String::as_str)
    }

    /// The normalized form of a token, where it is not the content itself.
    pub(super) fn form(&self, id: TokenId) -> Option<&str> {
        let form = self.upper.normalized.get(&id).or_else(|| self.lower.normalized.get(&id));
        form.map(String::as_str)
    }

    pub(super) fn last_id(&self) -> Option<TokenId> {
        let last = |layer: &Layer| layer.by_id.last_key_value().map(|(id, _)| *id);
        last(&self.upper).max(last(&self.lower))
    }

    /// Tokens by ascending id.
    pub(super) fn iter(&self) -> impl Iterator<Item = (TokenId, &AddedToken)> {
        let mut upper = self.upper.by_id.iter().peekable();
        let mut lower = self.lower.by_id.iter().peekable();
        std::iter::from_fn(move || {
            let (above, below) = (upper.peek().map(|it| *it.0), lower.peek().map(|it| *it.0));
            let takes_upper = above.is_some_and(|above| below.is_none_or(|below| above <= below));
            let next = if takes_upper {
                if above == below {
                    lower.next();
                }
                upper.next()
            } else {
                lower.next()
            };
            next.map(|(id, token)| (*id, token))
        })
    }

    /// Texts and ids, in no order.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, TokenId)> {
        let below = self.lower.ids.iter().filter(|(text, _)| !self.upper.ids.contains_key(*text));
        below.chain(&self.upper.ids).map(|(text, id)| (text.as_str(), *id))
    }

    /// Put a token in; `form` is its normalized form, where that is not the content itself.
    pub(super) fn insert(&mut self, id: TokenId, token: AddedToken, form: Option<String>) {
        self.len += usize::from(self.id(&token.content).is_none());
        let upper = &mut self.upper;
        upper.normalized.extend(form.map(|form| (id, form)));
        upper.ids.insert(token.content.clone(), id);
        if token.special {
            upper.special.insert(token.content.clone());
        }
        upper.by_id.insert(id, token);
        if upper.ids.len() > ALWAYS_KEPT.max(self.lower.ids.len().isqrt()) {
            self.fold();
        }
    }

    /// After `changed` tokens were put in at once: with one layer, looking things up is quicker.
    pub(super) fn settle(&mut self, changed: usize) {
        if changed > self.lower.ids.len().isqrt() {
            self.fold();
        }
    }

    /// Put other normalized forms in place of all there are.
    pub(super) fn set_forms(&mut self, forms: Map<TokenId, String>) {
        self.fold();
        Arc::make_mut(&mut self.lower).normalized = forms;
    }

    fn fold(&mut self) {
        let Layer { by_id, ids, special, normalized } = std::mem::take(&mut self.upper);
        let lower = Arc::make_mut(&mut self.lower);
        lower.by_id.extend(by_id);
        lower.ids.extend(ids);
        lower.special.extend(special);
        lower.normalized.extend(normalized);
    }
}
