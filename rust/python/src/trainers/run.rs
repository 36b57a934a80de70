//! One training, from texts to a changed tokenizer.

use fissile_core::models::Model;
use fissile_core::{Result, Tokenizer as Core};
use fissile_train::count::for_each_batch_of_lines;
use fissile_train::{
    Counter, Progress, Pruned, Pruner, Stage, Trainer as Engine, WordCounts, install,
};
use pyo3::prelude::*;

use crate::error::{detached, external, guard, warn_user};
use crate::tokenizer::Tokenizer;
use crate::trainers::settings::{ProgressFormat, Settings};
use crate::trainers::texts::Texts;
use crate::trainers::{Kind, Trainer};

/// What is trained, and how.
pub(crate) struct Run {
    core: std::sync::Arc<Core>,
    model: Model,
    engine: Engine,
    settings: std::sync::Arc<Settings>,
    callback: Option<Py<PyAny>>,
}

impl Run {
    /// Train `tokenizer`; without a trainer, with its model's own.
    pub(crate) fn new(tokenizer: &Tokenizer, trainer: Option<&Trainer>) -> PyResult<Self> {
        let core = tokenizer.handle.core()?;
        let model = core.model().clone();
        let settings = trainer.map_or_else(
            || std::sync::Arc::new(Settings::new(Kind::of(&model))),
            Trainer::settings,
        );
        let engine = settings.engine();
        guard(|| engine.check(&model))?;
        Ok(Self { core, model, engine, settings, callback: None })
    }

    /// Show progress in the caller's own way.
    pub(crate) fn shown_by(mut self, callback: Option<&Bound<'_, PyAny>>) -> Self {
        self.callback = callback.map(|callback| callback.clone().unbind());
        self
    }

    /// The tokenizer as it was when this began.
    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    fn shown(&self, py: Python<'_>) -> PyResult<Shown> {
        Shown::new(py, &self.settings, self.callback.as_ref().map(|callback| callback.bind(py)))
    }

    /// Count the words of files.
    pub(crate) fn count_files(&self, py: Python<'_>, files: &[String]) -> PyResult<WordCounts> {
        let mut shown = self.shown(py)?;
        detached(py, || {
            let mut counter = Counter::new(&self.core, None);
            let mut lines = 0;
            for_each_batch_of_lines(files, |batch| {
                lines += batch.len();
                counter.add(batch)?;
                shown.show(Stage::Words, lines, 0)
            })?;
            let mut progress = shown.listening();
            if self.engine.needs_order() {
                counter.finish(&mut progress)
            } else {
                counter.finish_unordered(&mut progress)
            }
        })
    }

    /// Count the words of texts.
    pub(crate) fn count_texts(
        &self,
        py: Python<'_>,
        texts: Texts<'_>,
        length: Option<usize>,
    ) -> PyResult<WordCounts> {
        let ordered = self.engine.needs_order();
        count_texts(py, &self.core, texts, &mut self.shown(py)?, length.unwrap_or(0), ordered)
    }

    /// The same, in order of the words.
    pub(crate) fn count_in_order(
        &self,
        py: Python<'_>,
        texts: Texts<'_>,
        length: Option<usize>,
    ) -> PyResult<WordCounts> {
        count_texts(py, &self.core, texts, &mut self.shown(py)?, length.unwrap_or(0), true)
    }

    /// Prune the tokenizer's vocabulary to what the counted words use.
    pub(crate) fn prune(
        &self,
        py: Python<'_>,
        pruner: &Pruner,
        counts: &WordCounts,
    ) -> PyResult<Pruned> {
        let mut shown = self.shown(py)?;
        detached(py, || pruner.prune(&self.core, counts, &mut shown.listening()))
    }

