//! Truncation, padding and added tokens in `tokenizer.json`.

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};
use serde_json::Value;

use super::AsJson;
use super::fields::{Fields, FromValue, choice, wrong};
use crate::encoding::Direction;
use crate::error::Result;
use crate::token::TokenId;
use crate::tokenizer::{PaddingOptions, PaddingStrategy, TruncationOptions, TruncationStrategy};
use crate::vocab::AddedToken;

impl<'a> FromValue<'a> for Direction {
    const EXPECTED: &'static str = "\"Left\" or \"Right\"";

    fn from_value(value: &'a Value) -> Result<Self> {
        choice(value, &[("Left", Self::Left), ("Right", Self::Right)])
    }
}

impl Serialize for AsJson<'_, Direction> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (index, name) = match self.0 {
            Direction::Left => (0, "Left"),
            Direction::Right => (1, "Right"),
        };
        serializer.serialize_unit_variant("Direction", index, name)
    }
}

impl<'a> FromValue<'a> for TruncationStrategy {
    const EXPECTED: &'static str = "the name of a strategy";

    fn from_value(value: &'a Value) -> Result<Self> {
        choice(
            value,
            &[
                ("LongestFirst", Self::LongestFirst),
                ("OnlyFirst", Self::OnlyFirst),
                ("OnlySecond", Self::OnlySecond),
            ],
        )
    }
}

impl Serialize for AsJson<'_, TruncationStrategy> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (index, name) = match self.0 {
            TruncationStrategy::LongestFirst => (0, "LongestFirst"),
            TruncationStrategy::OnlyFirst => (1, "OnlyFirst"),
            TruncationStrategy::OnlySecond => (2, "OnlySecond"),
        };
        serializer.serialize_unit_variant("TruncationStrategy", index, name)
    }
}

/// Read `truncation`.
pub(super) fn read_truncation(value: &Value) -> Result<TruncationOptions> {
    let fields = Fields::of(value)?;
    Ok(TruncationOptions {
        direction: fields.or("direction", Direction::Right)?,
        max_length: fields.required("max_length")?,
        strategy: fields.required("strategy")?,
        stride: fields.required("stride")?,
    })
}

impl Serialize for AsJson<'_, TruncationOptions> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("TruncationParams", 4)?;
        fields.serialize_field("direction", &AsJson(&self.0.direction))?;
        fields.serialize_field("max_length", &self.0.max_length)?;
        fields.serialize_field("strategy", &AsJson(&self.0.strategy))?;
        fields.serialize_field("stride", &self.0.stride)?;
        fields.end()
    }
}

impl<'a> FromValue<'a> for PaddingStrategy {
    const EXPECTED: &'static str = "\"BatchLongest\" or {\"Fixed\": …}";

    fn from_value(value: &'a Value) -> Result<Self> {
        let length =
            value.as_object().filter(|map| map.len() == 1).and_then(|map| map.get("Fixed"));
        match (value.as_str(), length) {
            (Some("BatchLongest"), _) => Ok(Self::BatchLongest),
            (_, Some(length)) => {
                usize::from_value(length).map(Self::Fixed).map_err(|error| error.under("Fixed"))
            }
            _ => Err(wrong(Self::EXPECTED, value)),
        }
    }
}

impl Serialize for AsJson<'_, PaddingStrategy> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const NAME: &str = "PaddingStrategy";
        match self.0 {
            PaddingStrategy::BatchLongest => {
                serializer.serialize_unit_variant(NAME, 0, "BatchLongest")
            }
            PaddingStrategy::Fixed(length) => {
                serializer.serialize_newtype_variant(NAME, 1, "Fixed", length)
            }
        }
    }
}

/// Read `padding`.
pub(super) fn read_padding(value: &Value) -> Result<PaddingOptions> {
    let fields = Fields::of(value)?;
    Ok(PaddingOptions {
        strategy: fields.required("strategy")?,
        direction: fields.required("direction")?,
        pad_to_multiple_of: fields.optional("pad_to_multiple_of")?,
        pad_id: fields.required("pad_id")?,
        pad_type_id: fields.required("pad_type_id")?,
        pad_token: fields.required("pad_token")?,
    })
}

impl Serialize for AsJson<'_, PaddingOptions> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("PaddingParams", 6)?;
        fields.serialize_field("strategy", &AsJson(&self.0.strategy))?;
        fields.serialize_field("direction", &AsJson(&self.0.direction))?;
        fields.serialize_field("pad_to_multiple_of", &self.0.pad_to_multiple_of)?;
        fields.serialize_field("pad_id", &self.0.pad_id)?;
        fields.serialize_field("pad_type_id", &self.0.pad_type_id)?;
        fields.serialize_field("pad_token", &self.0.pad_token)?;
        fields.end()
    }
}

/// Read one added token and the id that the file gives it.
pub(super) fn read_added_token(value: &Value) -> Result<(TokenId, AddedToken)> {
    let fields = Fields::of(value)?;
    let token = AddedToken {
        content: fields.required("content")?,
        single_word: fields.required("single_word")?,
        lstrip: fields.required("lstrip")?,
        rstrip: fields.required("rstrip")?,
        normalized: fields.required("normalized")?,
        special: fields.required("special")?,
    };
    Ok((fields.required("id")?, token))
}

/// An added token as it is written, with its id.
pub(super) struct NumberedToken<'a>(pub(super) TokenId, pub(super) &'a AddedToken);

impl Serialize for NumberedToken<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(id, token) = self;
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("id", id)?;
        members.serialize_entry("content", &token.content)?;
        members.serialize_entry("single_word", &token.single_word)?;
        members.serialize_entry("lstrip", &token.lstrip)?;
        members.serialize_entry("rstrip", &token.rstrip)?;
        members.serialize_entry("normalized", &token.normalized)?;
        members.serialize_entry("special", &token.special)?;
        members.end()
    }
}
