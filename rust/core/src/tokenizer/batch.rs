//! Many texts at once: the same as one by one, on several threads, order kept.

use std::ops::Range;

use crate::encoding::Encoding;
use crate::error::Result;
use crate::token::TokenId;
use crate::tokenizer::Tokenizer;
use crate::tokenizer::encode::Call;
use crate::tokenizer::options::{EncodeInput, EncodeOptions, RaggedIds};
use crate::util::parallel::{chunks_by_weight, map_chunks, thread_count};

/// Work for one thread at a time: large enough that taking the next is nothing, small enough that the
/// threads end together.
const CHUNK_BYTES: usize = 64 << 10;
/// Below this much text a thread costs more to start than it saves.
const BYTES_PER_THREAD: usize = 16 << 10;

impl Tokenizer {
    /// Encode many inputs; padding is to the longest of all.
    ///
    /// # Errors
    /// The first error in the order of the inputs.
    pub fn encode_batch(
        &self,
        inputs: &[EncodeInput<'_>],
        options: &EncodeOptions,
    ) -> Result<Vec<Encoding>> {
        let call = Call::new(self, options)?;
        let mut encodings = map_inputs(inputs, options, |input| call.encode(input))?;
        self.pad(&mut encodings, options)?;
        Ok(encodings)
    }

    /// The ids of many inputs in one buffer.
    pub fn encode_ids_batch(
        &self,
        inputs: &[EncodeInput<'_>],
        options: &EncodeOptions,
    ) -> Result<RaggedIds> {
        let options = EncodeOptions { ids_only: true, ..options.clone() };
        if self.padding_of(&options).is_some() {
            let encodings = self.encode_batch(inputs, &options)?;
            return Ok(ragged(encodings.iter().map(Encoding::ids)));
        }
        let call = Call::new(self, &options)?;
        let rows = map_inputs(inputs, &options, |input| call.encode_ids(input))?;
        Ok(ragged(rows.into_iter()))
    }

    /// How many tokens each input has.
    pub fn count_batch(
        &self,
        inputs: &[EncodeInput<'_>],
        options: &EncodeOptions,
    ) -> Result<Vec<usize>> {
        let options = EncodeOptions { ids_only: true, ..options.clone() };
        if self.padding_of(&options).is_some() {
            return Ok(self.encode_batch(inputs, &options)?.iter().map(Encoding::len).collect());
        }
        let call = Call::new(self, &options)?;
        map_inputs(inputs, &options, |input| Ok(call.encode_ids(input)?.len()))
    }

    /// Decode many lists of ids.
    pub fn decode_batch(
        &self,
        batch: &[Vec<TokenId>],
        skip_special_tokens: bool,
        num_threads: Option<usize>,
    ) -> Result<Vec<String>> {
        // An id is about as much work as four bytes of text.
        let weights = batch.iter().map(|ids| ids.len() * 4);
        map_weighted(weights, num_threads, |index| self.decode(&batch[index], skip_special_tokens))
    }
}

fn ragged(rows: impl Iterator<Item = Vec<TokenId>>) -> RaggedIds {
    let mut ids = RaggedIds { values: Vec::new(), splits: vec![0] };
    for row in rows {
        ids.values.extend_from_slice(&row);
        ids.splits.push(i64::try_from(ids.values.len()).unwrap_or(i64::MAX));
    }
    ids
}

fn map_inputs<T: Send>(
    inputs: &[EncodeInput<'_>],
    options: &EncodeOptions,
    work: impl Fn(&EncodeInput<'_>) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let weights = inputs.iter().map(EncodeInput::bytes);
    map_weighted(weights, options.num_threads, |index| work(&inputs[index]))
}

fn map_weighted<T: Send>(
    weights: impl ExactSizeIterator<Item = usize> + Clone,
    num_threads: Option<usize>,
    work: impl Fn(usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let total: usize = weights.clone().sum();
    let threads = if total < 2 * BYTES_PER_THREAD {
        1
    } else {
        thread_count(num_threads).min(total / BYTES_PER_THREAD)
    };
    if threads <= 1 {
        return (0..weights.len()).map(work).collect();
    }
    let chunks = chunks_by_weight(weights, CHUNK_BYTES.min(total / threads));
    let parts = map_chunks(&chunks, threads, |chunk: Range<usize>| {
        chunk.map(&work).collect::<Result<Vec<T>>>()
    })?;
    Ok(parts.into_iter().flatten().collect())
}
