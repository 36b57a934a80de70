//! `WordLevel`.

use fissile_core::models::{self as core, Model as Core};
use fissile_core::vocab::Vocab;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

use crate::convert::PathText;
use crate::engine;
use crate::error::{detached, detached_while};
use crate::models::{Model, VocabArg, entries_to_dict};

/// The unknown token of a model that was not told one.
const DEFAULT_UNK: &str = "<unk>";

/// One word, one id.
///
/// Args:
///     vocab: Words and their ids, or the path of a `vocab.json`.
///     unk_token: What stands for the unknown, `<unk>` by default.
#[pyclass(extends = Model, module = "fissile.models", frozen)]
pub(crate) struct WordLevel;

fn get(part: &Core) -> Option<core::WordLevel> {
    match part {
        Core::WordLevel(wordlevel) => Some(wordlevel.clone()),
        _ => None,
    }
}

#[pymethods]
impl WordLevel {
    #[new]
    #[pyo3(signature = (vocab=None, unk_token=None))]
    fn new(
        py: Python<'_>,
        vocab: Option<VocabArg>,
        unk_token: Option<String>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let entries = match vocab {
            None => Vec::new(),
            Some(VocabArg::Entries(entries)) => entries,
            Some(VocabArg::Path(path)) => detached(py, || engine::read_wordlevel(&path))?,
        };
        let unk_token = unk_token.unwrap_or_else(|| DEFAULT_UNK.to_owned());
        let part =
            detached(py, || Ok(core::WordLevel::new(Vocab::from_pairs(entries), unk_token)))?;
        Ok(PyClassInitializer::from(Model::of(Core::WordLevel(part))).add_subclass(Self))
    }

    /// Read a `vocab.json`, without making a model of it.
    #[staticmethod]
    fn read_file(py: Python<'_>, vocab: PathText) -> PyResult<Bound<'_, PyDict>> {
        let entries = detached_while(py, "Error while reading WordLevel file: ", || {
            engine::read_wordlevel(&vocab.0)
        })?;
        entries_to_dict(py, entries)
    }

    /// A model from a `vocab.json`.
    #[classmethod]
    #[pyo3(signature = (vocab, unk_token=None))]
    fn from_file(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        vocab: PathText,
        unk_token: Option<String>,
    ) -> PyResult<Py<Self>> {
        let entries = detached_while(py, "Error while reading WordLevel file: ", || {
            engine::read_wordlevel(&vocab.0)
        })?;
        Py::new(py, Self::new(py, Some(VocabArg::Entries(entries)), unk_token)?)
    }

    /// What stands for the unknown.
    #[getter]
    fn unk_token(slf: PyRef<'_, Self>) -> PyResult<String> {
        Ok(slf.as_super().data("WordLevel", get)?.unk_token().to_owned())
    }

    #[setter]
    fn set_unk_token(slf: PyRef<'_, Self>, unk_token: String) -> PyResult<()> {
        slf.as_super().edit_data("WordLevel", get, Core::WordLevel, |wordlevel| {
            *wordlevel = wordlevel.with_unk_token(unk_token.clone());
            Ok(())
        })
    }
}
