//! Whole texts out of a table: what each token adds to a text, found by its id.
//!
//! Under most decoders a token adds the same bytes wherever it stands, but at the beginning. Those are
//! worked out, with the members of [`Running`] itself, when an id is met for the first time, and laid down in
//! its cell of sixteen bytes: decoding copies a cell an id.

#![allow(clippy::cast_possible_truncation, reason = "bytes are cut out of wider words on purpose")]

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::decoders::Decoder;
use crate::decoders::running::{Pieces, Running};
use crate::error::Result;
use crate::text::Replacement;
use crate::token::TokenId;
use crate::util::hash::Map;

const CELL: usize = 16;
/// The last byte of a cell: how many of the others count, and what is special about it; 0 in a cell that
/// nobody has filled yet.
const HEAD: usize = CELL - 1;
const LENGTH: u8 = 0x0F;
/// More bytes than a cell has room for, or none at all.
const ASIDE: u8 = 0x10;
/// Left out on request.
const SPECIAL: u8 = 0x20;
/// Left out always: no token has this id.
const ABSENT: u8 = 0x40;
/// One byte of a run, which is text only as a whole.
const BYTE: u8 = 0x80;

/// So many bytes are gathered before they are appended.
const ROOM: usize = 1024;

/// The bytes of a cell in two halves, little-endian.
type Filled = [u64; 2];

#[inline]
fn head([_, high]: Filled) -> u8 {
    (high >> (u64::BITS - u8::BITS)) as u8
}

fn halves(cell: [u8; CELL]) -> Filled {
    let (halves, _) = cell.as_chunks();
    [u64::from_le_bytes(halves[0]), u64::from_le_bytes(halves[1])]
}

/// A cell in two halves. Several threads may fill it at a time, each with the same bytes.
type Cell = [AtomicU64; 2];

/// What a cell was filled with.
#[inline]
fn read([low, high]: &Cell) -> Option<Filled> {
    // The half with the head is written last and read first.
    let high = high.load(Ordering::Acquire);
    let cell = [low.load(Ordering::Relaxed), high];
    (head(cell) != 0).then_some(cell)
}

fn write(cell: &Cell, [low, high]: Filled) {
    cell[0].store(low, Ordering::Relaxed);
    cell[1].store(high, Ordering::Release);
}

/// A token as decoding sees it.
pub(crate) struct Entry<'t> {
    pub(crate) token: &'t str,
    pub(crate) is_special: bool,
}

/// Where tokens are found by their ids.
pub(crate) trait Tokens {
    /// The token of an id, if there is one.
    fn entry(&self, id: TokenId) -> Option<Entry<'_>>;
}

/// What each id adds to a text.
pub(crate) struct DecodeTable {
    cells: Vec<Cell>,
    /// What does not fit into cells.
    aside: RwLock<Map<TokenId, Arc<[u8]>>>,
    pieces: Mutex<Pieces>,
    /// A text without a token yet.
    running: Running,
    /// What is replaced in a whole text.
    last: Option<Arc<Replacement>>,
}

impl DecodeTable {
    /// With cells for the ids below `bound`; others are looked up each time. `None` where what a token adds
    /// depends on others. Without a decoder tokens are joined by spaces.
    pub(crate) fn new(decoder: Option<&Decoder>, bound: usize) -> Option<Self> {
        let (running, last) = match decoder {
            None => (Running::spaced(), None),
            Some(decoder) => match decoder.running() {
                Some(running) => (running, None),
                None => decoder.running_before_last().map(|(text, last)| (text, Some(last)))?,
            },
        };
        let pieces = Mutex::new(running.pieces_behind_first().ok()??);
        // Memory that nobody has written to costs nothing.
        let cells = bytemuck::zeroed_vec(bound);
        Some(Self { cells, aside: RwLock::default(), pieces, running, last })
    }

    /// Append the text of `ids`.
    ///
    /// # Errors
    /// When a pattern gives up on a token.
    pub(crate) fn append(
        &self,
        ids: &[TokenId],
        skip_special: bool,
        tokens: &impl Tokens,
        text: &mut String,
    ) -> Result<()> {
        // An id is some four bytes of text.
        let mut bytes = Vec::with_capacity(5 * ids.len());
        let left_out = if skip_special { ABSENT | SPECIAL } else { ABSENT };
        let mut rest = ids;
        // The first token goes the long way: the only one that decoders may treat otherwise.
        if self.running.knows_first() {
            let mut start = 0;
            while start < ids.len() && head(self.cell(ids[start], tokens)?) & left_out != 0 {
                start += 1;
            }
            let Some(first) = ids.get(start) else { return Ok(()) };
            rest = &ids[start + 1..];
            let mut running = self.running.clone();
            running.push(tokens.entry(*first).map_or("", |entry| entry.token))?;
            bytes.extend_from_slice(running.into_text()?.as_bytes());
        }
        self.append_bytes(rest, left_out, tokens, &mut bytes)?;
        let start = text.len();
        match simdutf8::basic::from_utf8(&bytes) {
            Ok(valid) => text.push_str(valid),
            Err(_) => text.push_str(&String::from_utf8_lossy(&bytes)),
        }
        let cut = self.running.cut_of(&text[start..]);
        if cut > 0 {
            text.drain(start..start + cut);
        }
        self.last.as_ref().map_or(Ok(()), |last| replace_from(start, last, text))
    }

