//! The pairs that stand before anything is merged: counted first, so that all places of a pair lie together.

use fissile_core::util::hash::Map;

use super::pairs::Pair;

/// Symbols below this, which are those of most alphabets, are looked up in a table.
const DENSE: u32 = 512;

/// What there is of a pair.
struct Found {
    pair: Pair,
    count: i64,
    /// At how many places.
    places: u32,
    /// The last of them.
    last: u32,
    /// Where the next one goes.
    next: u32,
}

/// Pairs, numbered as they come up.
pub(super) struct First {
    dense: Vec<u32>,
    sparse: Map<Pair, u32>,
    found: Vec<Found>,
    /// The places of one pair behind those of the other.
    places: Vec<u32>,
}

/// Not numbered.
const NONE: u32 = u32::MAX;

impl First {
    pub(super) fn new() -> Self {
        Self {
            dense: vec![NONE; (DENSE * DENSE) as usize],
            sparse: Map::default(),
            found: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Count a pair at a place; all of a pair's come in order.
    #[inline]
    pub(super) fn count(&mut self, pair: Pair, count: i64, place: u32) {
        let free = self.found.len() as u32;
        let number = match self.dense.get_mut(dense(pair)) {
            Some(number) => number,
            None => self.sparse.entry(pair).or_insert(NONE),
        };
        if *number == NONE {
            *number = free;
            self.found.push(Found { pair, count: 0, places: 0, last: NONE, next: 0 });
        }
        let found = &mut self.found[*number as usize];
        found.count = found.count.saturating_add(count);
        found.places += u32::from(found.last != place);
        found.last = place;
    }

    /// All has been counted; what was counted is to be placed now.
    pub(super) fn arrange(&mut self) {
        let mut total = 0;
        for found in &mut self.found {
            found.next = total;
            total += found.places;
            found.last = NONE;
        }
        self.places = vec![0; total as usize];
    }

    /// Remember where a pair stands.
    #[inline]
    pub(super) fn place(&mut self, pair: Pair, place: u32) {
        let number = self.dense.get(dense(pair)).copied();
        let number = number.unwrap_or_else(|| self.sparse[&pair]) as usize;
        let found = &mut self.found[number];
        if found.last != place {
            found.last = place;
            self.places[found.next as usize] = place;
            found.next += 1;
        }
    }

    /// Give out all pairs with their counts and places.
    pub(super) fn give(self, mut give: impl FnMut(Pair, i64, &[u32])) {
        for found in &self.found {
            let end = found.next as usize;
            give(found.pair, found.count, &self.places[end - found.places as usize..end]);
        }
    }
}

/// Where a pair stands in the table; beyond its end if it does not.
#[inline]
fn dense(Pair(left, right): Pair) -> usize {
    if left.max(right) < DENSE { (left * DENSE + right) as usize } else { usize::MAX }
}
