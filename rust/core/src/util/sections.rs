//! Tables as bytes and back: rows of numbers behind each other, each with its length in front.
//!
//! Numbers are as the machine has them: such bytes stay on it. What is read is checked by whoever knows what
//! it means; here only that it is there.

use std::hash::{BuildHasher, Hasher};
use std::io::Read;

use bytemuck::{NoUninit, Pod};
use foldhash::quality::{FixedState, FoldHasher};

/// Every row begins at a multiple of this.
const ALIGNMENT: usize = 8;

/// Rows being written.
pub(crate) struct Sections {
    bytes: Vec<u8>,
    sum: Sum,
}

impl Default for Sections {
    fn default() -> Self {
        Self { bytes: Vec::new(), sum: Sum::new() }
    }
}

impl Sections {
    pub(crate) fn number(&mut self, number: u64) {
        self.put(&number.to_ne_bytes());
    }

    pub(crate) fn row<T: NoUninit>(&mut self, row: &[T]) {
        let bytes: &[u8] = bytemuck::cast_slice(row);
        self.number(bytes.len() as u64);
        self.put(bytes);
        let padding = bytes.len().next_multiple_of(ALIGNMENT) - bytes.len();
        self.put(&[0; ALIGNMENT][..padding]);
    }

    /// All of them, and their sum behind.
    pub(crate) fn into_whole(mut self) -> Vec<u8> {
        self.number(self.sum.get());
        self.bytes
    }

    fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.sum.add(bytes);
    }
}

/// Rows being read, straight to where they stay; `None` where there is less than was asked for.
pub(crate) struct Stored<'a> {
    input: &'a mut dyn Read,
    /// How many bytes there are still: no row is longer, whatever it says.
    left: usize,
    sum: Sum,
}

impl<'a> Stored<'a> {
    /// From an input of so many bytes.
    pub(crate) fn new(input: &'a mut dyn Read, len: usize) -> Self {
        Self { input, left: len, sum: Sum::new() }
    }

    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut number = [0];
        self.fill(&mut number)?;
        Some(number[0])
    }

    pub(crate) fn row<T: Pod>(&mut self) -> Option<Vec<T>> {
        self.row_in(|len| vec![T::zeroed(); len], Vec::as_mut_slice)
    }

    /// A row in memory that is made for it, zeroed.
    pub(crate) fn row_in<T: Pod, M>(
        &mut self,
        make: impl FnOnce(usize) -> M,
        memory: impl Fn(&mut M) -> &mut [T],
    ) -> Option<M> {
        let bytes = usize::try_from(self.number()?).ok()?;
        if bytes > self.left || !bytes.is_multiple_of(size_of::<T>()) {
            return None;
        }
        let mut made = make(bytes / size_of::<T>());
        self.fill(memory(&mut made))?;
        let padding = bytes.next_multiple_of(ALIGNMENT) - bytes;
        self.fill(&mut [0_u8; ALIGNMENT][..padding])?;
        Some(made)
    }

    fn fill<T: Pod>(&mut self, row: &mut [T]) -> Option<()> {
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(row);
        self.left = self.left.checked_sub(bytes.len())?;
        self.input.read_exact(bytes).ok()?;
        self.sum.add(bytes);
        Some(())
    }

    /// Whether everything was read, and the last number is the sum of what stands before it.
    pub(crate) fn ends_well(mut self) -> bool {
        let sum = self.sum.get();
        self.number() == Some(sum) && self.left == 0
    }
}

/// A number that bytes have together, hardly ever that of others. It depends on how they are given.
pub(crate) struct Sum(FoldHasher<'static>);

impl Sum {
    pub(crate) fn new() -> Self {
        Self(FixedState::with_seed(0).build_hasher())
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_no_more() {
        let mut sections = Sections::default();
        sections.row::<u8>(b"abc");
        sections.number(7);
        sections.row(&[1_u32, 2, 3]);
        let bytes = sections.into_whole();
        let read = |bytes: &[u8]| {
            let mut input = bytes;
            let mut stored = Stored::new(&mut input, bytes.len());
            let rows = (stored.row::<u8>()?, stored.number()?, stored.row::<u32>()?);
            stored.ends_well().then_some(rows)
        };
        assert_eq!(read(&bytes), Some((b"abc".to_vec(), 7, vec![1, 2, 3])));
        for at in 0..bytes.len() {
            assert_eq!(read(&bytes[..at]), None, "{at}");
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert_eq!(read(&other), None, "{at}");
        }
        assert_eq!(read(&[&*bytes, b"more"].concat()), None);
    }

    #[test]
    fn rows_are_whole_and_not_longer_than_the_input() {
        let read = |row: &[u8], len| {
            let mut sections = Sections::default();
            sections.row(row);
            let bytes = sections.into_whole();
            Stored::new(&mut &*bytes, len).row::<u32>()
        };
        assert_eq!(read(&[1, 0, 0, 0], 16), Some(vec![1]));
        assert_eq!((read(b"12345", 16), read(&[1, 0, 0, 0], 11)), (None, None));
        assert_eq!(Stored::new(&mut &u64::MAX.to_ne_bytes()[..], 8).row::<u8>(), None);
    }
}
