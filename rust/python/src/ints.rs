//! Python integers for ids, each made once: a list of ids is then a list of references.
//!
//! Making an integer and taking it apart again costs several times what a reference does. Integers are
//! kept for ids below [`MOST`], block by block as they come up; greater ids get new integers.

use std::sync::OnceLock;

use pyo3::prelude::*;
use pyo3::types::{PyInt, PyList};

/// As many as vocabularies have tokens; all of them together take some 12 MB.
const MOST: usize = 1 << 18;
const BLOCK: usize = 1 << 10;

type Block = Box<[OnceLock<Py<PyInt>>]>;

static BLOCKS: [OnceLock<Block>; MOST / BLOCK] = [const { OnceLock::new() }; MOST / BLOCK];

/// The Python integer of an id.
#[inline]
fn int(py: Python<'_>, id: u32) -> Bound<'_, PyInt> {
    let new = || {
        let Ok(made) = id.into_pyobject(py);
        made
    };
    let at = id as usize;
    let Some(block) = BLOCKS.get(at / BLOCK) else { return new() };
    let block = block.get_or_init(|| (0..BLOCK).map(|_| OnceLock::new()).collect());
    block[at % BLOCK].get_or_init(|| new().unbind()).bind(py).clone()
}

/// Ids as a list.
pub(crate) fn list<'py>(py: Python<'py>, ids: &[u32]) -> PyResult<Bound<'py, PyList>> {
    PyList::new(py, ids.iter().map(|id| int(py, *id)))
}
