//! The state behind a Python tokenizer: the cells of its parts, and a core tokenizer made of them.
//!
//! A call takes the core tokenizer as it is at that moment and keeps it: whatever other threads set
//! meanwhile, the call is not disturbed. A change makes another core tokenizer, which shares all parts
//! but the changed one, and swaps it in; when two threads change at once, the slower one starts over.

use std::sync::Arc;

use arc_swap::ArcSwap;
use fissile_core::decoders::Decoder;
use fissile_core::models::Model;
use fissile_core::normalizers::Normalizer;
use fissile_core::post_processors::PostProcessor;
use fissile_core::pre_tokenizers::PreTokenizer;
use fissile_core::{Result, Tokenizer as Core};
use pyo3::PyResult;

use crate::cell::{Cell, Node, Part, Shared, epoch};
use crate::error::guard;

/// A part's cell and what was in it when the core tokenizer was made.
struct Linked<P> {
    cell: Shared<P>,
    trail: Vec<Arc<Node<P>>>,
}

impl<P> Clone for Linked<P> {
    fn clone(&self) -> Self {
        Self { cell: self.cell.clone(), trail: self.trail.clone() }
    }
}

impl<P: Part> Linked<P> {
    fn new(cell: Shared<P>) -> Self {
        let mut trail = Vec::new();
        cell.trace(&mut trail);
        Self { cell, trail }
    }

    fn of(part: &P) -> Self {
        Self::new(Cell::of(part.clone()))
    }

    /// The part and its new trail, if anything in the cell was edited.
    fn news(&self) -> Option<(P, Self)> {
        let fresh = Self::new(self.cell.clone());
        let same = fresh.trail.len() == self.trail.len()
            && fresh.trail.iter().zip(&self.trail).all(|(new, old)| Arc::ptr_eq(new, old));
        (!same).then(|| (fresh.cell.part(), fresh))
    }
}

/// The cells of all parts.
#[derive(Clone)]
struct Parts {
    model: Linked<Model>,
    normalizer: Option<Linked<Normalizer>>,
    pre_tokenizer: Option<Linked<PreTokenizer>>,
    post_processor: Option<Linked<PostProcessor>>,
    decoder: Option<Linked<Decoder>>,
}

impl Parts {
    fn of(core: &Core) -> Self {
        Self {
            model: Linked::of(core.model()),
            normalizer: core.normalizer().map(Linked::of),
            pre_tokenizer: core.pre_tokenizer().map(Linked::of),
            post_processor: core.post_processor().map(Linked::of),
            decoder: core.decoder().map(Linked::of),
        }
    }
}

struct State {
    core: Arc<Core>,
    parts: Parts,
    /// The epoch in which `core` was made of `parts`.
    epoch: u64,
}

impl State {
    /// The same, with every part that was edited since put into the core tokenizer.
    fn refreshed(&self) -> Result<Self> {
        // Read first: an edit that comes in while parts are collected makes the state stale again.
        let now = epoch();
        let mut core = (*self.core).clone();
        let mut parts = self.parts.clone();
        if let Some((part, linked)) = parts.model.news() {
            core.set_model(part);
            parts.model = linked;
        }
        if let Some((part, linked)) = parts.normalizer.as_ref().and_then(Linked::news) {
            core.set_normalizer(Some(part))?;
            parts.normalizer = Some(linked);
        }
        if let Some((part, linked)) = parts.pre_tokenizer.as_ref().and_then(Linked::news) {
            core.set_pre_tokenizer(Some(part));
            parts.pre_tokenizer = Some(linked);
        }
        if let Some((part, linked)) = parts.post_processor.as_ref().and_then(Linked::news) {
            core.set_post_processor(Some(part));
            parts.post_processor = Some(linked);
        }
        if let Some((part, linked)) = parts.decoder.as_ref().and_then(Linked::news) {
            core.set_decoder(Some(part));
            parts.decoder = Some(linked);
        }
        Ok(Self { core: Arc::new(core), parts, epoch: now })
    }
}

/// The state of a Python tokenizer.
pub(crate) struct Handle {
    state: ArcSwap<State>,
}

impl Handle {
    /// A handle of a core tokenizer, with new cells for its parts.
    pub(crate) fn of(core: Core) -> Self {
        let now = epoch();
        let parts = Parts::of(&core);
        Self { state: ArcSwap::from_pointee(State { core: Arc::new(core), parts, epoch: now }) }
    }

    /// A handle of nothing but a model.
    pub(crate) fn of_model(cell: Shared<Model>) -> PyResult<Self> {
        let now = epoch();
        let core = guard(|| Ok(Core::new(cell.part())))?;
        let mut parts = Parts::of(&core);
        parts.model = Linked::new(cell);
        Ok(Self { state: ArcSwap::from_pointee(State { core: Arc::new(core), parts, epoch: now }) })
    }

    /// The state, no part of it stale.
    fn fresh(&self) -> PyResult<Arc<State>> {
        loop {
            let state = self.state.load_full();
            if state.epoch == epoch() {
                return Ok(state);
            }
            let new = Arc::new(guard(|| state.refreshed())?);
            let before = self.state.compare_and_swap(&state, new.clone());
            if Arc::ptr_eq(&before, &state) {
                return Ok(new);
            }
        }
    }

