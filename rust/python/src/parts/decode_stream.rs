//! `DecodeStream`: decoding ids one by one, as generation gives them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use fissile_core::tokenizer;
use pyo3::prelude::*;

use crate::convert::OneOrMore;
use crate::error::{detached, guard};
use crate::ids_in::IdsArg;
use crate::macros::pickled_class;
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

impl From<tokenizer::DecodeStream> for DecodeStream {
    fn from(stream: tokenizer::DecodeStream) -> Self {
        Self { stream: Mutex::new(stream) }
    }
}

impl DecodeStream {
    fn stream(&self) -> MutexGuard<'_, tokenizer::DecodeStream> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[expect(clippy::unnecessary_wraps, reason = "as the other classes that are pickled have it")]
    fn value(&self, _py: Python<'_>) -> PyResult<tokenizer::DecodeStream> {
        Ok(self.stream().clone())
    }

    fn put(&self, stream: tokenizer::DecodeStream) {
        *self.stream() = stream;
    }

    /// Work on the stream. It is taken out meanwhile: a decoder written in Python may come back here.
    fn with<R>(
        &self,
        tokenizer: &Tokenizer,
        work: impl FnOnce(&mut tokenizer::DecodeStream, &fissile_core::Tokenizer) -> PyResult<R>,
    ) -> PyResult<R> {
        let core = tokenizer.handle.core()?;
        let mut stream = std::mem::take(&mut *self.stream());
        let outcome = work(&mut stream, &core);
        self.put(stream);
        outcome
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
        Ok(stream.into())
    }

    /// Take an id or several; the text that became certain with them, if any.
    fn step(
        &self,
        py: Python<'_>,
        tokenizer: &Tokenizer,
        id: OneOrMore,
    ) -> PyResult<Option<String>> {
        self.with(tokenizer, |stream, core| match id {
            OneOrMore::One(id) => guard(|| stream.step(core, &[id])),
            OneOrMore::More(ids) => detached(py, || stream.step(core, &ids)),
        })
    }

    /// The text still held back, at the end of a stream: unfinished characters become U+FFFD. The
    /// stream is then as new.
    fn flush(&self, tokenizer: &Tokenizer) -> PyResult<Option<String>> {
        self.with(tokenizer, |stream, core| guard(|| stream.flush(core)))
    }
}

pickled_class!(DecodeStream, tokenizer::DecodeStream, new());