    #[inline]
    fn cell(&self, id: TokenId, tokens: &impl Tokens) -> Result<Filled> {
        match self.cells.get(id as usize).and_then(read) {
            Some(cell) => Ok(cell),
            None => self.fill(id, tokens),
        }
    }

    /// Work out what an id adds, and keep it where there is a cell for it.
    #[cold]
    fn fill(&self, id: TokenId, tokens: &impl Tokens) -> Result<Filled> {
        let mut cell = [0; CELL];
        if let Some(entry) = tokens.entry(id) {
            let mut bytes = Vec::with_capacity(3 * CELL);
            // Nothing in the members is left half changed by a panic.
            let mut pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
            let is_byte = pieces.piece(entry.token, &mut bytes)?;
            drop(pieces);
            cell[HEAD] |= if entry.is_special { SPECIAL } else { 0 };
            cell[HEAD] |= if is_byte { BYTE } else { 0 };
            if let Ok(length @ 1..=LENGTH) = u8::try_from(bytes.len()) {
                cell[..bytes.len()].copy_from_slice(&bytes);
                cell[HEAD] |= length;
            } else {
                cell[HEAD] |= ASIDE;
                let mut aside = self.aside.write().unwrap_or_else(PoisonError::into_inner);
                aside.insert(id, bytes.into());
            }
        } else {
            cell[HEAD] = ABSENT;
        }
        let cell = halves(cell);
        if let Some(place) = self.cells.get(id as usize) {
            write(place, cell);
        }
        Ok(cell)
    }

    fn append_bytes(
        &self,
        ids: &[TokenId],
        left_out: u8,
        tokens: &impl Tokens,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let mut room = [0; ROOM + CELL];
        let mut end = 0;
        let mut at = 0;
        while let Some(&id) = ids.get(at) {
            at += 1;
            let cell = self.cell(id, tokens)?;
            let head = head(cell);
            if head & !LENGTH != 0 {
                if head & left_out != 0 {
                    continue;
                }
                if head & (BYTE | ASIDE) != 0 {
                    out.extend_from_slice(&room[..end]);
                    end = 0;
                    if head & ASIDE != 0 {
                        let aside = self.aside.read().unwrap_or_else(PoisonError::into_inner);
                        out.extend_from_slice(aside.get(&id).map_or(&[], |bytes| bytes));
                    } else {
                        at = self.append_run(ids, at - 1, left_out, tokens, out)?;
                    }
                    continue;
                }
            }
            // Always a whole cell: copying as much as counts takes longer.
            let (places, _) = room[end..end + CELL].as_chunks_mut();
            (places[0], places[1]) = (cell[0].to_le_bytes(), cell[1].to_le_bytes());
            end += usize::from(head & LENGTH);
            if end > ROOM - CELL {
                out.extend_from_slice(&room[..end]);
                end = 0;
            }
        }
        out.extend_from_slice(&room[..end]);
        Ok(())
    }

    /// Append the run of bytes that begins at `start`, as text where it is text and as replacement
    /// characters, one a byte, where it is not; where it ends.
    fn append_run(
        &self,
        ids: &[TokenId],
        start: usize,
        left_out: u8,
        tokens: &impl Tokens,
        out: &mut Vec<u8>,
    ) -> Result<usize> {
        let mut run = Vec::new();
        let mut end = start;
        for &id in &ids[start..] {
            let cell = self.cell(id, tokens)?;
            if head(cell) & left_out == 0 {
                if head(cell) & BYTE == 0 {
                    break;
                }
                run.push(cell[0] as u8);
            }
            end += 1;
        }
        if std::str::from_utf8(&run).is_ok() {
            out.extend_from_slice(&run);
        } else {
            for _ in run {
                out.extend_from_slice("\u{FFFD}".as_bytes());
            }
        }
        Ok(end)
    }
}

/// Replace in what lies behind `start`.
#[cold]
fn replace_from(start: usize, replacement: &Replacement, text: &mut String) -> Result<()> {
    if let Cow::Owned(replaced) = replacement.token(&text[start..])? {
        text.truncate(start);
        text.push_str(&replaced);
    }
    Ok(())
}
