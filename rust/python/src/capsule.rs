//! Structures handed to other libraries in capsules, for DLPack and Arrow alike.

#![allow(unsafe_code, reason = "a C interface: raw pointers are its language")]

use std::ffi::{CStr, c_void};

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// A capsule around what `pointer`, made from a box, points to; `destructor` frees it.
pub(crate) fn capsule<'py>(
    py: Python<'py>,
    pointer: *mut c_void,
    name: &'static CStr,
    destructor: unsafe extern "C" fn(*mut ffi::PyObject),
) -> PyResult<Bound<'py, PyCapsule>> {
    // SAFETY: `pointer` comes from a box, hence is not null; `name` lives for ever; the destructor
    // knows what is behind the pointer.
    unsafe {
        let object = ffi::PyCapsule_New(pointer, name.as_ptr(), Some(destructor));
        Ok(Bound::from_owned_ptr_or_err(py, object)?.cast_into_unchecked())
    }
}
