//! `[CLS] A [SEP] B [SEP]`.

use crate::encoding::{Encoding, Segment};
use crate::error::Result;
use crate::post_processors::frame_each;
use crate::stages::PostProcess;
use crate::token::TokenId;

/// BERT's frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BertProcessing {
    /// Closes every sequence.
    pub sep: (String, TokenId),
    /// Opens the first.
    pub cls: (String, TokenId),
}

impl Default for BertProcessing {
    fn default() -> Self {
        Self { sep: ("[SEP]".to_owned(), 102), cls: ("[CLS]".to_owned(), 101) }
    }
}

impl PostProcess for BertProcessing {
    fn added_tokens(&self, is_pair: bool) -> usize {
        if is_pair { 3 } else { 2 }
    }

    fn process(&self, encodings: Vec<Encoding>, add_special_tokens: bool) -> Result<Vec<Encoding>> {
        if !add_special_tokens {
            return Ok(encodings);
        }
        let cls = [Segment::special(self.cls.1, self.cls.0.as_str().into(), 0)];
        let sep = [Segment::special(self.sep.1, self.sep.0.as_str().into(), 0)];
        let mut pair_sep = sep.clone();
        pair_sep[0].type_id = 1;
        Ok(frame_each(encodings, |encoding, is_first| {
            if is_first {
                encoding.framed(&cls, &sep, 0)
            } else {
                encoding.framed(&[], &pair_sep, 1)
            }
        }))
    }
}
