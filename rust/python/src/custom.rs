//! Parts written in Python: they implement the core's traits and take the interpreter per call.
//!
//! What is handed to Python is lent, not shared: the text moves into a [`Slot`], Python works on the
//! slot, and afterwards the text moves back. An object that Python kept finds its slot empty.

use std::sync::{Arc, Mutex, PoisonError};

use fissile_core::text::{NormalizedText, Pieces};
use fissile_core::{Result, stages};
use pyo3::prelude::*;

use crate::error::external;
use crate::normalized::NormalizedStringRefMut;
use crate::pre_tokenized::PreTokenizedStringRefMut;

/// A place that a value can be taken out of again.
pub(crate) struct Slot<T>(Arc<Mutex<Option<T>>>);

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Slot<T> {
    /// A full slot.
    pub(crate) fn new(value: T) -> Self {
        Self(Arc::new(Mutex::new(Some(value))))
    }

    /// Work on the value; `None` when it was taken. `work` must not call Python: a lock is held.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> Option<R> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(work)
    }

    /// Take the value out for good.
    pub(crate) fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Say on an exception in which method of a custom part it was raised. The exception stays the same.
fn noted(py: Python<'_>, error: PyErr, method: &str) -> PyErr {
    let value = error.value(py);
    let note = format!("raised in the `{method}` method of a custom part: {error}");
    // Python 3.10 has no `add_note`, but whoever shows notes looks at the attribute. A failure leaves
    // the exception without its note, which is good enough.
    if value.call_method1("add_note", (&note,)).is_err() {
        let _ = value.setattr("__notes__", [note]);
    }
    error
}

/// Lend `value` to Python for the time of `call`.
pub(crate) fn lend<T>(
    value: &mut T,
    placeholder: T,
    call: impl FnOnce(Slot<T>) -> PyResult<()>,
) -> Result<()> {
    let slot = Slot::new(std::mem::replace(value, placeholder));
    let outcome = call(slot.clone());
    if let Some(back) = slot.take() {
        *value = back;
    }
    outcome.map_err(external)
}

/// A normalizer written in Python.
pub(crate) struct CustomNormalizer(pub(crate) Py<PyAny>);

impl stages::Normalize for CustomNormalizer {
    fn normalize(&self, text: &mut NormalizedText) -> Result<()> {
        Python::attach(|py| {
            lend(text, NormalizedText::default(), |slot| {
                let argument = Py::new(py, NormalizedStringRefMut::over(slot))?;
                match self.0.call_method1(py, "normalize", (argument,)) {
                    Ok(_) => Ok(()),
                    Err(error) => Err(noted(py, error, "normalize")),
                }
            })
        })
    }
}

/// A pre-tokenizer written in Python.
pub(crate) struct CustomPreTokenizer(pub(crate) Py<PyAny>);

impl stages::PreTokenize for CustomPreTokenizer {
    fn pre_tokenize(&self, pieces: &mut Pieces) -> Result<()> {
        Python::attach(|py| {
            lend(pieces, Pieces::new(NormalizedText::default()), |slot| {
                let argument = Py::new(py, PreTokenizedStringRefMut::over(slot))?;
                match self.0.call_method1(py, "pre_tokenize", (argument,)) {
                    Ok(_) => Ok(()),
                    Err(error) => Err(noted(py, error, "pre_tokenize")),
                }
            })
        })
    }
}

/// A decoder written in Python.
pub(crate) struct CustomDecoder(pub(crate) Py<PyAny>);

impl stages::Decode for CustomDecoder {
    fn decode_chain(&self, tokens: Vec<String>) -> Result<Vec<String>> {
        Python::attach(|py| {
            let decoded = self.0.call_method1(py, "decode_chain", (tokens,));
            let decoded = decoded.and_then(|decoded| decoded.extract(py));
            decoded.map_err(|error| external(noted(py, error, "decode_chain")))
        })
    }
}
