//! Texts to train on, out of whatever gives them: iterators of texts, of lists of texts, of Arrow batches,
//! and Arrow columns as they are.

use fissile_core::Result;
use fissile_train::count::BATCH_BYTES;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyDict, PyIterator, PyString};

use crate::arrow_in::{Batches, TextColumn, Values, is_arrow};
use crate::error::external;

/// Items of an iterator after which a batch is counted, however short they are.
const BATCH_ITEMS: usize = 1 << 16;

/// Texts out of an iterable or an Arrow column.
pub(crate) struct Texts<'py> {
    items: Option<Bound<'py, PyIterator>>,
    /// The iterable that was given out by `items` last, while it lasts.
    inner: Option<Bound<'py, PyIterator>>,
    /// The column that was given, or given out by `items` last, while it lasts.
    column: Option<TextColumn>,
}

impl<'py> Texts<'py> {
    /// The texts of anything that can be iterated over, or of an Arrow column.
    pub(crate) fn new(source: &Bound<'py, PyAny>) -> PyResult<Self> {
        if is_arrow(source)? {
            let column = Some(Batches::of(source)?.text_column()?);
            return Ok(Self { items: None, inner: None, column });
        }
        Ok(Self { items: Some(source.try_iter()?), inner: None, column: None })
    }

    /// The next text; none at the end, or when an Arrow column comes.
    fn next(&mut self) -> PyResult<Option<PyBackedStr>> {
        loop {
            if let Some(inner) = &mut self.inner {
                match inner.next().transpose()? {
                    Some(item) => return text(&item).map(Some),
                    None => self.inner = None,
                }
            }
            let item = self.items.as_mut().and_then(Iterator::next).transpose()?;
            let Some(item) = item else { return Ok(None) };
            if item.is_instance_of::<PyString>() {
                return text(&item).map(Some);
            }
            if is_arrow(&item)? {
                self.column = Some(Batches::of(&item)?.text_column()?);
                return Ok(None);
            }
            // Iterating over a row of a table would give the names of its columns.
            if item.is_instance_of::<PyDict>() {
                return Err(no_text(
                    &item,
                    "a str or an iterable of str, not a row: row[\"text\"]",
                ));
            }
            let inner = item.try_iter();
            self.inner = Some(inner.map_err(|_| no_text(&item, "a str or an iterable of str"))?);
        }
    }

    /// Texts enough for a batch; none at the end.
    pub(crate) fn batch(&mut self) -> PyResult<Option<Batch>> {
        loop {
            if let Some(column) = &mut self.column {
                if let Some(values) = column.next()? {
                    return Ok(Some(Batch::Arrow(values)));
                }
                self.column = None;
            }
            let mut batch = Vec::new();
            let mut bytes = 0;
            while bytes < BATCH_BYTES && batch.len() < BATCH_ITEMS {
                let Some(text) = self.next()? else { break };
                bytes += text.len();
                batch.push(text);
            }
            if !batch.is_empty() {
                return Ok(Some(Batch::Python(batch)));
            }
            if self.column.is_none() {
                return Ok(None);
            }
        }
    }
}

/// Some texts.
pub(crate) enum Batch {
    /// Python strings.
    Python(Vec<PyBackedStr>),
    /// A column of texts.
    Arrow(Values),
}

impl Batch {
    /// Hand the texts to `take`, in parts that are worked on without a look at Ctrl-C.
    pub(crate) fn each_part(&self, mut take: impl FnMut(&[&str]) -> Result<()>) -> Result<()> {
        let mut part: Vec<&str> = Vec::new();
        let values = match self {
            Self::Python(texts) => {
                part.extend(texts.iter().map(|text| &**text));
                return take(&part);
            }
            Self::Arrow(values) => values,
        };
        let mut bytes = 0;
        for at in 0..values.length {
            let Some(text) = values.text(at).map_err(external)? else { continue };
            bytes += text.len();
            part.push(text);
            if bytes >= BATCH_BYTES {
                take(&part)?;
                part.clear();
                bytes = 0;
            }
        }
        if part.is_empty() { Ok(()) } else { take(&part) }
    }
}

fn text(item: &Bound<'_, PyAny>) -> PyResult<PyBackedStr> {
    let text = item.cast::<PyString>().map_err(|_| no_text(item, "a str"))?;
    PyBackedStr::try_from(text.clone())
}

fn no_text(item: &Bound<'_, PyAny>, wanted: &str) -> PyErr {
    let kind = item.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
    let shown = item.repr().map_or_else(|_| String::new(), |repr| repr.to_string());
    let shown: String = shown.chars().take(80).collect();
    PyTypeError::new_err(format!(
        "'{kind}' object is not an instance of 'str': texts to train on must be {wanted}, not {shown}"
    ))
}
