//! `fissile.trainers`: the settings that training takes.

mod classes;
pub(crate) mod counts;
mod parity;
pub(crate) mod run;
mod settings;
pub(crate) mod texts;

pub(crate) use classes::{BpeTrainer, UnigramTrainer, WordLevelTrainer, WordPieceTrainer};
pub(crate) use parity::ParityBpeTrainer;
pub(crate) use settings::{Kind, Settings};

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arc_swap::ArcSwap;
use fissile_core::models::Model;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::convert::utf8;
use crate::error::{guard, prefixed};
use crate::printer::Printer;

/// What all trainers have in common: settings.
#[pyclass(module = "fissile.trainers", subclass, frozen)]
pub(crate) struct Trainer {
    settings: ArcSwap<Settings>,
    /// How many distinct words the last training counted.
    word_count: AtomicUsize,
}

impl From<Settings> for Trainer {
    fn from(settings: Settings) -> Self {
        Self { settings: ArcSwap::from_pointee(settings), word_count: AtomicUsize::new(0) }
    }
}

impl Trainer {
    /// The settings as they are now.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        self.settings.load_full()
    }

    /// How many distinct words the last training counted.
    pub(crate) fn word_count(&self) -> usize {
        self.word_count.load(Ordering::Relaxed)
    }

    /// Remember how many distinct words were counted.
    pub(crate) fn set_word_count(&self, count: usize) {
        self.word_count.store(count, Ordering::Relaxed);
    }

    /// Edit the settings.
    fn edit(&self, edit: impl FnOnce(&mut Settings)) {
        let mut settings = (*self.settings()).clone();
        edit(&mut settings);
        self.settings.store(Arc::new(settings));
    }
}

#[pymethods]
impl Trainer {
    fn __getstate__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.settings().to_json().as_bytes())
    }

    fn __setstate__(&self, state: &Bound<'_, PyBytes>) -> PyResult<()> {
        let json = utf8(state.as_bytes())?;
        let settings = guard(|| Settings::from_json(json)).map_err(|error| {
            prefixed(state.py(), "Error while attempting to unpickle PyTrainer: ", error)
        })?;
        self.settings.store(Arc::new(settings));
        Ok(())
    }

    fn __repr__(&self) -> PyResult<String> {
        Printer::repr().print(&*self.settings())
    }

    fn __str__(&self) -> PyResult<String> {
        Printer::str().print(&*self.settings())
    }
}

/// The trainer of a model's kind, with its default settings.
pub(crate) fn default_for(py: Python<'_>, model: &Model) -> PyResult<Py<PyAny>> {
    let base = |kind| PyClassInitializer::from(Trainer::from(Settings::new(kind)));
    Ok(match model {
        Model::Bpe(_) => Py::new(py, base(Kind::Bpe).add_subclass(BpeTrainer))?.into_any(),
        Model::WordPiece(_) => {
            Py::new(py, base(Kind::WordPiece).add_subclass(WordPieceTrainer))?.into_any()
        }
        Model::WordLevel(_) => {
            Py::new(py, base(Kind::WordLevel).add_subclass(WordLevelTrainer))?.into_any()
        }
        Model::Unigram(_) => {
            Py::new(py, base(Kind::Unigram).add_subclass(UnigramTrainer))?.into_any()
        }
    })
}

/// The module.
#[pymodule(gil_used = false)]
pub(crate) mod trainers {
    #[pymodule_export]
    use super::counts::WordCounts;
    #[pymodule_export]
    use super::{
        BpeTrainer, ParityBpeTrainer, Trainer, UnigramTrainer, WordLevelTrainer, WordPieceTrainer,
    };
    #[pymodule_export]
    use crate::tokenizer::prune::Pruned;
}
