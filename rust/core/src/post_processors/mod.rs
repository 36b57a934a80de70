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

use crate::encoding::Encoding;
use crate::error::Result;
use crate::stages::PostProcess;

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

impl PostProcess for PostProcessor {
    fn added_tokens(&self, is_pair: bool) -> usize {
        match self {
            Self::Bert(bert) => bert.added_tokens(is_pair),
            Self::Roberta(roberta) => roberta.added_tokens(is_pair),
            Self::ByteLevel(byte_level) => byte_level.added_tokens(is_pair),
            Self::Template(template) => template.added_tokens(is_pair),
            Self::Sequence(list) => list.iter().map(|member| member.added_tokens(is_pair)).sum(),
        }
    }

    fn process(&self, encodings: Vec<Encoding>, add_special_tokens: bool) -> Result<Vec<Encoding>> {
        match self {
            Self::Bert(bert) => bert.process(encodings, add_special_tokens),
            Self::Roberta(roberta) => roberta.process(encodings, add_special_tokens),
            Self::ByteLevel(byte_level) => byte_level.process(encodings, add_special_tokens),
            Self::Template(template) => template.process(encodings, add_special_tokens),
            Self::Sequence(list) => list.iter().try_fold(encodings, |encodings, member| {
                member.process(encodings, add_special_tokens)
            }),
        }
    }
}

/// One sequence or a pair through a post-processor, and into one encoding.
///
/// This is what follows truncation: it numbers the sequences and their types first, and merges what
/// the post-processor gives. Without a post-processor a pair is merged as it is.
pub fn frame(
    processor: Option<&PostProcessor>,
    mut first: Encoding,
    second: Option<Encoding>,
    add_special_tokens: bool,
) -> Result<Encoding> {
    match (processor, second) {
        (None, None) => Ok(first),
        (None, Some(mut second)) => {
            first.set_sequence_id(0);
            second.set_sequence_id(1);
            Ok(Encoding::join(vec![first, second]))
        }
        (Some(processor), second) => {
            let mut encodings = vec![first];
            encodings.extend(second);
            for (type_id, encoding) in (0..).zip(&mut encodings) {
                number_sequence(encoding, type_id);
            }
            Ok(Encoding::join(processor.process(encodings, add_special_tokens)?))
        }
    }
}

/// Say which sequence an encoding is; the types of overflowing parts stay.
fn number_sequence(encoding: &mut Encoding, type_id: u32) {
    let sequence = type_id as usize;
    encoding.set_sequence_id(sequence);
    for part in encoding.overflowing_mut() {
        part.set_sequence_id(sequence);
    }
    encoding.set_type_id(type_id);
}

/// Take the white space out of the offsets of all encodings and their overflowing parts.
fn trim_all(encodings: &mut [Encoding], keep_prefix: bool) {
    for encoding in encodings {
        encoding.trim_offsets(keep_prefix);
        for part in encoding.overflowing_mut() {
            part.trim_offsets(keep_prefix);
        }
    }
}

/// Frame every encoding and its overflowing parts alike; the flag says whether it is the first.
fn frame_each(
    encodings: Vec<Encoding>,
    frame: impl Fn(Encoding, bool) -> Encoding,
) -> Vec<Encoding> {
    let framed = encodings.into_iter().enumerate().map(|(index, mut encoding)| {
        let parts = encoding.take_overflowing();
        let parts = parts.into_iter().map(|part| frame(part, index == 0)).collect();
        frame(encoding, index == 0).with_overflowing(parts)
    });
    framed.collect()
}
