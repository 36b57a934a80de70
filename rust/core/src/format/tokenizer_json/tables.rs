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
use super::skim::Table;
use crate::error::{Error, Result};
use crate::token::TokenId;
use crate::vocab::Vocab;

/// A table as the document has it, and its rows where they are known already.
pub(crate) struct TableText<'a> {
    pub(super) document: Document<'a>,
    pub(super) table: Option<Table<'a>>,
}

/// `{"token": id, …}`. Of entries with one token the last counts.
pub(super) fn read_vocab(text: &TableText<'_>) -> Result<Vocab> {
    match text.table.as_ref().and_then(Table::entries) {
        Some(entries) => Ok(Vocab::from_pairs(entries)),
        None => vocab_from_document(text.document),
    }
}

/// The same of a document that is nothing else.
pub(crate) fn vocab_from_document(document: Document<'_>) -> Result<Vocab> {
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

/// Merges by ascending rank, whatever they lie in.
pub(super) enum Merges<'t> {
    Found(&'t Table<'t>),
    Lines(Vec<(&'t str, &'t str)>),
    Owned(Vec<(String, String)>),
}

impl Merges<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Found(table) => table.pairs().len(),
            Self::Lines(pairs) => pairs.len(),
            Self::Owned(pairs) => pairs.len(),
        }
    }

    pub(super) fn get(&self, rank: usize) -> (&str, &str) {
        match self {
            Self::Found(table) => table.pair(rank),
            Self::Lines(pairs) => pairs[rank],
            Self::Owned(pairs) => (&pairs[rank].0, &pairs[rank].1),
        }
    }
}

/// Merges as pairs, `[["a", "b"], …]`, or in the older form as lines, `["a b", …]`, of which those
/// that begin with `#version` do not count.
pub(super) fn read_merges<'t>(text: &'t TableText<'_>) -> Result<Merges<'t>> {
    if let Some(table) = text.table.as_ref().filter(|table| table.has_pairs()) {
        return Ok(Merges::Found(table));
    }
    if let Some(lines) = text.table.as_ref().and_then(Table::lines) {
        return merges_from_lines(lines.map(Ok), in_list).map(Merges::Lines);
    }
    merges_from_document(text.document).map(Merges::Owned)
}

fn merges_from_document(document: Document<'_>) -> Result<Vec<(String, String)>> {
    if let Ok(pairs) = serde_json::from_str::<Vec<(String, String)>>(document.text()) {
        return Ok(pairs);
    }
    match serde_json::from_str::<Vec<Text<'_>>>(document.text()) {
        Ok(lines) => {
            merges_from_lines(lines.iter().map(|line| Ok(line.as_ref())), in_list).map(owned)
        }
        Err(_) => merges_from_value(&document.value()?),
    }
}

/// Merges in strings of their own.
pub(crate) fn owned(pairs: Vec<(&str, &str)>) -> Vec<(String, String)> {
    pairs.into_iter().map(|(left, right)| (left.to_owned(), right.to_owned())).collect()
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
        return merges_from_lines(items.iter().enumerate().map(line), in_list).map(owned);
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
) -> Result<Vec<(&'l str, &'l str)>> {
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
        merges.push((left, right));
    }
    Ok(merges)
}

/// `[["piece", score], …]`
pub(super) fn read_scores(text: &TableText<'_>) -> Result<Vec<(String, f64)>> {
    if let Some(scores) = text.table.as_ref().and_then(Table::scores) {
        return Ok(scores.map(|(piece, score)| (piece.to_owned(), score)).collect());
    }
    match serde_json::from_str(text.document.text()) {
        Ok(scores) => Ok(scores),
        Err(_) => scores_from_value(&text.document.value()?),
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
