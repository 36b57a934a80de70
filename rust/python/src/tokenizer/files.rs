//! Loading and saving.

use fissile_core::Tokenizer as Core;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::convert::{PathText, utf8};
use crate::engine;
use crate::error::{detached, prefixed};
use crate::tokenizer::Tokenizer;

#[pymethods]
impl Tokenizer {
    /// A tokenizer from the text of a `tokenizer.json`.
    #[staticmethod]
    fn from_str(py: Python<'_>, json: &str) -> PyResult<Self> {
        detached(py, || Core::from_json(json)).map(Self::from)
    }

    /// A tokenizer from a file: a `tokenizer.json`, or any other format that is recognized.
    #[staticmethod]
    fn from_file(py: Python<'_>, path: PathText) -> PyResult<Self> {
        detached(py, || engine::load(&path.0)).map(Self::from)
    }

    /// A tokenizer from the bytes of a `tokenizer.json`.
    #[staticmethod]
    fn from_buffer(buffer: &Bound<'_, PyBytes>) -> PyResult<Self> {
        let py = buffer.py();
        let json = utf8(buffer.as_bytes())?;
        detached(py, || Core::from_json(json))
            .map(Self::from)
            .map_err(|error| prefixed(py, "Cannot instantiate Tokenizer from buffer: ", error))
    }

    /// A tokenizer from the Hugging Face Hub (needs the package `huggingface_hub`).
    #[staticmethod]
    #[pyo3(signature = (identifier, revision="main", token=None))]
    fn from_pretrained(
        py: Python<'_>,
        identifier: &str,
        revision: &str,
        token: Option<&str>,
    ) -> PyResult<Self> {
        let arguments = PyDict::new(py);
        arguments.set_item("repo_id", identifier)?;
        arguments.set_item("filename", "tokenizer.json")?;
        arguments.set_item("revision", revision)?;
        if let Some(token) = token {
            arguments.set_item("token", token)?;
        }
        let hub = py.import("huggingface_hub")?;
        let path = hub.call_method("hf_hub_download", (), Some(&arguments))?;
        Self::from_file(py, path.extract()?)
    }

    /// The text of a `tokenizer.json`.
    #[pyo3(signature = (pretty=false))]
    fn to_str(&self, py: Python<'_>, pretty: bool) -> PyResult<String> {
        let core = self.core()?;
        detached(py, || core.to_json(pretty))
    }

    /// Write a `tokenizer.json`.
    #[pyo3(signature = (path, pretty=true))]
    fn save(&self, py: Python<'_>, path: PathText, pretty: bool) -> PyResult<()> {
        let core = self.core()?;
        detached(py, || engine::save(&core, &path.0, pretty))
    }
}
