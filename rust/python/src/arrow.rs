//! Arrow's C data interface: arrays handed over as C structures.
//!
//! See "The Arrow C data interface" and "The Arrow PyCapsule Interface" in Arrow's documentation.

#![allow(unsafe_code, reason = "a C interface: raw pointers are its language")]

use std::any::Any;
use std::ffi::{CStr, c_char, c_void};
use std::ptr::{null, null_mut};
use std::sync::Arc;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::capsule::capsule;
use crate::numbers::{Number, View};

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// The flag of fields that may have nulls: nothing here has, but columns of other libraries are declared so,
/// and have to be of the same type to be put together.
const NULLABLE: i64 = 2;

/// The two capsules of an export: schema and array.
type Exported<'py> = (Bound<'py, PyCapsule>, Bound<'py, PyCapsule>);

/// The interface's structure of that name.
#[repr(C)]
pub(crate) struct Schema {
    pub(crate) format: *const c_char,
    pub(crate) name: *const c_char,
    pub(crate) metadata: *const c_char,
    pub(crate) flags: i64,
    pub(crate) n_children: i64,
    pub(crate) children: *mut *mut Schema,
    pub(crate) dictionary: *mut Schema,
    pub(crate) release: Option<unsafe extern "C" fn(*mut Schema)>,
    pub(crate) private_data: *mut c_void,
}

/// The interface's structure of that name.
#[repr(C)]
pub(crate) struct Array {
    pub(crate) length: i64,
    pub(crate) null_count: i64,
    pub(crate) offset: i64,
    pub(crate) n_buffers: i64,
    pub(crate) n_children: i64,
    pub(crate) buffers: *mut *const c_void,
    pub(crate) children: *mut *mut Array,
    pub(crate) dictionary: *mut Array,
    pub(crate) release: Option<unsafe extern "C" fn(*mut Array)>,
    pub(crate) private_data: *mut c_void,
}

/// What lives as long as a schema: the pointer to its child.
struct SchemaOwner {
    child: *mut Schema,
}

/// What lives as long as an array: the numbers, the pointers to buffers and to the child.
struct ArrayOwner {
    _numbers: Arc<dyn Any + Send + Sync>,
    buffers: [*const c_void; 2],
    child: *mut Array,
}

/// A flat array of numbers; of pairs, an array of lists of two.
pub(crate) fn export_numbers<'py, T: Number>(
    py: Python<'py>,
    view: &View<T>,
) -> PyResult<Exported<'py>> {
    let Some(list) = T::ARROW_LIST else {
        let array = array_of(view, view.as_slice().len(), None);
        return capsules(py, schema_of(T::ARROW, None), array);
    };
    let mut child = array_of(view, view.whole().len() * T::LANES, None);
    child.offset = 0;
    let mut array = array_of(view, view.as_slice().len(), Some(child));
    // Lists of a fixed size have no offsets, only a validity bitmap, which is not there.
    array.n_buffers = 1;
    capsules(py, schema_of(list, Some(schema_of(T::ARROW, None))), array)
}

/// A large list: rows of numbers.
pub(crate) fn export_lists<'py>(
    py: Python<'py>,
    splits: &View<i64>,
    values: &View<u32>,
) -> PyResult<Exported<'py>> {
    let child = array_of(values, values.as_slice().len(), None);
    let rows = splits.as_slice().len().saturating_sub(1);
    let array = array_of(splits, rows, Some(child));
    let schema = schema_of(c"+L", Some(schema_of(u32::ARROW, None)));
    capsules(py, schema, array)
}

fn schema_of(format: &'static CStr, child: Option<Schema>) -> Schema {
    let n_children = i64::from(child.is_some());
    let child = child.map_or(null_mut(), |child| Box::into_raw(Box::new(child)));
    let owner = Box::into_raw(Box::new(SchemaOwner { child }));
    // SAFETY: `owner` was just made from a box; the field stays where it is until `release`.
    let children = if child.is_null() { null_mut() } else { unsafe { &raw mut (*owner).child } };
    Schema {
        format: format.as_ptr(),
        name: c"item".as_ptr(),
        metadata: null(),
        flags: NULLABLE,
        n_children,
        children,
        dictionary: null_mut(),
        release: Some(release_schema),
        private_data: owner.cast(),
    }
}

fn array_of<T: Number>(view: &View<T>, length: usize, child: Option<Array>) -> Array {
    let to_i64 = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    let n_children = i64::from(child.is_some());
    let child = child.map_or(null_mut(), |child| Box::into_raw(Box::new(child)));
    // No validity bitmap: nothing is ever null.
    let buffers = [null(), view.whole().as_ptr().cast()];
    let owner = Box::into_raw(Box::new(ArrayOwner { _numbers: view.owner(), buffers, child }));
    // SAFETY: `owner` was just made from a box; its fields stay where they are until `release`.
    let (buffers, children) = unsafe {
        let child = if child.is_null() { null_mut() } else { &raw mut (*owner).child };
        ((&raw mut (*owner).buffers).cast(), child)
    };
    Array {
        length: to_i64(length),
        null_count: 0,
        offset: to_i64(view.start()),
        n_buffers: 2,
        n_children,
        buffers,
        children,
        dictionary: null_mut(),
        release: Some(release_array),
        private_data: owner.cast(),
    }
}

fn capsules(py: Python<'_>, schema: Schema, array: Array) -> PyResult<Exported<'_>> {
    let schema = capsule(py, Box::into_raw(Box::new(schema)).cast(), SCHEMA, drop_schema)?;
    let array = capsule(py, Box::into_raw(Box::new(array)).cast(), ARRAY, drop_array)?;
    Ok((schema, array))
}

unsafe extern "C" fn release_schema(schema: *mut Schema) {
    // SAFETY: whoever holds the structure calls this once; what is in it was made by `schema_of`. The
    // consumer may have moved the child out and marked it released.
    unsafe {
        let owner = Box::from_raw((*schema).private_data.cast::<SchemaOwner>());
        if !owner.child.is_null() {
            let mut child = Box::from_raw(owner.child);
            if let Some(release) = child.release {
                release(&raw mut *child);
            }
        }
        (*schema).release = None;
    }
}

unsafe extern "C" fn release_array(array: *mut Array) {
    // SAFETY: as in `release_schema`, for what `array_of` made.
    unsafe {
        let owner = Box::from_raw((*array).private_data.cast::<ArrayOwner>());
        if !owner.child.is_null() {
            let mut child = Box::from_raw(owner.child);
            if let Some(release) = child.release {
                release(&raw mut *child);
            }
        }
        (*array).release = None;
    }
}

unsafe extern "C" fn drop_schema(capsule: *mut ffi::PyObject) {
    // SAFETY: the capsule holds a box made in `capsules`; a consumer that moved the structure out
    // marked it released.
    unsafe {
        let pointer = ffi::PyCapsule_GetPointer(capsule, SCHEMA.as_ptr());
        let mut schema = Box::from_raw(pointer.cast::<Schema>());
        if let Some(release) = schema.release {
            release(&raw mut *schema);
        }
    }
}

unsafe extern "C" fn drop_array(capsule: *mut ffi::PyObject) {
    // SAFETY: as in `drop_schema`.
    unsafe {
        let pointer = ffi::PyCapsule_GetPointer(capsule, ARRAY.as_ptr());
        let mut array = Box::from_raw(pointer.cast::<Array>());
        if let Some(release) = array.release {
            release(&raw mut *array);
        }
    }
}
