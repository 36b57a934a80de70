//! The road of the word pipelines: the raw text is cut where no part of the pipeline looks across, and
//! each unit goes through the cache as it stands, so that a unit met before is not even normalized.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a text has less than 4 GiB: checked where it comes in"
)]

use crate::cache::{Scratch, UnitTokens};
use crate::error::Result;
use crate::models::bpe::Bpe;
use crate::models::{Model, PieceTokens};
use crate::normalizers::Normalizer;
use crate::pre_tokenizers::PreTokenizer;
use crate::pre_tokenizers::scan::Cut;
use crate::tokenizer::Front;
use crate::tokenizer::bert_words::BertWords;
use crate::tokenizer::drain::{Road, drain};
use crate::tokenizer::general::{self, UnitParts};
use crate::tokenizer::plain_words::PlainWords;
use crate::tokenizer::sink::Sink;
use crate::tokenizer::turns;

/// Units, and the parts that encode one.
pub(crate) struct UnitRoad {
    pub(crate) cut: Cut,
    /// Normalizes the first unit of a segment.
    pub(crate) first: Option<Normalizer>,
    /// Normalizes the others.
    pub(crate) rest: Option<Normalizer>,
    /// Whether the two differ.
    pub(crate) first_differs: bool,
    pub(crate) pre_tokenizer: Option<PreTokenizer>,
    /// What becomes of plain words among the others.
    pub(crate) plain: PlainWords,
    /// What becomes of the characters of a unit, where nothing looks from one to the next.
    pub(crate) bert: Option<BertWords>,
}

impl UnitRoad {
    /// Whether a segment can be encoded unit by unit. SentencePiece's character map does not keep account of
    /// characters that it drops at the very beginning: all offsets behind them are shifted then.
    pub(crate) fn takes(&self, text: &str) -> Result<bool> {
        let Some(normalizer) = &self.first else { return Ok(true) };
        let Some(first) = text.chars().next() else { return Ok(true) };
        if first.is_ascii_graphic() || first == ' ' {
            return Ok(true);
        }
        Ok(!normalizer.normalize_plain(&text[..first.len_utf8()])?.is_empty())
    }

    /// Encode a segment, or what comes behind a cut in one, that begins at byte `base` of the text.
    pub(crate) fn encode(
        &self,
        front: &Front,
        text: &str,
        base: u32,
        begins: bool,
        scratch: &mut Scratch,
        sink: &mut Sink,
    ) -> Result<()> {
        let mut at = 0;
        let word_before = sink.next_word;
        scratch.queue.begin(self.first_differs && begins);
        while at < text.len() {
            scratch.queue.fill(|room| {
                let (count, end) = self.cut.units(text, at, room);
                at = end;
                count
            });
            drain(self, front, text, base, scratch, sink)?;
        }
        if self.is_one_word() {
            sink.next_word = word_before + u32::from(!text.is_empty());
        }
        Ok(())
    }
}

impl Road for UnitRoad {
    fn takes_bytes<'a>(&self, _front: &'a Front) -> Option<&'a Bpe> {
        None
    }

    fn settle_together(&self, front: &Front, text: &str, scratch: &mut Scratch) {
        let PlainWords::Spaced { mark } = self.plain else { return };
        if let Model::Bpe(bpe) = &front.model
            && front.plan().cacheable
            && let Some(merges) = bpe.spaced(mark)
        {
            turns::settle(&merges, text, scratch);
        }
    }

    fn is_one_word(&self) -> bool {
        matches!(self.cut, Cut::Unbridged(_))
    }

    fn resolve(
        &self,
        front: &Front,
        unit: &str,
        first: bool,
        buffer: &mut PieceTokens,
        tokens: &mut UnitTokens,
    ) -> Result<()> {
        // Another try would draw other lots.
        let is_known = !first && front.plan().cacheable;
        if let Some(bert) = self.bert.as_ref().filter(|_| is_known)
            && bert.encode(&front.model, unit, buffer, tokens)?
        {
            return Ok(());
        }
        let plain = if is_known { self.plain } else { PlainWords::Unknown };
        let rest = self.rest.as_ref();
        if plain.encode(rest, &front.model, unit, buffer, tokens)? {
            return Ok(());
        }
        let normalizer = if first { &self.first } else { &self.rest };
        let parts = UnitParts {
            normalizer: normalizer.as_ref(),
            pre_tokenizer: self.pre_tokenizer.as_ref(),
            model: &front.model,
        };
        general::encode_unit(parts, unit, buffer, tokens)
    }
}
