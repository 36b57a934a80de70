//! Whole texts out of a table: what each token adds to a text, found by its id.
//!
//! Under most decoders a token adds the same bytes wherever it stands, but at the beginning. Those are
//! worked out once, with the members of [`Running`] itself, and laid side by side in cells of
//! sixteen bytes: decoding copies a cell an id.

use crate::decoders::running::Running;
use crate::error::Result;
use crate::token::TokenId;
use crate::util::hash::Map;

const CELL: usize = 16;
/// The last byte of a cell: how many of the others count, and what is special about it.
const HEAD: usize = CELL - 1;
const LENGTH: u8 = 0x0F;
/// More bytes than a cell has room for.
const LONG: u8 = 0x10;
/// Left out on request.
const SPECIAL: u8 = 0x20;
/// Left out always: no token has this id.
const ABSENT: u8 = 0x40;
/// One byte of a run, which is text only as a whole.
const BYTE: u8 = 0x80;

const NOTHING: [u8; CELL] = {
    let mut cell = [0; CELL];
    cell[HEAD] = ABSENT;
    cell
};

/// So many bytes are gathered before they are appended.
const ROOM: usize = 1024;

/// A token as decoding sees it.
pub(crate) struct Entry<'t> {
    pub(crate) id: TokenId,
    pub(crate) token: &'t str,
    pub(crate) is_special: bool,
}

/// What each id adds to a text.
pub(crate) struct DecodeTable {
    cells: Vec<[u8; CELL]>,
    long: Map<TokenId, Box<[u8]>>,
    /// A text without a token yet.
    running: Running,
}

impl DecodeTable {
    /// From all tokens, ids below `bound`; of two with one id the first counts. `None` where what a
    /// token adds depends on others, or a pattern gives up on one.
    pub(crate) fn new<'t>(
        running: Running,
        bound: usize,
        entries: impl Iterator<Item = Entry<'t>>,
    ) -> Option<Self> {
        let mut pieces = running.pieces_behind_first().ok()??;
        let mut table = Self { cells: vec![NOTHING; bound], long: Map::default(), running };
        let mut bytes = Vec::new();
        for Entry { id, token, is_special } in entries {
            bytes.clear();
            let is_byte = pieces.piece(token, &mut bytes).ok()?;
            let cell = table.cells.get_mut(id as usize)?;
            if cell[HEAD] != ABSENT {
                continue;
            }
            let mut head = if is_special { SPECIAL } else { 0 };
            if is_byte {
                head |= BYTE;
            }
            if bytes.len() < CELL {
                cell[..bytes.len()].copy_from_slice(&bytes);
                head |= u8::try_from(bytes.len()).unwrap_or(LENGTH);
            } else {
                table.long.insert(id, bytes.as_slice().into());
                head |= LONG;
            }
            cell[HEAD] = head;
        }
        Some(table)
    }

    /// Append the text of `ids`. `token` gives the token of an id that is not left out.
    ///
    /// # Errors
    /// When a pattern gives up on the first token.
    pub(crate) fn append<'t>(
        &self,
        ids: &[TokenId],
        skip_special: bool,
        token: impl Fn(TokenId) -> Option<&'t str>,
        text: &mut String,
    ) -> Result<()> {
        // An id is some four bytes of text.
        let mut bytes = Vec::with_capacity(5 * ids.len());
        let left_out = if skip_special { ABSENT | SPECIAL } else { ABSENT };
        let mut rest = ids;
        // The first token goes the long way: the only one that decoders may treat otherwise.
        if self.running.knows_first() {
            let start = ids.iter().position(|&id| self.cell(id)[HEAD] & left_out == 0);
            let Some(start) = start else { return Ok(()) };
            rest = &ids[start + 1..];
            let mut first = self.running.clone();
            first.push(token(ids[start]).unwrap_or_default())?;
            bytes.extend_from_slice(first.into_text()?.as_bytes());
        }
        self.append_bytes(rest, left_out, &mut bytes);
        let start = text.len();
        match simdutf8::basic::from_utf8(&bytes) {
            Ok(valid) => text.push_str(valid),
            Err(_) => text.push_str(&String::from_utf8_lossy(&bytes)),
        }
        let cut = self.running.cut_of(&text[start..]);
        if cut > 0 {
            text.drain(start..start + cut);
        }
        Ok(())
    }

    #[inline]
    fn cell(&self, id: TokenId) -> &[u8; CELL] {
        self.cells.get(id as usize).unwrap_or(&NOTHING)
    }

    fn append_bytes(&self, ids: &[TokenId], left_out: u8, out: &mut Vec<u8>) {
        let mut room = [0; ROOM + CELL];
        let mut end = 0;
        let mut at = 0;
        while let Some(&id) = ids.get(at) {
            at += 1;
            let cell = self.cell(id);
            let head = cell[HEAD];
            if head & !LENGTH != 0 {
                if head & left_out != 0 {
                    continue;
                }
                if head & (BYTE | LONG) != 0 {
                    out.extend_from_slice(&room[..end]);
                    end = 0;
                    if head & LONG != 0 {
                        out.extend_from_slice(self.long.get(&id).map_or(&[], |bytes| bytes));
                    } else {
                        at = self.append_run(ids, at - 1, left_out, out);
                    }
                    continue;
                }
            }
            // Always a whole cell: copying as much as counts takes longer.
            room[end..end + CELL].copy_from_slice(cell);
            end += usize::from(head & LENGTH);
            if end > ROOM - CELL {
                out.extend_from_slice(&room[..end]);
                end = 0;
            }
        }
        out.extend_from_slice(&room[..end]);
    }

    /// Append the run of bytes that begins at `start`, as text where it is text and as replacement
    /// characters, one a byte, where it is not; where it ends.
    fn append_run(&self, ids: &[TokenId], start: usize, left_out: u8, out: &mut Vec<u8>) -> usize {
        let mut run = Vec::new();
        let mut end = start;
        for &id in &ids[start..] {
            let cell = self.cell(id);
            if cell[HEAD] & left_out == 0 {
                if cell[HEAD] & BYTE == 0 {
                    break;
                }
                run.push(cell[0]);
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
        end
    }
}
