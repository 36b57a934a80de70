//! Sets of characters as sorted ranges: what every class of a pattern comes down to.

use regex_syntax::hir;

/// First code point behind the last one.
const END: u32 = 0x11_0000;
/// The hole of the surrogates, which no text can hold.
const SURROGATES: (u32, u32) = (0xD800, 0xDFFF);

/// A set of code points: ranges, inclusive, sorted, neither touching nor overlapping. Surrogates may lie
/// inside (as they do for the pattern's own arithmetic); they are dropped when the set is handed on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CharSet {
    ranges: Vec<(u32, u32)>,
}

impl CharSet {
    /// Nothing.
    pub(crate) fn empty() -> Self {
        Self::default()
    }

    /// Every code point.
    pub(crate) fn full() -> Self {
        Self { ranges: vec![(0, END - 1)] }
    }

    /// The given ranges, in any order.
    pub(crate) fn from_ranges(ranges: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut set = Self { ranges: ranges.into_iter().collect() };
        set.canonicalize();
        set
    }

    /// One character.
    pub(crate) fn single(character: char) -> Self {
        Self { ranges: vec![(u32::from(character), u32::from(character))] }
    }

    /// The given characters.
    pub(crate) fn of(characters: &str) -> Self {
        Self::from_ranges(characters.chars().map(|c| (u32::from(c), u32::from(c))))
    }

    /// A class as the syntax crate writes it.
    pub(crate) fn from_class(class: &hir::ClassUnicode) -> Self {
        Self::from_ranges(class.iter().map(|r| (u32::from(r.start()), u32::from(r.end()))))
    }

    /// Add a range.
    pub(crate) fn add(&mut self, first: u32, last: u32) {
        self.ranges.push((first, last));
        self.canonicalize();
    }

    /// Add another set.
    pub(crate) fn union(&mut self, other: &Self) {
        self.ranges.extend_from_slice(&other.ranges);
        self.canonicalize();
    }

    /// Keep what the other set has too.
    pub(crate) fn intersect(&self, other: &Self) -> Self {
        let (mut i, mut j) = (0, 0);
        let mut ranges = Vec::new();
        while let (Some(a), Some(b)) = (self.ranges.get(i), other.ranges.get(j)) {
            let (first, last) = (a.0.max(b.0), a.1.min(b.1));
            if first <= last {
                ranges.push((first, last));
            }
            if a.1 < b.1 {
                i += 1;
            } else {
                j += 1;
            }
        }
        Self { ranges }
    }

    /// Everything else.
    pub(crate) fn negate(&self) -> Self {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = 0;
        for &(first, last) in &self.ranges {
            if first > next {
                ranges.push((next, first - 1));
            }
            next = last + 1;
        }
        if next < END {
            ranges.push((next, END - 1));
        }
        Self { ranges }
    }

    /// Whether the two have no character in common.
    pub(crate) fn is_disjoint(&self, other: &Self) -> bool {
        self.intersect(other).without_surrogates().is_empty()
    }

    /// How many ranges it has.
    pub(crate) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Whether nothing is in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether the code point is in it.
    pub(crate) fn contains(&self, code: u32) -> bool {
        let at = self.ranges.partition_point(|&(_, last)| last < code);
        self.ranges.get(at).is_some_and(|&(first, _)| first <= code)
    }

    /// The ranges that characters can be in.
    pub(crate) fn char_ranges(&self) -> impl Iterator<Item = (char, char)> + '_ {
        self.ranges.iter().flat_map(|&(first, last)| {
            let below = (first, last.min(SURROGATES.0 - 1));
            let above = (first.max(SURROGATES.1 + 1), last);
            [below, above].into_iter().filter_map(|(first, last)| {
                if first > last {
                    return None;
                }
                Some((char::from_u32(first)?, char::from_u32(last)?))
            })
        })
    }

    /// The same set as the syntax crate writes it.
    pub(crate) fn to_class(&self) -> hir::ClassUnicode {
        hir::ClassUnicode::new(self.char_ranges().map(|(a, b)| hir::ClassUnicodeRange::new(a, b)))
    }

    fn without_surrogates(&self) -> Self {
        Self::from_ranges(self.char_ranges().map(|(a, b)| (u32::from(a), u32::from(b))))
    }

    fn canonicalize(&mut self) {
        self.ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(self.ranges.len());
        for &(first, last) in &self.ranges {
            match merged.last_mut() {
                Some(open) if first <= open.1.saturating_add(1) => open.1 = open.1.max(last),
                _ => merged.push((first, last)),
            }
        }
        self.ranges = merged;
    }
}
