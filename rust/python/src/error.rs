//! The only place where exceptions are chosen.
//!
//! Every failure that begins in the core becomes a `FissileError` or one of its few subclasses; the
//! subclasses also inherit from the built-in exception that the field expects (`ValueError`,
//! `OSError`, …), so that old `except` clauses keep working. An exception raised by a Python-written
//! part comes out as the very same exception.

use std::ffi::CString;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use fissile_core::{Error, ErrorKind};
use pyo3::exceptions::{
    PyException, PyKeyboardInterrupt, PyNotImplementedError, PyOSError, PyTypeError, PyUserWarning,
    PyValueError,
};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};

/// The attributes that every `FissileError` has.
const ATTRIBUTES: [&str; 5] = ["path", "field", "expected", "found", "hint"];

/// The exception classes, made once per interpreter.
struct Classes {
    base: Py<PyType>,
    value: Py<PyType>,
    format: Py<PyType>,
    file: Py<PyType>,
    unsupported: Py<PyType>,
    disallowed: Py<PyType>,
}

static CLASSES: PyOnceLock<Classes> = PyOnceLock::new();

fn classes(py: Python<'_>) -> PyResult<&Classes> {
    CLASSES.get_or_try_init(py, || make_classes(py))
}

fn make_classes(py: Python<'_>) -> PyResult<Classes> {
    let exception = py.get_type::<PyException>();
    let base = make_class(
        py,
        "FissileError",
        "Anything that goes wrong inside fissile.\n\n\
          The attributes path, field, expected, found and hint say where and why; each is None where\n\
          it does not apply.",
        &[exception],
    )?;
    for name in ATTRIBUTES {
        base.setattr(name, py.None())?;
    }
    let make = |name: &str, doc: &str, builtin: Bound<'_, PyType>| {
        Ok::<_, PyErr>(make_class(py, name, doc, &[base.clone(), builtin])?.unbind())
    };
    Ok(Classes {
        value: make(
            "InvalidValueError",
            "A value given by the caller cannot be used.",
            py.get_type::<PyValueError>(),
        )?,
        format: make(
            "FormatError",
            "A file or document does not follow its format.",
            py.get_type::<PyValueError>(),
        )?,
        file: make("FileError", "Reading or writing a file failed.", py.get_type::<PyOSError>())?,
        unsupported: make(
            "UnsupportedError",
            "A well-formed request for something that is not built or not allowed.",
            py.get_type::<PyNotImplementedError>(),
        )?,
        disallowed: make(
            "DisallowedTokenError",
            "A special token that the caller disallowed stands in the text.",
            py.get_type::<PyValueError>(),
        )?,
        base: base.unbind(),
    })
}

fn make_class<'py>(
    py: Python<'py>,
    name: &str,
    doc: &str,
    bases: &[Bound<'py, PyType>],
) -> PyResult<Bound<'py, PyType>> {
    let body = PyDict::new(py);
    body.set_item("__module__", "fissile")?;
    body.set_item("__doc__", doc)?;
    let bases = PyTuple::new(py, bases)?;
    Ok(py.get_type::<PyType>().call1((name, bases, body))?.cast_into()?)
}

/// Put the exception classes into the module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let classes = classes(py)?;
    for class in [
        &classes.base,
        &classes.value,
        &classes.format,
        &classes.file,
        &classes.unsupported,
        &classes.disallowed,
    ] {
        let class = class.bind(py);
        module.add(class.name()?, class)?;
    }
    Ok(())
}

/// A Python exception on its way through the core.
struct PyCause(PyErr);

impl fmt::Display for PyCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for PyCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for PyCause {}

/// Wrap a Python exception so that it can travel through the core.
pub(crate) fn external(error: PyErr) -> Error {
    Error::external(Box::new(PyCause(error)))
}

/// The exception for a failure in the core.
pub(crate) fn to_py(error: Error) -> PyErr {
    Python::attach(|py| match exception(py, error) {
        Ok(error) | Err(error) => error,
    })
}

