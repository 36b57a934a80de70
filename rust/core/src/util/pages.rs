//! Memory for large tables.
//!
//! A table that is read here and there costs, beside the memory itself, the walk through the page tables
//! to find it. With pages of 2 MiB instead of 4 KiB the processor remembers the way to all of it.

use bytemuck::Pod;

use crate::util::sections::Stored;

/// A page of the large kind.
const HUGE: usize = 2 << 20;
/// From so many bytes on, half of a page is touched or more: that takes less time than as many small pages.
const LEAST: usize = HUGE / 2;

/// A fixed number of zeroed values, in huge pages where there are many and the system has such pages.
pub(crate) struct Pages<T> {
    memory: Memory<T>,
}

enum Memory<T> {
    Heap(Vec<T>),
    #[cfg(target_os = "linux")]
    Mapped {
        map: memmap2::MmapMut,
        /// Where the first huge page begins.
        offset: usize,
        bytes: usize,
    },
}

impl<T: Pod> Pages<T> {
    /// Whether the values lie in pages of their own.
    pub(crate) fn are_mapped(&self) -> bool {
        !matches!(self.memory, Memory::Heap(_))
    }

    /// Make room for so many values, more than there are, the new ones zero. Addresses are taken for as many as `most`, so
    /// that from here to there nothing has to move.
    pub(crate) fn enlarge(&mut self, len: usize, most: usize) {
        match &mut self.memory {
            Memory::Heap(values) if len * size_of::<T>() < LEAST => values.resize(len, T::zeroed()),
            #[cfg(target_os = "linux")]
            Memory::Mapped { map, offset, bytes }
                if len * size_of::<T>() <= map.len() - *offset =>
            {
                *bytes = len * size_of::<T>();
            }
            _ => {
                let memory = mapped(len, most.max(len));
                let memory = memory.unwrap_or_else(|| Memory::Heap(vec![T::zeroed(); len]));
                let mut larger = Self { memory };
                let values = self.as_slice();
                larger.as_mut_slice()[..values.len()].copy_from_slice(values);
                *self = larger;
            }
        }
    }

    /// So many values, all bits zero.
    pub(crate) fn zeroed(len: usize) -> Self {
        Self { memory: mapped(len, len).unwrap_or_else(|| Memory::Heap(vec![T::zeroed(); len])) }
    }

    /// Read a row of them.
    pub(crate) fn restore(stored: &mut Stored<'_>) -> Option<Self> {
        stored.row_in(Self::zeroed, Self::as_mut_slice)
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[T] {
        match &self.memory {
            Memory::Heap(values) => values,
            #[cfg(target_os = "linux")]
            Memory::Mapped { map, offset, bytes } => {
                bytemuck::cast_slice(&map[*offset..*offset + *bytes])
            }
        }
    }

    #[inline]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        match &mut self.memory {
            Memory::Heap(values) => values,
            #[cfg(target_os = "linux")]
            Memory::Mapped { map, offset, bytes } => {
                bytemuck::cast_slice_mut(&mut map[*offset..*offset + *bytes])
            }
        }
    }
}

impl<T> From<Vec<T>> for Pages<T> {
    fn from(values: Vec<T>) -> Self {
        Self { memory: Memory::Heap(values) }
    }
}

impl<T: Pod> Clone for Pages<T> {
    fn clone(&self) -> Self {
        let values = self.as_slice();
        let mut copy = Self::zeroed(values.len());
        copy.as_mut_slice().copy_from_slice(values);
        copy
    }
}

/// Mapped memory with room for `most` values, for tables of at least half a huge page; nothing where it cannot be had.
#[cfg(target_os = "linux")]
fn mapped<T: Pod>(len: usize, most: usize) -> Option<Memory<T>> {
    let bytes = len.checked_mul(size_of::<T>()).filter(|bytes| *bytes >= LEAST)?;
    let room = most.checked_mul(size_of::<T>())?.next_multiple_of(HUGE);
    // One page more, so that there is a boundary of huge pages to begin at.
    let map = memmap2::MmapMut::map_anon(room + HUGE).ok()?;
    // Without huge pages the table is slower and otherwise the same.
    let _ = map.advise(memmap2::Advice::HugePage);
    let offset = map.as_ptr().align_offset(HUGE);
    (offset <= HUGE).then_some(Memory::Mapped { map, offset, bytes })
}

#[cfg(not(target_os = "linux"))]
fn mapped<T: Pod>(_len: usize, _most: usize) -> Option<Memory<T>> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_tables_hold_what_is_put_into_them() {
        for len in [0, 1, 1000, LEAST / 8, LEAST / 8 + 1, HUGE] {
            let mut pages = Pages::<u64>::zeroed(len);
            assert_eq!(pages.as_slice().len(), len);
            assert!(pages.as_slice().iter().all(|value| *value == 0));
            for (value, slot) in (7..).zip(pages.as_mut_slice()) {
                *slot = value;
            }
            let copy = pages.clone();
            assert!((7..).zip(copy.as_slice()).all(|(value, slot)| value == *slot));
        }
    }

    #[test]
    fn what_is_enlarged_keeps_its_values_and_adds_zeros() {
        for most in [0, HUGE / 2] {
            let mut pages = Pages::<u64>::zeroed(10);
            for len in [100, LEAST / 8, HUGE / 8, HUGE / 4, HUGE / 2, HUGE] {
                let before = pages.as_slice().len();
                pages.as_mut_slice().fill(len as u64);
                pages.enlarge(len, most);
                let (old, new) = pages.as_slice().split_at(before);
                assert_eq!(new.len(), len - before);
                assert!(
                    old.iter().all(|value| *value == len as u64)
                        && new.iter().all(|value| *value == 0)
                );
            }
        }
    }
}
