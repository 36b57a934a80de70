//! `WordPiece`.

use fissile_core::models::wordpiece::WordPieceOptions;
use fissile_core::models::{self as core, Model as Core};
use fissile_core::vocab::Vocab;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

use crate::convert::PathText;
use crate::engine;
use crate::error::{detached, detached_while, warn_unknown_keyword};
use crate::models::{Model, VocabArg, entries_to_dict};

/// Options from keyword arguments; unknown ones are warned about.
fn options_from(keywords: Option<&Bound<'_, PyDict>>) -> PyResult<WordPieceOptions> {
    let mut options = WordPieceOptions::default();
    for (key, value) in keywords.iter().flat_map(|keywords| keywords.iter()) {
        match key.extract::<String>()?.as_str() {
            "unk_token" => options.unk_token = value.extract()?,
            "max_input_chars_per_word" => options.max_input_chars_per_word = value.extract()?,
            "continuing_subword_prefix" => options.continuing_subword_prefix = value.extract()?,
            other => warn_unknown_keyword(value.py(), other)?,
        }
    }
    Ok(options)
}

/// Greedy longest match, as in BERT.
///
/// Args:
///     vocab: Tokens and their ids, or the path of a `vocab.txt`.
///     unk_token: What stands for the unknown.
///     max_input_chars_per_word: A longer word is unknown.
///     continuing_subword_prefix: What marks a token inside a word.
#[pyclass(extends = Model, module = "fissile.models", frozen)]
pub(crate) struct WordPiece;

impl WordPiece {
    fn read<T>(slf: &PyRef<'_, Self>, read: impl Fn(&WordPieceOptions) -> T) -> PyResult<T> {
        slf.as_super().data("WordPiece", |part| match part {
            Core::WordPiece(wordpiece) => Some(read(wordpiece.options())),
            _ => None,
        })
    }

    fn write(slf: &PyRef<'_, Self>, write: impl Fn(&mut WordPieceOptions)) -> PyResult<()> {
        let get = |part: &Core| match part {
            Core::WordPiece(wordpiece) => Some(wordpiece.clone()),
            _ => None,
        };
        slf.as_super().edit_data("WordPiece", get, Core::WordPiece, |wordpiece| {
            let mut options = wordpiece.options().clone();
            write(&mut options);
            *wordpiece = wordpiece.with_options(options);
            Ok(())
        })
    }
}

#[pymethods]
impl WordPiece {
    #[new]
    #[pyo3(
        signature = (vocab=None, **kwargs),
        text_signature = "(vocab=None, *, unk_token='[UNK]', max_input_chars_per_word=100, continuing_subword_prefix='##')"
    )]
    fn new(
        py: Python<'_>,
        vocab: Option<VocabArg>,
        kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let options = options_from(kwargs)?;
        let entries = match vocab {
            None => Vec::new(),
            Some(VocabArg::Entries(entries)) => entries,
            Some(VocabArg::Path(path)) => {
                detached_while(py, "Error while initializing WordPiece: ", || {
                    engine::read_wordpiece(&path)
                })?
            }
        };
        let part = detached(py, || Ok(core::WordPiece::new(Vocab::from_pairs(entries), options)))?;
        Ok(PyClassInitializer::from(Model::of(Core::WordPiece(part))).add_subclass(Self))
    }

    /// Read a `vocab.txt`, without making a model of it.
    #[staticmethod]
    fn read_file(py: Python<'_>, vocab: PathText) -> PyResult<Bound<'_, PyDict>> {
        let entries = detached_while(py, "Error while reading WordPiece file: ", || {
            engine::read_wordpiece(&vocab.0)
        })?;
        entries_to_dict(py, entries)
    }

    /// A model from a `vocab.txt`.
    #[classmethod]
    #[pyo3(signature = (vocab, **kwargs))]
    fn from_file(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        vocab: PathText,
        kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<Self>> {
        let entries = detached_while(py, "Error while reading WordPiece file: ", || {
            engine::read_wordpiece(&vocab.0)
        })?;
        Py::new(py, Self::new(py, Some(VocabArg::Entries(entries)), kwargs)?)
    }

    /// What stands for the unknown.
    #[getter]
    fn unk_token(slf: PyRef<'_, Self>) -> PyResult<String> {
        Self::read(&slf, |options| options.unk_token.clone())
    }

    #[setter]
    fn set_unk_token(slf: PyRef<'_, Self>, unk_token: String) -> PyResult<()> {
        Self::write(&slf, |options| options.unk_token.clone_from(&unk_token))
    }

    /// What marks a token inside a word.
    #[getter]
    fn continuing_subword_prefix(slf: PyRef<'_, Self>) -> PyResult<String> {
        Self::read(&slf, |options| options.continuing_subword_prefix.clone())
    }

    #[setter]
    fn set_continuing_subword_prefix(slf: PyRef<'_, Self>, prefix: String) -> PyResult<()> {
        Self::write(&slf, |options| options.continuing_subword_prefix.clone_from(&prefix))
    }

    /// A longer word is unknown.
    #[getter]
    fn max_input_chars_per_word(slf: PyRef<'_, Self>) -> PyResult<usize> {
        Self::read(&slf, |options| options.max_input_chars_per_word)
    }

    #[setter]
    fn set_max_input_chars_per_word(slf: PyRef<'_, Self>, max: usize) -> PyResult<()> {
        Self::write(&slf, |options| options.max_input_chars_per_word = max)
    }
}
