//! Pre-tokenizers in `tokenizer.json`, and the two parts they share with other stages.

use std::num::NonZeroUsize;

use serde::ser::{Error as _, Serialize, SerializeStruct, Serializer};
use serde_json::Value;

use super::AsJson;
use super::fields::{Fields, FromValue, choice, wrong};
use super::part::{Known, bare, read_part, sequence};
use crate::error::{Error, Result};
use crate::pre_tokenizers::{FixedLength, PreTokenizer, Split};
use crate::text::SplitBehavior;
use crate::text::byte_alphabet::ByteLevel;
use crate::text::metaspace::{Metaspace, PrependScheme};

/// None of them is identified by its fields: the reference demands the tag of every one.
const KNOWN: &[Known<PreTokenizer>] = &[
    Known { tags: &["BertPreTokenizer"], by_fields: false, read: |_| Ok(PreTokenizer::Bert) },
    Known { tags: &["ByteLevel"], by_fields: false, read: read_bytes },
    Known { tags: &["CharDelimiterSplit"], by_fields: false, read: read_delimiter },
    Known { tags: &["Metaspace"], by_fields: false, read: read_spaces },
    Known { tags: &["Whitespace"], by_fields: false, read: |_| Ok(PreTokenizer::Whitespace) },
    Known { tags: &["Sequence"], by_fields: false, read: read_sequence },
    Known { tags: &["Split"], by_fields: false, read: read_split },
    Known { tags: &["Punctuation"], by_fields: false, read: read_punctuation },
    Known {
        tags: &["WhitespaceSplit"],
        by_fields: false,
        read: |_| Ok(PreTokenizer::WhitespaceSplit),
    },
    Known { tags: &["Digits"], by_fields: false, read: read_digits },
    Known {
        tags: &["UnicodeScripts"],
        by_fields: false,
        read: |_| Ok(PreTokenizer::UnicodeScripts),
    },
    Known { tags: &["FixedLength"], by_fields: false, read: read_fixed_length },
];

/// Read a pre-tokenizer of any kind.
pub(super) fn read(value: &Value) -> Result<PreTokenizer> {
    read_part("pre-tokenizer", KNOWN, value)
}

fn read_bytes(fields: Fields<'_>) -> Result<PreTokenizer> {
    read_byte_level(fields).map(PreTokenizer::ByteLevel)
}

fn read_spaces(fields: Fields<'_>) -> Result<PreTokenizer> {
    read_metaspace(fields).map(PreTokenizer::Metaspace)
}

fn read_delimiter(fields: Fields<'_>) -> Result<PreTokenizer> {
    Ok(PreTokenizer::CharDelimiterSplit(fields.required("delimiter")?))
}

fn read_sequence(fields: Fields<'_>) -> Result<PreTokenizer> {
    Ok(PreTokenizer::Sequence(fields.list("pretokenizers", read)?.into()))
}

fn read_split(fields: Fields<'_>) -> Result<PreTokenizer> {
    let split = Split {
        pattern: fields.required("pattern")?,
        behavior: fields.required("behavior")?,
        invert: fields.required("invert")?,
    };
    Ok(PreTokenizer::Split(split.into()))
}

fn read_punctuation(fields: Fields<'_>) -> Result<PreTokenizer> {
    Ok(PreTokenizer::Punctuation(fields.or("behavior", SplitBehavior::Isolated)?))
}

fn read_digits(fields: Fields<'_>) -> Result<PreTokenizer> {
    Ok(PreTokenizer::Digits(fields.required("individual_digits")?))
}

fn read_fixed_length(fields: Fields<'_>) -> Result<PreTokenizer> {
    const DEFAULT: usize = 5;
    let length = fields.or("length", DEFAULT)?;
    let length = NonZeroUsize::new(length)
        .ok_or_else(|| wrong("an integer above zero", &length.into()).in_field("length"))?;
    Ok(PreTokenizer::FixedLength(FixedLength { length }))
}

/// The fields of `ByteLevel`, which is a pre-tokenizer, a post-processor and a decoder.
pub(super) fn read_byte_level(fields: Fields<'_>) -> Result<ByteLevel> {
    Ok(ByteLevel {
        add_prefix_space: fields.required("add_prefix_space")?,
        trim_offsets: fields.required("trim_offsets")?,
        use_regex: fields.or("use_regex", true)?,
    })
}

