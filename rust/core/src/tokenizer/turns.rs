//! Units of words that are merged by turns, as byte-level pieces are: what one waits for in memory comes while the
//! others wait for theirs.

#![allow(clippy::cast_possible_truncation, reason = "units that are merged together are short")]

use crate::cache::Scratch;
use crate::models::bpe::{Spaced, TOGETHER};

/// Units that wait to be merged.
#[derive(Default)]
struct Group<'t> {
    len: usize,
    places: [u8; TOGETHER],
    units: [&'t str; TOGETHER],
}

/// Encode those of the missing units in the queue that can be merged by turns; the others are still missing.
pub(super) fn settle(merges: &Spaced<'_>, text: &str, scratch: &mut Scratch) {
    let mut group = Group::default();
    let mut left = 0;
    for index in 0..scratch.queue.missing().len() {
        let place = scratch.queue.missing()[index];
        let (start, end) = scratch.queue.span(place);
        let unit = &text[start as usize..end as usize];
        let is_first = scratch.queue.is_salted(place);
        if is_first || !group.push(merges, (place, unit), scratch) {
            scratch.queue.keep_missing(left, place);
            left += 1;
        }
    }
    group.settle(merges, scratch);
    scratch.queue.end_missing(left);
}

impl<'t> Group<'t> {
    /// Take a unit in, unless it is known by now; whether it has to do with merging by turns at all.
    fn push(
        &mut self,
        merges: &Spaced<'_>,
        (place, unit): (u8, &'t str),
        scratch: &mut Scratch,
    ) -> bool {
        if scratch.find_again(place, unit.as_bytes()) {
            return true;
        }
        let room = scratch.merging.get_or_insert_default();
        if !merges.fill(room, self.len, unit) {
            return false;
        }
        (self.places[self.len], self.units[self.len]) = (place, unit);
        self.len += 1;
        if self.len == TOGETHER {
            self.settle(merges, scratch);
        }
        true
    }

    fn settle(&mut self, merges: &Spaced<'_>, scratch: &mut Scratch) {
        if self.len == 0 {
            return;
        }
        scratch.unit.clear();
        scratch.unit.word_count = 1;
        let Some(mut room) = scratch.merging.take() else { return };
        merges.merge(&mut room, self.len, |number, id, start, end| {
            scratch.unit.push(id, (start, end), 0);
            let unit = self.units[number].as_bytes();
            if end as usize == unit.len() {
                scratch.settle(self.places[number], unit, true);
                scratch.unit.clear();
                scratch.unit.word_count = 1;
            }
        });
        scratch.merging = Some(room);
        self.len = 0;
    }
}