fn exception(py: Python<'_>, error: Error) -> PyResult<PyErr> {
    let classes = classes(py)?;
    let class = match error.kind() {
        ErrorKind::External(_) => return Ok(unwrap_external(py, error)),
        ErrorKind::Interrupted => return Ok(PyKeyboardInterrupt::new_err(error.to_string())),
        ErrorKind::InvalidValue => &classes.value,
        ErrorKind::Format => &classes.format,
        ErrorKind::Io(_) => &classes.file,
        ErrorKind::Unsupported => &classes.unsupported,
        ErrorKind::DisallowedToken => &classes.disallowed,
        _ => &classes.base,
    };
    let value = class.bind(py).call1((error.to_string(),))?;
    let parts = [error.path(), error.field(), error.expected(), error.found(), error.hint()];
    for (name, part) in ATTRIBUTES.iter().zip(parts) {
        if let Some(part) = part {
            value.setattr(*name, part)?;
        }
    }
    if let ErrorKind::Io(cause) = error.kind()
        && let Some(code) = cause.raw_os_error()
    {
        value.setattr("errno", code)?;
    }
    Ok(PyErr::from_value(value))
}

fn unwrap_external(py: Python<'_>, error: Error) -> PyErr {
    let text = error.to_string();
    match error.into_kind() {
        ErrorKind::External(cause) => match cause.downcast::<PyCause>() {
            Ok(cause) => cause.0,
            Err(cause) => plain(py, &cause.to_string()),
        },
        _ => plain(py, &text),
    }
}

/// A `FissileError` with nothing but a message.
pub(crate) fn plain(py: Python<'_>, message: &str) -> PyErr {
    let made = classes(py).and_then(|classes| classes.base.bind(py).call1((message,)));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// A `TypeError`, worded as the reference words it.
pub(crate) fn type_error(message: &'static str) -> PyErr {
    PyTypeError::new_err(message)
}

/// Turns core results into Python results.
pub(crate) trait IntoPyResult<T> {
    /// The value or the exception.
    fn into_py(self) -> PyResult<T>;
}

impl<T> IntoPyResult<T> for Result<T, Error> {
    fn into_py(self) -> PyResult<T> {
        self.map_err(to_py)
    }
}

/// Run work of the core; a panic in it (a bug) becomes a `FissileError` rather than a
/// `PanicException`, which no `except Exception` would catch.
pub(crate) fn guard<T>(work: impl FnOnce() -> Result<T, Error>) -> PyResult<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.into_py(),
        Err(payload) => {
            let what = payload
                .downcast_ref::<&str>()
                .map(ToString::to_string)
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "no message".to_owned());
            Err(Python::attach(|py| {
                plain(
                    py,
                    &format!(
                        "internal error: {what}. Hint: this is a bug in fissile, please report it"
                    ),
                )
            }))
        }
    }
}

/// Run work of the core while other Python threads run.
pub(crate) fn detached<T: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> PyResult<T> {
    py.detach(|| guard(work))
}

/// The same; the message of a failure is opened by `doing`.
pub(crate) fn detached_while<T: Send>(
    py: Python<'_>,
    doing: &str,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> PyResult<T> {
    detached(py, work).map_err(|error| prefixed(py, doing, error))
}

/// The same exception, its message opened by `prefix`.
pub(crate) fn prefixed(py: Python<'_>, prefix: &str, error: PyErr) -> PyErr {
    let value = error.value(py);
    let message = value.str().map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
    // A failure to set the message leaves the exception as it was, which is good enough.
    let _ = value.setattr("args", (format!("{prefix}{message}"),));
    error
}

/// Warn that a keyword argument is not known (the reference prints to stdout instead).
pub(crate) fn warn_unknown_keyword(py: Python<'_>, key: &str) -> PyResult<()> {
    let message = CString::new(format!("Ignored unknown kwarg option {key}"))
        .unwrap_or_else(|_| c"Ignored unknown kwarg option".to_owned());
    PyErr::warn(py, &py.get_type::<PyUserWarning>(), &message, 1)
}

/// Warn the caller of something.
pub(crate) fn warn_user(py: Python<'_>, message: &str) -> PyResult<()> {
    let message = CString::new(message.replace('\0', " ")).expect("zeros were replaced");
    PyErr::warn(py, &py.get_type::<PyUserWarning>(), &message, 1)
}

/// Warn that something is old-fashioned.
pub(crate) fn warn_deprecated(py: Python<'_>, version: &str, message: &str) -> PyResult<()> {
    let message = CString::new(format!("Deprecated in {version}: {message}"))
        .unwrap_or_else(|_| c"Deprecated".to_owned());
    PyErr::warn(py, &py.get_type::<pyo3::exceptions::PyDeprecationWarning>(), &message, 1)
}