    /// Train the model and put it into the tokenizer. With `extend`, what it knows already stays.
    pub(crate) fn finish(
        &self,
        py: Python<'_>,
        tokenizer: &Tokenizer,
        counts: &WordCounts,
        trainer: Option<&Trainer>,
        extend: bool,
    ) -> PyResult<()> {
        let mut shown = self.shown(py)?;
        let model = detached(py, || {
            let mut progress = shown.listening();
            if extend {
                let added = self.core.added_tokens().texts();
                let added: Vec<_> = added.map(|(text, id)| (text.to_owned(), id)).collect();
                self.engine.extend(&self.model, &added, counts, &mut progress)
            } else {
                self.engine.train(&self.model, counts, &mut progress)
            }
        })?;
        if let Some(trainer) = trainer {
            trainer.set_word_count(counts.len());
        }
        put_into(py, tokenizer, &model, self.engine.special_tokens())
    }
}

/// Count the words that `core` makes of texts.
pub(crate) fn count_texts(
    py: Python<'_>,
    core: &Core,
    mut texts: Texts<'_>,
    shown: &mut Shown,
    length: usize,
    ordered: bool,
) -> PyResult<WordCounts> {
    let mut counter = Counter::new(core, None);
    let mut counted = 0;
    while let Some(batch) = texts.batch()? {
        detached(py, || {
            batch.each_part(|part| {
                counted += part.len();
                counter.add(part)?;
                shown.show(Stage::Words, counted, length)
            })
        })?;
    }
    detached(py, || {
        let mut progress = shown.listening();
        if ordered {
            counter.finish(&mut progress)
        } else {
            counter.finish_unordered(&mut progress)
        }
    })
}

/// Put a trained model into a tokenizer, with the special tokens it was trained with.
pub(crate) fn put_into(
    py: Python<'_>,
    tokenizer: &Tokenizer,
    model: &Model,
    special_tokens: &[fissile_core::AddedToken],
) -> PyResult<()> {
    let renumbered = tokenizer.handle.retrain(model, |core| {
        let installed = install(core, model.clone(), special_tokens)?;
        Ok((installed.tokenizer, installed.renumbered))
    })?;
    let Some((token, old, new)) = renumbered.first() else { return Ok(()) };
    warn_user(
        py,
        &format!(
            "{} of the tokens that were added before training got another id, since theirs are \
             taken by the trained vocabulary: '{token}' had {old}, has {new}. Hint: name such \
             tokens in the trainer's special_tokens, or add them after training",
            renumbered.len()
        ),
    )
}

/// Shows progress where it is wanted, and looks for Ctrl-C everywhere.
pub(crate) struct Shown {
    format: ProgressFormat,
    /// Called with the stage, how much of it is done, and of how much (0: nobody knows).
    callback: Option<Py<PyAny>>,
}

impl Shown {
    /// A caller's own `callback` takes the place of the bar.
    fn new(
        py: Python<'_>,
        settings: &Settings,
        callback: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        match callback {
            Some(callback) => Ok(Self {
                format: ProgressFormat::Silent,
                callback: Some(callback.clone().unbind()),
            }),
            None => Self::with(py, settings.progress_format, settings.show_progress),
        }
    }

    /// `bar` says whether a bar is wanted, should the format be one and somebody watch.
    pub(crate) fn with(py: Python<'_>, format: ProgressFormat, bar: bool) -> PyResult<Self> {
        let mut callback = None;
        if bar && format == ProgressFormat::Bar {
            let made = py.import("fissile.tools.progress")?.call_method0("bar")?;
            callback = (!made.is_none()).then(|| made.unbind());
        }
        Ok(Self { format, callback })
    }

    /// Something to tell it to.
    pub(crate) fn listening(&mut self) -> Progress<'_> {
        Progress::to(|stage, done, total| self.show(stage, done, total))
    }

    /// Tell how much of a stage is done; `total` is 0 where it is not known.
    pub(crate) fn show(&mut self, stage: Stage, done: usize, total: usize) -> Result<()> {
        let name = stage.name();
        Python::attach(|py| {
            py.check_signals()?;
            if let Some(callback) = &self.callback {
                callback.call1(py, (name, done, total))?;
            }
            Ok(())
        })
        .map_err(external)?;
        if self.format == ProgressFormat::JsonLines {
            eprintln!(r#"{{"stage":"{name}","current":{done},"total":{total}}}"#);
        }
        Ok(())
    }
}
