//! The big tables of a model: vocabulary, merges, scores.
//!
//! They are read straight from the text, without a tree of values in between. Only when that fails is
//! the tree built, to find out which entry is wrong.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::document::{Document, Text};
use super::fields::{FromValue, quote, wrong};
use crate::error::{Error, Result};
use crate::token::TokenId;
use crate::vocab::Vocab;

/// `{"token": id, …}`. Of entries with one token the last counts.
pub(crate) fn read_vocab(document: Document<'_>) -> Result<Vocab> {
    match serde_json::from_str::<Entries<'_>>(document.text()) {
        Ok(entries) => Ok(Vocab::from_pairs(entries.0)),
        Err(_) => vocab_from_value(&document.value()?),
    }
}

/// The vocabulary by way of values: slow, but it names the wrong entry.
fn vocab_from_value(value: &Value) -> Result<Vocab> {
    let map = value.as_object().ok_or_else(|| wrong("an object of tokens and ids", value))?;
    let place = |token: &str| format!("[{}]", quote(token));
    let entry = |(token, id)| -> Result<(&String, TokenId)> {
        Ok((token, u32::from_value(id).map_err(|error: Error| error.under(&place(token)))?))
    };
    let entries: Vec<_> = map.iter().map(entry).collect::<Result<_>>()?;
    Ok(Vocab::from_pairs(entries))
}

struct Entries<'a>(Vec<(Text<'a>, TokenId)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tokens and ids")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

/// Merges as pairs, `[["a", "b"], …]`, or in the older form as lines, `["a b", …]`, of which those
/// that begin with `#version` do not count.
pub(crate) fn read_merges(document: Document<'_>) -> Result<Vec<(String, String)>> {
    if let Ok(pairs) = serde_json::from_str::<Vec<(String, String)>>(document.text()) {
        return Ok(pairs);
    }
    match serde_json::from_str::<Vec<Text<'_>>>(document.text()) {
        Ok(lines) => merges_from_lines(lines.iter().map(|line| Ok(line.as_ref())), in_list),
        Err(_) => merges_from_value(&document.value()?),
    }
}

fn in_list(index: usize) -> String {
    format!("[{index}]")
}

/// The merges by way of values: slow, but it names the wrong entry.
fn merges_from_value(value: &Value) -> Result<Vec<(String, String)>> {
    const EXPECTED: &str = "a pair of tokens, as in all other entries";
    let items = value.as_array().ok_or_else(|| wrong("a list of merges", value))?;
    let place = |index: usize| move |error: Error| error.under(&in_list(index));
    if items.first().is_some_and(Value::is_string) {
        let line = |(i, item)| <&str>::from_value(item).map_err(place(i));
        return merges_from_lines(items.iter().enumerate().map(line), in_list);
    }
    let items = items.iter().enumerate();
    items.map(|(i, item)| read_pair(item, EXPECTED).map_err(place(i))).collect()
}

fn read_pair(value: &Value, expected: &str) -> Result<(String, String)> {
    match value.as_array().map(Vec::as_slice) {
        Some([Value::String(left), Value::String(right)]) => Ok((left.clone(), right.clone())),
        _ => Err(wrong(expected, value)),
    }
}

/// Merges written as lines, the one of highest rank first; `place` names a line by its index.
pub(crate) fn merges_from_lines<'l>(
    lines: impl Iterator<Item = Result<&'l str>>,
    place: impl Fn(usize) -> String,
) -> Result<Vec<(String, String)>> {
    let mut merges = Vec::with_capacity(lines.size_hint().0);
    for (index, line) in lines.enumerate() {
        let line = line?;
        if line.starts_with("#version") {
            continue;
        }
        let pair = line.split_once(' ').filter(|(_, right)| !right.contains(' '));
        let Some((left, right)) = pair else {
            // The reference counts lines without the `#version` ones, and its users match this text.
            let message = format!("Merges text file invalid at line {}", merges.len() + 1);
            return Err(Error::format(message)
                .in_field(place(index))
                .expecting("two tokens with one space between them")
                .finding(quote(line)));
        };
        merges.push((left.to_owned(), right.to_owned()));
    }
    Ok(merges)
}

/// `[["piece", score], …]`
pub(crate) fn read_scores(document: Document<'_>) -> Result<Vec<(String, f64)>> {
    match serde_json::from_str(document.text()) {
        Ok(scores) => Ok(scores),
        Err(_) => scores_from_value(&document.value()?),
    }
}

/// The scores by way of values: slow, but it names the wrong entry.
fn scores_from_value(value: &Value) -> Result<Vec<(String, f64)>> {
    const EXPECTED: &str = "a piece and its score: [\"…\", 0.0]";
    let items = value.as_array().ok_or_else(|| wrong("a list of pieces and scores", value))?;
    let read = |(index, item): (usize, &Value)| match item.as_array().map(Vec::as_slice) {
        Some([Value::String(piece), Value::Number(score)]) => {
            Ok((piece.clone(), score.as_f64().unwrap_or_default()))
        }
        _ => Err(wrong(EXPECTED, item).under(&format!("[{index}]"))),
    };
    items.iter().enumerate().map(read).collect()
}
