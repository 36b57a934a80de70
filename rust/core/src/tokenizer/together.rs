//! Encodings of many texts, whose tokens lie behind each other in blocks.
//!
//! What a text comes to is gathered in buffers that stay close to the processor and copied to its place once its
//! length is known: no text has memory of its own, and none is moved when there are more tokens than were expected.
//! Runs point into a block that is complete, so that texts wait until theirs is.

use std::ops::Range;
use std::sync::Arc;

use crate::encoding::{Block, Encoding, TokenNames, TokenRun, fit_signed};
use crate::error::Result;
use crate::tokenizer::Front;
use crate::tokenizer::encode::Call;
use crate::tokenizer::options::{EncodeInput, Input};
use crate::tokenizer::sink::{Sink, Texts, room_guess};

/// Numbers in a block, at most: a huge page. Whoever keeps one encoding keeps its block.
const BLOCK: usize = (2 << 20) / size_of::<u32>();
/// Sequences from so many bytes on have memory of their own.
const LARGE: usize = 64 << 10;

/// A sequence that was gathered.
enum Draft {
    InBlock { range: Range<usize>, texts: Texts, are_signed: bool },
    Alone(TokenRun),
}

impl Draft {
    /// Its encoding, now that the block is complete.
    fn encoding(self, block: &Arc<Block>, names: Option<&Arc<Front>>, type_id: u32) -> Encoding {
        let run = match self {
            Self::Alone(run) => run,
            Self::InBlock { range, texts, are_signed } => {
                let names = names.map(|names| Arc::clone(names) as Arc<dyn TokenNames>);
                TokenRun::of_block(Arc::clone(block), range, texts, names, are_signed)
            }
        };
        Encoding::from_run(Arc::new(run), type_id)
    }
}

/// A block under way.
struct Writer<'c> {
    call: &'c Call<'c>,
    block: Block,
    sink: &'c mut Sink,
    is_full: bool,
}

impl Writer<'_> {
    fn draft(&mut self, input: &Input<'_>) -> Result<Draft> {
        if input.bytes() >= LARGE {
            return Ok(Draft::Alone(self.call.run_of(input)?));
        }
        self.sink.clear();
        self.call.gather(input, self.sink)?;
        let Sink { ids, spans, words, .. } = &self.sink;
        let Some(range) = self.block.append(ids, spans, words) else {
            self.is_full = true;
            return Ok(Draft::Alone(self.sink.copy_run(self.call.front())));
        };
        let offsets = self.block.offsets(range.clone()).as_flattened();
        let are_signed = fit_signed(offsets, self.block.words(range.clone()));
        Ok(Draft::InBlock { range, texts: self.sink.take_texts(), are_signed })
    }

    /// A sequence, and the second of a pair.
    fn drafts(&mut self, input: &EncodeInput<'_>) -> Result<(Draft, Option<Draft>)> {
        let first = self.draft(&input.first)?;
        Ok((first, input.second.as_ref().map(|second| self.draft(second)).transpose()?))
    }
}

fn bytes_in_blocks(input: &EncodeInput<'_>) -> usize {
    let sequences = std::iter::once(&input.first).chain(&input.second);
    sequences.map(Input::bytes).filter(|bytes| *bytes < LARGE).sum()
}

/// Encode inputs, all but padding.
pub(super) fn encode_all(call: &Call<'_>, inputs: &[EncodeInput<'_>]) -> Result<Vec<Encoding>> {
    let mut sink = Sink::new(call.is_detailed(), 0);
    let mut encodings = Vec::with_capacity(inputs.len());
    let mut left: usize = inputs.iter().map(bytes_in_blocks).sum();
    let mut rest = inputs.iter();
    while !rest.as_slice().is_empty() {
        let width = Block::width(call.is_detailed());
        let numbers = (room_guess(left) * width).min(BLOCK);
        let block = Block::new(call.front().scratches.rooms.lend(numbers), call.is_detailed());
        let mut writer = Writer { call, block, sink: &mut sink, is_full: false };
        let mut drafts = Vec::new();
        let mut failure = None;
        while !writer.is_full
            && failure.is_none()
            && let Some(input) = rest.next()
        {
            left -= bytes_in_blocks(input);
            match writer.drafts(input) {
                Ok(pair) => drafts.push(pair),
                Err(error) => failure = Some(error),
            }
        }
        let block = Arc::new(writer.block);
        let names = call.is_detailed().then(|| call.front());
        for (first, second) in drafts {
            let second = second.map(|second| second.encoding(&block, names, 1));
            encodings.push(call.frame(first.encoding(&block, names, 0), second)?);
        }
        // What came before it may have failed too, and comes first.
        if let Some(failure) = failure {
            return Err(failure);
        }
    }
    Ok(encodings)
}
