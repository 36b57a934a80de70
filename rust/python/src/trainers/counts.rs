//! `WordCounts`: words and how often each occurs, counted anywhere, merged, saved, trained on.

use std::path::Path;
use std::sync::Arc;

use fissile_train::WordCounts as Table;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyMapping, PyTuple, PyType};

use crate::arrow_in::{Batches, is_arrow};
use crate::convert::{PathText, utf8};
use crate::error::{detached, guard};

/// Words and how often each occurs. What `Tokenizer.count_words` gives and `train_from_counts` takes.
///
/// Tables of parts of a corpus add up to the table of the whole: count on many machines, save, load, add.
///
/// Args:
///     counts: A mapping of words to counts, an Arrow table with a column of words and one of counts, or
///         pairs of word and count; counts of the same word add up.
#[pyclass(module = "fissile.trainers", frozen, mapping)]
pub(crate) struct WordCounts {
    pub(crate) table: Arc<Table>,
}

impl From<Table> for WordCounts {
    fn from(table: Table) -> Self {
        Self { table: Arc::new(table) }
    }
}

/// A table of whatever a user has counts in.
pub(crate) fn table_of(counts: &Bound<'_, PyAny>) -> PyResult<Arc<Table>> {
    if let Ok(counts) = counts.cast::<WordCounts>() {
        return Ok(counts.get().table.clone());
    }
    let mut table = Table::new();
    let mut add = |word: &str, count: u64| guard(|| table.add(word, count));
    if is_arrow(counts)? {
        Batches::of(counts)?.counts(add)?;
    } else {
        let items = match counts.cast::<PyMapping>() {
            Ok(mapping) => mapping.items()?.into_any(),
            Err(_) => counts.clone(),
        };
        for item in items.try_iter()? {
            let (word, count) = pair(&item?)?;
            add(&word, count)?;
        }
    }
    Ok(Arc::new(table.sorted()))
}

fn pair(item: &Bound<'_, PyAny>) -> PyResult<(String, u64)> {
    item.extract().map_err(|_| {
        let shown = item.repr().map_or_else(|_| String::new(), |repr| repr.to_string());
        let shown: String = shown.chars().take(80).collect();
        PyTypeError::new_err(format!(
            "counts must be pairs of a str and an int from 0 to 2**64 - 1, not {shown}"
        ))
    })
}

#[pymethods]
impl WordCounts {
    #[new]
    #[pyo3(signature = (counts=None))]
    fn new(counts: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let table = counts.map_or_else(|| Ok(Arc::default()), table_of)?;
        Ok(Self { table })
    }

    /// Read a table that `save` wrote.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathText) -> PyResult<Self> {
        detached(py, || Table::load(Path::new(&path.0))).map(Self::from)
    }

    /// Write the table into a text file, whole or not at all: a first line that names the format, then one
    /// word a line, its count before it.
    fn save(&self, py: Python<'_>, path: PathText) -> PyResult<()> {
        detached(py, || self.table.save(Path::new(&path.0)))
    }

    /// The most frequent words with their counts, equally frequent ones in order.
    #[pyo3(signature = (n=None))]
    fn most_common(&self, n: Option<usize>) -> Vec<(String, u64)> {
        let mut order: Vec<(&str, u64)> = self.table.iter().collect();
        order.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        order.truncate(n.unwrap_or(usize::MAX));
        order.into_iter().map(|(word, count)| (word.to_owned(), count)).collect()
    }

    /// How often all words occur together.
    fn total(&self) -> u128 {
        self.table.iter().map(|(_, count)| u128::from(count)).sum()
    }

    /// The words, in order.
    fn keys(&self) -> Vec<&str> {
        self.table.iter().map(|(word, _)| word).collect()
    }

    /// Words and counts, in order of the words.
    fn items(&self) -> Vec<(&str, u64)> {
        self.table.iter().collect()
    }

    /// A dict of the words and their counts.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        self.table.iter().try_for_each(|(word, count)| dict.set_item(word, count))?;
        Ok(dict)
    }

    fn __add__(&self, py: Python<'_>, other: &Self) -> PyResult<Self> {
        let sum = detached(py, || {
            let mut sum = (*self.table).clone();
            sum.merge(&other.table)?;
            Ok(sum.sorted())
        })?;
        Ok(Self::from(sum))
    }

    fn __getitem__(&self, word: &str) -> u64 {
        self.table.get(word)
    }

    fn __contains__(&self, word: &str) -> bool {
        self.table.get(word) > 0
    }

    fn __len__(&self) -> usize {
        self.table.len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyTuple::new(py, self.keys())?.try_iter()?.into_any())
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let equal = |other: &Self| self.table.iter().eq(other.table.iter());
        other.cast::<Self>().is_ok_and(|other| equal(other.get()))
    }

    fn __hash__(&self) -> PyResult<isize> {
        Err(PyTypeError::new_err("unhashable type: 'WordCounts'"))
    }

    fn __repr__(&self) -> String {
        format!("WordCounts({} words, {} in all)", self.table.len(), self.total())
    }

    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let text = slf.get().table.to_text();
        let from_bytes = slf.get_type().getattr("_from_bytes")?;
        Ok((from_bytes, (PyBytes::new(slf.py(), text.as_bytes()),)))
    }

    #[classmethod]
    fn _from_bytes(_class: &Bound<'_, PyType>, text: &Bound<'_, PyBytes>) -> PyResult<Self> {
        let text = utf8(text.as_bytes())?;
        guard(|| Table::from_text(text)).map(Self::from)
    }
}
