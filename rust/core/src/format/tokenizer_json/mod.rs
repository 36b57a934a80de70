//! `tokenizer.json`: a whole tokenizer in one document.
//!
//! Reading takes every form that the field has written, the ones without tags included, and says of a
//! document that it cannot take which field is wrong, what was expected there and what was found.
//! Writing gives the very bytes of the reference.
//!
//! [`AsJson`] shows a part to any serializer; [`Tokenizer::from_json`] and [`Tokenizer::to_json`] are
//! what most callers want, and each part has such a pair of its own.

mod cursor;
mod decoder;
mod document;
mod extra;
mod fields;
mod model;
mod normalizer;
mod part;
mod pattern;
mod post_processor;
mod pre_tokenizer;
mod settings;
mod skim;
mod tables;

pub(super) use document::{Document, Member};
pub(super) use fields::{describe, quote};
pub(super) use model::Tables;
pub(super) use tables::{merges_from_lines, owned, vocab_from_document};

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::Value;

use self::document::Opened;

use crate::decoders::Decoder;
use crate::error::{Error, Result};
use crate::models::Model;
use crate::normalizers::Normalizer;
use crate::post_processors::PostProcessor;
use crate::pre_tokenizers::PreTokenizer;
use crate::token::TokenId;
use crate::tokenizer::{PaddingOptions, Tokenizer, TruncationOptions};
use crate::vocab::AddedToken;

const VERSION: &str = "1.0";

/// A part as the format shows it: any serializer can write it, not only one of JSON.
#[derive(Clone, Copy)]
pub struct AsJson<'a, T: ?Sized>(pub &'a T);

/// How to read a `tokenizer.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JsonOptions {
    /// Refuse a document whose added tokens would not get the ids that it gives them. The field does
    /// not look at those ids: tokens the model does not know are numbered behind its vocabulary.
    pub strict_ids: bool,
}

/// All members of a document but the model, read and not yet put together.
#[derive(Default)]
struct Settings {
    truncation: Option<TruncationOptions>,
    padding: Option<PaddingOptions>,
    added: Vec<(TokenId, AddedToken)>,
    normalizer: Option<Normalizer>,
    pre_tokenizer: Option<PreTokenizer>,
    post_processor: Option<PostProcessor>,
    decoder: Option<Decoder>,
}

impl Tokenizer {
    /// Read a tokenizer from the text of a `tokenizer.json`.
    ///
    /// # Errors
    /// When the text is no JSON (with line and column), or a field is missing or wrong (with its path).
    pub fn from_json(json: &str) -> Result<Self> {
        Self::from_json_with(json, JsonOptions::default())
    }

    /// Read a tokenizer from the bytes of a `tokenizer.json`, which have to be UTF-8.
    pub fn from_json_bytes(json: &[u8]) -> Result<Self> {
        build(Document::from_bytes(json)?, JsonOptions::default())
    }

    /// Read a tokenizer, with a say in how.
    pub fn from_json_with(json: &str, options: JsonOptions) -> Result<Self> {
        build(Document::new(json), options)
    }

    /// Write the tokenizer as a `tokenizer.json`, indented when `pretty`.
    ///
    /// # Errors
    /// When a part was written elsewhere (a Python object, say): such a part has no form in a file.
    pub fn to_json(&self, pretty: bool) -> Result<String> {
        write(self, pretty)
    }
}

/// The tokenizer in a document that is no more than an ordinary `tokenizer.json`, however large: nothing
/// else has a model of that form. Of anything else `None`.
pub(super) fn read_ordinary(bytes: &[u8]) -> Option<Result<Tokenizer>> {
    let members = skim::members(Document::from_bytes(bytes).ok()?, "model")?;
    let has_model = members.iter().any(|(_, value)| matches!(value, Opened::Members(_)));
    has_model.then(|| put_together(members, JsonOptions::default(), None))
}

fn build(document: Document<'_>, options: JsonOptions) -> Result<Tokenizer> {
    put_together(document.members_opening("model")?, options, None)
}

