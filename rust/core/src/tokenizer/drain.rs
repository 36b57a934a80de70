//! From units cut to tokens gathered: what the roads have in common.

#![allow(clippy::cast_possible_truncation, reason = "units that are merged together are short")]

use crate::cache::{Scratch, UnitTokens};
use crate::error::Result;
use crate::models::PieceTokens;
use crate::models::bpe::{Bpe, TOGETHER};
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

    /// The model that is given the bytes of units as they are, if this road's is.
    fn takes_bytes<'a>(&self, front: &'a Front) -> Option<&'a Bpe>;

    /// Encode the missing units of the queue for which there is a quicker way than one by one.
    fn settle_together(&self, _front: &Front, _text: &str, _scratch: &mut Scratch) {}

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
    road.settle_together(front, text, scratch);
    let bpe = road.takes_bytes(front);
    let longest = bpe.map_or(0, Bpe::longest_together);
    let mut misses = Misses::default();
    for index in 0..scratch.queue.missing().len() {
        let place = scratch.queue.missing()[index];
        let (start, end) = scratch.queue.span(place);
        let unit = &text[start as usize..end as usize];
        if scratch.find_again(place, unit.as_bytes()) {
            continue;
        }
        if let Some(bpe) = bpe.filter(|_| unit.len() <= longest) {
            misses.push(bpe, place, unit.as_bytes(), scratch);
        } else {
            let first = scratch.queue.is_salted(place);
            road.resolve(front, unit, first, &mut scratch.piece, &mut scratch.unit)?;
            scratch.settle(place, unit.as_bytes(), front.plan().cacheable);
        }
    }
    if let Some(bpe) = bpe {
        misses.settle(bpe, scratch);
    }
    sink.take(&scratch.queue, base, road.is_one_word());
    scratch.queue.begin(false);
    Ok(())
}

/// Units that were not met before: asked whether they are tokens, then merged, many at a time.
#[derive(Default)]
struct Misses<'t> {
    asked: Group<'t>,
    merged: Group<'t>,
}

/// Units that are dealt with together.
#[derive(Default)]
struct Group<'t> {
    len: usize,
    places: [u8; TOGETHER],
    units: [&'t [u8]; TOGETHER],
}

impl<'t> Group<'t> {
    /// Add one; whether there is no room for more.
    fn push(&mut self, place: u8, unit: &'t [u8]) -> bool {
        (self.places[self.len], self.units[self.len]) = (place, unit);
        self.len += 1;
        self.len == TOGETHER
    }

    fn units(&self) -> &[&'t [u8]] {
        &self.units[..self.len]
    }
}

impl<'t> Misses<'t> {
    fn push(&mut self, bpe: &Bpe, place: u8, unit: &'t [u8], scratch: &mut Scratch) {
        if !bpe.may_be_whole(unit) {
            if self.merged.push(place, unit) {
                self.merge(bpe, scratch);
            }
        } else if self.asked.push(place, unit) {
            self.ask(bpe, scratch);
        }
    }

    fn settle(&mut self, bpe: &Bpe, scratch: &mut Scratch) {
        self.ask(bpe, scratch);
        self.merge(bpe, scratch);
    }

    fn ask(&mut self, bpe: &Bpe, scratch: &mut Scratch) {
        let asked = std::mem::take(&mut self.asked);
        if asked.len == 0 {
            return;
        }
        let found = bpe.whole_pieces(asked.units());
        for ((&unit, place), id) in asked.units().iter().zip(asked.places).zip(found) {
            if let Some(id) = id {
                scratch.settle_word(place, unit, std::iter::once((id, 0, unit.len() as u32)));
            } else if self.merged.push(place, unit) {
                self.merge(bpe, scratch);
            }
        }
    }

    fn merge(&mut self, bpe: &Bpe, scratch: &mut Scratch) {
        let group = &self.merged;
        if group.len == 0 {
            return;
        }
        let mut room = scratch.merging.take().unwrap_or_default();
        let merged = bpe.merge_together(group.units(), &mut room);
        for ((&unit, place), tokens) in group.units().iter().zip(group.places).zip(merged) {
            scratch.settle_word(place, unit, tokens);
        }
        scratch.merging = Some(room);
        self.merged.len = 0;
    }
}
