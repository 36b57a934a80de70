//! What the field's format has no words for: written under one name of our own, which other readers skip,
//! and only where there is any of it.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fields::Fields;
use crate::error::{Error, Result};
use crate::models::bpe::Bpe;
use crate::models::unigram::{SentencePieceKinds, Unigram, UnigramOptions};
use crate::normalizers::Precompiled;

/// The name.
pub(super) const NAME: &str = "fissile";

/// Of a BPE model.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct BpeExtra {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,
    /// Ranks of merges that are equally good: the first, and one past the last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) ties: Vec<(u32, u32)>,
}

impl BpeExtra {
    pub(super) fn of(model: &Bpe) -> Self {
        let ties = model.ties().iter().map(|ranks| (ranks.start, ranks.end)).collect();
        Self { seed: model.options().seed, ties }
    }

    pub(super) fn ties(self) -> Vec<Range<u32>> {
        self.ties.into_iter().map(|(start, end)| start..end).collect()
    }
}

/// Of a Unigram model.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct UnigramExtra {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alpha: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nbest_size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,
    /// The model sums as SentencePiece does, and has such pieces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sentencepiece: Option<SentencePieceKinds>,
}

impl UnigramExtra {
    pub(super) fn of(model: &Unigram) -> Self {
        let UnigramOptions { alpha, nbest_size, seed, .. } = *model.options();
        Self { alpha, nbest_size, seed, sentencepiece: model.sentencepiece_kinds().cloned() }
    }
}

/// Of a character map.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PrecompiledExtra {
    /// The map is applied by longest match, and these strings are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) longest_match: Option<Vec<String>>,
}

impl PrecompiledExtra {
    pub(super) fn of(map: &Precompiled) -> Self {
        Self { longest_match: map.longest_match_kept().map(<[String]>::to_vec) }
    }
}

/// Read what is there of it.
pub(super) fn read<T: Default + for<'de> Deserialize<'de>>(fields: Fields<'_>) -> Result<T> {
    let value = fields.get(NAME).filter(|value| !value.is_null());
    value.map_or(Ok(T::default()), |value: &Value| {
        T::deserialize(value).map_err(|error| Error::format(error.to_string()).in_field(NAME))
    })
}

/// Itself, where it differs from nothing.
pub(super) fn some<T: Default + PartialEq>(extra: T) -> Option<T> {
    (extra != T::default()).then_some(extra)
}
