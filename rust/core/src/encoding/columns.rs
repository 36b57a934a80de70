//! Reading an encoding column by column. Every call works its column out anew, in one pass.

use crate::encoding::{Encoding, Segment};
use crate::token::{Span, TokenId};

impl Encoding {
    /// The ids.
    pub fn ids(&self) -> Vec<TokenId> {
        let mut out = Vec::with_capacity(self.len());
        self.write_ids(&mut out);
        out
    }

    /// Put the ids behind those already in `out`.
    pub fn write_ids(&self, out: &mut Vec<TokenId>) {
        out.reserve(self.len());
        for segment in &self.segments {
            segment.write_ids(out);
        }
    }

    /// The type of each token: which sequence a model should take it for.
    pub fn type_ids(&self) -> Vec<u32> {
        self.repeated(|segment| segment.type_id)
    }

    /// Put the type ids behind what is in `out`.
    pub fn write_type_ids(&self, out: &mut Vec<u32>) {
        self.write_repeated(out, |segment| segment.type_id);
    }

    /// The text of each token.
    pub fn tokens(&self) -> Vec<String> {
        self.iter_tokens().map(str::to_owned).collect()
    }

    /// The text of each token, borrowed.
    pub fn iter_tokens(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flat_map(|segment| (0..segment.len).map(|i| segment.text(i)))
    }

    /// The word each token belongs to, if any.
    pub fn word_ids(&self) -> Vec<Option<u32>> {
        self.iter_word_ids().collect()
    }

    /// The word each token belongs to, one after the other.
    pub fn iter_word_ids(&self) -> impl Iterator<Item = Option<u32>> {
        self.segments.iter().flat_map(|segment| (0..segment.len).map(|i| segment.word(i)))
    }

    /// The sequence each token belongs to, if any.
    pub fn sequence_ids(&self) -> Vec<Option<usize>> {
        let mut ids = vec![None; self.len()];
        for sequence in 0..self.n_sequences() {
            for range in self.ranges(sequence) {
                ids[range].fill(Some(sequence));
            }
        }
        ids
    }

    /// Where each token stands in its text.
    pub fn offsets(&self) -> Vec<Span> {
        let mut out = Vec::with_capacity(self.len());
        for segment in &self.segments {
            out.extend((0..segment.len).map(|i| segment.offset(i)));
        }
        out
    }

    /// Where each token stands in its text, one after the other.
    pub fn iter_offsets(&self) -> impl Iterator<Item = Span> {
        self.segments.iter().flat_map(|segment| (0..segment.len).map(|i| segment.offset(i)))
    }

    /// 1 for tokens that a post-processor or padding added, 0 for those of the text.
    pub fn special_tokens_mask(&self) -> Vec<u32> {
        self.repeated(|segment| segment.special)
    }

    /// Put the special tokens mask behind what is in `out`.
    pub fn write_special_tokens_mask(&self, out: &mut Vec<u32>) {
        self.write_repeated(out, |segment| segment.special);
    }

    /// 0 for padding, 1 for the rest.
    pub fn attention_mask(&self) -> Vec<u32> {
        self.repeated(|segment| segment.attention)
    }

    /// Put the attention mask behind what is in `out`.
    pub fn write_attention_mask(&self, out: &mut Vec<u32>) {
        self.write_repeated(out, |segment| segment.attention);
    }

    fn repeated(&self, value: impl Fn(&Segment) -> u32) -> Vec<u32> {
        let mut out = Vec::with_capacity(self.len());
        self.write_repeated(&mut out, value);
        out
    }

    fn write_repeated(&self, out: &mut Vec<u32>, value: impl Fn(&Segment) -> u32) {
        for segment in &self.segments {
            out.resize(out.len() + segment.len, value(segment));
        }
    }
}
