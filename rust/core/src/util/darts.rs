//! A reader of the double arrays that SentencePiece's character maps are made of.
//!
//! The layout is that of the darts-clone library: an array of 32-bit units, one per state. The child of
//! the state at base `b` over byte `c` is unit `b ^ c` if its label is `c`; a unit holds, packed, its
//! label, whether a key ends there, and how to get from its index to its base. The value of a key
//! lies at the base of its last unit.
//!
//! Such an array comes out of a file and is not to be trusted: [`Darts::new`] walks all of it once, so
//! that later searches need no checks that can fail.

use crate::error::{Error, Result};

/// A validated double array.
#[derive(Debug, Clone)]
pub struct Darts {
    units: Vec<u32>,
}

const LABEL: u32 = (1 << 31) | 0xFF;
const VALUE: u32 = (1 << 31) - 1;

fn label(unit: u32) -> u32 {
    unit & LABEL
}

fn ends_key(unit: u32) -> bool {
    (unit >> 8) & 1 == 1
}

/// From a unit's index to its base: what to combine the index with.
fn offset(unit: u32) -> usize {
    ((unit >> 10) << ((unit & (1 << 9)) >> 6)) as usize
}

impl Darts {
    /// Take an array, and make sure that no search can leave it, run in circles, or end at a value
    /// that `is_value` refuses.
    ///
    /// # Errors
    ///
    /// When one of these can happen; the message says which.
    pub fn new(units: Vec<u32>, is_value: impl Fn(usize) -> bool) -> Result<Self> {
        let darts = Self { units };
        darts.validate(is_value)?;
        Ok(darts)
    }

    /// Where every search begins.
    pub fn root(&self) -> usize {
        self.units.first().map_or(0, |&unit| offset(unit))
    }

    /// One byte further from `base`: the next base, and whether a key ends there. Byte 0 is no key's.
    #[inline]
    pub fn step(&self, base: usize, byte: u8) -> Option<(usize, bool)> {
        let index = base ^ usize::from(byte);
        let &unit = self.units.get(index)?;
        (label(unit) == u32::from(byte) && byte != 0)
            .then(|| (index ^ offset(unit), ends_key(unit)))
    }

    /// The value of the key that ends at `base`.
    pub fn value(&self, base: usize) -> Option<usize> {
        self.units.get(base).map(|&unit| (unit & VALUE) as usize)
    }

    /// All keys that `text` begins with, shortest first: their lengths and values.
    pub fn prefixes<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (usize, usize)> + 'a {
        let mut base = self.root();
        text.iter()
            .enumerate()
            .map_while(move |(index, &byte)| {
                let (next, ends) = self.step(base, byte)?;
                base = next;
                Some(if ends { self.value(next).map(|value| (index + 1, value)) } else { None })
            })
            .flatten()
    }

    fn validate(&self, is_value: impl Fn(usize) -> bool) -> Result<()> {
        if self.units.is_empty() {
            return Err(Error::format("the double array is empty"));
        }
        let children = Children::of(&self.units);
        let mut parents = vec![0u32; self.units.len()];
        let mut reached = vec![self.checked_base(0, self.root())?];
        let mut next = 0;
        while let Some(&base) = reached.get(next) {
            next += 1;
            for &index in children.at(base) {
                let (index, unit) = (index as usize, self.units[index as usize]);
                let child = self.checked_base(index, index ^ offset(unit))?;
                if ends_key(unit) && !is_value((self.units[child] & VALUE) as usize) {
                    return Err(Error::format("a value points to no string")
                        .in_field(format!("unit {child}")));
                }
                if parents[child] == 0 && child != reached[0] {
                    reached.push(child);
                }
                parents[child] += 1;
            }
        }
        self.refuse_circles(&reached, &children, parents)
    }

    fn checked_base(&self, index: usize, base: usize) -> Result<usize> {
        // All 256 children of a base lie in one aligned block.
        if base | 0xFF < self.units.len() {
            return Ok(base);
        }
        Err(Error::format("a unit points out of the array")
            .in_field(format!("unit {index}"))
            .expecting(format!("a block of 256 inside of {} units", self.units.len()))
            .finding(base.to_string()))
    }

    /// Take away states that nothing leads to, again and again: what stays lies on a circle.
    fn refuse_circles(
        &self,
        reached: &[usize],
        children: &Children,
        mut parents: Vec<u32>,
    ) -> Result<()> {
        let mut free = Vec::new();
        if parents[reached[0]] == 0 {
            free.push(reached[0]);
        }
        let mut taken = 0;
        while let Some(base) = free.pop() {
            taken += 1;
            for &index in children.at(base) {
                let child = index as usize ^ offset(self.units[index as usize]);
                parents[child] -= 1;
                if parents[child] == 0 {
                    free.push(child);
                }
            }
        }
        if taken == reached.len() {
            return Ok(());
        }
        Err(Error::format("the double array runs in circles"))
    }
}

/// The units that carry a label, sorted by the base they are children of.
struct Children {
    starts: Vec<u32>,
    indices: Vec<u32>,
}

impl Children {
    fn of(units: &[u32]) -> Self {
        let base_of = |index: usize, unit: u32| -> Option<usize> {
            let label = label(unit);
            if label == 0 || label > 0xFF {
                return None;
            }
            let base = index ^ label as usize;
            (base < units.len()).then_some(base)
        };
        let mut starts = vec![0u32; units.len() + 1];
        for base in units.iter().enumerate().filter_map(|(index, &unit)| base_of(index, unit)) {
            starts[base + 1] += 1;
        }
        for base in 0..units.len() {
            starts[base + 1] += starts[base];
        }
        let mut filled = starts.clone();
        let mut indices = vec![0u32; starts[units.len()] as usize];
        for (index, &unit) in units.iter().enumerate() {
            if let Some(base) = base_of(index, unit) {
                indices[filled[base] as usize] =
                    u32::try_from(index).expect("as many as a u32 counts");
                filled[base] += 1;
            }
        }
        Self { starts, indices }
    }

    fn at(&self, base: usize) -> &[u32] {
        &self.indices[self.starts[base] as usize..self.starts[base + 1] as usize]
    }
}
