//! Typed access to the members of a JSON object, with errors that name the place.
//!
//! Every part of a `tokenizer.json` but the big tables is read through [`Fields`]. Of several members
//! with one name the last counts.

use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// A JSON object that a part is read from.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// The members of `value`, which has to be an object.
    pub(super) fn of(value: &'a Value) -> Result<Self> {
        match value {
            Value::Object(map) => Ok(Self { map }),
            other => Err(wrong("an object", other)),
        }
    }

    /// The members of a map at hand.
    pub(super) fn of_map(map: &'a Map<String, Value>) -> Self {
        Self { map }
    }

    /// The member `name`, present even when `null`.
    pub(super) fn get(self, name: &str) -> Option<&'a Value> {
        self.map.get(name)
    }

    /// A member that has to be there.
    pub(super) fn required<T: FromValue<'a>>(self, name: &str) -> Result<T> {
        let value = self.get(name).ok_or_else(|| missing(name, T::EXPECTED))?;
        T::from_value(value).map_err(|error| error.under(name))
    }

    /// A member that may be left out, but not be `null`.
    pub(super) fn or<T: FromValue<'a>>(self, name: &str, default: T) -> Result<T> {
        self.get(name)
            .map_or(Ok(default), |value| T::from_value(value).map_err(|error| error.under(name)))
    }

    /// A member that may be left out or be `null`.
    pub(super) fn optional<T: FromValue<'a>>(self, name: &str) -> Result<Option<T>> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::from_value(value).map(Some).map_err(|error| error.under(name)),
        }
    }

    /// All members, by name.
    pub(super) fn members(self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.map.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// A list whose items `read` understands.
    pub(super) fn list<T>(
        self,
        name: &str,
        read: impl Fn(&'a Value) -> Result<T>,
    ) -> Result<Vec<T>> {
        let value = self.get(name).ok_or_else(|| missing(name, "a list"))?;
        let Value::Array(items) = value else {
            return Err(wrong("a list", value).under(name));
        };
        let place = |index: usize| format!("{name}[{index}]");
        let items = items.iter().enumerate();
        items.map(|(i, item)| read(item).map_err(|error| error.under(&place(i)))).collect()
    }
}

/// A value that JSON can hold.
pub(super) trait FromValue<'a>: Sized {
    /// What it looks like, for messages.
    const EXPECTED: &'static str;

    /// Read it, or say what was found instead.
    fn from_value(value: &'a Value) -> Result<Self>;
}

impl<'a> FromValue<'a> for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_value(value: &'a Value) -> Result<Self> {
        value.as_bool().ok_or_else(|| wrong(Self::EXPECTED, value))
    }
}

impl<'a> FromValue<'a> for u32 {
    const EXPECTED: &'static str = "an integer from 0 to 4294967295";

    fn from_value(value: &'a Value) -> Result<Self> {
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        number.ok_or_else(|| wrong(Self::EXPECTED, value))
    }
}

impl<'a> FromValue<'a> for usize {
    const EXPECTED: &'static str = "an integer that is not negative";

    fn from_value(value: &'a Value) -> Result<Self> {
        let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
        number.ok_or_else(|| wrong(Self::EXPECTED, value))
    }
}

impl<'a> FromValue<'a> for f32 {
    const EXPECTED: &'static str = "a number";

    fn from_value(value: &'a Value) -> Result<Self> {
        #[expect(clippy::cast_possible_truncation, reason = "the field holds single precision")]
        value.as_f64().map(|number| number as Self).ok_or_else(|| wrong(Self::EXPECTED, value))
    }
}

impl<'a> FromValue<'a> for &'a str {
    const EXPECTED: &'static str = "a string";

    fn from_value(value: &'a Value) -> Result<Self> {
        value.as_str().ok_or_else(|| wrong(Self::EXPECTED, value))
    }
}

impl<'a> FromValue<'a> for String {
    const EXPECTED: &'static str = "a string";

    fn from_value(value: &'a Value) -> Result<Self> {
        <&str>::from_value(value).map(str::to_owned)
    }
}

impl<'a> FromValue<'a> for char {
    const EXPECTED: &'static str = "a string of one character";

    fn from_value(value: &'a Value) -> Result<Self> {
        let mut characters = value.as_str().unwrap_or_default().chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => Ok(character),
            _ => Err(wrong(Self::EXPECTED, value)),
        }
    }
}

/// One of several words.
pub(super) fn choice<T: Copy>(value: &Value, choices: &[(&str, T)]) -> Result<T> {
    let found = value.as_str().unwrap_or_default();
    if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == found) {
        return Ok(*choice);
    }
    let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
    let error = Error::format("unknown value").expecting(listed(&words)).finding(describe(value));
    Err(match nearest(found, &words) {
        Some(word) => error.hinting(format!("did you mean \"{word}\"?")),
        None => error,
    })
}

/// A field that is not there.
pub(super) fn missing(name: &str, expected: &str) -> Error {
    Error::format("missing field").in_field(name).expecting(expected)
}

/// A value of the wrong kind.
pub(super) fn wrong(expected: &str, found: &Value) -> Error {
    Error::format("wrong value").expecting(expected).finding(describe(found))
}

/// The word of `words` that differs from `found` in case or in `-`, `_` and blanks only.
pub(super) fn nearest<'w>(found: &str, words: &[&'w str]) -> Option<&'w str> {
    let bare = |word: &str| -> String {
        word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let found = bare(&found.chars().take(64).collect::<String>());
    words.iter().copied().find(|word| !found.is_empty() && bare(word) == found)
}

/// `one of "A", "B"`
pub(super) fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("one of {}", quoted.join(", "))
}

/// A value in a few words.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the string {}", quote(text)),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(members) => {
            let mut keys: Vec<String> = members.keys().take(5).map(|key| quote(key)).collect();
            if members.len() > keys.len() {
                keys.push("…".to_owned());
            }
            format!("an object with the keys [{}]", keys.join(", "))
        }
    }
}

/// A string in quotes, cut when it is long.
pub(crate) fn quote(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("\"{}…\"", text[..end].escape_debug()),
        None => format!("\"{}\"", text.escape_debug()),
    }
}
