//! Post-processors in `tokenizer.json`.
//!
//! The reference looks at their fields alone, so that a frame tagged `BertProcessing` with the
//! fields of `RobertaProcessing` is one of the latter, and the other way round. Files rely on it.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeStruct, SerializeStructVariant, Serializer};
use serde_json::Value;

use super::AsJson;
use super::fields::{Fields, FromValue, choice, describe, quote, wrong};
use super::part::{sequence, tag, unknown};
use super::pre_tokenizer::read_byte_level;
use crate::error::{Error, Result};
use crate::post_processors::template::{SpecialToken, TemplatePiece};
use crate::post_processors::{
    BertProcessing, PostProcessor, RobertaProcessing, TemplateProcessing,
};
use crate::token::TokenId;

const TAGS: &[&str] =
    &["BertProcessing", "RobertaProcessing", "ByteLevel", "TemplateProcessing", "Sequence"];

/// Read a post-processor of any kind.
pub(super) fn read(value: &Value) -> Result<PostProcessor> {
    let fields = Fields::of(value)?;
    match tag(fields) {
        Some("ByteLevel") => read_byte_level(fields).map(PostProcessor::ByteLevel),
        Some("Sequence") => Ok(PostProcessor::Sequence(fields.list("processors", read)?.into())),
        Some("TemplateProcessing") => read_template(fields),
        Some("BertProcessing" | "RobertaProcessing") => read_frame(fields),
        _ => read_frame(fields)
            .or_else(|_| read_template(fields))
            .map_err(|_| unknown("post-processor", TAGS, value)),
    }
}

/// `RobertaProcessing` where all of its fields are there, else `BertProcessing`.
fn read_frame(fields: Fields<'_>) -> Result<PostProcessor> {
    read_roberta(fields).or_else(|_| {
        let sep = fields.required("sep")?;
        let bert = BertProcessing { sep, cls: fields.required("cls")? };
        Ok(PostProcessor::Bert(bert.into()))
    })
}

fn read_roberta(fields: Fields<'_>) -> Result<PostProcessor> {
    let roberta = RobertaProcessing {
        sep: fields.required("sep")?,
        cls: fields.required("cls")?,
        trim_offsets: fields.required("trim_offsets")?,
        add_prefix_space: fields.required("add_prefix_space")?,
    };
    Ok(PostProcessor::Roberta(roberta.into()))
}

impl<'a> FromValue<'a> for (String, TokenId) {
    const EXPECTED: &'static str = "a token and its id: [\"…\", 0]";

    fn from_value(value: &'a Value) -> Result<Self> {
        match value.as_array().map(Vec::as_slice) {
            Some([token, id]) => {
                let token = String::from_value(token).map_err(|error| error.under("[0]"))?;
                Ok((token, u32::from_value(id).map_err(|error| error.under("[1]"))?))
            }
            _ => Err(wrong(Self::EXPECTED, value)),
        }
    }
}

fn read_template(fields: Fields<'_>) -> Result<PostProcessor> {
    let single = fields.list("single", read_piece)?;
    let pair = fields.list("pair", read_piece)?;
    let tokens = Fields::of(fields.required::<&Value>("special_tokens")?);
    let tokens = tokens.and_then(read_special_tokens).map_err(|e| e.under("special_tokens"))?;
    Ok(PostProcessor::Template(TemplateProcessing::from_parts(single, pair, tokens)?.into()))
}

impl<'a> FromValue<'a> for &'a Value {
    const EXPECTED: &'static str = "an object";

    fn from_value(value: &'a Value) -> Result<Self> {
        Ok(value)
    }
}

fn read_piece(value: &Value) -> Result<TemplatePiece> {
    const EXPECTED: &str = "{\"SpecialToken\": …} or {\"Sequence\": …}";
    let piece = Fields::of(value)?;
    let under = |kind: &'static str| move |error: Error| error.under(kind);
    if value.as_object().is_some_and(|map| map.len() != 1) {
        return Err(wrong(EXPECTED, value));
    }
    if let Some(inner) = piece.get("SpecialToken") {
        return read_special_piece(inner).map_err(under("SpecialToken"));
    }
    if let Some(inner) = piece.get("Sequence") {
        return read_sequence_piece(inner).map_err(under("Sequence"));
    }
    Err(Error::format("unknown piece of a template").expecting(EXPECTED).finding(describe(value)))
}

