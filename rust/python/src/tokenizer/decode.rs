//! Ids back into text.

use fissile_core::util::parallel::thread_count;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString};

use crate::asynchronous;
use crate::error::{detached, guard};
use crate::ids_in::{IdRows, IdsArg, Rows};
use crate::tokenizer::Tokenizer;

/// So many ids are decoded while other Python threads run.
const DETACH_IDS: usize = crate::DETACH_BYTES / 4;

/// Of many rows a thread is given so many ids at a time.
const IDS_PER_THREAD: usize = 1 << 16;

#[pymethods]
impl Tokenizer {
    /// The text of ids. Ids that are in no vocabulary are left out.
    #[pyo3(signature = (ids, skip_special_tokens=true))]
    fn decode(&self, py: Python<'_>, ids: IdsArg, skip_special_tokens: bool) -> PyResult<String> {
        let core = self.core()?;
        let run = || core.decode(&ids.0, skip_special_tokens);
        if ids.0.len() > DETACH_IDS { detached(py, run) } else { guard(run) }
    }

    /// The texts of several lists of ids.
    #[pyo3(signature = (sequences, skip_special_tokens=true, *, num_threads=None))]
    fn decode_batch<'py>(
        &self,
        py: Python<'py>,
        sequences: IdRows<'py>,
        skip_special_tokens: bool,
        num_threads: Option<usize>,
    ) -> PyResult<Bound<'py, PyList>> {
        let core = self.core()?;
        let mut texts: Vec<Bound<'py, PyString>> = Vec::new();
        // Part by part, so that what lies between the ids and the texts stays near.
        sequences.each(IDS_PER_THREAD * thread_count(num_threads), |Rows { values, splits }| {
            let decoded = detached(py, || {
                core.decode_rows(values, splits, skip_special_tokens, num_threads)
            })?;
            texts.extend(decoded.iter().map(|text| PyString::new(py, text)));
            Ok(())
        })?;
        PyList::new(py, texts)
    }

    /// `decode_batch`, awaitable.
    #[pyo3(signature = (sequences, skip_special_tokens=true, *, num_threads=None))]
    fn async_decode_batch<'py>(
        &self,
        py: Python<'py>,
        sequences: IdRows<'py>,
        skip_special_tokens: bool,
        num_threads: Option<usize>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let core = self.core()?;
        let Rows { values, splits } = sequences.read()?;
        asynchronous::run(py, move |py| {
            let texts = detached(py, || {
                core.decode_rows(&values, &splits, skip_special_tokens, num_threads)
            })?;
            Ok(texts.iter().map(str::to_owned).collect::<Vec<_>>())
        })
    }

    /// The bytes of ids joined, before they are made text.
    #[pyo3(signature = (ids, skip_special_tokens=true))]
    fn decode_bytes<'py>(
        &self,
        py: Python<'py>,
        ids: IdsArg,
        skip_special_tokens: bool,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let core = self.core()?;
        let run = || core.decode_bytes(&ids.0, skip_special_tokens);
        let bytes = if ids.0.len() > DETACH_IDS { detached(py, run) } else { guard(run) }?;
        Ok(PyBytes::new(py, &bytes))
    }
}
