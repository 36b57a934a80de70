//! [`Pieces`]: the split text that pre-tokenizers refine and models fill with tokens.

use std::sync::Arc;

use crate::encoding::{Encoding, TokenRun};
use crate::error::{Error, Result};
use crate::text::alignment::narrow;
use crate::text::normalized::{NormalizedText, Referential};
use crate::text::offsets::{CharIndex, OffsetUnit};
use crate::token::{Span, Token};

/// One piece of a text, with its tokens once it has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text of the piece.
    pub text: NormalizedText,
    /// Its tokens, or `None` while it can still be split.
    pub tokens: Option<Vec<Token>>,
}

impl Piece {
    /// Where `span`, in bytes of the piece, lies in the original text. A span outside of the piece
    /// stays as it is, as in the reference.
    fn span_in_original(&self, span: Span) -> Span {
        let shift = self.text.span_in_original().start;
        match self.text.convert(span, Referential::Normalized) {
            Some(inside) => {
                Span::new(shift.saturating_add(inside.start), shift.saturating_add(inside.end))
            }
            None => span,
        }
    }
}

/// A text cut into pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pieces {
    pub(super) original: NormalizedText,
    pub(super) pieces: Vec<Piece>,
}

impl Pieces {
    /// One piece: the whole text.
    pub fn new(text: NormalizedText) -> Self {
        Self { original: text.to_original(), pieces: vec![text.into()] }
    }

    /// Replace every piece without tokens by what `split` makes of it (its index, its text); empty
    /// ones are dropped. After an error no pieces are left.
    pub fn split<I, P>(
        &mut self,
        mut split: impl FnMut(usize, NormalizedText) -> Result<I>,
    ) -> Result<()>
    where
        I: IntoIterator<Item = P>,
        P: Into<Piece>,
    {
        let old = std::mem::take(&mut self.pieces);
        let mut new = Vec::with_capacity(old.len());
        for (index, piece) in old.into_iter().enumerate() {
            if piece.tokens.is_some() {
                new.push(piece);
                continue;
            }
            let parts = split(index, piece.text)?.into_iter().map(Into::into);
            new.extend(parts.filter(|part: &Piece| !part.text.is_empty()));
        }
        self.pieces = new;
        Ok(())
    }

    /// Edit every piece without tokens.
    pub fn normalize(
        &mut self,
        mut edit: impl FnMut(&mut NormalizedText) -> Result<()>,
    ) -> Result<()> {
        let mut open = self.pieces.iter_mut().filter(|piece| piece.tokens.is_none());
        open.try_for_each(|piece| edit(&mut piece.text))
    }

    /// Give tokens to every piece without tokens.
    pub fn tokenize(
        &mut self,
        mut tokenize: impl FnMut(&NormalizedText) -> Result<Vec<Token>>,
    ) -> Result<()> {
        for piece in self.pieces.iter_mut().filter(|piece| piece.tokens.is_none()) {
            piece.tokens = Some(tokenize(&piece.text)?);
        }
        Ok(())
    }

    /// The pieces.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The text before it was cut and edited.
    pub fn original(&self) -> &str {
        self.original.original()
    }

    /// Each piece's text and its span in the named text and unit.
    pub fn splits(
        &self,
        referential: Referential,
        unit: OffsetUnit,
    ) -> Vec<(&str, Span, Option<&[Token]>)> {
        let index = self.char_index(unit);
        let mut position = 0;
        let splits = self.pieces.iter().map(|piece| {
            let text = piece.text.get();
            let here = Span::new(position, position + text.len());
            position = here.end;
            let span = match referential {
                Referential::Original => piece.text.span_in_original(),
                Referential::Normalized => here,
            };
            // Spans of the normalized text are converted by the characters of the original, too: a
            // quirk of the reference that callers see.
            let span = index.as_ref().map_or(span, |index| index.convert(span));
            (text, span, piece.tokens.as_deref())
        });
        splits.collect()
    }

    /// All tokens as an encoding. `word` overrides the word numbers. Fails while a piece has no tokens.
    pub fn into_encoding(
        self,
        word: Option<u32>,
        type_id: u32,
        unit: OffsetUnit,
    ) -> Result<Encoding> {
        let Self { original, pieces } = self;
        let index = char_index(original.original(), unit);
        check_tokens(&pieces)?;
        let (mut ids, mut offsets, mut words, mut texts) = (vec![], vec![], vec![], vec![]);
        for (number, piece) in pieces.into_iter().enumerate() {
            let word = word.unwrap_or(narrow(number));
            for token in piece.tokens.iter().flatten() {
                let span = piece.span_in_original(token.span);
                let span = index.as_ref().map_or(span, |index| index.convert(span));
                offsets.push((narrow(span.start), narrow(span.end)));
            }
            for token in piece.tokens.into_iter().flatten() {
                texts.push((narrow(ids.len()), token.value.into_boxed_str()));
                ids.push(token.id);
                words.push(word);
            }
        }
        let run = TokenRun::new(ids, offsets, words, texts, None);
        Ok(Encoding::from_run(Arc::new(run), type_id))
    }

    /// All tokens as an encoding of ids alone: no offsets, words or texts. Fails while a piece has no
    /// tokens.
    pub fn into_bare_encoding(self) -> Result<Encoding> {
        check_tokens(&self.pieces)?;
        let tokens = self.pieces.iter().flat_map(|piece| piece.tokens.iter().flatten());
        let ids = tokens.map(|token| token.id).collect();
        let run = TokenRun::new(ids, Vec::new(), Vec::new(), Vec::new(), None);
        Ok(Encoding::from_run(Arc::new(run), 0))
    }

    fn char_index(&self, unit: OffsetUnit) -> Option<CharIndex<'_>> {
        char_index(self.original(), unit)
    }
}

fn char_index(text: &str, unit: OffsetUnit) -> Option<CharIndex<'_>> {
    match unit {
        OffsetUnit::Char => Some(CharIndex::new(text)),
        OffsetUnit::Byte => None,
    }
}

/// All pieces must have tokens.
fn check_tokens(pieces: &[Piece]) -> Result<()> {
    if pieces.iter().any(|piece| piece.tokens.is_none()) {
        return Err(Error::invalid(
            "Split has not been tokenized, call `PreTokenizedString::tokenize` first",
        ));
    }
    Ok(())
}

impl From<NormalizedText> for Piece {
    fn from(text: NormalizedText) -> Self {
        Self { text, tokens: None }
    }
}

impl From<(NormalizedText, Option<Vec<Token>>)> for Piece {
    fn from((text, tokens): (NormalizedText, Option<Vec<Token>>)) -> Self {
        Self { text, tokens }
    }
}
