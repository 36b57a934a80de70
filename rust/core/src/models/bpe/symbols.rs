//! What a piece is before the first merge: one symbol a character, or what stands for it.

use super::bridges::Bridges;
use super::char_table::CharTable;
use super::{BpeOptions, BpeTables};
use crate::error::{Error, Result};
use crate::models::PieceTokens;
use crate::token::TokenId;

/// Turns the characters of one piece into symbols.
///
/// The rules are the reference's, oddities included:
/// * a symbol's span starts where the one before ended, whatever was left out between them;
/// * an unknown token is written only when a known character follows it (or the piece ends), so
///   that byte symbols between overtake it;
/// * byte fallback spells the character with its prefix and suffix, one byte of span for each.
pub(super) struct Symbols<'a> {
    tables: &'a BpeTables,
    options: &'a BpeOptions,
    out: &'a mut PieceTokens,
    end: u32,
    /// An unknown token that is not written yet, and the bytes it stands for.
    waiting: Option<(TokenId, u32)>,
    /// Set where symbols are merged as soon as nothing to come can join them.
    bridges: Option<&'a Bridges>,
    /// The first symbol that is not merged yet, and the last character of the last one.
    open: usize,
    last: char,
}

/// Shorter pieces are merged faster than they are cut.
const CUT_FROM_BYTES: usize = 48;

impl<'a> Symbols<'a> {
    pub(super) fn new(
        tables: &'a BpeTables,
        options: &'a BpeOptions,
        out: &'a mut PieceTokens,
    ) -> Self {
        Self { tables, options, out, end: 0, waiting: None, bridges: None, open: 0, last: '\0' }
    }

    /// Write the symbols of `piece` and merge them (ids and ends; starts follow from them).
    pub(super) fn merged(mut self, piece: &str) -> Result<()> {
        if piece.len() >= CUT_FROM_BYTES && !self.options.decorates() {
            self.bridges = self.tables.bridges();
        }
        self.write_all(piece)?;
        self.close();
        Ok(())
    }

    /// Write the symbols of `piece`.
    pub(super) fn unmerged(mut self, piece: &str) -> Result<()> {
        self.write_all(piece)
    }

    fn write_all(&mut self, piece: &str) -> Result<()> {
        let chars = self.tables.chars();
        if self.options.decorates() {
            self.of_decorated(piece, chars)?;
        } else {
            for character in piece.chars() {
                match chars.get(character) {
                    Some(id) => self.known(id, character),
                    None => self.unknown(character, character.encode_utf8(&mut [0; 4]))?,
                }
            }
        }
        self.release();
        Ok(())
    }

    fn of_decorated(&mut self, piece: &str, chars: &CharTable) -> Result<()> {
        let options = self.options;
        let prefix = options.continuing_subword_prefix.as_deref().unwrap_or_default();
        let suffix = options.end_of_word_suffix.as_deref().unwrap_or_default();
        let mut spelling = String::new();
        for (at, character) in piece.char_indices() {
            let prefix = if at == 0 { "" } else { prefix };
            let is_last = at + character.len_utf8() == piece.len();
            let suffix = if is_last { suffix } else { "" };
            spelling.clear();
            spelling.extend([prefix, character.encode_utf8(&mut [0; 4]), suffix]);
            let id = match (prefix, suffix) {
                ("", "") => chars.get(character),
                _ => self.tables.vocab.id(&spelling),
            };
            match id {
                Some(id) => self.known(id, character),
                None => self.unknown(character, &spelling)?,
            }
        }
        Ok(())
    }

    fn known(&mut self, id: TokenId, character: char) {
        self.release();
        self.write(id, utf8_length(character), character, character);
    }

    fn unknown(&mut self, character: char, spelling: &str) -> Result<()> {
        if self.options.byte_fallback && self.fall_back(spelling) {
            return Ok(());
        }
        if self.options.unk_token.is_none() {
            return Ok(());
        }
        let length = utf8_length(character);
        if let (true, Some((_, waiting))) = (self.options.fuse_unk, &mut self.waiting) {
            *waiting = waiting.saturating_add(length);
            return Ok(());
        }
        self.release();
        self.waiting = Some((self.unk_id()?, length));
        Ok(())
    }

    /// Write the byte tokens of `spelling`, if the vocabulary has them all.
    fn fall_back(&mut self, spelling: &str) -> bool {
        let bytes = self.tables.byte_tokens();
        if spelling.bytes().any(|byte| bytes[usize::from(byte)].is_none()) {
            return false;
        }
        for id in spelling.bytes().filter_map(|byte| bytes[usize::from(byte)]) {
            self.write(id, 1, '<', '>');
        }
        true
    }

    fn unk_id(&self) -> Result<TokenId> {
        let unk = self.options.unk_token.as_deref().unwrap_or_default();
        self.tables.vocab.id(unk).ok_or_else(|| {
            Error::model(format!("Unk token `{unk}` not found in the vocabulary"))
                .hinting("set unk_token to a token of the vocabulary, or to none")
        })
    }

    fn release(&mut self) {
        if let Some((id, length)) = self.waiting.take() {
            let unk = self.options.unk_token.as_deref().unwrap_or_default();
            let first = unk.chars().next().unwrap_or('\0');
            self.write(id, length, first, unk.chars().next_back().unwrap_or('\0'));
        }
    }

    /// One more symbol, and the characters that its token starts and ends with.
    fn write(&mut self, id: TokenId, length: u32, first: char, last: char) {
        if let Some(bridges) = self.bridges
            && !bridges.may_join(self.last, first)
        {
            self.close();
        }
        self.last = last;
        // Decorations may count more bytes than the piece has; a count that sticks at 4 GiB is
        // as wrong as the reference's and cannot overflow.
        self.end = self.end.saturating_add(length);
        self.out.ids.push(id);
        self.out.ends.push(self.end);
    }

    /// Merge what is open: nothing to come joins it.
    fn close(&mut self) {
        let PieceTokens { ids, ends, .. } = &mut *self.out;
        self.tables.merge_from(self.open, ids, ends);
        self.open = ids.len();
    }
}

fn utf8_length(character: char) -> u32 {
    match u32::from(character) {
        0..0x80 => 1,
        0x80..0x800 => 2,
        0x800..0x1_0000 => 3,
        _ => 4,
    }
}
