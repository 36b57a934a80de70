//! Truncation, padding, special tokens.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::guard;
use crate::options::{padding, padding_to_dict, truncation, truncation_to_dict};
use crate::tokenizer::Tokenizer;

#[pymethods]
impl Tokenizer {
    /// Cut every encoding to a length.
    #[pyo3(
        signature = (max_length, **kwargs),
        text_signature = "($self, max_length, *, stride=0, strategy='longest_first', direction='right')"
    )]
    fn enable_truncation(
        &self,
        max_length: usize,
        kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        let options = truncation(max_length, kwargs)?;
        self.handle.update(|core| core.set_truncation(Some(options)))
    }

    /// Do not truncate.
    fn no_truncation(&self) -> PyResult<()> {
        self.handle.update(|core| core.set_truncation(None))
    }

    /// How encodings are truncated, or `None`.
    #[getter]
    fn truncation<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        self.core()?.truncation().map(|options| truncation_to_dict(py, options)).transpose()
    }

    /// Fill encodings up to a length.
    #[pyo3(
        signature = (**kwargs),
        text_signature = "($self, *, direction='right', pad_id=0, pad_type_id=0, pad_token='[PAD]', length=None, pad_to_multiple_of=None)"
    )]
    fn enable_padding(&self, kwargs: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
        let options = padding(kwargs)?;
        self.handle.update(|core| {
            core.set_padding(Some(options.clone()));
            Ok(())
        })
    }

    /// Do not pad.
    fn no_padding(&self) -> PyResult<()> {
        self.handle.update(|core| {
            core.set_padding(None);
            Ok(())
        })
    }

    /// How encodings are padded, or `None`.
    #[getter]
    fn padding<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        self.core()?.padding().map(|options| padding_to_dict(py, options)).transpose()
    }

    /// Whether special tokens in a text are encoded like any other text.
    #[getter]
    fn encode_special_tokens(&self) -> PyResult<bool> {
        Ok(self.core()?.encode_special_tokens())
    }

    #[setter]
    pub(super) fn set_encode_special_tokens(&self, value: bool) -> PyResult<()> {
        self.handle.update(|core| {
            core.set_encode_special_tokens(value);
            Ok(())
        })
    }

    /// Whether decoding takes added tokens for the text they are.
    #[getter]
    fn verbatim_added_tokens(&self) -> PyResult<bool> {
        Ok(self.core()?.verbatim_added_tokens())
    }

    #[setter]
    pub(super) fn set_verbatim_added_tokens(&self, value: bool) -> PyResult<()> {
        self.handle.update(|core| {
            core.set_verbatim_added_tokens(value);
            Ok(())
        })
    }

    /// How many special tokens are added to one sequence, or to a pair.
    fn num_special_tokens_to_add(&self, is_pair: bool) -> PyResult<usize> {
        let core = self.core()?;
        guard(|| Ok(core.num_special_tokens_to_add(is_pair)))
    }
}
