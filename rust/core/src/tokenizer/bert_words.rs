//! Units of BERT's pipeline: what the model is given of them is told character by character, out of a table, and so is
//! where its tokens lie.
//!
//! That is exact because nothing in this pipeline looks from one character to the next, but for the order of marks
//! that canonical decomposition may change; a unit with a mark that stays, or with a character that becomes several
//! words, is left to the general road ([`general::encode_unit`](crate::tokenizer::general::encode_unit), the twin).

#![allow(clippy::cast_possible_truncation, reason = "units are parts of texts below 4 GiB")]

use std::cell::RefCell;
use std::sync::OnceLock;

use fissile_unicode::{category, normalization};

use crate::cache::UnitTokens;
use crate::error::Result;
use crate::models::{Model, PieceTokens};
use crate::normalizers::{BertNormalizer, Normalizer};
use crate::pre_tokenizers::PreTokenizer;

/// Characters of a page, and pages: those of more than sixteen bits are rare and go without.
const PAGE: usize = 128;
const PAGES: usize = (1 << 16) / PAGE;

/// What becomes of each character.
pub(crate) struct BertWords {
    bert: Option<BertNormalizer>,
    pages: Box<[OnceLock<Box<[Fold; PAGE]>>]>,
}

/// What becomes of a character: the kind of thing, and its text.
#[derive(Debug, Clone, Copy)]
struct Fold {
    text: [u8; 14],
    len: u8,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Part of a word, or nothing.
    Inside,
    /// A word of its own.
    Alone,
    /// The end of a word.
    Space,
    /// More than that.
    Strange,
}

/// The text of a unit's words, one behind the other, and where each byte of it comes from.
#[derive(Default)]
struct Folded {
    text: Vec<u8>,
    sources: Vec<(u32, u32)>,
    /// Where the words end.
    ends: Vec<u32>,
}

/// Units of so many bytes leave their memory behind for the next one.
const KEPT_BYTES: usize = 1 << 16;

thread_local! {
    static ROOM: RefCell<Folded> = RefCell::default();
}

impl BertWords {
    /// For these parts, if they are BERT's.
    pub(crate) fn of(
        normalizer: Option<&Normalizer>,
        pre_tokenizer: &PreTokenizer,
        model: &Model,
    ) -> Option<Self> {
        let bert = match normalizer {
            None => None,
            Some(Normalizer::Bert(bert)) => Some(*bert),
            Some(_) => return None,
        };
        let is_known = matches!(pre_tokenizer, PreTokenizer::Bert)
            && matches!(model, Model::WordPiece(_) | Model::WordLevel(_));
        let pages = || (0..PAGES).map(|_| OnceLock::new()).collect();
        is_known.then(|| Self { bert, pages: pages() })
    }

    /// Encode a unit; whether that was possible.
    pub(crate) fn encode(
        &self,
        model: &Model,
        unit: &str,
        buffer: &mut PieceTokens,
        tokens: &mut UnitTokens,
    ) -> Result<bool> {
        ROOM.with_borrow_mut(|folded| {
            let is_known = self.fold(unit, folded);
            if is_known {
                encode_words(model, folded, buffer, tokens)?;
            }
            if folded.text.len() > KEPT_BYTES {
                *folded = Folded::default();
            }
            Ok(is_known)
        })
    }

    /// Fold a unit; whether all of its characters are known.
    fn fold(&self, unit: &str, folded: &mut Folded) -> bool {
        folded.text.clear();
        folded.sources.clear();
        folded.ends.clear();
        for (at, c) in unit.char_indices() {
            let fold = self.get(c);
            match fold.kind {
                Kind::Inside => folded.push(&fold, at, c.len_utf8()),
                Kind::Alone => {
                    folded.close();
                    folded.push(&fold, at, c.len_utf8());
                    folded.close();
                }
                Kind::Space => folded.close(),
                Kind::Strange => return false,
            }
        }
        folded.close();
        true
    }

    #[inline]
    fn get(&self, c: char) -> Fold {
        let code = c as usize;
        match self.pages.get(code / PAGE) {
            Some(page) => page.get_or_init(|| self.page(code / PAGE))[code % PAGE],
            None => fold_of(self.bert, c),
        }
    }

