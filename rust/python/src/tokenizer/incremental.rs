//! `IncrementalEncoder`: text that grows at its end.

use std::sync::{Mutex, MutexGuard, PoisonError};

use fissile_core::TokenId;
use fissile_core::tokenizer::IncrementalEncoder as Core;
use pyo3::prelude::*;

use crate::error::{detached, guard, plain};
use crate::tokenizer::Tokenizer;

/// The ids of a text that grows at its end, without encoding all of it anew.
///
/// Args:
///     tokenizer: What encodes. Later changes to it do not count here.
///     add_special_tokens: Put the tokens of the post-processor around the text.
#[pyclass(module = "fissile", frozen)]
pub(crate) struct IncrementalEncoder {
    /// Taken out while it works: a part written in Python may come back here.
    encoder: Mutex<Option<Core>>,
}

impl IncrementalEncoder {
    fn encoder(&self) -> MutexGuard<'_, Option<Core>> {
        self.encoder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<R>(&self, py: Python<'_>, read: impl FnOnce(&Core) -> R) -> PyResult<R> {
        self.encoder().as_ref().map(read).ok_or_else(|| busy(py))
    }
}

fn busy(py: Python<'_>) -> PyErr {
    plain(py, "this encoder is in the middle of another call")
}

#[pymethods]
impl IncrementalEncoder {
    #[new]
    #[pyo3(signature = (tokenizer, add_special_tokens=true))]
    fn new(tokenizer: &Tokenizer, add_special_tokens: bool) -> PyResult<Self> {
        let core = tokenizer.core()?;
        let encoder = guard(|| Core::new(&core, add_special_tokens))?;
        Ok(Self { encoder: Mutex::new(Some(encoder)) })
    }

    /// Add to the text: how many of the last ids no longer count, and the ids that come instead.
    fn append(&self, py: Python<'_>, text: &str) -> PyResult<(usize, Vec<TokenId>)> {
        let mut encoder = self.encoder().take().ok_or_else(|| busy(py))?;
        let change = if text.len() > crate::DETACH_BYTES {
            detached(py, || encoder.append(text))
        } else {
            guard(|| encoder.append(text))
        };
        *self.encoder() = Some(encoder);
        change.map(|change| (change.dropped, change.added))
    }

    /// The ids of the text so far.
    #[getter]
    fn ids(&self, py: Python<'_>) -> PyResult<Vec<TokenId>> {
        self.with(py, |encoder| encoder.ids().to_vec())
    }

    /// How many of the ids no addition changes any more.
    #[getter]
    fn settled(&self, py: Python<'_>) -> PyResult<usize> {
        self.with(py, Core::settled)
    }

    /// Whether anything is known to be safe: otherwise each addition encodes the whole text.
    #[getter]
    fn is_incremental(&self, py: Python<'_>) -> PyResult<bool> {
        self.with(py, Core::is_incremental)
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        self.with(py, |encoder| encoder.ids().len())
    }
}

#[pymethods]
impl Tokenizer {
    /// An encoder of text that grows at its end.
    #[pyo3(signature = (add_special_tokens=true))]
    fn incremental(&self, add_special_tokens: bool) -> PyResult<IncrementalEncoder> {
        IncrementalEncoder::new(self, add_special_tokens)
    }
}
