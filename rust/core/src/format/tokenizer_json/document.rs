//! The text of a document: its members found without reading them, and places in it by line and column.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::fields::describe;
use super::skim::{self, Table};
use crate::error::{Error, Result};

/// A JSON document, or a part of one.
#[derive(Clone, Copy)]
pub(crate) struct Document<'a> {
    whole: &'a str,
    part: &'a str,
}

/// The members of an object in the order of the text, their values unread.
pub(crate) type Members<'a> = Vec<Member<'a>>;

/// A member of an object.
pub(crate) struct Member<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) value: Document<'a>,
    /// The rows of the value, where it is a table and they are known.
    pub(crate) table: Option<Table<'a>>,
}

/// The value of a member: unread, or opened because it was asked for.
pub(crate) enum Opened<'a> {
    Unread(Document<'a>),
    Members(Members<'a>),
}

impl<'a> Document<'a> {
    /// The document `bytes`, which have to be UTF-8.
    pub(crate) fn from_bytes(bytes: &'a [u8]) -> Result<Self> {
        // A few times faster where characters are not ASCII, but it does not say where it stopped.
        if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
            return Ok(Self::new(text));
        }
        std::str::from_utf8(bytes).map(Self::new).map_err(|cause| {
            let (line, column) = position(bytes, cause.valid_up_to());
            let message = format!("not UTF-8 at line {line} column {column}");
            Error::format(message)
                .expecting("UTF-8 text")
                .finding(format!("the byte 0x{:02x}", bytes[cause.valid_up_to()]))
        })
    }

    /// The document `text`.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { whole: text, part: text }
    }

    /// The text of this part.
    pub(crate) fn text(self) -> &'a str {
        self.part
    }

    /// Whether it is `null`.
    pub(crate) fn is_null(self) -> bool {
        self.part == "null"
    }

    /// Whether it is an object.
    pub(crate) fn is_object(self) -> bool {
        self.part.trim_start().starts_with('{')
    }

    /// Read the part as plain values. Of members with one name the last stays.
    pub(crate) fn value(self) -> Result<Value> {
        serde_json::from_str(self.part).map_err(|cause| self.broken(&cause))
    }

    /// The members of the object that this is.
    pub(crate) fn members(self) -> Result<Members<'a>> {
        if !self.is_object() {
            return match self.value() {
                Ok(value) => Err(Error::format("wrong value")
                    .expecting("an object")
                    .finding(describe(&value))),
                Err(error) => Err(error),
            };
        }
        let raw: RawMembers<'a> =
            serde_json::from_str(self.part).map_err(|cause| self.broken(&cause))?;
        let member = |(name, value): (Text<'a>, &'a RawValue)| Member {
            name: name.0,
            value: self.part(value.get()),
            table: None,
        };
        Ok(raw.0.into_iter().map(member).collect())
    }

    /// The members of the object that this is, and those of its member `inner`: the same as
    /// [`members`](Self::members) twice, but the text is gone through once, and the rows of the tables in
    /// `inner` are known then.
    pub(crate) fn members_opening(
        self,
        inner: &'static str,
    ) -> Result<Vec<(Cow<'a, str>, Opened<'a>)>> {
        if let Some(members) = skim::members(self, inner) {
            return Ok(members);
        }
        let open = |Member { name, value, .. }: Member<'a>| {
            let members = (name == inner).then(|| value.members()).transpose();
            let members = members.map_err(|error| error.under(inner))?;
            Ok((name, members.map_or(Opened::Unread(value), Opened::Members)))
        };
        self.members()?.into_iter().map(open).collect()
    }

    /// A part of this one.
    pub(super) fn part(self, part: &'a str) -> Self {
        Self { whole: self.whole, part }
    }

    /// The error for a part that is no JSON, placed in the whole document.
    pub(crate) fn broken(self, cause: &serde_json::Error) -> Error {
        let base = self.part.as_ptr() as usize - self.whole.as_ptr() as usize;
        let (line, column) = position(self.whole.as_bytes(), base);
        let (line, column) = match cause.line() {
            0 | 1 => (line, column + cause.column().saturating_sub(1)),
            below => (line + below - 1, cause.column()),
        };
        let text = cause.to_string();
        let message = text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]);
        let error = Error::format(format!("{message} at line {line} column {column}"));
        if cause.is_eof() {
            error.hinting("the document ends too early: was the file cut off?")
        } else if self.whole.starts_with('\u{feff}') {
            error.hinting("the document begins with a byte order mark: remove it")
        } else {
            error
        }
    }
}

/// Line and column of the byte at `offset`, both from one.
fn position(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = &bytes[..offset];
    let line = 1 + memchr::memchr_iter(b'\n', before).count();
    let column = 1 + memchr::memrchr(b'\n', before).map_or(offset, |end| offset - end - 1);
    (line, column)
}

/// A string of the document, borrowed where it has no escapes.
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

struct RawMembers<'a>(Vec<(Text<'a>, &'a RawValue)>);

impl<'de> Deserialize<'de> for RawMembers<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RawMembersVisitor)
    }
}

struct RawMembersVisitor;

impl<'de> Visitor<'de> for RawMembersVisitor {
    type Value = RawMembers<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(RawMembers(members))
    }
}
