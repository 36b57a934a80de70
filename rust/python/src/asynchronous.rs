//! Awaitable calls: the work runs in the running loop's thread pool.

use std::sync::Mutex;

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyCFunction;

use crate::error::plain;

/// Run `work` in a thread of the running loop's default executor; an awaitable of its result.
pub(crate) fn run<'py, T>(
    py: Python<'py>,
    work: impl FnOnce(Python<'_>) -> PyResult<T> + Send + 'static,
) -> PyResult<Bound<'py, PyAny>>
where
    T: for<'a> IntoPyObject<'a>,
{
    let running = py.import("asyncio")?.call_method0("get_running_loop")?;
    // The executor calls it once; the type of closures cannot say so.
    let work = Mutex::new(Some(work));
    let call = PyCFunction::new_closure(py, Some(c"fissile"), None, move |arguments, _| {
        let py = arguments.py();
        let work = work.lock().ok().and_then(|mut work| work.take());
        let work = work.ok_or_else(|| plain(py, "this call was made before"))?;
        work(py)?.into_py_any(py)
    })?;
    running.call_method1("run_in_executor", (py.None(), call))
}
