//! Training: the doors stand, the trainers have not moved in.

use pyo3::prelude::*;

use crate::convert::PathText;
use crate::tokenizer::Tokenizer;
use crate::trainers::{Trainer, not_yet};

#[pymethods]
impl Tokenizer {
    /// Train the model on files, line by line.
    #[pyo3(signature = (files, trainer=None))]
    fn train(&self, files: Vec<PathText>, trainer: Option<&Trainer>) -> PyResult<()> {
        let _ = (files, trainer);
        Err(not_yet())
    }

    /// Train the model on an iterator of texts or of lists of texts.
    #[pyo3(signature = (iterator, trainer=None, length=None))]
    fn train_from_iterator(
        &self,
        iterator: &Bound<'_, PyAny>,
        trainer: Option<&Trainer>,
        length: Option<usize>,
    ) -> PyResult<()> {
        let _ = (iterator.try_iter()?, trainer, length);
        Err(not_yet())
    }
}
