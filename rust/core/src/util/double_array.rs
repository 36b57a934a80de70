//! A trie over byte strings in two flat words per step: the dictionary of Unigram's Viterbi.
//!
//! States are numbered so that the child of state `s` over byte `b` lies at `base(s) ^ b`. No two
//! states share a base, so a slot belongs to its parent exactly when it carries the right byte; one
//! load per byte answers everything, the value included. The trie is built once and never changes.

use std::fmt;

use crate::error::{Error, Result};
use crate::util::pages::Pages;
use crate::util::sections::{Sections, Stored};

/// Slots come in blocks of as many as there are bytes: `base ^ byte` never leaves its block.
const BLOCK: usize = 256;
/// How many blocks are searched for room before a fresh one is opened.
const OPEN_BLOCKS: usize = 4;

const BASE_BITS: u32 = 28;
const LABEL_BITS: u32 = 9;
const VALUE_BITS: u32 = 27;
/// The label of a slot that no byte leads to.
const NO_LABEL: u64 = 256;
/// The value of a state at which no key ends.
const NO_VALUE: u64 = (1 << VALUE_BITS) - 1;

/// One slot: base, label and value packed in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State(u64);

impl State {
    const EMPTY: Self = Self::pack(0, NO_LABEL, NO_VALUE);

    #[inline]
    const fn pack(base: u64, label: u64, value: u64) -> Self {
        Self((base << (LABEL_BITS + VALUE_BITS)) | (label << VALUE_BITS) | value)
    }

    #[inline]
    fn base(self) -> usize {
        usize::try_from(self.0 >> (LABEL_BITS + VALUE_BITS)).expect("28 bits")
    }

    #[inline]
    fn label(self) -> u64 {
        (self.0 >> VALUE_BITS) & ((1 << LABEL_BITS) - 1)
    }

    /// The value of the key that ends here.
    #[inline]
    pub fn value(self) -> Option<u32> {
        let value = self.0 & NO_VALUE;
        if value == NO_VALUE { None } else { Some(u32::try_from(value).expect("27 bits")) }
    }
}

/// A map from byte strings to numbers that finds all keys a text begins with.
#[derive(Clone)]
pub struct DoubleArray {
    slots: Pages<u64>,
}

impl fmt::Debug for DoubleArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DoubleArray").field("slots", &self.len()).finish()
    }
}

impl DoubleArray {
    /// Build from keys and values. Of equal keys the last wins; the empty key is left out, for no
    /// search could find it.
    ///
    /// # Errors
    ///
    /// When a value or the trie exceeds what a slot can hold (some 2^27).
    pub fn build<'a>(pairs: impl IntoIterator<Item = (&'a [u8], u32)>) -> Result<Self> {
        let mut keys: Vec<(&[u8], u32)> =
            pairs.into_iter().filter(|(key, _)| !key.is_empty()).collect();
        if keys.iter().any(|&(_, value)| u64::from(value) >= NO_VALUE) {
            return Err(too_large());
        }
        // The sort is stable: equal keys keep their order, and the last of them is the one to keep.
        keys.sort_by_key(|&(key, _)| key);
        keys.reverse();
        keys.dedup_by_key(|&mut (key, _)| key);
        keys.reverse();
        Builder::new().build(&keys)
    }

    /// Write it down.
    pub(crate) fn store(&self, sections: &mut Sections) {
        sections.row(self.slots());
    }

    /// Read what [`store`](Self::store) wrote of values below `bound`; `None` if it cannot be that.
    pub(crate) fn restore(stored: &mut Stored<'_>, bound: usize) -> Option<Self> {
        let this = Self { slots: Pages::restore(stored)? };
        let is_value = |value: u32| (value as usize) < bound;
        let is_sound = !this.slots().is_empty()
            && this.slots().iter().all(|slot| State(*slot).value().is_none_or(is_value));
        is_sound.then_some(this)
    }

    /// Where every search begins.
    #[inline]
    pub fn root(&self) -> State {
        State(self.slots()[0])
    }

    /// One byte further, or `None` when no key goes on this way.
    #[inline]
    pub fn step(&self, state: State, byte: u8) -> Option<State> {
        let next = State(*self.slots().get(state.base() ^ usize::from(byte))?);
        (next.label() == u64::from(byte)).then_some(next)
    }

    /// How many slots there are; the first is the root's.
    pub(crate) fn len(&self) -> usize {
        self.slots().len()
    }

    #[inline]
    fn slots(&self) -> &[u64] {
        self.slots.as_slice()
    }

    /// One byte further from a slot, for those who keep more about states than fits into them.
    #[inline]
    pub(crate) fn next_slot(&self, slot: usize, byte: u8) -> Option<usize> {
        let slots = self.slots();
        let next = State(*slots.get(slot)?).base() ^ usize::from(byte);
        (State(*slots.get(next)?).label() == u64::from(byte)).then_some(next)
    }

    /// The value of exactly this key.
    pub fn get(&self, key: &[u8]) -> Option<u32> {
        let mut state = self.root();
        for &byte in key {
            state = self.step(state, byte)?;
        }
        state.value()
    }

    /// All keys that `text` begins with, shortest first: their lengths and values.
    pub fn prefixes<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (usize, u32)> + 'a {
        let mut state = self.root();
        text.iter()
            .enumerate()
            .map_while(move |(index, &byte)| {
                state = self.step(state, byte)?;
                Some(state.value().map(|value| (index + 1, value)))
            })
            .flatten()
    }
}

