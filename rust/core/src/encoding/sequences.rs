//! Which tokens of an encoding belong to which sequence.

use std::ops::Range;

/// Ranges of positions by sequence. None at all means: one sequence that covers everything.
///
/// The reference keeps one range a sequence in a hash map; merging encodings can give a sequence
/// several here, and the order is that of the sequences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SequenceRanges {
    /// Sorted by sequence, then by position; ranges of one sequence neither touch nor overlap.
    list: Vec<(usize, Range<usize>)>,
}

impl SequenceRanges {
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        self.list.iter().map(|(sequence, range)| (*sequence, range.clone()))
    }

    /// How many sequences have a range.
    pub(crate) fn count(&self) -> usize {
        self.list.chunk_by(|a, b| a.0 == b.0).count()
    }

    /// The ranges of one sequence, in order.
    pub(crate) fn of(&self, sequence: usize) -> impl Iterator<Item = Range<usize>> {
        let first = self.list.partition_point(|(other, _)| *other < sequence);
        let of_this = self.list[first..].iter().take_while(move |(other, _)| *other == sequence);
        of_this.map(|(_, range)| range.clone())
    }

    /// Give a sequence this one range, in place of those it had.
    pub(crate) fn set(&mut self, sequence: usize, range: Range<usize>) {
        self.list.retain(|(other, _)| *other != sequence);
        let place = self.list.partition_point(|(other, _)| *other < sequence);
        self.list.insert(place, (sequence, range));
    }

    /// Give a sequence one more range, behind those it has.
    pub(crate) fn add(&mut self, sequence: usize, range: Range<usize>) {
        let place = self.list.partition_point(|(other, _)| *other <= sequence);
        match place.checked_sub(1).map(|last| &mut self.list[last]) {
            Some((other, last)) if *other == sequence && range.start <= last.end => {
                last.end = last.end.max(range.end);
            }
            _ => self.list.insert(place, (sequence, range)),
        }
    }

    /// Move all ranges.
    pub(crate) fn shift(&mut self, by: usize) {
        for (_, range) in &mut self.list {
            *range = range.start + by..range.end + by;
        }
    }
}
