//! Units that are looked up together.
//!
//! A table of units is larger than what the processor keeps close, so that each lookup alone waits for
//! memory. Lookups that do not depend on each other wait at the same time: units are gathered here as
//! they are cut, and all of them are looked up in one loop.

#![allow(clippy::inline_always, reason = "what a level of instructions runs is compiled for it")]
#![allow(clippy::cast_possible_truncation, reason = "a queue has few units, and these few tokens")]

use crate::cache::UnitTokens;
use crate::cache::long::LongHit;
use crate::cache::table::{Hit, Key, NO_KEY, Place, UnitTable, View, key_salted, key_within};
use crate::token::Span;
use crate::util::level::{Work, on_best};

/// How many units are looked up together: as many as keep their buffers in the fastest memory.
pub(super) const CAPACITY: usize = 256;

/// Units of one text, in order, and what is known of them.
pub(crate) struct Queue {
    len: usize,
    /// Where the units lie in the text.
    spans: [(u32, u32); CAPACITY],
    keys: [Key; CAPACITY],
    places: [Place; CAPACITY],
    hits: [Hit; CAPACITY],
    /// Whether the first unit's key is salted.
    salted: bool,
    /// The units that are not in the table.
    missing: [u8; CAPACITY],
    missing_len: usize,
    /// The tokens of units that do not fit a [`Hit`], one after the other.
    aside: UnitTokens,
    asides: Vec<Aside>,
}

struct LookUp<'a> {
    queue: &'a mut Queue,
    text: &'a [u8],
    table: View<'a>,
}

impl Work for LookUp<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { queue, text, table } = self;
        let Queue { len, spans, keys, places, hits, salted, missing, missing_len, .. } = queue;
        let len = *len;
        let (spans, keys) = (&spans[..len], &mut keys[..len]);
        let (places, hits) = (&mut places[..len], &mut hits[..len]);
        // Two loops: what the second one needs is on its way when it begins.
        for index in 0..len {
            keys[index] = key_within(text, spans[index]);
            places[index] = table.place(keys[index]);
            table.fetch(places[index]);
        }
        if *salted && len > 0 {
            keys[0] = key_salted(keys[0]);
            places[0] = table.place(keys[0]);
        }
        let mut count = 0;
        for index in 0..len {
            let hit = table.get(keys[index], places[index]);
            hits[index] = hit;
            missing[count & (CAPACITY - 1)] = index as u8;
            count += usize::from(hit.is_open());
        }
        *missing_len = count;
        for &index in &missing[..count] {
            table.fetch(View::next_door(places[usize::from(index)]));
        }
    }
}

/// A unit's part of the tokens aside.
#[derive(Debug, Clone, Copy)]
struct Aside {
    first: u32,
    end: u32,
    word_count: u32,
}

/// The tokens of a unit that does not fit a [`Hit`].
pub(crate) struct AsideTokens<'a> {
    pub(crate) ids: &'a [u32],
    /// Relative to the unit.
    pub(crate) spans: &'a [(u32, u32)],
    pub(crate) words: &'a [u32],
    /// Counted from the first of these tokens.
    pub(crate) texts: &'a [(u32, Box<str>)],
    pub(crate) first: u32,
    pub(crate) word_count: u32,
}

impl Queue {
    pub(crate) fn new() -> Self {
        Self {
            len: 0,
            spans: [(0, 0); CAPACITY],
            keys: [NO_KEY; CAPACITY],
            places: [Place::default(); CAPACITY],
            hits: [Hit::MISSING; CAPACITY],
            salted: false,
            missing: [0; CAPACITY],
            missing_len: 0,
            aside: UnitTokens::default(),
            asides: Vec::new(),
        }
    }

    /// Forget everything; `salted` says whether the unit that comes first is keyed apart.
    pub(crate) fn begin(&mut self, salted: bool) {
        self.len = 0;
        self.missing_len = 0;
        self.salted = salted;
        self.aside.clear();
        self.asides.clear();
    }

