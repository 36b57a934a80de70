//! The reference's JSON of an encoding: what its pickles hold.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::encoding::run::NO_WORD;
use crate::encoding::sequences::SequenceRanges;
use crate::encoding::{Encoding, Segment, TokenRun};
use crate::error::{Error, Result};

/// The fields in the reference's order.
#[derive(Serialize, Deserialize)]
struct Document {
    ids: Vec<u32>,
    type_ids: Vec<u32>,
    tokens: Vec<String>,
    words: Vec<Option<u32>>,
    offsets: Vec<(usize, usize)>,
    special_tokens_mask: Vec<u32>,
    attention_mask: Vec<u32>,
    overflowing: Vec<Document>,
    /// One range a sequence, the last where there are several.
    sequence_ranges: BTreeMap<usize, Range<usize>>,
    /// All ranges, where a sequence has several. The reference does not know the field and skips it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    all_sequence_ranges: Vec<(usize, Range<usize>)>,
}

impl Encoding {
    /// The reference's JSON of an encoding (what its pickle holds).
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.document()).expect("an encoding is plain JSON")
    }

    /// An encoding from its JSON.
    ///
    /// # Errors
    /// When it is not JSON, lacks a field, or its columns differ in length.
    pub fn from_json(json: &str) -> Result<Self> {
        let document: Document = serde_json::from_str(json)
            .map_err(|error| Error::format(error.to_string()).in_field("encoding"))?;
        document.encoding().map_err(|error| error.under("encoding"))
    }

    fn document(&self) -> Document {
        let has_split = self.sequences.iter().count() > self.sequences.count();
        let all_sequence_ranges =
            if has_split { self.sequences.iter().collect() } else { Vec::new() };
        Document {
            ids: self.ids(),
            type_ids: self.type_ids(),
            tokens: self.tokens(),
            words: self.word_ids(),
            offsets: self.iter_offsets().map(|span| (span.start, span.end)).collect(),
            special_tokens_mask: self.special_tokens_mask(),
            attention_mask: self.attention_mask(),
            overflowing: self.overflowing.iter().map(Encoding::document).collect(),
            sequence_ranges: self.sequences.iter().collect(),
            all_sequence_ranges,
        }
    }
}

impl Document {
    fn encoding(self) -> Result<Encoding> {
        let len = self.ids.len();
        let mut encoding = Encoding { sequences: self.sequences(len)?, ..Encoding::default() };
        for (column, found) in [
            ("type_ids", self.type_ids.len()),
            ("tokens", self.tokens.len()),
            ("words", self.words.len()),
            ("offsets", self.offsets.len()),
            ("special_tokens_mask", self.special_tokens_mask.len()),
            ("attention_mask", self.attention_mask.len()),
        ] {
            if found != len {
                return Err(Error::format("the columns of an encoding differ in length")
                    .in_field(column)
                    .expecting(format!("{len} values, as many as `ids`"))
                    .finding(found.to_string()));
            }
        }
        let kinds =
            self.type_ids.into_iter().zip(self.special_tokens_mask).zip(self.attention_mask);
        let kinds: Vec<_> =
            kinds.map(|((type_id, special), mask)| (type_id, special, mask)).collect();
        let run = Arc::new(run(self.ids, self.offsets, self.words, self.tokens)?);
        let mut start = 0;
        for group in kinds.chunk_by(|a, b| a == b) {
            let (type_id, special, attention) = group[0];
            let mut segment = Segment::run(run.clone(), start..start + group.len(), type_id);
            segment.special = special;
            segment.attention = attention;
            encoding.push(segment);
            start += group.len();
        }
        for (index, part) in self.overflowing.into_iter().enumerate() {
            let part =
                part.encoding().map_err(|error| error.under(&format!("overflowing[{index}]")))?;
            encoding.overflowing.push(part);
        }
        Ok(encoding)
    }

    fn sequences(&self, len: usize) -> Result<SequenceRanges> {
        let mut all: Vec<_> = self.all_sequence_ranges.clone();
        if all.is_empty() {
            all = self.sequence_ranges.iter().map(|(id, range)| (*id, range.clone())).collect();
        }
        all.sort_by_key(|(sequence, range)| (*sequence, range.start));
        let mut sequences = SequenceRanges::default();
        for (sequence, range) in all {
            if range.start > range.end || range.end > len {
                return Err(Error::format("a sequence lies outside of its encoding")
                    .in_field(format!("sequence_ranges.{sequence}"))
                    .expecting(format!("a range within 0..{len}"))
                    .finding(format!("{range:?}")));
            }
            sequences.add(sequence, range);
        }
        Ok(sequences)
    }
}

fn run(
    ids: Vec<u32>,
    offsets: Vec<(usize, usize)>,
    words: Vec<Option<u32>>,
    tokens: Vec<String>,
) -> Result<TokenRun> {
    let narrow = |value: usize| {
        u32::try_from(value).map_err(|_| {
            Error::format("an offset is too large").in_field("offsets").finding(value.to_string())
        })
    };
    let offsets = offsets.into_iter().map(|(start, end)| Ok((narrow(start)?, narrow(end)?)));
    let offsets = offsets.collect::<Result<Vec<_>>>()?;
    let words = words.into_iter().map(|word| word.unwrap_or(NO_WORD)).collect();
    let texts = tokens.into_iter().enumerate();
    let texts = texts
        .map(|(index, text)| Ok((narrow(index)?, text.into_boxed_str())))
        .collect::<Result<Vec<_>>>()?;
    Ok(TokenRun::new(ids, offsets, words, texts, None))
}
