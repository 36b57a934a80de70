//! The road for short pieces of SentencePiece-style vocabularies, in which a mark stands for each space: from raw
//! text to tokens without spelling the marks out, several pieces by turns.

#![allow(clippy::cast_possible_truncation, reason = "short pieces have few bytes")]

use super::char_table::CharTable;
use super::merge::{SHORT, ShortMerge};
use super::{Bpe, BpeTables, MergeRoom};
use crate::token::TokenId;
use crate::vocab::merges::{Merges, NO_RANK};

/// What that road needs to know of a vocabulary.
pub(super) struct SpacedTables {
    mark: char,
    /// The token of each ASCII character, that of the mark for the space.
    tokens: [Option<TokenId>; 128],
    /// The rank of each two of them, `left << 7 | right`.
    ranks: Vec<u32>,
}

impl SpacedTables {
    pub(super) fn new(mark: char, chars: &CharTable, merges: &Merges) -> Self {
        let mut tokens = [None; 128];
        for (byte, token) in (0u8..).zip(&mut tokens) {
            let shown = if byte == b' ' { mark } else { char::from(byte) };
            *token = chars.get(shown);
        }
        let rank = |pair: usize| match (tokens[pair >> 7], tokens[pair & 127]) {
            (Some(left), Some(right)) => merges.rank(left, right),
            _ => NO_RANK,
        };
        Self { mark, ranks: (0..1 << 14).map(rank).collect(), tokens }
    }
}

/// Where the symbols of the pieces in a [`MergeRoom`] end, in bytes.
pub(super) type Ends = [u8; SHORT];

/// Merges short pieces of raw text.
pub(crate) struct Spaced<'a> {
    tables: &'a BpeTables,
    own: &'a SpacedTables,
    /// The tokens of bytes, if unknown characters become these.
    bytes: Option<&'a [Option<TokenId>; 256]>,
}

impl Bpe {
    /// What merges short pieces whose spaces are shown by `mark`; `None` where options or merges ask for more care.
    pub(crate) fn spaced(&self, mark: char) -> Option<Spaced<'_>> {
        let (tables, options) = (&*self.tables, &self.options);
        let is_plain = options.chance().is_none() && !options.decorates() && !options.ignore_merges;
        if !is_plain || tables.ties.is_some() || !tables.is_regular {
            return None;
        }
        let chars = tables.chars();
        let own = tables.spaced.get_or_init(|| SpacedTables::new(mark, chars, &tables.merges));
        let bytes = options.byte_fallback.then(|| tables.byte_tokens());
        (own.mark == mark).then_some(Spaced { tables, own, bytes })
    }
}

impl Spaced<'_> {
    /// Make `piece` the one of this number; whether it is short enough and all of it is known.
    pub(crate) fn fill(&self, room: &mut MergeRoom, number: usize, piece: &str) -> bool {
        let (symbols, ends) = (&mut room.0[number], &mut room.1[number]);
        if piece.len() > SHORT {
            return false;
        }
        let bytes = piece.as_bytes();
        if !bytes
            .iter()
            .all(|&byte| self.own.tokens.get(usize::from(byte)).is_some_and(Option::is_some))
        {
            return self.fill_any(symbols, ends, piece);
        }
        let ids = bytes.iter().map(|&byte| self.own.tokens[usize::from(byte & 127)].unwrap_or(0));
        symbols.fill(ids, |at, _, _| {
            self.own.ranks[usize::from(bytes[at] & 127) << 7 | usize::from(bytes[at + 1] & 127)]
        });
        for (end, at) in ends[..bytes.len()].iter_mut().zip(1..) {
            *end = at;
        }
        true
    }

    #[inline(never)]
    fn fill_any(&self, symbols: &mut ShortMerge, ends: &mut Ends, piece: &str) -> bool {
        let mut ids = [0; SHORT];
        let mut len = 0;
        for (at, c) in piece.char_indices() {
            let shown = if c == ' ' { self.own.mark } else { c };
            if let Some(id) = self.tables.chars().get(shown) {
                (ids[len], ends[len]) = (id, (at + c.len_utf8()) as u8);
                len += 1;
                continue;
            }
            let Some(tokens) = self.bytes else { return false };
            for (at, &byte) in (at + 1..).zip(&piece.as_bytes()[at..at + c.len_utf8()]) {
                let Some(id) = tokens[usize::from(byte)] else { return false };
                (ids[len], ends[len]) = (id, at as u8);
                len += 1;
            }
        }
        let mut pairs = [(0, 0); SHORT];
        for (pair, ids) in pairs.iter_mut().zip(ids[..len].windows(2)) {
            *pair = (ids[0], ids[1]);
        }
        let mut ranks = [NO_RANK; SHORT];
        let count = len.saturating_sub(1);
        self.tables.merges.ranks(&pairs[..count], &mut ranks[..count]);
        symbols.fill(ids[..len].iter().copied(), |at, _, _| ranks[at]);
        true
    }

    /// Merge the first `count` pieces by turns. `found` is given each piece's number and its tokens, one by one: id,
    /// start, end.
    pub(crate) fn merge(
        &self,
        room: &mut MergeRoom,
        count: usize,
        mut found: impl FnMut(usize, TokenId, u32, u32),
    ) {
        let symbols = &mut room.0[..count];
        ShortMerge::run_together(symbols, &self.tables.merges);
        for (piece, (symbols, ends)) in symbols.iter().zip(&room.1).enumerate() {
            let mut start = 0;
            for (id, _, next) in symbols.tokens() {
                let end = u32::from(ends[next as usize - 1]);
                found(piece, id, start, end);
                start = end;
            }
        }
    }
}
