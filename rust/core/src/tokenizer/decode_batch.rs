//! Many lists of ids back into texts.

use crate::error::Result;
use crate::token::TokenId;
use crate::tokenizer::Tokenizer;
use crate::tokenizer::batch::map_parts;

/// The texts of many lists of ids, one behind the other in few buffers.
pub struct DecodedTexts {
    parts: Vec<Part>,
}

#[derive(Default)]
struct Part {
    text: String,
    ends: Vec<usize>,
}

impl DecodedTexts {
    /// The texts in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().flat_map(|part| {
            let mut start = 0;
            part.ends.iter().map(move |&end| {
                let text = &part.text[start..end];
                start = end;
                text
            })
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.ends.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Tokenizer {
    /// Decode many lists of ids: `values[splits[i]..splits[i + 1]]` for each i.
    ///
    /// # Errors
    /// When the decoder fails (one written elsewhere).
    ///
    /// # Panics
    /// When splits are not ascending or lie outside of the values.
    pub fn decode_rows(
        &self,
        values: &[TokenId],
        splits: &[usize],
        skip_special_tokens: bool,
        num_threads: Option<usize>,
    ) -> Result<DecodedTexts> {
        // The table before the threads, or all of them wait for one.
        self.prepare_decoding(values.len());
        // An id is about as much work as four bytes of text.
        let weights = splits.windows(2).map(|split| (split[1] - split[0]) * 4);
        let parts = map_parts(weights, num_threads, |rows| {
            let ends = splits.get(rows.start..=rows.end).unwrap_or_default();
            let ids = ends.last().unwrap_or(&0) - ends.first().unwrap_or(&0);
            let mut part = Part { text: String::with_capacity(ids * 5), ends: Vec::new() };
            for split in ends.windows(2) {
                let ids = &values[split[0]..split[1]];
                self.decode_into(ids, skip_special_tokens, &mut part.text)?;
                part.ends.push(part.text.len());
            }
            Ok(part)
        })?;
        Ok(DecodedTexts { parts })
    }

    /// Decode many lists of ids.
    ///
    /// # Errors
    /// When the decoder fails (one written elsewhere).
    pub fn decode_batch(
        &self,
        batch: &[Vec<TokenId>],
        skip_special_tokens: bool,
        num_threads: Option<usize>,
    ) -> Result<Vec<String>> {
        let mut splits = vec![0];
        splits.extend(batch.iter().scan(0, |end, ids| {
            *end += ids.len();
            Some(*end)
        }));
        let texts = self.decode_rows(&batch.concat(), &splits, skip_special_tokens, num_threads)?;
        Ok(texts.iter().map(str::to_owned).collect())
    }
}
