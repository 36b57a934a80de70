//! Patterns, replacements and split behaviours in `tokenizer.json`.

use serde::ser::{Error as _, Serialize, SerializeStruct, Serializer};
use serde_json::Value;

use super::AsJson;
use super::fields::{Fields, FromValue, choice, describe, wrong};
use crate::error::{Error, Result};
use crate::text::{Pattern, Replacement, SplitBehavior};
use crate::util::regex::Regex;

impl<'a> FromValue<'a> for Pattern {
    const EXPECTED: &'static str = "{\"String\": …} or {\"Regex\": …}";

    fn from_value(value: &'a Value) -> Result<Self> {
        let Some((kind, text)) = value.as_object().filter(|map| map.len() == 1).and_then(only)
        else {
            return Err(wrong(Self::EXPECTED, value));
        };
        match kind {
            "String" => <&str>::from_value(text).map(|text| Self::Literal(text.to_owned())),
            "Regex" => <&str>::from_value(text).and_then(Regex::new).map(Self::Regex),
            _ => {
                return Err(Error::format("unknown kind of pattern")
                    .expecting(Self::EXPECTED)
                    .finding(describe(value)));
            }
        }
        .map_err(|error| error.under(kind))
    }
}

fn only(map: &serde_json::Map<String, Value>) -> Option<(&str, &Value)> {
    map.iter().next().map(|(key, value)| (key.as_str(), value))
}

impl Serialize for AsJson<'_, Pattern> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Pattern::Literal(text) => {
                serializer.serialize_newtype_variant("Pattern", 0, "String", text)
            }
            Pattern::Regex(regex) => {
                serializer.serialize_newtype_variant("Pattern", 1, "Regex", regex.source())
            }
            Pattern::Chars(_) | Pattern::Invert(_) => {
                Err(S::Error::custom("only a string or a regular expression can be serialized"))
            }
        }
    }
}

impl<'a> FromValue<'a> for SplitBehavior {
    const EXPECTED: &'static str = "the name of a behaviour";

    fn from_value(value: &'a Value) -> Result<Self> {
        choice(
            value,
            &[
                ("Removed", Self::Removed),
                ("Isolated", Self::Isolated),
                ("MergedWithPrevious", Self::MergedWithPrevious),
                ("MergedWithNext", Self::MergedWithNext),
                ("Contiguous", Self::Contiguous),
            ],
        )
    }
}

/// The fields of `Replace`, which is both a normalizer and a decoder.
pub(super) fn read_replacement(fields: Fields<'_>) -> Result<Replacement> {
    let pattern = fields.required("pattern")?;
    Ok(Replacement { pattern, content: fields.required("content")? })
}

/// Write `Replace`.
pub(super) fn write_replacement<S: Serializer>(
    part: &Replacement,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("Replace", 3)?;
    fields.serialize_field("type", "Replace")?;
    fields.serialize_field("pattern", &AsJson(&part.pattern))?;
    fields.serialize_field("content", &part.content)?;
    fields.end()
}
