//! Memory that results of batches are written to: huge pages where there is much of it, used again when the
//! results are gone.
//!
//! Most of what a large result costs beyond its numbers is that each page of it is touched for the first time.
//! A huge page takes a third of the time of as many small ones, and one that was touched before takes none.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, Weak};

use crate::util::pages::Pages;

/// What is kept for later, in all.
const KEPT_BYTES: usize = 16 << 20;

/// Rooms that nobody is in.
#[derive(Default)]
pub(crate) struct Rooms {
    spare: Mutex<Vec<Pages<u32>>>,
}

impl Rooms {
    /// Room for so many numbers or more; what stands in it is of no meaning.
    pub(crate) fn lend(self: &Arc<Self>, len: usize) -> Room {
        let pages = self.fitting(len).unwrap_or_else(|| Pages::zeroed(len));
        Room { pages, home: Arc::downgrade(self) }
    }

    fn fitting(&self, len: usize) -> Option<Pages<u32>> {
        // Whoever finds the door locked (by another thread, or by one that a fork left behind) does without.
        let mut spare = self.spare.try_lock().ok()?;
        let fitting = spare.iter().enumerate().filter(|(_, pages)| pages.as_slice().len() >= len);
        let (at, _) = fitting.min_by_key(|(_, pages)| pages.as_slice().len())?;
        // What is much too large stays for those that need it.
        let is_close = spare[at].as_slice().len() / 4 <= len;
        is_close.then(|| spare.swap_remove(at))
    }

    fn take_back(&self, pages: Pages<u32>) {
        let Ok(mut spare) = self.spare.try_lock() else { return };
        let kept: usize = spare.iter().map(|pages| size_of_val(pages.as_slice())).sum();
        if kept + size_of_val(pages.as_slice()) <= KEPT_BYTES {
            spare.push(pages);
        }
    }
}

/// Memory for numbers, lent: it goes back when it is dropped.
pub(crate) struct Room {
    pages: Pages<u32>,
    home: Weak<Rooms>,
}

impl Room {
    #[inline]
    pub(crate) fn as_slice(&self) -> &[u32] {
        self.pages.as_slice()
    }

    #[inline]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [u32] {
        self.pages.as_mut_slice()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if !self.pages.are_mapped() {
            return;
        }
        if let Some(home) = self.home.upgrade() {
            home.take_back(std::mem::replace(&mut self.pages, Pages::zeroed(0)));
        }
    }
}

/// Numbers that were written one behind the other, such as the ids of a batch: read as a slice.
pub struct Numbers {
    room: Room,
    len: usize,
}

impl Numbers {
    /// None yet, with this room.
    pub(crate) fn within(room: Room) -> Self {
        Self { room, len: 0 }
    }

    /// Append numbers.
    pub(crate) fn extend_from_slice(&mut self, numbers: &[u32]) {
        let end = self.len + numbers.len();
        if end > self.room.as_slice().len() {
            let len = end.max(2 * self.len);
            self.room.pages.enlarge(len, len);
        }
        self.room.as_mut_slice()[self.len..end].copy_from_slice(numbers);
        self.len = end;
    }
}

impl From<Vec<u32>> for Numbers {
    fn from(numbers: Vec<u32>) -> Self {
        let len = numbers.len();
        Self { room: Room { pages: numbers.into(), home: Weak::new() }, len }
    }
}

impl Default for Numbers {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl Deref for Numbers {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        &self.room.as_slice()[..self.len]
    }
}

impl Clone for Numbers {
    fn clone(&self) -> Self {
        self.to_vec().into()
    }
}

impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Numbers {}

impl fmt::Debug for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}

impl AsRef<[u32]> for Numbers {
    fn as_ref(&self) -> &[u32] {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_as_they_were_written() {
        let rooms = Arc::new(Rooms::default());
        for room in [0, 10, 1 << 20] {
            let mut numbers = Numbers::within(rooms.lend(room));
            let mut expected = Vec::new();
            for step in 0..3000_u32 {
                let more: Vec<u32> = (0..step % 1000).map(|number| number ^ step).collect();
                numbers.extend_from_slice(&more);
                expected.extend_from_slice(&more);
            }
            assert_eq!(*numbers, *expected);
        }
    }

    #[test]
    fn large_rooms_are_used_again_and_only_some_are_kept() {
        let rooms = Arc::new(Rooms::default());
        let len = KEPT_BYTES / 4 / size_of::<u32>();
        let all: Vec<_> = (0..6).map(|_| rooms.lend(len)).collect();
        let mapped = all.iter().filter(|room| room.pages.are_mapped()).count();
        drop(all);
        let spare = || rooms.spare.lock().unwrap().len();
        assert_eq!(spare(), mapped.min(4));
        // Much too small a wish, and one that is too large.
        drop((rooms.lend(10), rooms.lend(4 * len)));
        assert_eq!(spare(), mapped.min(4));
        let again = rooms.lend(len / 2);
        assert_eq!(spare(), mapped.min(4).saturating_sub(1));
        drop(rooms);
        drop(again);
    }
}
