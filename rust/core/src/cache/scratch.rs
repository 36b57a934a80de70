//! What one thread works with: its tables and its buffers. Lent from a pool, never shared.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::cache::UnitTokens;
use crate::cache::long::{LongUnits, hash};
use crate::cache::queue::{CAPACITY, Queue};
use crate::cache::table::{Hit, UnitTable};
use crate::models::bpe::MergeRoom;
use crate::token::TokenId;
use crate::util::rooms::Rooms;

/// Slots of a pool; threads beyond find their slot taken and work with fresh tables.
const SLOTS: usize = 64;

/// One thread's tables and buffers.
pub(crate) struct Scratch {
    short: UnitTable,
    long: LongUnits,
    /// Of units of the queue, where they are looked for in `long`.
    hashes: [Option<u64>; CAPACITY],
    /// Units on their way through the tables.
    pub(crate) queue: Queue,
    /// Where a unit that was not met before is encoded.
    pub(crate) unit: UnitTokens,
    /// Where a model puts the tokens of a piece.
    pub(crate) piece: crate::models::PieceTokens,
    /// Where pieces are merged together.
    pub(crate) merging: Option<Box<MergeRoom>>,
    /// What cutting needs.
    pub(crate) scan: crate::pre_tokenizers::scan::Scratch,
}

impl Scratch {
    fn new() -> Self {
        Self {
            short: UnitTable::new(),
            long: LongUnits::default(),
            hashes: [None; CAPACITY],
            queue: Queue::new(),
            unit: UnitTokens::default(),
            piece: crate::models::PieceTokens::default(),
            merging: None,
            scan: crate::pre_tokenizers::scan::Scratch::default(),
        }
    }

    /// Whether the table of units is to grow as late as may be: what takes milliseconds is better done in a call that
    /// takes as long anyway than in one that takes a microsecond.
    pub(crate) fn put_off_growing(&mut self, put_off: bool) {
        self.short.grows_late = put_off;
    }

    /// Look up the units of the queue, which lie in `text`, in the table.
    pub(crate) fn look_up(&mut self, text: &[u8]) {
        self.queue.look_up(text, &self.short);
        for &place in self.queue.missing() {
            let (start, end) = self.queue.span(place);
            let unit = &text[start as usize..end as usize];
            // What the table has never seen is not here either.
            let is_asked = unit.len() > super::MAX_KEY || !self.queue.is_missing(place);
            let salt = self.queue.is_salted(place);
            self.hashes[usize::from(place)] = is_asked.then(|| hash(unit, salt));
        }
        let asked = || self.queue.missing().iter().filter_map(|at| self.hashes[usize::from(*at)]);
        asked().for_each(|hash| self.long.fetch_slot(hash));
        asked().for_each(|hash| self.long.fetch_record(hash));
    }

    /// Look again, and farther, for a unit of the queue that the table did not hold; whether it is there.
    pub(crate) fn find_again(&mut self, place: u8, unit: &[u8]) -> bool {
        let salt = self.queue.is_salted(place);
        if unit.len() <= super::MAX_KEY {
            // The same unit can have come up earlier in the same queue.
            let hit = self.short.bring_home(self.queue.key(place));
            if !hit.is_open() {
                self.queue.set(place, hit);
                return true;
            }
            if hit.is_missing() {
                return false;
            }
        }
        let known = self.hashes[usize::from(place)];
        if let Some(hit) = self.long.get(unit, salt, known.unwrap_or_else(|| hash(unit, salt))) {
            self.queue.set_long(place, hit);
        } else if let Some(tokens) = self.long.get_with_texts(unit, salt) {
            self.queue.set_aside(place, tokens);
        } else {
            return false;
        }
        true
    }

    /// A unit of the queue, not empty, is one word with these tokens, each behind the one before it: id, start, end.
    /// They are remembered.
    pub(crate) fn settle_word(
        &mut self,
        place: u8,
        unit: &[u8],
        tokens: impl Iterator<Item = (TokenId, u32, u32)> + Clone,
    ) {
        if unit.len() <= super::MAX_KEY {
            let hit = Hit::of_word(tokens.clone());
            if !hit.is_open() {
                self.short.insert_hit(self.queue.key(place), hit);
                return self.queue.set(place, hit);
            }
        }
        self.unit.clear();
        self.unit.word_count = 1;
        tokens.for_each(|(id, start, end)| self.unit.push(id, (start, end), 0));
        self.settle(place, unit, true);
    }

    /// What [`unit`](Self::unit) holds is the encoding of a unit of the queue; `keep` says whether to
    /// remember it.
    pub(crate) fn settle(&mut self, place: u8, unit: &[u8], keep: bool) {
        let salt = self.queue.is_salted(place);
        if keep && unit.len() <= super::MAX_KEY && !unit.is_empty() {
            let hit = self.short.insert(self.queue.key(place), &self.unit);
            if !hit.is_open() {
                return self.queue.set(place, hit);
            }
        }
        self.queue.set_aside(place, &self.unit);
        if keep {
            self.long.insert(unit, salt, &self.unit);
        }
    }
}

/// Scratches waiting for a thread. Nobody ever waits for one: a slot that is locked (by another thread,
/// or by one that a fork left behind) is passed over.
pub(crate) struct ScratchPool {
    slots: Vec<Mutex<Option<Box<Scratch>>>>,
    /// Memory for what is handed out.
    pub(crate) rooms: Arc<Rooms>,
}

impl ScratchPool {
    pub(crate) fn new() -> Self {
        let slots = (0..SLOTS).map(|_| Mutex::new(None)).collect();
        Self { slots, rooms: Arc::default() }
    }

    /// Run `work` with a scratch.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut Scratch) -> R) -> R {
        let slot = &self.slots[thread_number() % SLOTS];
        match slot.try_lock() {
            Ok(mut held) => work(held.get_or_insert_with(|| Box::new(Scratch::new()))),
            Err(std::sync::TryLockError::Poisoned(poisoned)) => {
                // A panic left the tables half written: throw them away.
                slot.clear_poison();
                let mut held = poisoned.into_inner();
                work(held.insert(Box::new(Scratch::new())))
            }
            Err(std::sync::TryLockError::WouldBlock) => work(&mut Scratch::new()),
        }
    }
}

/// A small number that is this thread's own: the threads of a batch are started anew each time, so
/// numbers are handed back when a thread ends, and its slot's warm tables go to the next.
fn thread_number() -> usize {
    thread_local! {
        static NUMBER: ThreadNumber = ThreadNumber::take();
    }
    NUMBER.try_with(|number| number.0).unwrap_or(0)
}

struct ThreadNumber(usize);

static TAKEN: [AtomicUsize; SLOTS] = [const { AtomicUsize::new(0) }; SLOTS];

impl ThreadNumber {
    fn take() -> Self {
        let free = TAKEN.iter().position(|taken| {
            taken.compare_exchange(0, 1, Ordering::AcqRel, Ordering::Relaxed).is_ok()
        });
        Self(free.unwrap_or(SLOTS))
    }
}

impl Drop for ThreadNumber {
    fn drop(&mut self) {
        if let Some(taken) = TAKEN.get(self.0) {
            taken.store(0, Ordering::Release);
        }
    }
}
