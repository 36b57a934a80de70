//! The road for byte-level vocabularies: raw bytes in, no detour over their printable stand-ins.

use std::sync::OnceLock;

use super::merge::{SHORT, ShortMerge, TOGETHER};
use super::wholes::Wholes;
use super::windows::merge_all;
use crate::text::byte_alphabet::byte_to_char;
use crate::token::TokenId;
use crate::vocab::Vocab;
use crate::vocab::merges::Merges;

/// What that road needs to know of a vocabulary.
pub(super) struct ByteTables {
    /// The token of each byte.
    tokens: [TokenId; 256],
    /// The rank of each two neighbouring bytes, `left << 8 | right`.
    ranks: Vec<u32>,
    /// The stand-in of each byte in UTF-8, and how many bytes that is (1 or 2).
    spellings: [([u8; 2], u8); 256],
    /// The longest token, in bytes of its text.
    longest: usize,
    /// Made when it is first worth it.
    wholes: OnceLock<Option<Wholes>>,
}

impl ByteTables {
    /// `None` unless all 256 bytes are tokens.
    ///
    /// Tokens with characters outside the alphabet (special ones, mostly) do no harm: from bytes
    /// alone no merge can reach them and no lookup can ask for them.
    pub(super) fn new(vocab: &Vocab, merges: &Merges) -> Option<Self> {
        let mut tokens = [0; 256];
        let mut spellings = [([0; 2], 0); 256];
        for byte in 0..=u8::MAX {
            let mut text = [0; 4];
            let text = byte_to_char(byte).encode_utf8(&mut text);
            let (at, length) = (usize::from(byte), u8::try_from(text.len()).ok()?);
            tokens[at] = vocab.id(text)?;
            spellings[at].0.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
            spellings[at].1 = length;
        }
        let pair = |at: usize| merges.rank(tokens[at >> 8], tokens[at & 0xFF]);
        let ranks = (0..1 << 16).map(pair).collect();
        let longest = vocab.iter().map(|(token, _)| token.len()).max().unwrap_or(0);
        Some(Self { tokens, ranks, spellings, longest, wholes: OnceLock::new() })
    }

    /// The token that a whole piece is, if it is one.
    pub(super) fn whole(&self, piece: &[u8], vocab: &Vocab) -> Option<TokenId> {
        if piece.len() > self.longest {
            return None;
        }
        let mut buffer = [0; 2 * SHORT];
        if piece.len() <= SHORT {
            return vocab.id_of_bytes(self.spell(piece, &mut buffer));
        }
        vocab.id_of_bytes(self.spell(piece, &mut vec![0; 2 * piece.len()]))
    }

    /// Tokens that merging makes of their own bytes; `None` where that is not easily told. `many` says that
    /// enough will be asked.
    pub(super) fn wholes(&self, merges: &Merges, many: bool) -> Option<&Wholes> {
        let wholes = || Wholes::new(merges, &self.tokens);
        let known = if many { Some(self.wholes.get_or_init(wholes)) } else { self.wholes.get() };
        known?.as_ref()
    }

    /// The tokens that pieces of at most [`SHORT`] bytes are, where they are some.
    pub(super) fn whole_each(
        &self,
        pieces: &[&[u8]],
        vocab: &Vocab,
    ) -> [Option<TokenId>; TOGETHER] {
        let mut buffers = [[0; 2 * SHORT]; TOGETHER];
        let mut spelled: [&[u8]; TOGETHER] = [&[]; TOGETHER];
        for ((buffer, spelled), piece) in buffers.iter_mut().zip(&mut spelled).zip(pieces) {
            *spelled = self.spell(piece, buffer);
        }
        vocab.ids_of_each(&spelled)
    }

    /// Make `symbols` those of a piece of at most [`SHORT`] bytes, before any merge.
    pub(super) fn fill(&self, symbols: &mut ShortMerge, piece: &[u8]) {
        let ids = piece.iter().map(|&byte| self.tokens[usize::from(byte)]);
        symbols.fill(ids, |at, _, _| {
            self.ranks[usize::from(piece[at]) << 8 | usize::from(piece[at + 1])]
        });
    }

    /// Append the tokens of a piece of at most [`SHORT`] bytes.
    pub(super) fn encode_short(
        &self,
        piece: &[u8],
        merges: &Merges,
        mut push: impl FnMut(TokenId, u32),
    ) {
        let mut symbols = ShortMerge::empty();
        self.fill(&mut symbols, piece);
        symbols.run(merges);
        for (id, start, end) in symbols.tokens() {
            push(id, end - start);
        }
    }

    /// Append the tokens of any piece.
    pub(super) fn encode_long(
        &self,
        piece: &[u8],
        merges: &Merges,
        is_regular: bool,
        mut push: impl FnMut(TokenId, u32),
    ) {
        let mut ids = piece.iter().map(|&byte| self.tokens[usize::from(byte)]).collect();
        let mut ends = (1_u32..).take(piece.len()).collect();
        merge_all(merges, is_regular, &mut ids, &mut ends);
        let mut start = 0;
        for (id, end) in ids.into_iter().zip(ends) {
            push(id, end - start);
            start = end;
        }
    }

    /// Write the stand-ins of `piece` into `buffer`, which has two bytes of room for each.
    fn spell<'b>(&self, piece: &[u8], buffer: &'b mut [u8]) -> &'b [u8] {
        let mut end = 0;
        for &byte in piece {
            let (spelling, length) = self.spellings[usize::from(byte)];
            // Both bytes always: no branch, and the second is overwritten where it does not count.
            buffer[end..end + 2].copy_from_slice(&spelling);
            end += usize::from(length);
        }
        &buffer[..end]
    }
}
