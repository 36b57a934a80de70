//! `BPE`.

use fissile_core::models::bpe::BpeOptions;
use fissile_core::models::{self as core, Model as Core};
use fissile_core::vocab::Vocab;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple, PyType};

use crate::convert::PathText;
use crate::engine::{self, Merges};
use crate::error::{detached_while, guard, warn_unknown_keyword};
use crate::models::{Model, VocabArg, empty, entries_to_dict};

/// Merges as the constructor takes them: pairs, or the path of a file.
enum MergesArg {
    Pairs(Merges),
    Path(String),
}

impl FromPyObject<'_, '_> for MergesArg {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
            let pairs = object.extract::<Vec<(String, String)>>();
            return pairs.map(Self::Pairs).map_err(|error| {
                PyTypeError::new_err(format!("merges must be a list of pairs of strings: {error}"))
            });
        }
        object.extract::<PathText>().map(|path| Self::Path(path.0)).map_err(|_| {
            PyTypeError::new_err("merges must be a list of pairs of strings or the path of a file")
        })
    }
}

/// Options from keyword arguments; unknown ones are warned about.
fn options_from(keywords: Option<&Bound<'_, PyDict>>) -> PyResult<BpeOptions> {
    let mut options = BpeOptions::default();
    for (key, value) in keywords.iter().flat_map(|keywords| keywords.iter()) {
        match key.extract::<String>()?.as_str() {
            // Caches are per thread and sized by the core; the argument is taken for compatibility.
            "cache_capacity" => {
                value.extract::<Option<usize>>()?;
            }
            "dropout" => options.dropout = value.extract()?,
            "seed" => options.seed = value.extract()?,
            "unk_token" => options.unk_token = value.extract()?,
            "continuing_subword_prefix" => options.continuing_subword_prefix = value.extract()?,
            "end_of_word_suffix" => options.end_of_word_suffix = value.extract()?,
            "fuse_unk" => options.fuse_unk = value.extract::<Option<bool>>()?.unwrap_or_default(),
            "byte_fallback" => {
                options.byte_fallback = value.extract::<Option<bool>>()?.unwrap_or_default();
            }
            "ignore_merges" => {
                options.ignore_merges = value.extract::<Option<bool>>()?.unwrap_or_default();
            }
            other => warn_unknown_keyword(value.py(), other)?,
        }
    }
    Ok(options)
}

fn build(
    py: Python<'_>,
    vocab: Option<VocabArg>,
    merges: Option<MergesArg>,
    options: BpeOptions,
) -> PyResult<Core> {
    let (vocab, merges) = match (vocab, merges) {
        (None, None) => (Vec::new(), Vec::new()),
        (Some(VocabArg::Entries(vocab)), Some(MergesArg::Pairs(merges))) => (vocab, merges),
        (Some(VocabArg::Path(vocab)), Some(MergesArg::Path(merges))) => {
            detached_while(py, "Error while initializing BPE: ", || {
                engine::read_bpe(&vocab, &merges)
            })?
        }
        (Some(_), Some(_)) => {
            return Err(PyValueError::new_err(
                "`vocab` and `merges` must be both be from memory or both filenames",
            ));
        }
        _ => return Err(PyValueError::new_err("`vocab` and `merges` must be both specified")),
    };
    let build = || core::Bpe::new(Vocab::from_pairs(vocab), merges, options).map(Core::Bpe);
    detached_while(py, "Error while initializing BPE: ", build)
}

/// Byte-pair encoding.
///
/// Args:
///     vocab: Tokens and their ids, or the path of a `vocab.json`.
///     merges: Pairs of tokens by rank, or the path of a `merges.txt`.
///     cache_capacity: Taken for compatibility.
///     dropout: Chance of skipping a merge, 0 to 1.
///     seed: Where dropout's draws start; without it they differ from call to call.
///     unk_token: What stands for the unknown.
///     continuing_subword_prefix: Put before every symbol but the first of a word.
///     end_of_word_suffix: Put behind the last symbol of a word.
///     fuse_unk: One unknown token for a run of unknowns.
///     byte_fallback: `<0x00>` tokens for what is unknown.
///     ignore_merges: A piece that is a token is that token, whatever the merges say.
#[pyclass(extends = Model, module = "fissile.models", name = "BPE", frozen)]
pub(crate) struct Bpe;

impl Bpe {
    fn read<T>(slf: &PyRef<'_, Self>, read: impl Fn(&BpeOptions) -> T) -> PyResult<T> {
        slf.as_super().data("BPE", |part| match part {
            Core::Bpe(bpe) => Some(read(bpe.options())),
            _ => None,
        })
    }

    fn write(slf: &PyRef<'_, Self>, write: impl Fn(&mut BpeOptions)) -> PyResult<()> {
        let get = |part: &Core| match part {
            Core::Bpe(bpe) => Some(bpe.clone()),
            _ => None,
        };
        slf.as_super().edit_data("BPE", get, Core::Bpe, |bpe| {
            let mut options = bpe.options().clone();
            write(&mut options);
            *bpe = guard(|| bpe.with_options(options))?;
            Ok(())
        })
    }
}

