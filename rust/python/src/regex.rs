//! `Regex`: a compiled regular expression.

use pyo3::prelude::*;

use crate::convert::compile;

/// A regular expression in Oniguruma's Ruby dialect.
///
/// Args:
///     s: The expression.
#[pyclass(module = "fissile", frozen)]
pub(crate) struct Regex {
    pub(crate) regex: fissile_core::util::regex::Regex,
}

#[pymethods]
impl Regex {
    #[new]
    fn new(s: &str) -> PyResult<Self> {
        Ok(Self { regex: compile(s)? })
    }

    /// The expression as it was given.
    #[getter]
    fn pattern(&self) -> &str {
        self.regex.source()
    }

    fn __getnewargs__(&self) -> (&str,) {
        (self.regex.source(),)
    }

    fn __repr__(&self) -> String {
        format!("Regex({:?})", self.regex.source())
    }
}
