//! `Unigram`.

use fissile_core::models::unigram::UnigramOptions;
use fissile_core::models::{self as core, Model as Core};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::error::{detached_while, guard};
use crate::models::Model;

/// The most likely segmentation, as in SentencePiece.
///
/// Args:
///     vocab: Tokens and their scores, in order of id.
///     unk_id: The id of the unknown token.
///     byte_fallback: `<0x00>` tokens for what is unknown.
///     alpha: Sampling: smoothing of the distribution.
///     nbest_size: Sampling: out of the best so many.
///     seed: Sampling: where its draws start; without it they differ from call to call.
#[pyclass(extends = Model, module = "fissile.models", frozen)]
pub(crate) struct Unigram;

impl Unigram {
    fn read<T>(slf: &PyRef<'_, Self>, read: impl Fn(&UnigramOptions) -> T) -> PyResult<T> {
        slf.as_super().data("Unigram", |part| match part {
            Core::Unigram(unigram) => Some(read(unigram.options())),
            _ => None,
        })
    }

    fn write(slf: &PyRef<'_, Self>, write: impl Fn(&mut UnigramOptions)) -> PyResult<()> {
        let get = |part: &Core| match part {
            Core::Unigram(unigram) => Some(unigram.clone()),
            _ => None,
        };
        slf.as_super().edit_data("Unigram", get, Core::Unigram, |unigram| {
            let mut options = unigram.options().clone();
            write(&mut options);
            *unigram = guard(|| unigram.with_options(options))?;
            Ok(())
        })
    }
}

#[pymethods]
impl Unigram {
    #[new]
    #[pyo3(signature = (vocab=None, unk_id=None, byte_fallback=None, alpha=None, nbest_size=None, *, seed=None))]
    fn new(
        py: Python<'_>,
        vocab: Option<Vec<(String, f64)>>,
        unk_id: Option<usize>,
        byte_fallback: Option<bool>,
        alpha: Option<f64>,
        nbest_size: Option<i64>,
        seed: Option<u64>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let (pieces, unk_id, byte_fallback) = match (vocab, unk_id) {
            (Some(vocab), unk_id) => (vocab, unk_id, byte_fallback.unwrap_or_default()),
            // What an empty model is in the field: one unknown token.
            (None, None) => (vec![("<unk>".to_owned(), 0.0)], Some(0), false),
            (None, Some(_)) => {
                return Err(PyValueError::new_err("`vocab` and `unk_id` must be both specified"));
            }
        };
        let options = UnigramOptions { unk_id, byte_fallback, alpha, nbest_size, seed };
        let part = detached_while(py, "Error while loading Unigram: ", || {
            core::Unigram::new(pieces, options)
        })?;
        Ok(PyClassInitializer::from(Model::of(Core::Unigram(part))).add_subclass(Self))
    }

    /// Taken for compatibility: caches follow every change by themselves.
    fn _clear_cache(&self) {}

    /// Taken for compatibility: caches are sized by the core.
    fn _resize_cache(&self, capacity: usize) {
        let _ = capacity;
    }

    /// Sampling: smoothing of the distribution.
    #[getter]
    fn alpha(slf: PyRef<'_, Self>) -> PyResult<Option<f64>> {
        Self::read(&slf, |options| options.alpha)
    }

    #[setter]
    fn set_alpha(slf: PyRef<'_, Self>, alpha: Option<f64>) -> PyResult<()> {
        Self::write(&slf, |options| options.alpha = alpha)
    }

    /// Sampling: out of the best so many.
    #[getter]
    fn nbest_size(slf: PyRef<'_, Self>) -> PyResult<Option<i64>> {
        Self::read(&slf, |options| options.nbest_size)
    }

    #[setter]
    fn set_nbest_size(slf: PyRef<'_, Self>, nbest_size: Option<i64>) -> PyResult<()> {
        Self::write(&slf, |options| options.nbest_size = nbest_size)
    }
}