fn too_large() -> Error {
    Error::invalid("the vocabulary is too large for its trie").expecting("fewer than 2^27 entries")
}

/// Room in one block, as bit sets over its slots.
#[derive(Clone)]
struct Room {
    block: usize,
    free: Bits,
    unused_bases: Bits,
}

/// 256 bits.
type Bits = [u64; 4];

/// The set moved so that bit `b` of the result is bit `b ^ by` of `bits`.
fn xor_permuted(bits: &Bits, by: u8) -> Bits {
    const MASKS: [u64; 6] = [
        0x5555_5555_5555_5555,
        0x3333_3333_3333_3333,
        0x0f0f_0f0f_0f0f_0f0f,
        0x00ff_00ff_00ff_00ff,
        0x0000_ffff_0000_ffff,
        0x0000_0000_ffff_ffff,
    ];
    let words = usize::from(by >> 6);
    std::array::from_fn(|index| {
        let mut word = bits[index ^ words];
        for (bit, mask) in MASKS.iter().enumerate() {
            if by & (1 << bit) != 0 {
                let shift = 1 << bit;
                word = ((word & mask) << shift) | ((word >> shift) & mask);
            }
        }
        word
    })
}

fn take(bits: &mut Bits, index: usize) {
    bits[index / 64] &= !(1 << (index % 64));
}

impl Room {
    fn new(block: usize) -> Self {
        Self { block, free: [u64::MAX; 4], unused_bases: [u64::MAX; 4] }
    }

    /// A base under which every label finds its slot free.
    fn find(&self, labels: &[u8]) -> Option<usize> {
        let mut bases = self.unused_bases;
        for &label in labels {
            let moved = xor_permuted(&self.free, label);
            for (base, free) in bases.iter_mut().zip(moved) {
                *base &= free;
            }
            if bases == [0; 4] {
                return None;
            }
        }
        let word = bases.iter().position(|&word| word != 0)?;
        Some(word * 64 + bases[word].trailing_zeros() as usize)
    }

    fn occupy(&mut self, base: usize, labels: &[u8]) {
        take(&mut self.unused_bases, base);
        for &label in labels {
            take(&mut self.free, base ^ usize::from(label));
        }
    }

    fn is_full(&self) -> bool {
        self.free == [0; 4]
    }
}

/// Keys `first..last` share their first `depth` bytes; `slot` is the state they share.
struct Pending {
    slot: usize,
    first: usize,
    last: usize,
    depth: usize,
}

struct Builder {
    slots: Vec<State>,
    rooms: Vec<Room>,
}

impl Builder {
    /// Block 0 holds the root and otherwise stays empty: leaves point to it, and find nothing.
    fn new() -> Self {
        Self { slots: vec![State::EMPTY; BLOCK], rooms: Vec::new() }
    }

    fn build(mut self, keys: &[(&[u8], u32)]) -> Result<DoubleArray> {
        let mut pending = vec![Pending { slot: 0, first: 0, last: keys.len(), depth: 0 }];
        let mut labels = Vec::with_capacity(BLOCK);
        while let Some(mut node) = pending.pop() {
            // Sorted keys: the one that ends here comes first.
            if node.first < node.last && keys[node.first].0.len() == node.depth {
                node.first += 1;
            }
            if node.first == node.last {
                continue;
            }
            let keys_here = &keys[node.first..node.last];
            labels.clear();
            labels.extend(keys_here.iter().map(|(key, _)| key[node.depth]));
            labels.dedup();
            let base = self.place(&labels)?;
            self.set_base(node.slot, base);
            self.push_children(&node, base, keys_here, &mut pending);
        }
        let mut slots = Pages::zeroed(self.slots.len());
        for (slot, state) in slots.as_mut_slice().iter_mut().zip(&self.slots) {
            *slot = state.0;
        }
        Ok(DoubleArray { slots })
    }