/// Read a document that [`write_outline`] wrote, with the tables that it lacks.
pub(super) fn read_outline(outline: &str, tables: Tables) -> Result<Tokenizer> {
    let members = Document::new(outline).members_opening("model")?;
    put_together(members, JsonOptions::default(), Some(tables))
}

/// A document with everything but the vocabulary of the model and its merges.
pub(super) fn write_outline(tokenizer: &Tokenizer) -> Result<String> {
    let json = tokenizer.to_json(false)?;
    let mut outline = String::new();
    let mut end = 0;
    for (_, opened) in Document::new(&json).members_opening("model")? {
        let Opened::Members(members) = opened else { continue };
        for Member { name, value, .. } in members {
            if matches!(&*name, "vocab" | "merges") {
                let start = value.text().as_ptr() as usize - json.as_ptr() as usize;
                outline.push_str(&json[end..start]);
                outline.push_str("null");
                end = start + value.text().len();
            }
        }
    }
    outline.push_str(&json[end..]);
    Ok(outline)
}

fn put_together(
    members: Vec<(Cow<'_, str>, Opened<'_>)>,
    options: JsonOptions,
    mut tables: Option<Tables>,
) -> Result<Tokenizer> {
    let mut settings = Settings::default();
    let mut model = None;
    for (name, value) in members {
        let read = match value {
            Opened::Members(members) => {
                model::read(members, tables.take()).map(|read| model = Some(read))
            }
            Opened::Unread(value) => settings.read(&name, value),
        };
        read.map_err(|error| error.under(&name))?;
    }
    let model = model.ok_or_else(|| fields::missing("model", "the model of the tokenizer"))?;
    settings.tokenizer(model, options)
}

impl Settings {
    /// Read the member `name`. Of several with one name the last counts; unknown ones do not.
    fn read(&mut self, name: &str, document: Document<'_>) -> Result<()> {
        match name {
            "version" => check_version(&document.value()?)?,
            "truncation" => self.truncation = optional(document, settings::read_truncation)?,
            "padding" => self.padding = optional(document, settings::read_padding)?,
            "added_tokens" => self.added = read_added_tokens(&document.value()?)?,
            "normalizer" => self.normalizer = optional(document, normalizer::read)?,
            "pre_tokenizer" => self.pre_tokenizer = optional(document, pre_tokenizer::read)?,
            "post_processor" => self.post_processor = optional(document, post_processor::read)?,
            "decoder" => self.decoder = optional(document, decoder::read)?,
            _ => {}
        }
        Ok(())
    }

    /// Put the tokenizer together. Added tokens come last: they are matched as the normalizer leaves
    /// them.
    fn tokenizer(self, model: Model, options: JsonOptions) -> Result<Tokenizer> {
        let mut tokenizer = Tokenizer::new(model);
        tokenizer.set_truncation(self.truncation).map_err(|error| error.under("truncation"))?;
        tokenizer.set_padding(self.padding);
        tokenizer.set_normalizer(self.normalizer).map_err(|error| error.under("normalizer"))?;
        tokenizer.set_pre_tokenizer(self.pre_tokenizer);
        tokenizer.set_post_processor(self.post_processor);
        tokenizer.set_decoder(self.decoder);
        let tokens = self.added.iter().map(|(_, token)| token.clone()).collect();
        tokenizer.add_tokens(tokens).map_err(|error| error.under("added_tokens"))?;
        if options.strict_ids {
            check_ids(&tokenizer, &self.added)?;
        }
        Ok(tokenizer)
    }
}

fn optional<T>(document: Document<'_>, read: impl Fn(&Value) -> Result<T>) -> Result<Option<T>> {
    if document.is_null() { Ok(None) } else { read(&document.value()?).map(Some) }
}

