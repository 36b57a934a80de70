//! `<s> A </s></s> B </s>`, offsets trimmed.

use crate::encoding::{Encoding, Segment};
use crate::error::Result;
use crate::post_processors::{frame_each, trim_all};
use crate::stages::PostProcess;
use crate::token::TokenId;

/// The frame of `RoBERTa`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobertaProcessing {
    /// Closes every sequence.
    pub sep: (String, TokenId),
    /// Opens the first.
    pub cls: (String, TokenId),
    /// Leave white space out of the offsets.
    pub trim_offsets: bool,
    /// Whether the pre-tokenizer added a space in front.
    pub add_prefix_space: bool,
}

impl Default for RobertaProcessing {
    fn default() -> Self {
        Self {
            sep: ("</s>".to_owned(), 2),
            cls: ("<s>".to_owned(), 0),
            trim_offsets: true,
            add_prefix_space: true,
        }
    }
}

impl PostProcess for RobertaProcessing {
    fn added_tokens(&self, is_pair: bool) -> usize {
        if is_pair { 4 } else { 2 }
    }

    /// All types become 0; those of overflowing parts only when special tokens are added, as in the
    /// reference.
    fn process(
        &self,
        mut encodings: Vec<Encoding>,
        add_special_tokens: bool,
    ) -> Result<Vec<Encoding>> {
        if self.trim_offsets {
            trim_all(&mut encodings, self.add_prefix_space);
        }
        if !add_special_tokens {
            for encoding in &mut encodings {
                encoding.set_type_id(0);
            }
            return Ok(encodings);
        }
        let cls = [Segment::special(self.cls.1, self.cls.0.as_str().into(), 0)];
        let sep = [Segment::special(self.sep.1, self.sep.0.as_str().into(), 0)];
        Ok(frame_each(encodings, |mut encoding, is_first| {
            encoding.set_type_id(0);
            if is_first { encoding.framed(&cls, &sep, 0) } else { encoding.framed(&sep, &sep, 1) }
        }))
    }
}
