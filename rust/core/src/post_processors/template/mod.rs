//! Any frame, written as a template: `[CLS] $A [SEP] $B:1 [SEP]:1`.

mod apply;
mod parse;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use parse::{parse_piece, parse_template};

use crate::encoding::TokenRun;
use crate::error::{Error, Result};
use crate::token::TokenId;

/// One piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePiece {
    /// Sequence `A` (false) or `B` (true) and its type id.
    Sequence { second: bool, type_id: u32 },
    /// A special token by its name, and its type id.
    Special { id: String, type_id: u32 },
}

/// What a special token of a template stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialToken {
    /// Its name in the template.
    pub id: String,
    /// The ids it puts there.
    pub ids: Vec<TokenId>,
    /// Their texts, as many.
    pub tokens: Vec<String>,
}

impl SpecialToken {
    /// A special token of one id, whose text is its name.
    pub fn single(token: impl Into<String>, id: TokenId) -> Self {
        let token = token.into();
        Self { id: token.clone(), ids: vec![id], tokens: vec![token] }
    }

    /// A special token of several ids.
    ///
    /// # Errors
    /// When there are not as many texts as ids.
    pub fn new(id: String, ids: Vec<TokenId>, tokens: Vec<String>) -> Result<Self> {
        let token = Self { id, ids, tokens };
        token.check()?;
        Ok(token)
    }

    fn check(&self) -> Result<()> {
        if self.ids.len() == self.tokens.len() {
            return Ok(());
        }
        Err(Error::invalid("SpecialToken: ids and tokens must be of the same length")
            .in_field(format!("special_tokens.{}", self.id))
            .expecting(format!("{} tokens", self.ids.len()))
            .finding(self.tokens.len().to_string()))
    }
}

/// A frame for one sequence and one for a pair.
#[derive(Clone)]
pub struct TemplateProcessing {
    single: Vec<TemplatePiece>,
    pair: Vec<TemplatePiece>,
    special_tokens: BTreeMap<String, SpecialToken>,
    /// What each special token puts into encodings, made once and shared by all of them.
    runs: BTreeMap<String, Arc<TokenRun>>,
    added_single: usize,
    added_pair: usize,
}

impl TemplateProcessing {
    /// Check and keep a template: both sequences in `pair`, every special token known.
    ///
    /// # Errors
    /// When one of these does not hold, or a special token has not as many texts as ids.
    pub fn new(
        single: Vec<TemplatePiece>,
        pair: Vec<TemplatePiece>,
        special_tokens: Vec<SpecialToken>,
    ) -> Result<Self> {
        let has = |wanted: bool| {
            pair.iter().any(|piece| matches!(piece, TemplatePiece::Sequence { second, .. } if *second == wanted))
        };
        if !has(false) || !has(true) {
            return Err(Error::invalid("Template for `pair` must use both sequences")
                .hinting("write `$A` and `$B` in it"));
        }
        let special_tokens = special_tokens.into_iter().map(|token| (token.id.clone(), token));
        let template = Self::from_parts(single, pair, special_tokens.collect())?;
        let missing = template.missing_special_tokens();
        if !missing.is_empty() {
            return Err(Error::invalid(format!(
                "Missing SpecialToken(s) with id(s) `{}`",
                missing.join(", ")
            )));
        }
        Ok(template)
    }

    /// Keep a template as a file has it. What [`new`](Self::new) refuses fails when it is used, so that
    /// files that never use it load, as they do in the reference.
    ///
    /// # Errors
    /// When a special token has not as many texts as ids.
    pub fn from_parts(
        single: Vec<TemplatePiece>,
        pair: Vec<TemplatePiece>,
        special_tokens: BTreeMap<String, SpecialToken>,
    ) -> Result<Self> {
        let mut runs = BTreeMap::new();
        for (name, token) in &special_tokens {
            token.check()?;
            runs.insert(name.clone(), Arc::new(run_of(token)));
        }
        let mut template =
            Self { single, pair, special_tokens, runs, added_single: 0, added_pair: 0 };
        template.added_single = template.count_added(&template.single);
        template.added_pair = template.count_added(&template.pair);
        Ok(template)
    }

    /// The frame of one sequence.
    pub fn single(&self) -> &[TemplatePiece] {
        &self.single
    }

    /// The frame of a pair.
    pub fn pair(&self) -> &[TemplatePiece] {
        &self.pair
    }

    /// The special tokens by name.
    pub fn special_tokens(&self) -> &BTreeMap<String, SpecialToken> {
        &self.special_tokens
    }

    /// The same with another frame for one sequence, unchecked: a special token it does not know fails
    /// when it is used.
    #[must_use]
    pub fn with_single(mut self, single: Vec<TemplatePiece>) -> Self {
        self.single = single;
        self.added_single = self.count_added(&self.single);
        self
    }

    fn count_added(&self, pieces: &[TemplatePiece]) -> usize {
        let added = pieces.iter().map(|piece| match piece {
            TemplatePiece::Sequence { .. } => 0,
            TemplatePiece::Special { id, .. } => self.runs.get(id).map_or(0, |run| run.len()),
        });
        added.sum()
    }

    /// Names of special tokens the templates use but do not have, each once, in order of use.
    fn missing_special_tokens(&self) -> Vec<&str> {
        let mut missing = Vec::new();
        for piece in self.single.iter().chain(&self.pair) {
            if let TemplatePiece::Special { id, .. } = piece
                && !self.special_tokens.contains_key(id)
                && !missing.contains(&id.as_str())
            {
                missing.push(id.as_str());
            }
        }
        missing
    }
}

fn run_of(token: &SpecialToken) -> TokenRun {
    let texts = (0..).zip(token.tokens.iter().map(|text| text.as_str().into())).collect();
    TokenRun::new(token.ids.clone(), Vec::new(), Vec::new(), texts, None)
}

impl Default for TemplateProcessing {
    /// Nothing added; a pair joined, types 0 and 1.
    fn default() -> Self {
        let piece = |second| TemplatePiece::Sequence { second, type_id: u32::from(second) };
        Self::from_parts(vec![piece(false)], vec![piece(false), piece(true)], BTreeMap::new())
            .expect("no special token, none that is broken")
    }
}

impl PartialEq for TemplateProcessing {
    fn eq(&self, other: &Self) -> bool {
        self.single == other.single
            && self.pair == other.pair
            && self.special_tokens == other.special_tokens
    }
}

impl Eq for TemplateProcessing {}

impl std::fmt::Debug for TemplateProcessing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TemplateProcessing")
            .field("single", &self.single)
            .field("pair", &self.pair)
            .field("special_tokens", &self.special_tokens)
            .finish_non_exhaustive()
    }
}
