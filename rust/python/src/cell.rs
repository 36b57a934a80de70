//! Where mutability lives: shared cells over the core's immutable parts.
//!
//! Python may edit a part in place (`tokenizer.pre_tokenizer[0] = …`, `normalizer.lowercase = False`)
//! and expects every holder of the part to see it. So each Python object holds a [`Shared`] cell, and
//! a tokenizer holds the cells of its parts. An edit swaps the cell's content and moves one global
//! [epoch](epoch); a tokenizer whose epoch is stale collects its parts anew before its next call. No
//! lock is held at any time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use pyo3::PyResult;

static EPOCH: AtomicU64 = AtomicU64::new(0);

/// How often any part of this process was edited.
pub(crate) fn epoch() -> u64 {
    EPOCH.load(Ordering::Acquire)
}

fn advance() {
    EPOCH.fetch_add(1, Ordering::AcqRel);
}

/// A part of the core that can be put into a cell.
pub(crate) trait Part: Clone + Send + Sync + 'static {
    /// The members, when this is a sequence.
    fn members(&self) -> Option<&[Self]>;
    /// A sequence of members.
    fn sequence(members: Vec<Self>) -> Self;
}

/// What a cell holds: a part, or the cells of a sequence's members.
pub(crate) enum Node<P> {
    /// A part that is no sequence.
    Leaf(P),
    /// A sequence, each member editable on its own.
    Sequence(Vec<Shared<P>>),
}

/// A cell that several Python objects and tokenizers hold.
pub(crate) type Shared<P> = Arc<Cell<P>>;

/// One editable part.
pub(crate) struct Cell<P> {
    node: ArcSwap<Node<P>>,
}

impl<P: Part> Cell<P> {
    /// A cell with `part` in it; a sequence is taken apart into one cell a member.
    pub(crate) fn of(part: P) -> Shared<P> {
        Arc::new(Self { node: ArcSwap::from_pointee(Node::of(part)) })
    }

    /// A cell with a sequence of existing cells in it.
    pub(crate) fn sequence(members: Vec<Shared<P>>) -> Shared<P> {
        Arc::new(Self { node: ArcSwap::from_pointee(Node::Sequence(members)) })
    }

    /// What is in it.
    pub(crate) fn node(&self) -> Arc<Node<P>> {
        self.node.load_full()
    }

    /// The part in it, members collected.
    pub(crate) fn part(&self) -> P {
        match &**self.node.load() {
            Node::Leaf(part) => part.clone(),
            Node::Sequence(members) => {
                P::sequence(members.iter().map(|cell| cell.part()).collect())
            }
        }
    }

    /// Put something else in.
    pub(crate) fn set(&self, node: Arc<Node<P>>) {
        self.node.store(node);
        advance();
    }

    /// Put another part in.
    pub(crate) fn set_part(&self, part: P) {
        self.set(Arc::new(Node::of(part)));
    }

    /// Edit the part in it: `edit` may run again when another thread was faster.
    pub(crate) fn edit(&self, edit: impl Fn(&Node<P>) -> PyResult<P>) -> PyResult<()> {
        loop {
            let old = self.node.load_full();
            let new = Arc::new(Node::of(edit(&old)?));
            let before = self.node.compare_and_swap(&old, new);
            if Arc::ptr_eq(&before, &old) {
                advance();
                return Ok(());
            }
        }
    }

    /// Append every node reachable from here: two equal lists (by pointer) mean an unchanged part.
    pub(crate) fn trace(&self, trail: &mut Vec<Arc<Node<P>>>) {
        let node = self.node.load_full();
        trail.push(node.clone());
        if let Node::Sequence(members) = &*node {
            for cell in members {
                cell.trace(trail);
            }
        }
    }
}

impl<P: Part> Node<P> {
    fn of(part: P) -> Self {
        match part.members() {
            Some(members) => Self::Sequence(members.iter().cloned().map(Cell::of).collect()),
            None => Self::Leaf(part),
        }
    }
}