    /// Add a unit; whether there is room for another.
    #[inline]
    pub(crate) fn push(&mut self, span: Span) -> bool {
        self.spans[self.len] = (span.start as u32, span.end as u32);
        self.len += 1;
        self.len < CAPACITY
    }

    /// Add the units that `cut` writes into the room there is; it says how many.
    #[inline]
    pub(crate) fn fill(&mut self, cut: impl FnOnce(&mut [(u32, u32)]) -> usize) {
        self.len += cut(&mut self.spans[self.len..]);
    }

    /// How many units there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The units and what they encode to.
    #[inline]
    pub(crate) fn units(&self) -> impl Iterator<Item = (u32, Hit)> {
        let units = self.spans[..self.len].iter().zip(&self.hits[..self.len]);
        units.map(|(&(start, _), &hit)| (start, hit))
    }

    /// The places of the units that the table does not hold.
    pub(crate) fn missing(&self) -> &[u8] {
        &self.missing[..self.missing_len]
    }

    /// Of the missing units, make `place` the one of this number: those that were before it are settled.
    pub(crate) fn keep_missing(&mut self, number: usize, place: u8) {
        self.missing[number] = place;
    }

    /// No more than so many units are missing.
    pub(crate) fn end_missing(&mut self, count: usize) {
        self.missing_len = count;
    }

    pub(crate) fn span(&self, place: u8) -> (u32, u32) {
        self.spans[usize::from(place)]
    }

    /// The key of a unit, once it was looked up.
    pub(super) fn key(&self, place: u8) -> Key {
        self.keys[usize::from(place)]
    }

    /// Whether the table knows nothing of a unit.
    pub(super) fn is_missing(&self, place: u8) -> bool {
        self.hits[usize::from(place)].is_missing()
    }

    pub(crate) fn is_salted(&self, place: u8) -> bool {
        self.salted && place == 0
    }

    pub(super) fn look_up(&mut self, text: &[u8], table: &UnitTable) {
        on_best(LookUp { queue: self, text, table: table.view() });
    }

    pub(crate) fn set(&mut self, place: u8, hit: Hit) {
        self.hits[usize::from(place)] = hit;
    }

    /// Put the tokens of a unit aside.
    pub(super) fn set_aside(&mut self, place: u8, tokens: &UnitTokens) {
        let first = self.aside.ids.len() as u32;
        self.aside.ids.extend_from_slice(&tokens.ids);
        self.aside.spans.extend_from_slice(&tokens.spans);
        self.aside.words.extend_from_slice(&tokens.words);
        let texts = tokens.texts.iter().map(|(index, text)| (first + index, text.clone()));
        self.aside.texts.extend(texts);
        self.close_aside(place, first, tokens.word_count);
    }

    /// The same for a unit out of the arena.
    pub(super) fn set_long(&mut self, place: u8, hit: LongHit<'_>) {
        let first = self.aside.ids.len() as u32;
        self.aside.ids.extend_from_slice(hit.ids);
        self.aside.spans.extend(hit.spans.iter().map(|span| (span & 0xffff, span >> 16)));
        self.aside.words.extend_from_slice(hit.words);
        self.close_aside(place, first, hit.word_count);
    }

    fn close_aside(&mut self, place: u8, first: u32, word_count: u32) {
        let end = self.aside.ids.len() as u32;
        self.hits[usize::from(place)] = Hit::aside(self.asides.len());
        self.asides.push(Aside { first, end, word_count });
    }

    /// The tokens that were put aside under a number.
    pub(crate) fn aside(&self, number: usize) -> AsideTokens<'_> {
        let Aside { first, end, word_count } = self.asides[number];
        let range = first as usize..end as usize;
        let texts = &self.aside.texts;
        let texts = &texts[texts.partition_point(|(index, _)| *index < first)
            ..texts.partition_point(|(index, _)| *index < end)];
        AsideTokens {
            ids: &self.aside.ids[range.clone()],
            spans: &self.aside.spans[range.clone()],
            words: &self.aside.words[range],
            texts,
            first,
            word_count,
        }
    }
}
