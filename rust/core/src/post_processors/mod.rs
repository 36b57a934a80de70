//! Post-processors: special tokens, type ids, trimmed offsets.

mod bert;
mod byte_level;
mod roberta;
pub mod template;

pub use bert::BertProcessing;
pub use byte_level::ByteLevelProcessing;
pub use roberta::RobertaProcessing;
pub use template::TemplateProcessing;

use std::sync::Arc;

/// Every post-processor there is. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub enum PostProcessor {
    /// `[CLS] A [SEP] B [SEP]`.
    Bert(Arc<BertProcessing>),
    /// `<s> A </s></s> B </s>`, offsets trimmed.
    Roberta(Arc<RobertaProcessing>),
    /// Offsets trimmed of byte-level white space.
    ByteLevel(ByteLevelProcessing),
    /// Any frame, written as a template.
    Template(Arc<TemplateProcessing>),
    /// Several, one after the other.
    Sequence(Arc<Vec<PostProcessor>>),
}
