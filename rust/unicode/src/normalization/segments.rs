//! Normalization, a segment at a time.
//!
//! A segment is a character that nothing before it can influence, and all that may reorder or compose with it. A
//! character that is a segment of its own and does not change goes straight through; any other segment is
//! decomposed, put in canonical order and, for the composing forms, composed again.

use std::str::CharIndices;

use super::compose::compose;
use super::decompose::decompose;
use super::properties::{Form, Properties};

/// An output character with both of its alignments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) character: char,
    class: u8,
    /// 0: replaces a character; 1: is new; -n: as 0, and the n characters after it are gone.
    pub(super) change: isize,
    /// The bytes of the source that it comes from.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The units of a normalized text.
#[derive(Clone)]
pub(super) struct Segments<'t> {
    form: Form,
    text: CharIndices<'t>,
    lookahead: Option<(usize, char, Properties)>,
    /// The segment being handed out, and how much of it has been.
    segment: Vec<Unit>,
    given: usize,
}

impl<'t> Segments<'t> {
    pub(super) fn new(text: &'t str, form: Form) -> Self {
        let mut segments = Self {
            form,
            text: text.char_indices(),
            lookahead: None,
            segment: Vec::new(),
            given: 0,
        };
        segments.advance();
        segments
    }

    /// Takes the character in hand and looks at the next one.
    #[inline]
    fn advance(&mut self) -> Option<(usize, char, Properties)> {
        let next = self.text.next().map(|(at, next)| (at, next, Properties::of(next)));
        std::mem::replace(&mut self.lookahead, next)
    }

    #[inline]
    fn next_joins(&self) -> bool {
        self.lookahead.is_some_and(|(_, _, properties)| self.form.joins(properties))
    }

    fn fill(&mut self, first: (usize, char, Properties)) {
        self.segment.clear();
        self.given = 0;
        self.push(first);
        while self.next_joins()
            && let Some(next) = self.advance()
        {
            self.push(next);
        }
        order(&mut self.segment);
        if self.form.composes {
            recompose(&mut self.segment);
        }
    }

    fn push(&mut self, (start, character, properties): (usize, char, Properties)) {
        let end = start + character.len_utf8();
        if !self.form.decomposes(properties) {
            let class = properties.class();
            self.segment.push(Unit { character, class, change: 0, start, end });
            return;
        }
        let mut change = 0;
        decompose(character, self.form, |character| {
            let class = Properties::of(character).class();
            self.segment.push(Unit { character, class, change, start, end });
            change = 1;
        });
    }
}

impl Iterator for Segments<'_> {
    type Item = Unit;

    #[inline]
    fn next(&mut self) -> Option<Unit> {
        if let Some(&unit) = self.segment.get(self.given) {
            self.given += 1;
            return Some(unit);
        }
        let first = self.advance()?;
        let (start, character, properties) = first;
        if !self.form.is_unstable(properties) && !self.next_joins() {
            let end = start + character.len_utf8();
            return Some(Unit { character, class: 0, change: 0, start, end });
        }
        self.fill(first);
        self.given = 1;
        self.segment.first().copied()
    }
}

/// Canonical order: marks after the same starter, sorted by class, equals in the order of the text.
fn order(units: &mut [Unit]) {
    for run in units.chunk_by_mut(|_, next| next.class != 0) {
        run.sort_by_key(|unit| unit.class);
    }
}

/// Composes marks and jamo with the starter before them, where no mark of the same or a higher class is between.
fn recompose(units: &mut Vec<Unit>) {
    let mut starter: Option<usize> = None;
    let mut last_class = 0;
    let mut kept = 0;
    for next in 0..units.len() {
        let unit = units[next];
        if let Some(at) = starter
            && (kept == at + 1 || last_class < unit.class)
            && let Some(composed) = compose(units[at].character, unit.character)
        {
            absorb(&mut units[at], unit, composed);
            continue;
        }
        if unit.class == 0 {
            starter = Some(kept);
        }
        last_class = unit.class;
        units[kept] = unit;
        kept += 1;
    }
    units.truncate(kept);
}

/// Counts as the reference counts: a composed character removes one more character than it had added, wherever the
/// two halves stood. Where that is not what happened to the source, the byte range still is.
fn absorb(starter: &mut Unit, unit: Unit, composed: char) {
    starter.character = composed;
    starter.change += unit.change - 1;
    starter.start = starter.start.min(unit.start);
    starter.end = starter.end.max(unit.end);
}
