//! The Python module tree.

use pyo3::prelude::*;

/// The extension module `fissile._rust`.
#[pymodule(gil_used = false)]
mod _rust {}