#[pymethods]
impl Bpe {
    #[new]
    #[pyo3(
        signature = (vocab=None, merges=None, **kwargs),
        text_signature = "(vocab=None, merges=None, *, cache_capacity=None, dropout=None, unk_token=None, continuing_subword_prefix=None, end_of_word_suffix=None, fuse_unk=None, byte_fallback=False, ignore_merges=False, seed=None)"
    )]
    fn new(
        py: Python<'_>,
        vocab: Option<VocabArg>,
        merges: Option<MergesArg>,
        kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let part = if vocab.is_none() && merges.is_none() && kwargs.is_none() {
            empty()
        } else {
            build(py, vocab, merges, options_from(kwargs)?)?
        };
        Ok(PyClassInitializer::from(Model::of(part)).add_subclass(Self))
    }

    /// Read a `vocab.json` and a `merges.txt`, without making a model of them.
    #[staticmethod]
    fn read_file(
        py: Python<'_>,
        vocab: PathText,
        merges: PathText,
    ) -> PyResult<(Bound<'_, PyDict>, Merges)> {
        let (vocab, merges) =
            detached_while(py, "Error while reading vocab & merges files: ", || {
                engine::read_bpe(&vocab.0, &merges.0)
            })?;
        Ok((entries_to_dict(py, vocab)?, merges))
    }

    /// A model from a `vocab.json` and a `merges.txt`.
    #[classmethod]
    #[pyo3(signature = (vocab, merges, **kwargs))]
    fn from_file(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        vocab: PathText,
        merges: PathText,
        kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<Self>> {
        let (vocab, merges) = detached_while(py, "Error while reading BPE files: ", || {
            engine::read_bpe(&vocab.0, &merges.0)
        })?;
        let (vocab, merges) = (VocabArg::Entries(vocab), MergesArg::Pairs(merges));
        Py::new(py, Self::new(py, Some(vocab), Some(merges), kwargs)?)
    }

    /// Taken for compatibility: caches follow every change by themselves.
    fn _clear_cache(&self) {}

    /// Taken for compatibility: caches are sized by the core.
    fn _resize_cache(&self, capacity: usize) {
        let _ = capacity;
    }

    /// Chance of skipping a merge.
    #[getter]
    fn dropout(slf: PyRef<'_, Self>) -> PyResult<Option<f32>> {
        Self::read(&slf, |options| options.dropout)
    }

    #[setter]
    fn set_dropout(slf: PyRef<'_, Self>, dropout: Option<f32>) -> PyResult<()> {
        Self::write(&slf, |options| options.dropout = dropout)
    }

    /// What stands for the unknown.
    #[getter]
    fn unk_token(slf: PyRef<'_, Self>) -> PyResult<Option<String>> {
        Self::read(&slf, |options| options.unk_token.clone())
    }

    #[setter]
    fn set_unk_token(slf: PyRef<'_, Self>, unk_token: Option<String>) -> PyResult<()> {
        Self::write(&slf, |options| options.unk_token.clone_from(&unk_token))
    }

    /// Put before every symbol but the first of a word.
    #[getter]
    fn continuing_subword_prefix(slf: PyRef<'_, Self>) -> PyResult<Option<String>> {
        Self::read(&slf, |options| options.continuing_subword_prefix.clone())
    }

    #[setter]
    fn set_continuing_subword_prefix(slf: PyRef<'_, Self>, prefix: Option<String>) -> PyResult<()> {
        Self::write(&slf, |options| options.continuing_subword_prefix.clone_from(&prefix))
    }

    /// Put behind the last symbol of a word.
    #[getter]
    fn end_of_word_suffix(slf: PyRef<'_, Self>) -> PyResult<Option<String>> {
        Self::read(&slf, |options| options.end_of_word_suffix.clone())
    }

    #[setter]
    fn set_end_of_word_suffix(slf: PyRef<'_, Self>, suffix: Option<String>) -> PyResult<()> {
        Self::write(&slf, |options| options.end_of_word_suffix.clone_from(&suffix))
    }

    /// One unknown token for a run of unknowns.
    #[getter]
    fn fuse_unk(slf: PyRef<'_, Self>) -> PyResult<bool> {
        Self::read(&slf, |options| options.fuse_unk)
    }

    #[setter]
    fn set_fuse_unk(slf: PyRef<'_, Self>, fuse_unk: bool) -> PyResult<()> {
        Self::write(&slf, |options| options.fuse_unk = fuse_unk)
    }

    /// `<0x00>` tokens for what is unknown.
    #[getter]
    fn byte_fallback(slf: PyRef<'_, Self>) -> PyResult<bool> {
        Self::read(&slf, |options| options.byte_fallback)
    }

    #[setter]
    fn set_byte_fallback(slf: PyRef<'_, Self>, byte_fallback: bool) -> PyResult<()> {
        Self::write(&slf, |options| options.byte_fallback = byte_fallback)
    }

    /// A piece that is a token is that token, whatever the merges say.
    #[getter]
    fn ignore_merges(slf: PyRef<'_, Self>) -> PyResult<bool> {
        Self::read(&slf, |options| options.ignore_merges)
    }

    #[setter]
    fn set_ignore_merges(slf: PyRef<'_, Self>, ignore_merges: bool) -> PyResult<()> {
        Self::write(&slf, |options| options.ignore_merges = ignore_merges)
    }
}
