//! How the kind of a part is found: by its tag, or by the fields it has.
//!
//! Files older than the tags carry fields alone, and the reference still takes them: a part whose tag
//! is absent or unknown is whatever kind its fields fit first, in a fixed order.

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::Value;

use super::AsJson;
use super::fields::{Fields, describe, listed, nearest};
use crate::error::{Error, Result};

/// One kind of part.
pub(super) struct Known<T> {
    /// Its tags, the one that is written first.
    pub(super) tags: &'static [&'static str],
    /// Whether its fields alone identify it.
    pub(super) by_fields: bool,
    /// Read it from its fields.
    pub(super) read: fn(Fields<'_>) -> Result<T>,
}

/// Read a part of the stage called `stage`.
pub(super) fn read_part<T>(stage: &str, known: &[Known<T>], value: &Value) -> Result<T> {
    let fields = Fields::of(value)?;
    let tag = tag(fields);
    let tagged = tag.and_then(|tag| known.iter().find(|kind| kind.tags.contains(&tag)));
    if let Some(kind) = tagged {
        return (kind.read)(fields);
    }
    let fitting = known.iter().filter(|kind| kind.by_fields);
    fitting.map(|kind| (kind.read)(fields)).find_map(Result::ok).ok_or_else(|| {
        let tags: Vec<&str> = known.iter().map(|kind| kind.tags[0]).collect();
        unknown(stage, &tags, value)
    })
}

/// The tag of a part, if it is a string.
pub(super) fn tag(fields: Fields<'_>) -> Option<&str> {
    fields.get("type").and_then(Value::as_str)
}

/// The error for a part that is none of the `tags`.
pub(super) fn unknown(stage: &str, tags: &[&str], value: &Value) -> Error {
    let given = value.get("type");
    let error = match given {
        Some(tag) => Error::format(format!("unknown {stage}")).finding(describe(tag)),
        None => Error::format(format!("no known {stage} has these fields"))
            .finding(format!("{} and no \"type\"", describe(value))),
    };
    let error = error.in_field("type").expecting(listed(tags));
    match given.and_then(Value::as_str).and_then(|tag| nearest(tag, tags)) {
        Some(tag) => error.hinting(format!("did you mean \"{tag}\"?")),
        None => error,
    }
}

/// Write a part that has no fields.
pub(super) fn bare<S: Serializer>(name: &'static str, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct(name, 1)?;
    fields.serialize_field("type", name)?;
    fields.end()
}

/// Parts one behind the other.
pub(super) fn all<T>(parts: &[T]) -> Vec<AsJson<'_, T>> {
    parts.iter().map(AsJson).collect()
}

/// Write the part that holds others under the name `field`.
pub(super) fn sequence<S: Serializer, T>(
    field: &'static str,
    parts: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error>
where
    for<'a> AsJson<'a, T>: Serialize,
{
    let mut fields = serializer.serialize_struct("Sequence", 2)?;
    fields.serialize_field("type", "Sequence")?;
    fields.serialize_field(field, &all(parts))?;
    fields.end()
}