fn check_version(value: &Value) -> Result<()> {
    match value.as_str() {
        Some(VERSION) => Ok(()),
        Some(other) => Err(Error::format(format!("Unknown tokenizer version '{other}'"))
            .expecting(format!("{VERSION:?}"))
            .finding(fields::describe(value))),
        None => Err(fields::wrong(&format!("the string {VERSION:?}"), value)),
    }
}

fn read_added_tokens(value: &Value) -> Result<Vec<(TokenId, AddedToken)>> {
    let items = value.as_array().ok_or_else(|| fields::wrong("a list of added tokens", value))?;
    let read = |(index, item)| {
        settings::read_added_token(item).map_err(|error| error.under(&format!("[{index}]")))
    };
    items.iter().enumerate().map(read).collect()
}

fn check_ids(tokenizer: &Tokenizer, added: &[(TokenId, AddedToken)]) -> Result<()> {
    for (index, (id, token)) in added.iter().enumerate() {
        let given = tokenizer.token_to_id(&token.content);
        if given.is_some_and(|given| given != *id) {
            let given = given.map_or_else(String::new, |given| given.to_string());
            return Err(Error::format("the id of an added token cannot be kept")
                .in_field(format!("added_tokens[{index}].id"))
                .expecting(format!("{given} for {}", fields::quote(&token.content)))
                .finding(id.to_string())
                .hinting("ids follow the model's vocabulary without a gap; read without strict_ids to take them as they come"));
        }
    }
    Ok(())
}

impl Serialize for AsJson<'_, Tokenizer> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tokenizer = self.0;
        let added = tokenizer.added_tokens().iter();
        let added: Vec<_> = added.map(|(id, token)| settings::NumberedToken(id, token)).collect();
        let mut members = serializer.serialize_struct("Tokenizer", 9)?;
        members.serialize_field("version", VERSION)?;
        members.serialize_field("truncation", &tokenizer.truncation().map(AsJson))?;
        members.serialize_field("padding", &tokenizer.padding().map(AsJson))?;
        members.serialize_field("added_tokens", &added)?;
        members.serialize_field("normalizer", &tokenizer.normalizer().map(AsJson))?;
        members.serialize_field("pre_tokenizer", &tokenizer.pre_tokenizer().map(AsJson))?;
        members.serialize_field("post_processor", &tokenizer.post_processor().map(AsJson))?;
        members.serialize_field("decoder", &tokenizer.decoder().map(AsJson))?;
        members.serialize_field("model", &AsJson(tokenizer.model()))?;
        members.end()
    }
}

fn write<T>(part: &T, pretty: bool) -> Result<String>
where
    for<'a> AsJson<'a, T>: Serialize,
{
    let part = AsJson(part);
    let written =
        if pretty { serde_json::to_string_pretty(&part) } else { serde_json::to_string(&part) };
    written.map_err(|cause| Error::unsupported(cause.to_string()))
}

/// Reading and writing of a part by itself.
macro_rules! json_of_part {
    ($part:ty, $name:literal, $read:expr) => {
        impl $part {
            #[doc = concat!("Read a ", $name, " from its JSON.")]
            ///
            /// # Errors
            /// When the text is no JSON, or a field is missing or wrong.
            pub fn from_json(json: &str) -> Result<Self> {
                ($read)(Document::new(json))
            }

            #[doc = concat!("Write the ", $name, " as JSON, in one line.")]
            ///
            /// # Errors
            /// When a part was written elsewhere, and has no form in a file.
            pub fn to_json(&self) -> Result<String> {
                write(self, false)
            }
        }
    };
}

json_of_part!(Normalizer, "normalizer", |json: Document<'_>| normalizer::read(&json.value()?));
json_of_part!(PreTokenizer, "pre-tokenizer", |json: Document<'_>| pre_tokenizer::read(
    &json.value()?
));
json_of_part!(PostProcessor, "post-processor", |json: Document<'_>| post_processor::read(
    &json.value()?
));
json_of_part!(Decoder, "decoder", |json: Document<'_>| decoder::read(&json.value()?));
json_of_part!(Model, "model", |json: Document<'_>| model::read(json.members()?, None));
