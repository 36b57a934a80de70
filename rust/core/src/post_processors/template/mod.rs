//! Any frame, written as a template: `[CLS] $A [SEP] $B:1 [SEP]:1`.

use std::collections::BTreeMap;

use crate::error::Result;
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

/// A frame for one sequence and one for a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateProcessing {
    single: Vec<TemplatePiece>,
    pair: Vec<TemplatePiece>,
    special_tokens: BTreeMap<String, SpecialToken>,
}
#[allow(unused_variables, clippy::todo)]
impl TemplateProcessing {
    /// Check and keep a template: both sequences in `pair`, every special token known.
    pub fn new(single: Vec<TemplatePiece>, pair: Vec<TemplatePiece>, special_tokens: Vec<SpecialToken>) -> Result<Self> { todo!() }
    pub fn single(&self) -> &[TemplatePiece] { &self.single }
    pub fn pair(&self) -> &[TemplatePiece] { &self.pair }
    pub fn special_tokens(&self) -> &BTreeMap<String, SpecialToken> { &self.special_tokens }
}
#[allow(unused_variables, clippy::todo)]
/// Read a template written as one string: `[CLS] $A [SEP]`.
pub fn parse_template(text: &str) -> Result<Vec<TemplatePiece>> { todo!() }
#[allow(unused_variables, clippy::todo)]
/// Read one piece of a template: `$A`, `$1`, `[SEP]:1`.
pub fn parse_piece(text: &str) -> Result<TemplatePiece> { todo!() }
