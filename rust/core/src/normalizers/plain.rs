//! Normalizing without alignments: for callers that want no offsets, and for texts that stay as they
//! are.

use std::borrow::Cow;

use fissile_unicode::normalization;

use super::{Normalizer, byte_level, lowercase, nmt, replace, strip_accents, unicode_forms};
use crate::error::Result;

impl Normalizer {
    /// Whether normalizing would change neither `text` nor its alignment.
    ///
    /// Never wrongly true; wrongly false where finding out costs about as much as normalizing.
    pub fn leaves_unchanged(&self, text: &str) -> bool {
        match self {
            Self::Bert(bert) => bert.leaves_unchanged(text),
            Self::Nfc => normalization::is_nfc(text),
            Self::Nfd => normalization::is_nfd(text),
            Self::Nfkc => normalization::is_nfkc(text),
            Self::Nfkd => normalization::is_nfkd(text),
            Self::Lowercase => lowercase::leaves_unchanged(text),
            Self::Strip(strip) => strip.plain(text).len() == text.len(),
            Self::StripAccents => strip_accents::leaves_unchanged(text),
            Self::Nmt => nmt::leaves_unchanged(text),
            Self::ByteLevel => byte_level::leaves_unchanged(text),
            Self::Replace(replacement) => replace::leaves_unchanged(replacement, text),
            Self::Prepend(_) => text.is_empty(),
            Self::Sequence(parts) => parts.iter().all(|part| part.leaves_unchanged(text)),
            Self::Precompiled(map) => map.leaves_unchanged(text),
            Self::Custom(_) => false,
        }
    }

    /// The same text as [`normalize_str`](Self::normalize_str) gives, without building an alignment
    /// where that can be avoided, and without copying a text that does not change.
    pub fn normalize_plain<'a>(&self, text: &'a str) -> Result<Cow<'a, str>> {
        match self.plain(Cow::Borrowed(text))? {
            Some(plain) => Ok(plain),
            None => self.normalize_str(text).map(Cow::Owned),
        }
    }

    /// The normalized text; `None` where only the road with alignments knows it: for parts written
    /// elsewhere, and behind edits that put characters in front that came from nowhere, which later
    /// edits do not reach.
    fn plain<'a>(&self, text: Cow<'a, str>) -> Result<Option<Cow<'a, str>>> {
        let plain = match self {
            Self::Bert(bert) => bert.plain(text),
            Self::Nfc => unicode_forms::nfc(text),
            Self::Nfd => unicode_forms::nfd(text),
            Self::Nfkc => unicode_forms::nfkc(text),
            Self::Nfkd => unicode_forms::nfkd(text),
            Self::Lowercase => lowercase::plain(text),
            Self::Strip(strip) => cut(text, |text| strip.plain(text)),
            Self::StripAccents => strip_accents::plain(text),
            Self::Nmt => nmt::plain(text),
            Self::ByteLevel => byte_level::plain(text),
            Self::Replace(replacement) => return replace::plain(replacement, text),
            Self::Prepend(part) => match part.plain(text) {
                Some(plain) => plain,
                None => return Ok(None),
            },
            Self::Sequence(parts) => {
                let mut text = text;
                for part in parts.iter() {
                    match part.plain(text)? {
                        Some(plain) => text = plain,
                        None => return Ok(None),
                    }
                }
                text
            }
            Self::Precompiled(map) => rewrite(
                text,
                |text| map.leaves_unchanged(text),
                |text| map.normalize_plain(text).into_owned(),
            ),
            Self::Custom(_) => return Ok(None),
        };
        Ok(Some(plain))
    }
}

/// Rewrite `text`, unless it `stays` as it is.
pub(super) fn rewrite(
    text: Cow<'_, str>,
    stays: impl FnOnce(&str) -> bool,
    rewritten: impl FnOnce(&str) -> String,
) -> Cow<'_, str> {
    if stays(&text) { text } else { Cow::Owned(rewritten(&text)) }
}

/// Keep a part of `text`.
fn cut(text: Cow<'_, str>, part: impl FnOnce(&str) -> &str) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(part(text)),
        Cow::Owned(text) => Cow::Owned(part(&text).to_owned()),
    }
}
