//! Training: the model of a tokenizer is made anew from texts.
//!
//! Texts are pulled batch by batch, and counted while other Python threads run. Nothing is locked: an
//! iterator may use the tokenizer that is being trained. Whatever fails, the tokenizer stays as it was;
//! it changes at the very end, all at once.

use pyo3::prelude::*;

use crate::convert::PathText;
use crate::tokenizer::Tokenizer;
use crate::trainers::Trainer;
use crate::trainers::run::{Run, Texts};

#[pymethods]
impl Tokenizer {
    /// Train the model on files, line by line.
    ///
    /// Args:
    ///     files: Paths of text files in UTF-8.
    ///     trainer: What to train with; the model's own trainer by default.
    #[pyo3(signature = (files, trainer=None))]
    fn train(
        &self,
        py: Python<'_>,
        files: Vec<PathText>,
        trainer: Option<&Trainer>,
    ) -> PyResult<()> {
        let files: Vec<String> = files.into_iter().map(|path| path.0).collect();
        let run = Run::new(self, trainer)?;
        let counts = run.count_files(py, &files)?;
        run.finish(py, self, &counts, trainer)
    }

    /// Train the model on an iterator of texts or of lists of texts.
    ///
    /// Args:
    ///     iterator: Anything that gives texts, or iterables of texts.
    ///     trainer: What to train with; the model's own trainer by default.
    ///     length: How many items there are, to show how far training has come.
    #[pyo3(signature = (iterator, trainer=None, length=None))]
    fn train_from_iterator(
        &self,
        iterator: &Bound<'_, PyAny>,
        trainer: Option<&Trainer>,
        length: Option<usize>,
    ) -> PyResult<()> {
        let py = iterator.py();
        let run = Run::new(self, trainer)?;
        let counts = run.count_texts(py, Texts::new(iterator)?, length)?;
        run.finish(py, self, &counts, trainer)
    }
}
