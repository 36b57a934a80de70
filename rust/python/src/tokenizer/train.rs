//! Training: the model of a tokenizer is made anew from texts.
//!
//! Texts are pulled batch by batch, and counted while other Python threads run. Nothing is locked: an
//! iterator may use the tokenizer that is being trained. Whatever fails, the tokenizer stays as it was;
//! it changes at the very end, all at once.

use pyo3::prelude::*;

use crate::convert::PathText;
use crate::tokenizer::Tokenizer;
use crate::trainers::Trainer;
use crate::trainers::counts::{WordCounts, table_of};
use crate::trainers::run::Run;
use crate::trainers::texts::Texts;

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
        run.finish(py, self, &counts, trainer, false)
    }

    /// Train the model on an iterator of texts or of lists of texts, or on a column of texts.
    ///
    /// Args:
    ///     iterator: Anything that gives texts, iterables of texts, or Arrow batches; or an Arrow object
    ///         with one column of texts, or one called "text", which is read where it lies.
    ///     trainer: What to train with; the model's own trainer by default.
    ///     length: How many items there are, to show how far training has come.
    ///     progress: Called now and then with the stage, how much of it is done and of how much, instead
    ///         of showing a bar; what it raises stops the training.
    #[pyo3(signature = (iterator, trainer=None, length=None, *, progress=None))]
    fn train_from_iterator(
        &self,
        iterator: &Bound<'_, PyAny>,
        trainer: Option<&Trainer>,
        length: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let py = iterator.py();
        let run = Run::new(self, trainer)?.shown_by(progress);
        let counts = run.count_texts(py, Texts::new(iterator)?, length)?;
        run.finish(py, self, &counts, trainer, false)
    }

    /// Train the model on words that were counted before.
    ///
    /// Args:
    ///     counts: A `WordCounts`, or what one can be made of: a mapping, an Arrow table, pairs. The words
    ///         are those that the model sees: normalized and pre-tokenized.
    ///     trainer: What to train with; the model's own trainer by default.
    ///     progress: As for `train_from_iterator`.
    #[pyo3(signature = (counts, trainer=None, *, progress=None))]
    fn train_from_counts(
        &self,
        counts: &Bound<'_, PyAny>,
        trainer: Option<&Trainer>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let run = Run::new(self, trainer)?.shown_by(progress);
        run.finish(counts.py(), self, &*table_of(counts)?, trainer, false)
    }

    /// Count the words that this tokenizer's normalizer and pre-tokenizer make of texts.
    ///
    /// Args:
    ///     iterator: As for `train_from_iterator`.
    ///     length: How many items there are, for `progress`.
    ///     progress: As for `train_from_iterator`.
    #[pyo3(signature = (iterator, length=None, *, progress=None))]
    fn count_words(
        &self,
        iterator: &Bound<'_, PyAny>,
        length: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<WordCounts> {
        let run = Run::new(self, None)?.shown_by(progress);
        run.count_in_order(iterator.py(), Texts::new(iterator)?, length).map(WordCounts::from)
    }

    /// Train on new texts and keep what the model knows: every token keeps its id, every merge its place.
    ///
    /// New tokens come behind the old ones, those that were added to the tokenizer included.
    ///
    /// Args:
    ///     iterator: As for `train_from_iterator`.
    ///     trainer: The settings; `vocab_size` includes the old tokens.
    ///     length: How many items there are, to show how far training has come.
    ///     progress: As for `train_from_iterator`.
    #[pyo3(signature = (iterator, trainer, length=None, *, progress=None))]
    fn extend_from_iterator(
        &self,
        iterator: &Bound<'_, PyAny>,
        trainer: &Trainer,
        length: Option<usize>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let py = iterator.py();
        let run = Run::new(self, Some(trainer))?.shown_by(progress);
        let counts = run.count_texts(py, Texts::new(iterator)?, length)?;
        run.finish(py, self, &counts, Some(trainer), true)
    }

    /// As `extend_from_iterator`, on words that were counted before.
    #[pyo3(signature = (counts, trainer, *, progress=None))]
    fn extend_from_counts(
        &self,
        counts: &Bound<'_, PyAny>,
        trainer: &Trainer,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let run = Run::new(self, Some(trainer))?.shown_by(progress);
        run.finish(counts.py(), self, &*table_of(counts)?, Some(trainer), true)
    }
}