    /// The core tokenizer as it is now.
    pub(crate) fn core(&self) -> PyResult<Arc<Core>> {
        Ok(self.fresh()?.core.clone())
    }

    /// Do something short with the core tokenizer as it is now, which is not counted as held meanwhile.
    pub(crate) fn with_core<R>(&self, work: impl FnOnce(&Core) -> PyResult<R>) -> PyResult<R> {
        let state = self.state.load();
        if state.epoch == epoch() { work(&state.core) } else { work(&*self.core()?) }
    }

    /// Another handle that shares everything as it is now, but no cell.
    pub(crate) fn copy(&self) -> PyResult<Self> {
        Ok(Self::of((*self.core()?).clone()))
    }

    /// Put another core tokenizer in place, with new cells.
    pub(crate) fn replace(&self, core: Core) {
        let Self { state } = Self::of(core);
        self.state.store(state.into_inner());
    }

    fn change<R>(&self, change: impl Fn(&mut Core, &mut Parts) -> Result<R>) -> PyResult<R> {
        loop {
            let state = self.fresh()?;
            let mut core = (*state.core).clone();
            let mut parts = state.parts.clone();
            let result = guard(|| change(&mut core, &mut parts))?;
            let new = Arc::new(State { core: Arc::new(core), parts, epoch: state.epoch });
            let before = self.state.compare_and_swap(&state, new);
            if Arc::ptr_eq(&before, &state) {
                return Ok(result);
            }
        }
    }

    /// Change what is not a part. `change` may run again when another thread was faster.
    pub(crate) fn update<R>(&self, change: impl Fn(&mut Core) -> Result<R>) -> PyResult<R> {
        self.change(|core, _| change(core))
    }

    /// The cell of the model.
    pub(crate) fn model(&self) -> Shared<Model> {
        self.state.load().parts.model.cell.clone()
    }

    /// Use another model.
    pub(crate) fn set_model(&self, cell: &Shared<Model>) -> PyResult<()> {
        self.change(|core, parts| {
            parts.model = Linked::new(cell.clone());
            core.set_model(cell.part());
            Ok(())
        })
    }

    /// Put a trained model in place: `install` makes a core tokenizer with it. The model's cell stays,
    /// so that whoever holds it sees the model trained.
    pub(crate) fn retrain<R>(
        &self,
        model: &Model,
        install: impl Fn(&Core) -> Result<(Core, R)>,
    ) -> PyResult<R> {
        let node = Arc::new(Node::Leaf(model.clone()));
        let result = self.change(|core, parts| {
            let (trained, result) = install(core)?;
            *core = trained;
            parts.model.trail = vec![node.clone()];
            Ok(result)
        })?;
        self.model().set(node);
        Ok(result)
    }

    /// The cell of the normalizer.
    pub(crate) fn normalizer(&self) -> Option<Shared<Normalizer>> {
        self.state.load().parts.normalizer.as_ref().map(|part| part.cell.clone())
    }

    /// Use another normalizer, or none.
    pub(crate) fn set_normalizer(&self, cell: Option<&Shared<Normalizer>>) -> PyResult<()> {
        self.change(|core, parts| {
            parts.normalizer = cell.cloned().map(Linked::new);
            core.set_normalizer(cell.map(|cell| cell.part()))
        })
    }

    /// The cell of the pre-tokenizer.
    pub(crate) fn pre_tokenizer(&self) -> Option<Shared<PreTokenizer>> {
        self.state.load().parts.pre_tokenizer.as_ref().map(|part| part.cell.clone())
    }

    /// Use another pre-tokenizer, or none.
    pub(crate) fn set_pre_tokenizer(&self, cell: Option<&Shared<PreTokenizer>>) -> PyResult<()> {
        self.change(|core, parts| {
            parts.pre_tokenizer = cell.cloned().map(Linked::new);
            core.set_pre_tokenizer(cell.map(|cell| cell.part()));
            Ok(())
        })
    }

    /// The cell of the post-processor.
    pub(crate) fn post_processor(&self) -> Option<Shared<PostProcessor>> {
        self.state.load().parts.post_processor.as_ref().map(|part| part.cell.clone())
    }

    /// Use another post-processor, or none.
    pub(crate) fn set_post_processor(&self, cell: Option<&Shared<PostProcessor>>) -> PyResult<()> {
        self.change(|core, parts| {
            parts.post_processor = cell.cloned().map(Linked::new);
            core.set_post_processor(cell.map(|cell| cell.part()));
            Ok(())
        })
    }

    /// The cell of the decoder.
    pub(crate) fn decoder(&self) -> Option<Shared<Decoder>> {
        self.state.load().parts.decoder.as_ref().map(|part| part.cell.clone())
    }

    /// Use another decoder, or none.
    pub(crate) fn set_decoder(&self, cell: Option<&Shared<Decoder>>) -> PyResult<()> {
        self.change(|core, parts| {
            parts.decoder = cell.cloned().map(Linked::new);
            core.set_decoder(cell.map(|cell| cell.part()));
            Ok(())
        })
    }
}
