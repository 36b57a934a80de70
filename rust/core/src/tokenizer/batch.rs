//! Many texts at once: the same as one by one, on several threads, order kept.

use std::ops::Range;
use std::sync::Arc;

use crate::encoding::Encoding;
use crate::error::Result;
use crate::token::TokenId;
use crate::tokenizer::Tokenizer;
use crate::tokenizer::encode::Call;
use crate::tokenizer::options::{EncodeInput, EncodeOptions, RaggedIds};
use crate::tokenizer::sink::{room_guess, token_guess};
use crate::tokenizer::together::encode_all;
use crate::util::parallel::{chunks_by_weight, map_chunks, thread_count};
use crate::util::rooms::{Numbers, Room, Rooms};

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
        let call = Call::new(self, options)?.of_texts(inputs.len());
        let mut encodings = match inputs {
            [only] => vec![call.encode(only)?],
            _ => flat(map_inputs(inputs, options, |part| encode_all(&call, part))?),
        };
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
            let mut ids = RaggedIds::within(self.front.scratches.rooms.lend(0));
            for encoding in encodings {
                ids.push(&encoding.ids());
            }
            return Ok(ids);
        }
        let call = Call::new(self, &options)?.of_texts(inputs.len());
        let around = call.surroundings()?;
        let rooms = &self.front.scratches.rooms;
        if let [only] = inputs {
            let mut ids = Vec::with_capacity(token_guess(only.bytes()));
            call.append_ids(only, around, &mut ids)?;
            return Ok(RaggedIds::of_row(ids));
        }
        let parts = map_inputs(inputs, &options, |part| {
            let bytes = part.iter().map(EncodeInput::bytes).sum();
            let mut ids = RaggedIds::within(rooms.lend(room_guess(bytes)));
            let mut row = Vec::new();
            for input in part {
                row.clear();
                call.append_ids(input, around, &mut row)?;
                ids.push(&row);
            }
            Ok(ids)
        })?;
        Ok(joined(parts, rooms))
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
        let call = Call::new(self, &options)?.of_texts(inputs.len());
        let around = call.surroundings()?;
        let count = |ids: &mut Vec<TokenId>, input: &EncodeInput<'_>| {
            ids.clear();
            call.append_ids(input, around, ids)?;
            Ok(ids.len())
        };
        Ok(flat(map_inputs(inputs, &options, |part| {
            let mut ids = Vec::new();
            part.iter().map(|input| count(&mut ids, input)).collect()
        })?))
    }
}

impl RaggedIds {
    fn within(room: Room) -> Self {
        Self { values: Numbers::within(room), splits: vec![0] }
    }

    fn of_row(ids: Vec<TokenId>) -> Self {
        let end = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        Self { values: ids.into(), splits: vec![0, end] }
    }

    /// Append a row.
    fn push(&mut self, ids: &[TokenId]) {
        self.values.extend_from_slice(ids);
        self.splits.push(i64::try_from(self.values.len()).unwrap_or(i64::MAX));
    }
}

fn joined(mut parts: Vec<RaggedIds>, rooms: &Arc<Rooms>) -> RaggedIds {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let total = parts.iter().map(|part| part.values.len()).sum();
    let mut ids = RaggedIds::within(rooms.lend(total));
    for part in parts {
        let before = ids.splits.last().copied().unwrap_or(0);
        ids.values.extend_from_slice(&part.values);
        ids.splits.extend(part.splits[1..].iter().map(|split| before + split));
    }
    ids
}

fn flat<T>(parts: Vec<Vec<T>>) -> Vec<T> {
    parts.into_iter().flatten().collect()
}

fn map_inputs<'a, T: Send>(
    inputs: &[EncodeInput<'a>],
    options: &EncodeOptions,
    work: impl Fn(&[EncodeInput<'a>]) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let weights = inputs.iter().map(EncodeInput::bytes);
    map_parts(weights, options.num_threads, |part| work(&inputs[part]))
}

/// Cut the work into parts that are done each by one thread, and give their results in order.
pub(super) fn map_parts<T: Send>(
    weights: impl ExactSizeIterator<Item = usize> + Clone,
    num_threads: Option<usize>,
    work: impl Fn(Range<usize>) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let total: usize = weights.clone().sum();
    let threads = if total < 2 * BYTES_PER_THREAD {
        1
    } else {
        thread_count(num_threads).min(total / BYTES_PER_THREAD)
    };
    if threads <= 1 {
        return Ok(vec![work(0..weights.len())?]);
    }
    let chunks = chunks_by_weight(weights, CHUNK_BYTES.min(total / threads));
    map_chunks(&chunks, threads, work)
}
