//! The integers of a list, read where they lie.
//!
//! Going over a list in the usual way counts a reference up and down for each element, which writes to memory
//! all over the heap: two thirds of the time of decoding a batch of lists.

#![allow(
    unsafe_code,
    reason = "borrowed references cost nothing; the safe ways take twice as long"
)]

use pyo3::prelude::*;
use pyo3::types::PyList;

/// Append the integers of a list; `false`, and nothing appended, where one of them is no plain integer or not in range.
#[cfg(not(Py_GIL_DISABLED))]
pub(crate) fn append(list: &Bound<'_, PyList>, ids: &mut Vec<u32>) -> bool {
    let before = ids.len();
    let length = list.len();
    ids.reserve(length);
    for at in 0..length {
        let Some(id) = integer(list, at) else {
            ids.truncate(before);
            return false;
        };
        ids.push(id);
    }
    true
}

/// Without a global lock another thread may take the element away while it is looked at.
#[cfg(Py_GIL_DISABLED)]
pub(crate) fn append(_: &Bound<'_, PyList>, _: &mut Vec<u32>) -> bool {
    false
}

#[cfg(not(Py_GIL_DISABLED))]
#[inline]
fn integer(list: &Bound<'_, PyList>, at: usize) -> Option<u32> {
    use pyo3::ffi;

    let at = ffi::Py_ssize_t::try_from(at).ok()?;
    // SAFETY: `list` is a list and the lock is held (`Bound`). The reference is borrowed from the list, which nobody can
    // change before this function returns: reading an exact integer runs no Python code.
    let number = unsafe {
        let item = ffi::PyList_GetItem(list.as_ptr(), at);
        if item.is_null() {
            ffi::PyErr_Clear();
            return None;
        }
        if ffi::PyLong_CheckExact(item) == 0 {
            return None;
        }
        let number = ffi::PyLong_AsLongLong(item);
        if number == -1 {
            // Perhaps it was too large, which is an error that is set; -1 is no id either.
            ffi::PyErr_Clear();
        }
        number
    };
    u32::try_from(number).ok()
}
