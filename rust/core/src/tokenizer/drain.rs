//! From units cut to tokens gathered: what the roads have in common.

use crate::cache::{Scratch, UnitTokens};
use crate::error::Result;
use crate::models::PieceTokens;
use crate::tokenizer::Front;
use crate::tokenizer::sink::Sink;

/// A road, as far as its units are concerned.
pub(crate) trait Road {
    /// Encode a unit that was not met before; `first` says whether its text begins with it and that
    /// makes a difference.
    fn resolve(
        &self,
        front: &Front,
        unit: &str,
        first: bool,
        buffer: &mut PieceTokens,
        tokens: &mut UnitTokens,
    ) -> Result<()>;

    /// Whether a whole segment counts as one word.
    fn is_one_word(&self) -> bool;
}

/// Encode the units that wait in the queue of `scratch`, and empty it. They lie in `text`, which begins
/// at byte `base` of what the spans count from.
pub(crate) fn drain(
    road: &impl Road,
    front: &Front,
    text: &str,
    base: u32,
    scratch: &mut Scratch,
    sink: &mut Sink,
) -> Result<()> {
    scratch.look_up(text.as_bytes());
    for index in 0..scratch.queue.missing().len() {
        let place = scratch.queue.missing()[index];
        let (start, end) = scratch.queue.span(place);
        let unit = &text[start as usize..end as usize];
        if !scratch.find_again(place, unit.as_bytes()) {
            let first = scratch.queue.is_salted(place);
            road.resolve(front, unit, first, &mut scratch.piece, &mut scratch.unit)?;
            scratch.settle(place, unit.as_bytes(), front.plan().cacheable);
        }
    }
    sink.take(&scratch.queue, base, road.is_one_word());
    scratch.queue.begin(false);
    Ok(())
}