impl<'a> FromValue<'a> for PrependScheme {
    const EXPECTED: &'static str = "the name of a scheme";

    fn from_value(value: &'a Value) -> Result<Self> {
        let schemes = [("first", Self::First), ("never", Self::Never), ("always", Self::Always)];
        choice(value, &schemes)
    }
}

/// The fields of `Metaspace`, which is a pre-tokenizer and a decoder. Older files say
/// `add_prefix_space` in place of the scheme, and carry the replacement once more as `str_rep`.
pub(super) fn read_metaspace(fields: Fields<'_>) -> Result<Metaspace> {
    let replacement = fields.required("replacement")?;
    let prepend_scheme = fields.or("prepend_scheme", PrependScheme::Always)?;
    let add_prefix_space = fields.optional::<bool>("add_prefix_space")?;
    fields.optional::<&str>("str_rep")?;
    if add_prefix_space == Some(false) && prepend_scheme != PrependScheme::Never {
        let message = "add_prefix_space does not match declared prepend_scheme";
        return Err(Error::format(message)
            .in_field("add_prefix_space")
            .expecting("true, or a prepend_scheme of \"never\" beside it")
            .finding("false"));
    }
    let split = fields.optional("split")?.unwrap_or(true);
    Ok(Metaspace { replacement, prepend_scheme, split })
}

impl Serialize for AsJson<'_, PreTokenizer> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            PreTokenizer::Bert => bare("BertPreTokenizer", serializer),
            PreTokenizer::ByteLevel(part) => AsJson(part).serialize(serializer),
            PreTokenizer::CharDelimiterSplit(delimiter) => {
                write_one("CharDelimiterSplit", "delimiter", delimiter, serializer)
            }
            PreTokenizer::Metaspace(part) => AsJson(part).serialize(serializer),
            PreTokenizer::Whitespace => bare("Whitespace", serializer),
            PreTokenizer::WhitespaceSplit => bare("WhitespaceSplit", serializer),
            PreTokenizer::Split(part) => write_split(part, serializer),
            PreTokenizer::Punctuation(behavior) => {
                write_one("Punctuation", "behavior", behavior, serializer)
            }
            PreTokenizer::Digits(alone) => {
                write_one("Digits", "individual_digits", alone, serializer)
            }
            PreTokenizer::UnicodeScripts => bare("UnicodeScripts", serializer),
            PreTokenizer::FixedLength(part) => {
                write_one("FixedLength", "length", &part.length.get(), serializer)
            }
            PreTokenizer::Sequence(parts) => sequence("pretokenizers", parts, serializer),
            PreTokenizer::Custom(_) => {
                Err(S::Error::custom("Custom PreTokenizer cannot be serialized"))
            }
        }
    }
}

fn write_one<S: Serializer>(
    name: &'static str,
    field: &'static str,
    value: &impl Serialize,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct(name, 2)?;
    fields.serialize_field("type", name)?;
    fields.serialize_field(field, value)?;
    fields.end()
}

fn write_split<S: Serializer>(part: &Split, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("Split", 4)?;
    fields.serialize_field("type", "Split")?;
    fields.serialize_field("pattern", &AsJson(&part.pattern))?;
    fields.serialize_field("behavior", &part.behavior)?;
    fields.serialize_field("invert", &part.invert)?;
    fields.end()
}

impl Serialize for AsJson<'_, ByteLevel> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("ByteLevel", 4)?;
        fields.serialize_field("type", "ByteLevel")?;
        fields.serialize_field("add_prefix_space", &self.0.add_prefix_space)?;
        fields.serialize_field("trim_offsets", &self.0.trim_offsets)?;
        fields.serialize_field("use_regex", &self.0.use_regex)?;
        fields.end()
    }
}

impl Serialize for AsJson<'_, Metaspace> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Metaspace", 4)?;
        fields.serialize_field("type", "Metaspace")?;
        fields.serialize_field("replacement", &self.0.replacement)?;
        fields.serialize_field("prepend_scheme", &AsJson(&self.0.prepend_scheme))?;
        fields.serialize_field("split", &self.0.split)?;
        fields.end()
    }
}

impl Serialize for AsJson<'_, PrependScheme> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (index, name) = match self.0 {
            PrependScheme::First => (0, "first"),
            PrependScheme::Never => (1, "never"),
            PrependScheme::Always => (2, "always"),
        };
        serializer.serialize_unit_variant("PrependScheme", index, name)
    }
}