    fn page(&self, number: usize) -> Box<[Fold; PAGE]> {
        Box::new(std::array::from_fn(|index| {
            let c = char::from_u32((number * PAGE + index) as u32);
            fold_of(self.bert, c.unwrap_or(char::REPLACEMENT_CHARACTER))
        }))
    }
}

impl Folded {
    #[inline]
    fn push(&mut self, fold: &Fold, at: usize, width: usize) {
        let len = usize::from(fold.len);
        self.text.extend_from_slice(&fold.text[..len]);
        self.sources.extend(std::iter::repeat_n((at as u32, (at + width) as u32), len));
    }

    #[inline]
    fn close(&mut self) {
        let end = self.text.len() as u32;
        if self.ends.last().copied().unwrap_or(0) != end {
            self.ends.push(end);
        }
    }
}

fn encode_words(
    model: &Model,
    folded: &Folded,
    buffer: &mut PieceTokens,
    tokens: &mut UnitTokens,
) -> Result<()> {
    tokens.clear();
    tokens.word_count = folded.ends.len() as u32;
    let mut start = 0;
    for (word, &end) in (0..).zip(&folded.ends) {
        let range = start as usize..end as usize;
        start = end;
        // Only whole characters were put there.
        let text = std::str::from_utf8(&folded.text[range.clone()]).unwrap_or_default();
        let sources = &folded.sources[range];
        model.encode_piece(text, buffer)?;
        for (id, span) in buffer.iter() {
            let (first, last) = (sources[span.start], sources[span.end - 1]);
            tokens.push(id, (first.0, last.1), word);
        }
    }
    Ok(())
}

fn fold_of(bert: Option<BertNormalizer>, c: char) -> Fold {
    let strange = Fold { text: [0; 14], len: 0, kind: Kind::Strange };
    let mut raw = [0; 4];
    let raw = &*c.encode_utf8(&mut raw);
    let normalizer = bert.map(Normalizer::Bert);
    let normal = normalizer.as_ref().map_or(Ok(raw.into()), |part| part.normalize_plain(raw));
    let Ok(normal) = normal else { return strange };
    let text = normal.trim_matches(category::is_whitespace);
    let stays = bert.is_none_or(|bert| !bert.strip_accents.unwrap_or(bert.lowercase));
    let is_one = text.chars().nth(1).is_none();
    let is_plain = |c: char| {
        !category::is_whitespace(c)
            && (is_one || !category::is_bert_punctuation(c))
            && (stays || normalization::combining_class(c) == 0)
    };
    if !text.chars().all(is_plain) {
        return strange;
    }
    let spaced = normal.len() - text.len();
    let kind = if text.is_empty() && spaced > 0 {
        Kind::Space
    } else if spaced > 0 || text.chars().any(category::is_bert_punctuation) {
        Kind::Alone
    } else {
        Kind::Inside
    };
    // A space on one side only is none of BERT's.
    let is_known =
        spaced == 0 || text.is_empty() || (normal.starts_with(' ') && normal.ends_with(' '));
    let mut fold = Fold { kind, ..strange };
    match fold.text.get_mut(..text.len()) {
        Some(room) if is_known => room.copy_from_slice(text.as_bytes()),
        _ => return strange,
    }
    fold.len = text.len() as u8;
    fold
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pre_tokenizers::scan::Apart;

    /// A text is cut beside what stands apart before it is normalized: afterwards it has to stand apart still, and to
    /// begin nothing that reaches back.
    #[test]
    fn what_stands_apart_does_so_in_every_form() {
        for bits in 0..8 {
            let bert = BertNormalizer {
                clean_text: bits & 1 != 0,
                handle_chinese_chars: true,
                strip_accents: Some(bits & 2 != 0),
                lowercase: bits & 4 != 0,
            };
            let apart = Apart::Bert { chinese: true };
            for c in ('\u{80}'..=char::MAX).filter(|c| apart.holds(*c)) {
                let fold = fold_of(Some(bert), c);
                assert!(fold.kind == Kind::Alone && fold.len > 0, "{c:?} {fold:?}");
                assert_eq!(normalization::combining_class(c), 0, "{c:?}");
            }
        }
    }
}
