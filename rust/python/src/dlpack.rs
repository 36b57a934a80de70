//! DLPack: tensors handed over as C structures.
//!
//! See the DLPack specification, version 1.0. A consumer that knows that version gets the shared
//! memory, marked read-only; an older one, which knows no such mark, gets a copy.

#![allow(unsafe_code, reason = "a C interface: raw pointers are its language")]

use std::any::Any;
use std::ffi::{CStr, c_void};
use std::sync::Arc;

use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::capsule::capsule;
use crate::numbers::{Number, View};

/// The device of all our tensors.
pub(crate) const CPU: (i32, i32) = (1, 0);

const OLD: &CStr = c"dltensor";
const NEW: &CStr = c"dltensor_versioned";
const READ_ONLY: u64 = 1;
const IS_COPY: u64 = 2;

#[repr(C)]
struct Device {
    device_type: i32,
    device_id: i32,
}

#[repr(C)]
struct DataType {
    code: u8,
    bits: u8,
    lanes: u16,
}

#[repr(C)]
struct Tensor {
    data: *mut c_void,
    device: Device,
    ndim: i32,
    dtype: DataType,
    shape: *mut i64,
    strides: *mut i64,
    byte_offset: u64,
}

#[repr(C)]
struct OldManaged {
    tensor: Tensor,
    manager: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut OldManaged)>,
}

#[repr(C)]
struct NewManaged {
    major: u32,
    minor: u32,
    manager: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut NewManaged)>,
    flags: u64,
    tensor: Tensor,
}

/// What lives as long as the tensor: the numbers, shape and strides (the second of each for pairs only).
struct Manager {
    _numbers: Arc<dyn Any + Send + Sync>,
    shape: [i64; 2],
    strides: [i64; 2],
}

/// Refuse any device but the CPU.
pub(crate) fn check_device(device: Option<(i32, i32)>) -> PyResult<()> {
    match device {
        None | Some(CPU) => Ok(()),
        Some((kind, id)) => Err(PyBufferError::new_err(format!(
            "ids lie in the CPU's memory, they cannot be exported to device ({kind}, {id})"
        ))),
    }
}

/// A capsule with a tensor over the numbers of `view`.
pub(crate) fn export<'py, T: Number>(
    py: Python<'py>,
    view: &View<T>,
    max_version: Option<(u32, u32)>,
    copy: bool,
) -> PyResult<Bound<'py, PyCapsule>> {
    let versioned = max_version.is_some_and(|(major, _)| major >= 1);
    if versioned && !copy {
        return new_capsule(py, view, READ_ONLY);
    }
    let copied = View::from(view.as_slice().to_vec());
    if versioned { new_capsule(py, &copied, IS_COPY) } else { old_capsule(py, &copied) }
}

/// The tensor and its manager; the manager must outlive the tensor.
fn tensor<T: Number>(view: &View<T>) -> (Tensor, *mut Manager) {
    let to_i64 = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    let lanes = to_i64(T::LANES);
    let manager = Box::into_raw(Box::new(Manager {
        _numbers: view.owner(),
        shape: [to_i64(view.as_slice().len()), lanes],
        strides: [lanes, 1],
    }));
    let (code, bits) = T::DLPACK;
    // SAFETY: `manager` was just made from a box and is not shared yet.
    let (shape, strides) =
        unsafe { ((&raw mut (*manager).shape).cast(), (&raw mut (*manager).strides).cast()) };
    let tensor = Tensor {
        data: view.as_slice().as_ptr().cast_mut().cast(),
        device: Device { device_type: CPU.0, device_id: CPU.1 },
        ndim: if T::LANES == 1 { 1 } else { 2 },
        dtype: DataType { code, bits, lanes: 1 },
        shape,
        strides,
        byte_offset: 0,
    };
    (tensor, manager)
}

fn new_capsule<'py, T: Number>(
    py: Python<'py>,
    view: &View<T>,
    flags: u64,
) -> PyResult<Bound<'py, PyCapsule>> {
    let (tensor, manager) = tensor(view);
    let export = Box::into_raw(Box::new(NewManaged {
        major: 1,
        minor: 0,
        manager: manager.cast(),
        deleter: Some(delete_new),
        flags,
        tensor,
    }));
    capsule(py, export.cast(), NEW, drop_new_capsule)
}

fn old_capsule<'py, T: Number>(py: Python<'py>, view: &View<T>) -> PyResult<Bound<'py, PyCapsule>> {
    let (tensor, manager) = tensor(view);
    let export = OldManaged { tensor, manager: manager.cast(), deleter: Some(delete_old) };
    capsule(py, Box::into_raw(Box::new(export)).cast(), OLD, drop_old_capsule)
}

unsafe extern "C" fn delete_new(managed: *mut NewManaged) {
    // SAFETY: the consumer calls this once, with the pointer that `new_capsule` made from a box.
    unsafe {
        let managed = Box::from_raw(managed);
        drop(Box::from_raw(managed.manager.cast::<Manager>()));
    }
}

unsafe extern "C" fn delete_old(managed: *mut OldManaged) {
    // SAFETY: the consumer calls this once, with the pointer that `old_capsule` made from a box.
    unsafe {
        let managed = Box::from_raw(managed);
        drop(Box::from_raw(managed.manager.cast::<Manager>()));
    }
}

unsafe extern "C" fn drop_new_capsule(capsule: *mut ffi::PyObject) {
    // SAFETY: a consumer renames the capsule when it takes the tensor; under the old name the tensor
    // is still ours to delete.
    unsafe {
        if ffi::PyCapsule_IsValid(capsule, NEW.as_ptr()) == 1 {
            delete_new(ffi::PyCapsule_GetPointer(capsule, NEW.as_ptr()).cast());
        }
    }
}

unsafe extern "C" fn drop_old_capsule(capsule: *mut ffi::PyObject) {
    // SAFETY: as in `drop_new_capsule`.
    unsafe {
        if ffi::PyCapsule_IsValid(capsule, OLD.as_ptr()) == 1 {
            delete_old(ffi::PyCapsule_GetPointer(capsule, OLD.as_ptr()).cast());
        }
    }
}
