//! Pruning: a smaller tokenizer, and which rows of an embedding matrix stay.

use std::sync::Arc;

use fissile_core::TokenId;
use fissile_train::{Pruner, WordCounts};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::tokenizer::Tokenizer;
use crate::trainers::counts::table_of;
use crate::trainers::run::Run;
use crate::trainers::texts::Texts;

/// A tokenizer with a part of another one's vocabulary, and where its tokens were before.
#[pyclass(module = "fissile.trainers", frozen)]
pub(crate) struct Pruned {
    /// The smaller tokenizer.
    #[pyo3(get)]
    tokenizer: Py<Tokenizer>,
    /// For each id of the smaller tokenizer the one that the token had before.
    #[pyo3(get)]
    old_ids: Vec<TokenId>,
    before: usize,
}

#[pymethods]
impl Pruned {
    /// For each id that there was before the one that the token has now; `None` where it is gone.
    #[getter]
    fn new_ids(&self) -> Vec<Option<TokenId>> {
        let mut new_ids = vec![None; self.before];
        for (new, &old) in (0..).zip(&self.old_ids) {
            if let Some(place) = new_ids.get_mut(old as usize) {
                *place = Some(new);
            }
        }
        new_ids
    }

    fn __repr__(&self) -> String {
        format!("Pruned({} of {} tokens)", self.old_ids.len(), self.before)
    }
}

#[pymethods]
impl Tokenizer {
    /// A tokenizer with the tokens that texts use most; this one stays as it is.
    #[pyo3(signature = (size=None, *, texts=None, counts=None, min_count=0, keep=Vec::new(), drop=Vec::new(), progress=None), text_signature = "($self, size=None, *, texts=None, counts=None, min_count=0, keep=[], drop=[], progress=None)")]
    #[expect(clippy::too_many_arguments, reason = "the keywords of a Python method")]
    fn prune(
        &self,
        py: Python<'_>,
        size: Option<usize>,
        texts: Option<&Bound<'_, PyAny>>,
        counts: Option<&Bound<'_, PyAny>>,
        min_count: u64,
        keep: Vec<String>,
        drop: Vec<String>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Pruned> {
        let run = Run::new(self, None)?.shown_by(progress);
        let table = match (texts, counts) {
            (None, None) => Arc::new(WordCounts::new()),
            (Some(texts), None) => Arc::new(run.count_texts(py, Texts::new(texts)?, None)?),
            (None, Some(counts)) => table_of(counts)?,
            (Some(_), Some(_)) => {
                return Err(PyTypeError::new_err("prune takes texts or counts, not both"));
            }
        };
        let pruned = run.prune(py, &Pruner { size, min_count, keep, drop }, &table)?;
        let ids = run.core().vocab(true).into_iter().map(|(_, id)| id as usize + 1);
        Ok(Pruned {
            tokenizer: Py::new(py, Self::from(pruned.tokenizer))?,
            old_ids: pruned.old_ids,
            before: ids.max().unwrap_or_default(),
        })
    }
}
