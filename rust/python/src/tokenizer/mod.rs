//! `Tokenizer`: the parts composed. The class's methods are spread over this folder by topic.

mod decode;
mod encode;
mod files;
mod handle;
mod ids;
mod incremental;
pub(crate) mod prune;
mod settings;
mod train;
mod vocabulary;

use std::sync::Arc;

use fissile_core::tokenizer::Tokenizer as Core;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use crate::cell::Cell;
use crate::convert::utf8;
use crate::error::{detached, prefixed};
use crate::models::{Model, empty};
use crate::parts::decoders::Decoder;
use crate::parts::normalizers::Normalizer;
use crate::parts::pre_tokenizers::PreTokenizer;
use crate::parts::processors::PostProcessor;
use crate::printer::Printer;
pub(crate) use files::read_sentencepiece;
use handle::Handle;
pub(crate) use incremental::IncrementalEncoder;

/// A tokenizer: normalizer, pre-tokenizer, model, post-processor and decoder composed.
///
/// Args:
///     model: What turns pieces of text into tokens.
#[pyclass(module = "fissile", dict, weakref, frozen)]
pub(crate) struct Tokenizer {
    pub(crate) handle: Handle,
}

impl From<Core> for Tokenizer {
    fn from(core: Core) -> Self {
        Self { handle: Handle::of(core) }
    }
}

impl Tokenizer {
    /// The core tokenizer as it is now.
    fn core(&self) -> PyResult<Arc<Core>> {
        self.handle.core()
    }
}

#[pymethods]
impl Tokenizer {
    #[new]
    fn new(model: &Model) -> PyResult<Self> {
        Ok(Self { handle: Handle::of_model(model.cell.clone())? })
    }

    /// JSON bytes; a tuple with what the JSON cannot hold, where there is any of it.
    fn __getstate__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let core = slf.get().core()?;
        let json = detached(py, || core.to_json(false))
            .map_err(|error| prefixed(py, "Error while attempting to pickle Tokenizer: ", error))?;
        let json = PyBytes::new(py, json.as_bytes());
        let attributes = slf.getattr("__dict__")?.cast_into::<PyDict>()?;
        let plain = !core.encode_special_tokens() && !core.verbatim_added_tokens();
        if attributes.is_empty() && plain {
            return Ok(json.into_any());
        }
        let extra = PyDict::new(py);
        extra.set_item("encode_special_tokens", core.encode_special_tokens())?;
        extra.set_item("verbatim_added_tokens", core.verbatim_added_tokens())?;
        extra.set_item("__dict__", attributes)?;
        Ok((json, extra).into_pyobject(py)?.into_any())
    }

    fn __setstate__(slf: &Bound<'_, Self>, state: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = slf.py();
        let (json, extra) = match state.cast::<PyTuple>() {
            Ok(pair) => pair.extract::<(Bound<'_, PyBytes>, Option<Bound<'_, PyDict>>)>()?,
            Err(_) => (state.cast::<PyBytes>()?.clone(), None),
        };
        let text = utf8(json.as_bytes())?;
        let core = detached(py, || Core::from_json(text)).map_err(|error| {
            prefixed(py, "Error while attempting to unpickle Tokenizer: ", error)
        })?;
        slf.get().handle.replace(core);
        let Some(extra) = extra else { return Ok(()) };
        if let Some(value) = extra.get_item("encode_special_tokens")? {
            slf.get().set_encode_special_tokens(value.extract()?)?;
        }
        if let Some(value) = extra.get_item("verbatim_added_tokens")? {
            slf.get().set_verbatim_added_tokens(value.extract()?)?;
        }
        if let Some(attributes) = extra.get_item("__dict__")? {
            slf.getattr("__dict__")?.call_method1("update", (attributes,))?;
        }
        Ok(())
    }

    fn __getnewargs__(&self, py: Python<'_>) -> PyResult<(Py<PyAny>,)> {
        Ok((Model::to_python(py, Cell::of(empty()))?,))
    }

    /// A copy that shares all tables; parts can be set on it without touching this one.
    fn __copy__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        let py = slf.py();
        let copy = Bound::new(py, Self { handle: slf.get().handle.copy()? })?;
        copy.getattr("__dict__")?.call_method1("update", (slf.getattr("__dict__")?,))?;
        Ok(copy)
    }

    fn __deepcopy__<'py>(
        slf: &Bound<'py, Self>,
        memo: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, Self>> {
        let py = slf.py();
        let copy = Bound::new(py, Self { handle: slf.get().handle.copy()? })?;
        memo.set_item(slf.as_ptr() as usize, &copy)?;
        let attributes = slf.getattr("__dict__")?;
        if attributes.is_truthy()? {
            let attributes = py.import("copy")?.call_method1("deepcopy", (attributes, memo))?;
            copy.getattr("__dict__")?.call_method1("update", (attributes,))?;
        }
        Ok(copy)
    }

    fn __repr__(&self) -> PyResult<String> {
        Printer::repr().print(&*self.core()?)
    }

    fn __str__(&self) -> PyResult<String> {
        Printer::str().print(&*self.core()?)
    }

    /// The model.
    #[getter]
    fn model(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Model::to_python(py, self.handle.model())
    }

    #[setter]
    fn set_model(&self, model: &Model) -> PyResult<()> {
        self.handle.set_model(&model.cell)
    }

    /// The normalizer, if there is one.
    #[getter]
    fn normalizer(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.handle.normalizer().map(|cell| Normalizer::to_python(py, cell)).transpose()
    }

    #[setter]
    fn set_normalizer(&self, normalizer: Option<&Normalizer>) -> PyResult<()> {
        self.handle.set_normalizer(normalizer.map(|part| &part.cell))
    }

    /// The pre-tokenizer, if there is one.
    #[getter]
    fn pre_tokenizer(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.handle.pre_tokenizer().map(|cell| PreTokenizer::to_python(py, cell)).transpose()
    }

    #[setter]
    fn set_pre_tokenizer(&self, pre_tokenizer: Option<&PreTokenizer>) -> PyResult<()> {
        self.handle.set_pre_tokenizer(pre_tokenizer.map(|part| &part.cell))
    }

    /// The post-processor, if there is one.
    #[getter]
    fn post_processor(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.handle.post_processor().map(|cell| PostProcessor::to_python(py, cell)).transpose()
    }

    #[setter]
    fn set_post_processor(&self, post_processor: Option<&PostProcessor>) -> PyResult<()> {
        self.handle.set_post_processor(post_processor.map(|part| &part.cell))
    }

    /// The decoder, if there is one.
    #[getter]
    fn decoder(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.handle.decoder().map(|cell| Decoder::to_python(py, cell)).transpose()
    }

    #[setter]
    fn set_decoder(&self, decoder: Option<&Decoder>) -> PyResult<()> {
        self.handle.set_decoder(decoder.map(|part| &part.cell))
    }
}
