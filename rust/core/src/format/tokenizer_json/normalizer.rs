//! Normalizers in `tokenizer.json`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::ser::{Error as _, Serialize, SerializeStruct, Serializer};
use serde_json::Value;

use super::AsJson;
use super::extra::{self, PrecompiledExtra};
use super::fields::Fields;
use super::part::{Known, bare, read_part, sequence};
use super::pattern::{read_replacement, write_replacement};
use crate::error::Result;
use crate::normalizers::{BertNormalizer, Normalizer, Precompiled, Prepend, Strip};

/// In the order in which a part without a tag is tried.
const KNOWN: &[Known<Normalizer>] = &[
    Known { tags: &["BertNormalizer", "Bert"], by_fields: true, read: read_bert },
    Known { tags: &["Strip"], by_fields: true, read: read_strip },
    Known { tags: &["StripAccents"], by_fields: false, read: |_| Ok(Normalizer::StripAccents) },
    Known { tags: &["NFC"], by_fields: false, read: |_| Ok(Normalizer::Nfc) },
    Known { tags: &["NFD"], by_fields: false, read: |_| Ok(Normalizer::Nfd) },
    Known { tags: &["NFKC"], by_fields: false, read: |_| Ok(Normalizer::Nfkc) },
    Known { tags: &["NFKD"], by_fields: false, read: |_| Ok(Normalizer::Nfkd) },
    Known { tags: &["Sequence"], by_fields: true, read: read_sequence },
    Known { tags: &["Lowercase"], by_fields: false, read: |_| Ok(Normalizer::Lowercase) },
    Known { tags: &["Nmt"], by_fields: false, read: |_| Ok(Normalizer::Nmt) },
    Known { tags: &["Precompiled"], by_fields: true, read: read_precompiled },
    Known { tags: &["Replace"], by_fields: true, read: read_replace },
    Known { tags: &["Prepend"], by_fields: true, read: read_prepend },
    Known { tags: &["ByteLevel"], by_fields: false, read: |_| Ok(Normalizer::ByteLevel) },
];

/// Read a normalizer of any kind.
pub(super) fn read(value: &Value) -> Result<Normalizer> {
    read_part("normalizer", KNOWN, value)
}

fn read_bert(fields: Fields<'_>) -> Result<Normalizer> {
    Ok(Normalizer::Bert(BertNormalizer {
        clean_text: fields.required("clean_text")?,
        handle_chinese_chars: fields.required("handle_chinese_chars")?,
        strip_accents: fields.optional("strip_accents")?,
        lowercase: fields.required("lowercase")?,
    }))
}

fn read_strip(fields: Fields<'_>) -> Result<Normalizer> {
    let left = fields.required("strip_left")?;
    Ok(Normalizer::Strip(Strip { left, right: fields.required("strip_right")? }))
}

fn read_sequence(fields: Fields<'_>) -> Result<Normalizer> {
    Ok(Normalizer::Sequence(fields.list("normalizers", read)?.into()))
}

fn read_precompiled(fields: Fields<'_>) -> Result<Normalizer> {
    let text: &str = fields.required("precompiled_charsmap")?;
    let place = |error: crate::Error| error.in_field("precompiled_charsmap");
    let bytes = BASE64.decode(text).map_err(|cause| {
        place(crate::Error::format(cause.to_string()).expecting("a character map in base64"))
    })?;
    let map = match extra::read::<PrecompiledExtra>(fields)?.longest_match {
        Some(kept) => Precompiled::longest_match(bytes, kept),
        None => Precompiled::new(bytes),
    };
    Ok(Normalizer::Precompiled(map.map_err(place)?.into()))
}

fn read_replace(fields: Fields<'_>) -> Result<Normalizer> {
    Ok(Normalizer::Replace(read_replacement(fields)?.into()))
}

fn read_prepend(fields: Fields<'_>) -> Result<Normalizer> {
    Ok(Normalizer::Prepend(Prepend { prepend: fields.required("prepend")? }))
}

impl Serialize for AsJson<'_, Normalizer> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Normalizer::Bert(part) => write_bert(*part, serializer),
            Normalizer::Nfc => bare("NFC", serializer),
            Normalizer::Nfd => bare("NFD", serializer),
            Normalizer::Nfkc => bare("NFKC", serializer),
            Normalizer::Nfkd => bare("NFKD", serializer),
            Normalizer::Lowercase => bare("Lowercase", serializer),
            Normalizer::Strip(part) => write_strip(*part, serializer),
            Normalizer::StripAccents => bare("StripAccents", serializer),
            Normalizer::Nmt => bare("Nmt", serializer),
            Normalizer::ByteLevel => bare("ByteLevel", serializer),
            Normalizer::Precompiled(part) => write_precompiled(part, serializer),
            Normalizer::Replace(part) => write_replacement(part, serializer),
            Normalizer::Prepend(part) => write_prepend(part, serializer),
            Normalizer::Sequence(parts) => sequence("normalizers", parts, serializer),
            Normalizer::Custom(_) => {
                Err(S::Error::custom("Custom Normalizer cannot be serialized"))
            }
        }
    }
}

fn write_bert<S: Serializer>(part: BertNormalizer, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("BertNormalizer", 5)?;
    fields.serialize_field("type", "BertNormalizer")?;
    fields.serialize_field("clean_text", &part.clean_text)?;
    fields.serialize_field("handle_chinese_chars", &part.handle_chinese_chars)?;
    fields.serialize_field("strip_accents", &part.strip_accents)?;
    fields.serialize_field("lowercase", &part.lowercase)?;
    fields.end()
}

fn write_strip<S: Serializer>(part: Strip, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("Strip", 3)?;
    fields.serialize_field("type", "Strip")?;
    fields.serialize_field("strip_left", &part.left)?;
    fields.serialize_field("strip_right", &part.right)?;
    fields.end()
}

fn write_precompiled<S: Serializer>(part: &Precompiled, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("Precompiled", 2)?;
    fields.serialize_field("type", "Precompiled")?;
    fields.serialize_field("precompiled_charsmap", &BASE64.encode(part.charsmap()))?;
    if let Some(extra) = extra::some(PrecompiledExtra::of(part)) {
        fields.serialize_field(extra::NAME, &extra)?;
    }
    fields.end()
}

fn write_prepend<S: Serializer>(part: &Prepend, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("Prepend", 2)?;
    fields.serialize_field("type", "Prepend")?;
    fields.serialize_field("prepend", &part.prepend)?;
    fields.end()
}