    fn push_children(
        &mut self,
        node: &Pending,
        base: usize,
        keys: &[(&[u8], u32)],
        pending: &mut Vec<Pending>,
    ) {
        let mut first = 0;
        for group in keys.chunk_by(|a, b| a.0[node.depth] == b.0[node.depth]) {
            let (key, value) = group[0];
            let label = key[node.depth];
            let slot = base ^ usize::from(label);
            let ends_here = key.len() == node.depth + 1;
            let value = if ends_here { u64::from(value) } else { NO_VALUE };
            self.slots[slot] = State::pack(0, u64::from(label), value);
            pending.push(Pending {
                slot,
                first: node.first + first,
                last: node.first + first + group.len(),
                depth: node.depth + 1,
            });
            first += group.len();
        }
    }

    fn set_base(&mut self, slot: usize, base: usize) {
        let state = self.slots[slot];
        self.slots[slot] = State::pack(base as u64, state.label(), state.0 & NO_VALUE);
    }

    /// Find a base for children with these labels and mark their slots as taken.
    fn place(&mut self, labels: &[u8]) -> Result<usize> {
        let found =
            self.rooms.iter().enumerate().find_map(|(i, room)| Some((i, room.find(labels)?)));
        let (index, base) = match found {
            Some(found) => found,
            None => (self.open_block()?, 0),
        };
        let room = &mut self.rooms[index];
        room.occupy(base, labels);
        let absolute = room.block * BLOCK + base;
        if room.is_full() {
            self.rooms.remove(index);
        }
        Ok(absolute)
    }

    fn open_block(&mut self) -> Result<usize> {
        let block = self.slots.len() / BLOCK;
        if (block + 1) * BLOCK > 1 << BASE_BITS {
            return Err(too_large());
        }
        self.slots.resize(self.slots.len() + BLOCK, State::EMPTY);
        if self.rooms.len() == OPEN_BLOCKS {
            self.rooms.remove(0);
        }
        self.rooms.push(Room::new(block));
        Ok(self.rooms.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permutation_moves_every_bit() {
        for by in 0..=255u8 {
            for bit in [0usize, 1, 5, 63, 64, 100, 191, 255] {
                let mut bits = [0; 4];
                bits[bit / 64] |= 1 << (bit % 64);
                let moved = xor_permuted(&bits, by);
                let target = bit ^ usize::from(by);
                assert_eq!(moved[target / 64], 1 << (target % 64));
                assert_eq!(moved.iter().map(|word| word.count_ones()).sum::<u32>(), 1);
            }
        }
    }

    #[test]
    fn finds_all_prefixes_in_order() {
        let keys: [&[u8]; 6] = [b"a", b"ab", b"abc", b"\0", b"\xff\0a", b"b"];
        let trie =
            DoubleArray::build(keys.iter().zip(0..).map(|(key, value)| (*key, value))).unwrap();
        assert_eq!(trie.prefixes(b"abcd").collect::<Vec<_>>(), [(1, 0), (2, 1), (3, 2)]);
        assert_eq!(trie.prefixes(b"\0a").collect::<Vec<_>>(), [(1, 3)]);
        assert_eq!(trie.prefixes(b"xa").count(), 0);
        assert_eq!(trie.get(b"\xff\0a"), Some(4));
        assert_eq!(trie.get(b"\xff\0"), None);
        assert_eq!(trie.get(b""), None);
    }

    #[test]
    fn the_last_of_equal_keys_wins() {
        let trie = DoubleArray::build([(&b"x"[..], 1), (b"", 5), (b"x", 2)]).unwrap();
        assert_eq!(trie.get(b"x"), Some(2));
        assert!(DoubleArray::build([(&b"x"[..], u32::MAX)]).is_err());
    }

    #[test]
    fn equals_a_map_on_many_keys() {
        let mut random = fastrand::Rng::with_seed(7);
        let keys: Vec<Vec<u8>> =
            (0..3000).map(|_| (0..random.usize(1..6)).map(|_| random.u8(..)).collect()).collect();
        let pairs = keys.iter().zip(0..).map(|(key, value)| (key.as_slice(), value));
        let trie = DoubleArray::build(pairs.clone()).unwrap();
        let map: std::collections::HashMap<&[u8], u32> = pairs.collect();
        for key in &keys {
            assert_eq!(trie.get(key), map.get(key.as_slice()).copied());
            let slot = key.iter().try_fold(0, |slot, byte| trie.next_slot(slot, *byte));
            assert_eq!(slot.map(|slot| State(trie.slots()[slot]).value()), Some(trie.get(key)));
            for end in 0..key.len() {
                assert_eq!(trie.get(&key[..end]), map.get(&key[..end]).copied());
            }
        }
    }
}
