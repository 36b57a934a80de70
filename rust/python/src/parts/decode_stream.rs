//! `DecodeStream`: decoding ids one by one, as generation gives them.

use std::sync::{Mutex, PoisonError};

use fissile_core::tokenizer;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert::{IdsArg, OneOrMore};
use crate::error::{detached, guard};
use crate::tokenizer::Tokenizer;

/// Decodes ids one by one, and gives text as soon as it is certain.
///
/// Args:
///     ids: Ids that went before (a prompt); their text is not given out.
///     skip_special_tokens: Leave special tokens out of the text.
#[pyclass(module = "fissile.decoders", frozen)]
pub(crate) struct DecodeStream {
    stream: Mutex<tokenizer::DecodeStream>,
}

impl DecodeStream {
    fn get(&self) -> tokenizer::DecodeStream {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[pymethods]
impl DecodeStream {
    #[new]
    #[pyo3(signature = (ids=None, skip_special_tokens=false))]
    fn new(ids: Option<IdsArg>, skip_special_tokens: Option<bool>) -> PyResult<Self> {
        let (ids, skip) =
            (ids.map(|ids| ids.0).unwrap_or_default(), skip_special_tokens.unwrap_or_default());
        let stream = guard(|| Ok(tokenizer::DecodeStream::new(ids, skip)))?;
        Ok(Self { stream: Mutex::new(stream) })
    }

    /// Take an id or several; the text that became certain with them, if any.
    fn step(
        &self,
        py: Python<'_>,
        tokenizer: &Tokenizer,
        id: OneOrMore,
    ) -> PyResult<Option<String>> {
        let core = tokenizer.handle.core()?;
        // The state is taken out while it works: a decoder written in Python may come back here.
        let mut stream =
            std::mem::take(&mut *self.stream.lock().unwrap_or_else(PoisonError::into_inner));
        let outcome = match id {
            OneOrMore::One(id) => guard(|| stream.step(&core, &[id])),
            OneOrMore::More(ids) => detached(py, || stream.step(&core, &ids)),
        };
        *self.stream.lock().unwrap_or_else(PoisonError::into_inner) = stream;
        outcome
    }

    fn __copy__(&self) -> Self {
        Self { stream: Mutex::new(self.get()) }
    }

    fn __deepcopy__(&self, _memo: &Bound<'_, PyDict>) -> Self {
        self.__copy__()
    }
}
