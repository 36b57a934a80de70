//! Texts into encodings.

use std::sync::Arc;

use fissile_core::tokenizer::{EncodeOptions, Tokenizer as Core};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::asynchronous;
use crate::encoding::Encoding;
use crate::error::{detached, guard};
use crate::inputs::{Batch, BatchArg, OwnedInput};
use crate::options::{call_options, named_options};
use crate::tokenizer::Tokenizer;

/// Encode one input; other Python threads run meanwhile unless it is tiny.
fn encode_one(
    py: Python<'_>,
    core: &Core,
    input: &OwnedInput,
    options: &EncodeOptions,
) -> PyResult<Encoding> {
    let run = || core.encode(&input.borrow(), options);
    let encoding = if input.len() > crate::DETACH_BYTES { detached(py, run) } else { guard(run) };
    encoding.map(Encoding::from)
}

/// Encode a batch; other Python threads run meanwhile.
fn encode_many(
    py: Python<'_>,
    core: &Arc<Core>,
    inputs: &Batch,
    options: &EncodeOptions,
) -> PyResult<Vec<Encoding>> {
    let inputs = inputs.borrow()?;
    let encodings = detached(py, || core.encode_batch(&inputs, options))?;
    Ok(encodings.into_iter().map(Encoding::from).collect())
}

/// The options of `encode_batch_fast`: offsets, words and token texts are left out.
fn fast(options: EncodeOptions) -> EncodeOptions {
    EncodeOptions { ids_only: true, ..options }
}

#[pymethods]
impl Tokenizer {
    /// Encode a sequence or a pair.
    #[pyo3(
        signature = (sequence, pair=None, is_pretokenized=false, add_special_tokens=true, *, truncation=None, padding=None, allowed_special=None, disallowed_special=None, matching=None, num_threads=None, offsets=None, offset_unit=None),
        text_signature = "($self, sequence, pair=None, is_pretokenized=False, add_special_tokens=True, *, truncation=None, padding=None, allowed_special=None, disallowed_special=None, matching='reference', num_threads=None, offsets='reference', offset_unit='char')"
    )]
    #[allow(clippy::too_many_arguments, reason = "`**options` would cost a dict a call")]
    fn encode(
        &self,
        py: Python<'_>,
        sequence: &Bound<'_, PyAny>,
        pair: Option<&Bound<'_, PyAny>>,
        is_pretokenized: bool,
        add_special_tokens: bool,
        truncation: Option<&Bound<'_, PyAny>>,
        padding: Option<&Bound<'_, PyAny>>,
        allowed_special: Option<&Bound<'_, PyAny>>,
        disallowed_special: Option<&Bound<'_, PyAny>>,
        matching: Option<&Bound<'_, PyAny>>,
        num_threads: Option<&Bound<'_, PyAny>>,
        offsets: Option<&Bound<'_, PyAny>>,
        offset_unit: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Encoding> {
        let input = OwnedInput::from_call(sequence, pair, is_pretokenized)?;
        let named = [
            ("truncation", truncation),
            ("padding", padding),
            ("allowed_special", allowed_special),
            ("disallowed_special", disallowed_special),
            ("matching", matching),
            ("num_threads", num_threads),
            ("offsets", offsets),
            ("offset_unit", offset_unit),
        ];
        let options = named_options(add_special_tokens, named)?;
        self.handle.with_core(|core| encode_one(py, core, &input, &options))
    }

    /// Encode several sequences or pairs, or an Arrow column of texts.
    #[pyo3(
        signature = (input, is_pretokenized=false, add_special_tokens=true, **options),
        text_signature = "($self, input, is_pretokenized=False, add_special_tokens=True, *, truncation=None, padding=None, allowed_special=None, disallowed_special=None, matching='reference', num_threads=None, offsets='reference', offset_unit='char')"
    )]
    fn encode_batch(
        &self,
        py: Python<'_>,
        input: BatchArg<'_>,
        is_pretokenized: bool,
        add_special_tokens: bool,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Vec<Encoding>> {
        let inputs = Batch::of(&input, is_pretokenized)?;
        let options = call_options(add_special_tokens, options)?;
        encode_many(py, &self.core()?, &inputs, &options)
    }

    /// Encode several sequences or pairs, without offsets and words.
    #[pyo3(
        signature = (input, is_pretokenized=false, add_special_tokens=true, **options),
        text_signature = "($self, input, is_pretokenized=False, add_special_tokens=True, *, truncation=None, padding=None, allowed_special=None, disallowed_special=None, matching='reference', num_threads=None)"
    )]
    fn encode_batch_fast(
        &self,
        py: Python<'_>,
        input: BatchArg<'_>,
        is_pretokenized: bool,
        add_special_tokens: bool,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Vec<Encoding>> {
        let inputs = Batch::of(&input, is_pretokenized)?;
        let options = fast(call_options(add_special_tokens, options)?);
        encode_many(py, &self.core()?, &inputs, &options)
    }

    /// `encode`, awaitable.
    #[pyo3(
        signature = (sequence, pair=None, is_pretokenized=false, add_special_tokens=true, **options),
        text_signature = "($self, sequence, pair=None, is_pretokenized=False, add_special_tokens=True, **options)"
    )]
    fn async_encode<'py>(
        &self,
        py: Python<'py>,
        sequence: &Bound<'py, PyAny>,
        pair: Option<&Bound<'py, PyAny>>,
        is_pretokenized: bool,
        add_special_tokens: bool,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let input = OwnedInput::from_call(sequence, pair, is_pretokenized)?;
        let options = call_options(add_special_tokens, options)?;
        let core = self.core()?;
        asynchronous::run(py, move |py| encode_one(py, &core, &input, &options))
    }

    /// `encode_batch`, awaitable.
    #[pyo3(
        signature = (input, is_pretokenized=false, add_special_tokens=true, **options),
        text_signature = "($self, input, is_pretokenized=False, add_special_tokens=True, **options)"
    )]
    fn async_encode_batch<'py>(
        &self,
        py: Python<'py>,
        input: BatchArg<'py>,
        is_pretokenized: bool,
        add_special_tokens: bool,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let inputs = Batch::of(&input, is_pretokenized)?;
        let options = call_options(add_special_tokens, options)?;
        let core = self.core()?;
        asynchronous::run(py, move |py| encode_many(py, &core, &inputs, &options))
    }

    /// `encode_batch_fast`, awaitable.
    #[pyo3(
        signature = (input, is_pretokenized=false, add_special_tokens=true, **options),
        text_signature = "($self, input, is_pretokenized=False, add_special_tokens=True, **options)"
    )]
    fn async_encode_batch_fast<'py>(
        &self,
        py: Python<'py>,
        input: BatchArg<'py>,
        is_pretokenized: bool,
        add_special_tokens: bool,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let inputs = Batch::of(&input, is_pretokenized)?;
        let options = fast(call_options(add_special_tokens, options)?);
        let core = self.core()?;
        asynchronous::run(py, move |py| encode_many(py, &core, &inputs, &options))
    }

    /// Truncate, frame and pad encodings as `encode` would.
    #[pyo3(signature = (encoding, pair=None, add_special_tokens=true))]
    fn post_process(
        &self,
        encoding: &Encoding,
        pair: Option<&Encoding>,
        add_special_tokens: bool,
    ) -> PyResult<Encoding> {
        let options = call_options(add_special_tokens, None)?;
        let (first, second) = (encoding.inner(), pair.map(Encoding::inner));
        let core = self.core()?;
        guard(|| core.post_process(first, second, &options).map(Encoding::from))
    }
}
