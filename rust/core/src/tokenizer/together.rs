//! Encodings of many texts, whose tokens lie behind each other in blocks.
//!
//! What a text comes to is gathered in buffers that stay close to the processor and copied to its place once its
//! length is known: no text has memory of its own, and none is moved when there are more tokens than were expected.
//! Runs point into a block that is complete, so that texts wait until theirs is.

use std::ops::Range;
use std::sync::Arc;

use crate::encoding::{Block, Encoding, TokenNames, TokenRun, fit_signed};
use crate::error::Result;
use crate::tokenizer::encode::Call;
use crate::tokenizer::options::{EncodeInput, Input};
use crate::tokenizer::sink::{Sink, Texts, room_guess};

/// Numbers in a block, at most: a huge page. Whoever keeps one encoding keeps its block.
const BLOCK: usize = (2 << 20) / size_of::<u32>();

/// A sequence that was gathered.
struct Draft {
    /// Where its tokens are, if not in the block that it waits for.
    own: Option<Arc<Block>>,
    range: Range<usize>,
    texts: Texts,
    /// Whether offsets and words fit signed numbers.
    are_signed: bool,
}

/// A block under way, and the texts that wait for it.
struct Writer<'c> {
    call: &'c Call<'c>,
    block: Block,
    sink: &'c mut Sink,
    is_full: bool,
}

impl<'c> Writer<'c> {
    /// With a block for texts of so many bytes, or for as many of them as there is room for.
    fn new(call: &'c Call<'c>, bytes: usize, sink: &'c mut Sink) -> Self {
        let numbers = room_guess(bytes).saturating_mul(Block::width(call.is_detailed()));
        let block = new_block(call, numbers.min(BLOCK));
        Self { call, block, sink, is_full: false }
    }

    fn draft(&mut self, input: &Input<'_>) -> Result<Draft> {
        self.sink.clear();
        self.call.gather(input, self.sink)?;
        let (mut own, mut range) = (None, self.sink.write(&mut self.block));
        if range.is_none() {
            let tokens = self.sink.ids.len();
            // What is left here is not worth waiting for a text that fits, unless this one is large.
            self.is_full = 4 * tokens < self.block.capacity();
            let mut block = new_block(self.call, tokens * Block::width(self.call.is_detailed()));
            range = self.sink.write(&mut block);
            own = Some(block);
        }
        let range = range.unwrap_or_default();
        let block = own.as_ref().unwrap_or(&self.block);
        let offsets = block.offsets(range.clone()).as_flattened();
        let are_signed = fit_signed(offsets, block.words(range.clone()));
        Ok(Draft { own: own.map(Arc::new), range, texts: self.sink.take_texts(), are_signed })
    }

    /// A sequence, and the second of a pair.
    fn drafts(&mut self, input: &EncodeInput<'_>) -> Result<(Draft, Option<Draft>)> {
        let first = self.draft(&input.first)?;
        Ok((first, input.second.as_ref().map(|second| self.draft(second)).transpose()?))
    }
}

fn new_block(call: &Call<'_>, numbers: usize) -> Block {
    Block::new(call.front().scratches.rooms.lend(numbers), call.is_detailed())
}

/// Encode inputs, all but padding.
pub(super) fn encode_all(call: &Call<'_>, inputs: &[EncodeInput<'_>]) -> Result<Vec<Encoding>> {
    let mut sink = Sink::new(call.is_detailed(), 0);
    let mut encodings = Vec::with_capacity(inputs.len());
    let mut bytes: usize = inputs.iter().map(EncodeInput::bytes).sum();
    let mut rest = inputs.iter();
    while !rest.as_slice().is_empty() {
        let mut writer = Writer::new(call, bytes, &mut sink);
        let mut drafts = Vec::new();
        let mut failure = None;
        while !writer.is_full
            && failure.is_none()
            && let Some(input) = rest.next()
        {
            bytes -= input.bytes();
            match writer.drafts(input) {
                Ok(pair) => drafts.push(pair),
                Err(error) => failure = Some(error),
            }
        }
        let block = Arc::new(writer.block);
        for (first, second) in drafts {
            let second = second.map(|second| encoding(call, &block, second, 1));
            encodings.push(call.frame(encoding(call, &block, first, 0), second)?);
        }
        // What came before it may have failed too, and comes first.
        if let Some(failure) = failure {
            return Err(failure);
        }
    }
    Ok(encodings)
}

/// The encoding of a sequence, now that the block that it waited for is complete.
fn encoding(call: &Call<'_>, block: &Arc<Block>, draft: Draft, type_id: u32) -> Encoding {
    let Draft { own, range, texts, are_signed } = draft;
    let block = own.unwrap_or_else(|| Arc::clone(block));
    let names = call.is_detailed().then(|| Arc::clone(call.front()) as Arc<dyn TokenNames>);
    let run = TokenRun::of_block(block, range, texts, names, are_signed);
    Encoding::from_run(Arc::new(run), type_id)
}
