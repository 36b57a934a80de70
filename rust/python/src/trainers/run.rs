//! One training, from texts to a changed tokenizer.

use std::io::IsTerminal;

use fissile_core::models::Model;
use fissile_core::{Result, Tokenizer as Core};
use fissile_train::count::{BATCH_BYTES, for_each_batch_of_lines};
use fissile_train::{Counter, Progress, Stage, Trainer as Engine, WordCounts, install};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyIterator, PyString};

use crate::error::{detached, external, guard, warn_user};
use crate::tokenizer::Tokenizer;
use crate::trainers::settings::{ProgressFormat, Settings};
use crate::trainers::{Kind, Trainer};

/// Items of an iterator after which a batch is counted, however short they are.
const BATCH_ITEMS: usize = 1 << 16;

/// Texts out of a Python iterator, which gives texts or iterables of texts.
pub(crate) struct Texts<'py> {
    items: Bound<'py, PyIterator>,
    /// The iterable that was given out by `items` last, while it lasts.
    inner: Option<Bound<'py, PyIterator>>,
}

impl<'py> Texts<'py> {
    /// The texts of anything that can be iterated over.
    pub(crate) fn new(iterator: &Bound<'py, PyAny>) -> PyResult<Self> {
        Ok(Self { items: iterator.try_iter()?, inner: None })
    }

    fn next(&mut self) -> PyResult<Option<PyBackedStr>> {
        loop {
            if let Some(inner) = &mut self.inner {
                match inner.next().transpose()? {
                    Some(item) => return text(&item).map(Some),
                    None => self.inner = None,
                }
            }
            let Some(item) = self.items.next().transpose()? else { return Ok(None) };
            if item.is_instance_of::<PyString>() {
                return text(&item).map(Some);
            }
            let inner = item.try_iter();
            self.inner = Some(inner.map_err(|_| no_text(&item, "a str or an iterable of str"))?);
        }
    }

    /// Texts enough for a batch; none at the end.
    fn batch(&mut self) -> PyResult<Vec<PyBackedStr>> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while bytes < BATCH_BYTES && batch.len() < BATCH_ITEMS {
            let Some(text) = self.next()? else { break };
            bytes += text.len();
            batch.push(text);
        }
        Ok(batch)
    }
}

fn text(item: &Bound<'_, PyAny>) -> PyResult<PyBackedStr> {
    let text = item.cast::<PyString>().map_err(|_| no_text(item, "a str"))?;
    PyBackedStr::try_from(text.clone())
}

fn no_text(item: &Bound<'_, PyAny>, wanted: &str) -> PyErr {
    let kind = item.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
    let shown = item.repr().map_or_else(|_| String::new(), |repr| repr.to_string());
    let shown: String = shown.chars().take(80).collect();
    PyTypeError::new_err(format!(
        "'{kind}' object is not an instance of 'str': texts to train on must be {wanted}, not {shown}"
    ))
}

/// What is trained, and how.
pub(crate) struct Run {
    core: std::sync::Arc<Core>,
    model: Model,
    engine: Engine,
    settings: std::sync::Arc<Settings>,
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
        Ok(Self { core, model, engine, settings })
    }

    /// Count the words of files.
    pub(crate) fn count_files(&self, py: Python<'_>, files: &[String]) -> PyResult<WordCounts> {
        detached(py, || {
            let mut counter = Counter::new(&self.core, None);
            let mut shown = Shown::new(&self.settings);
            let mut lines = 0;
            for_each_batch_of_lines(files, |batch| {
                lines += batch.len();
                counter.add(batch)?;
                shown.show(Stage::Words, lines, 0)
            })?;
            counter.finish()
        })
    }

    /// Count the words of texts.
    pub(crate) fn count_texts(
        &self,
        py: Python<'_>,
        texts: Texts<'_>,
        length: Option<usize>,
    ) -> PyResult<WordCounts> {
        let mut shown = Shown::new(&self.settings);
        count_texts(py, &self.core, texts, &mut shown, length.unwrap_or(0))
    }

    /// Train the model and put it into the tokenizer.
    pub(crate) fn finish(
        &self,
        py: Python<'_>,
        tokenizer: &Tokenizer,
        counts: &WordCounts,
        trainer: Option<&Trainer>,
    ) -> PyResult<()> {
        let model = detached(py, || {
            let mut shown = Shown::new(&self.settings);
            let mut progress =
                Progress::to(move |stage, done, total| shown.show(stage, done, total));
            self.engine.train(&self.model, counts, &mut progress)
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
) -> PyResult<WordCounts> {
    let mut counter = Counter::new(core, None);
    let mut counted = 0;
    loop {
        let batch = texts.batch()?;
        if batch.is_empty() {
            break;
        }
        counted += batch.len();
        detached(py, || {
            counter.add(&batch)?;
            shown.show(Stage::Words, counted, length)
        })?;
    }
    detached(py, || counter.finish())
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
    bar: bool,
    stage: Option<Stage>,
}

impl Shown {
    fn new(settings: &Settings) -> Self {
        let wanted = settings.show_progress && is_terminal();
        Self::with(settings.progress_format, wanted)
    }

    /// `bar` says whether a bar is wanted, should the format be one.
    pub(crate) fn with(format: ProgressFormat, bar: bool) -> Self {
        Self { format, bar: bar && format == ProgressFormat::Bar, stage: None }
    }

    /// Tell how much of a stage is done; `total` is 0 where it is not known.
    pub(crate) fn show(&mut self, stage: Stage, done: usize, total: usize) -> Result<()> {
        let check = |py: Python<'_>| py.check_signals();
        Python::attach(check).map_err(external)?;
        let name = stage.name();
        match self.format {
            ProgressFormat::JsonLines => {
                eprintln!(r#"{{"stage":"{name}","current":{done},"total":{total}}}"#);
            }
            ProgressFormat::Bar if self.bar => {
                if self.stage.is_some_and(|before| before != stage) {
                    eprintln!();
                }
                eprint!("\r{name:<30} {done:>9}/{total:<9}");
                if total > 0 && done >= total {
                    eprintln!();
                    self.stage = None;
                    return Ok(());
                }
            }
            _ => {}
        }
        self.stage = Some(stage);
        Ok(())
    }
}

/// Whether somebody watches.
pub(crate) fn is_terminal() -> bool {
    std::io::stderr().is_terminal()
}