fn read_special_piece(value: &Value) -> Result<TemplatePiece> {
    let fields = Fields::of(value)?;
    let id = fields.required("id")?;
    Ok(TemplatePiece::Special { id, type_id: fields.required("type_id")? })
}

fn read_sequence_piece(value: &Value) -> Result<TemplatePiece> {
    let fields = Fields::of(value)?;
    let id = fields.required::<&Value>("id")?;
    let second = choice(id, &[("A", false), ("B", true)]).map_err(|error| error.under("id"))?;
    Ok(TemplatePiece::Sequence { second, type_id: fields.required("type_id")? })
}

fn read_special_tokens(fields: Fields<'_>) -> Result<BTreeMap<String, SpecialToken>> {
    fields.members().map(|(name, value)| read_special_token(name, value)).collect()
}

fn read_special_token(name: &str, value: &Value) -> Result<(String, SpecialToken)> {
    let read = |fields: Fields<'_>| {
        let id = fields.required("id")?;
        let ids = fields.list("ids", u32::from_value)?;
        Ok(SpecialToken { id, ids, tokens: fields.list("tokens", String::from_value)? })
    };
    let token = Fields::of(value).and_then(read);
    Ok((name.to_owned(), token.map_err(|error| error.under(&format!("[{}]", quote(name))))?))
}

impl Serialize for AsJson<'_, PostProcessor> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            PostProcessor::Bert(part) => write_bert(part, serializer),
            PostProcessor::Roberta(part) => write_roberta(part, serializer),
            PostProcessor::ByteLevel(part) => AsJson(part).serialize(serializer),
            PostProcessor::Template(part) => write_template(part, serializer),
            PostProcessor::Sequence(parts) => sequence("processors", parts, serializer),
        }
    }
}

fn write_bert<S: Serializer>(part: &BertProcessing, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("BertProcessing", 3)?;
    fields.serialize_field("type", "BertProcessing")?;
    fields.serialize_field("sep", &part.sep)?;
    fields.serialize_field("cls", &part.cls)?;
    fields.end()
}

fn write_roberta<S: Serializer>(
    part: &RobertaProcessing,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("RobertaProcessing", 5)?;
    fields.serialize_field("type", "RobertaProcessing")?;
    fields.serialize_field("sep", &part.sep)?;
    fields.serialize_field("cls", &part.cls)?;
    fields.serialize_field("trim_offsets", &part.trim_offsets)?;
    fields.serialize_field("add_prefix_space", &part.add_prefix_space)?;
    fields.end()
}

fn write_template<S: Serializer>(
    part: &TemplateProcessing,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let tokens = part.special_tokens();
    let tokens: BTreeMap<_, _> = tokens.iter().map(|(name, token)| (name, AsJson(token))).collect();
    let mut fields = serializer.serialize_struct("TemplateProcessing", 4)?;
    fields.serialize_field("type", "TemplateProcessing")?;
    fields.serialize_field("single", &super::part::all(part.single()))?;
    fields.serialize_field("pair", &super::part::all(part.pair()))?;
    fields.serialize_field("special_tokens", &tokens)?;
    fields.end()
}

impl Serialize for AsJson<'_, TemplatePiece> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            TemplatePiece::Sequence { second, type_id } => {
                let mut piece = serializer.serialize_struct_variant("Piece", 0, "Sequence", 2)?;
                piece.serialize_field("id", &SequenceName(*second))?;
                piece.serialize_field("type_id", type_id)?;
                piece.end()
            }
            TemplatePiece::Special { id, type_id } => {
                let mut piece =
                    serializer.serialize_struct_variant("Piece", 1, "SpecialToken", 2)?;
                piece.serialize_field("id", id)?;
                piece.serialize_field("type_id", type_id)?;
                piece.end()
            }
        }
    }
}

/// `A`, or `B` where it is the second.
struct SequenceName(bool);

impl Serialize for SequenceName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = if self.0 { "B" } else { "A" };
        serializer.serialize_unit_variant("Sequence", u32::from(self.0), name)
    }
}

impl Serialize for AsJson<'_, SpecialToken> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("SpecialToken", 3)?;
        fields.serialize_field("id", &self.0.id)?;
        fields.serialize_field("ids", &self.0.ids)?;
        fields.serialize_field("tokens", &self.0.tokens)?;
        fields.end()
    }
}
