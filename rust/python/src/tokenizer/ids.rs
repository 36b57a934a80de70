//! Texts into bare ids and counts, in buffers that NumPy, Torch and Arrow read.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::buffers::{Ids, Ragged};
use crate::error::{detached, guard};
use crate::inputs::{Batch, BatchArg, OwnedInput};
use crate::options::{call_options, named_options};
use crate::tokenizer::Tokenizer;

#[pymethods]
impl Tokenizer {
    /// The ids of a sequence or a pair, and nothing else.
    #[pyo3(
        signature = (sequence, pair=None, is_pretokenized=false, add_special_tokens=true, *, truncation=None, padding=None, allowed_special=None, disallowed_special=None, matching=None, num_threads=None),
        text_signature = "($self, sequence, pair=None, is_pretokenized=False, add_special_tokens=True, *, truncation=None, padding=None, allowed_special=None, disallowed_special=None, matching='reference', num_threads=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "`**options` would cost a dict a call")]
    fn encode_ids(
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
    ) -> PyResult<Ids> {
        let input = OwnedInput::from_call(sequence, pair, is_pretokenized)?;
        let named = [
            ("truncation", truncation),
            ("padding", padding),
            ("allowed_special", allowed_special),
            ("disallowed_special", disallowed_special),
            ("matching", matching),
            ("num_threads", num_threads),
        ];
        let options = named_options(add_special_tokens, named)?;
        self.handle.with_core(|core| {
            let run = || core.encode_ids(&input.borrow(), &options);
            let ids =
                if input.len() > crate::DETACH_BYTES { detached(py, run) } else { guard(run) };
            ids.map(Ids::from)
        })
    }

    /// The ids of several sequences or pairs, or of an Arrow column of texts, in one buffer.
    #[pyo3(
        signature = (input, is_pretokenized=false, add_special_tokens=true, **options),
        text_signature = "($self, input, is_pretokenized=False, add_special_tokens=True, *, truncation=None, padding=None, allowed_special=None, disallowed_special=None, matching='reference', num_threads=None)"
    )]
    fn encode_ids_batch(
        &self,
        py: Python<'_>,
        input: BatchArg<'_>,
        is_pretokenized: bool,
        add_special_tokens: bool,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Ragged> {
        let inputs = Batch::of(&input, is_pretokenized)?;
        let options = call_options(add_special_tokens, options)?;
        let (core, inputs) = (self.core()?, inputs.borrow()?);
        detached(py, || core.encode_ids_batch(&inputs, &options)).map(Ragged::from)
    }

    /// How many ids a sequence or a pair gives.
    #[pyo3(
        signature = (sequence, pair=None, is_pretokenized=false, add_special_tokens=true, *, truncation=None, padding=None, allowed_special=None, disallowed_special=None, matching=None, num_threads=None),
        text_signature = "($self, sequence, pair=None, is_pretokenized=False, add_special_tokens=True, *, truncation=None, padding=None, allowed_special=None, disallowed_special=None, matching='reference', num_threads=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "`**options` would cost a dict a call")]
    fn count(
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
    ) -> PyResult<usize> {
        let input = OwnedInput::from_call(sequence, pair, is_pretokenized)?;
        let named = [
            ("truncation", truncation),
            ("padding", padding),
            ("allowed_special", allowed_special),
            ("disallowed_special", disallowed_special),
            ("matching", matching),
            ("num_threads", num_threads),
        ];
        let options = named_options(add_special_tokens, named)?;
        self.handle.with_core(|core| {
            let run = || core.count(&input.borrow(), &options);
            if input.len() > crate::DETACH_BYTES { detached(py, run) } else { guard(run) }
        })
    }

    /// How many ids each of several sequences or pairs gives.
    #[pyo3(
        signature = (input, is_pretokenized=false, add_special_tokens=true, **options),
        text_signature = "($self, input, is_pretokenized=False, add_special_tokens=True, *, truncation=None, padding=None, allowed_special=None, disallowed_special=None, matching='reference', num_threads=None)"
    )]
    fn count_batch(
        &self,
        py: Python<'_>,
        input: BatchArg<'_>,
        is_pretokenized: bool,
        add_special_tokens: bool,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Vec<usize>> {
        let inputs = Batch::of(&input, is_pretokenized)?;
        let options = call_options(add_special_tokens, options)?;
        let (core, inputs) = (self.core()?, inputs.borrow()?);
        detached(py, || core.count_batch(&inputs, &options))
    }
}
