//! `Encoding`: what encoding a text gives.

use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use fissile_core::{Span, encoding};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyList};

use crate::buffers::{Ids, Mask, OffsetPairs, WordIds};
use crate::convert::{direction, utf8};
use crate::error::{guard, prefixed, warn_deprecated, warn_unknown_keyword};
use crate::rectangle;

/// What encoding a text gives: ids, and everything that can be said about them.
#[pyclass(module = "fissile", dict, frozen)]
pub(crate) struct Encoding {
    /// As it was made.
    made: encoding::Encoding,
    /// As it is, once somebody has changed it: few are, and what can be changed costs more to make and to drop.
    edited: OnceLock<ArcSwap<encoding::Encoding>>,
}

impl From<encoding::Encoding> for Encoding {
    fn from(made: encoding::Encoding) -> Self {
        Self { made, edited: OnceLock::new() }
    }
}

impl Encoding {
    /// The core's encoding.
    pub(crate) fn inner(&self) -> encoding::Encoding {
        self.with(Clone::clone)
    }

    fn with<R>(&self, read: impl FnOnce(&encoding::Encoding) -> R) -> R {
        match self.edited.get() {
            Some(edited) => read(&edited.load()),
            None => read(&self.made),
        }
    }

    /// Look something up.
    fn read<R>(&self, read: impl FnOnce(&encoding::Encoding) -> R) -> PyResult<R> {
        guard(|| Ok(self.with(read)))
    }

    fn replace(&self, new: encoding::Encoding) {
        self.edited.get_or_init(|| ArcSwap::from_pointee(self.made.clone())).store(Arc::new(new));
    }

    fn edit(
        &self,
        edit: impl FnOnce(&mut encoding::Encoding) -> fissile_core::Result<()>,
    ) -> PyResult<()> {
        let mut new = self.inner();
        guard(|| edit(&mut new))?;
        self.replace(new);
        Ok(())
    }
}

fn pair(span: Span) -> (usize, usize) {
    (span.start, span.end)
}

#[pymethods]
impl Encoding {
    #[new]
    fn new() -> Self {
        encoding::Encoding::merge(Vec::new(), false).into()
    }

    fn __getstate__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let json = self.read(encoding::Encoding::to_json)?;
        Ok(PyBytes::new(py, json.as_bytes()))
    }

    fn __setstate__(&self, state: &Bound<'_, PyBytes>) -> PyResult<()> {
        let json = utf8(state.as_bytes())?;
        let inner = guard(|| encoding::Encoding::from_json(json)).map_err(|error| {
            prefixed(state.py(), "Error while attempting to unpickle Encoding: ", error)
        })?;
        self.replace(inner);
        Ok(())
    }

    fn __repr__(&self) -> String {
        format!(
            "Encoding(num_tokens={}, attributes=[ids, type_ids, tokens, offsets, \
             attention_mask, special_tokens_mask, overflowing])",
            self.with(encoding::Encoding::len)
        )
    }

    fn __len__(&self) -> PyResult<usize> {
        self.read(encoding::Encoding::len)
    }

    /// Join encodings to one.
    #[staticmethod]
    #[pyo3(signature = (encodings, growing_offsets=true))]
    fn merge(encodings: Vec<PyRef<'_, Self>>, growing_offsets: bool) -> PyResult<Self> {
        let encodings = encodings.iter().map(|encoding| encoding.inner()).collect();
        guard(|| Ok(encoding::Encoding::merge(encodings, growing_offsets).into()))
    }

    /// How many sequences it was made of.
    #[getter]
    fn n_sequences(&self) -> PyResult<usize> {
        self.read(encoding::Encoding::n_sequences)
    }

    /// Say which sequence all tokens belong to.
    fn set_sequence_id(&self, sequence_id: usize) -> PyResult<()> {
        self.edit(|inner| {
            inner.set_sequence_id(sequence_id);
            Ok(())
        })
    }

    /// The ids.
    #[getter]
    fn ids<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let ids = self.read(encoding::Encoding::id_column)?;
        PyList::new(py, ids.as_slice())
    }

    /// The ids as a buffer that NumPy, Torch and Arrow read without copying.
    #[getter]
    fn ids_buffer(&self) -> PyResult<Ids> {
        self.read(|inner| Ids::from(inner.id_column()))
    }

    /// Where each token stands in its text, as a buffer of pairs.
    #[getter]
    fn offsets_buffer(&self) -> PyResult<OffsetPairs> {
        guard(|| self.with(encoding::Encoding::offset_column).map(OffsetPairs::from))
    }

    /// The word of each token as a buffer, -1 for none.
    #[getter]
    fn word_ids_buffer(&self) -> PyResult<WordIds> {
        guard(|| self.with(encoding::Encoding::word_column).map(WordIds::from))
    }

    /// The type of each token as a buffer.
    #[getter]
    fn type_ids_buffer(&self) -> PyResult<Ids> {
        self.read(|inner| Ids::from(inner.type_column()))
    }

    /// The special tokens mask as a buffer.
    #[getter]
    fn special_tokens_mask_buffer(&self) -> PyResult<Mask> {
        self.read(|inner| Mask::from(inner.special_column()))
    }

    /// The attention mask as a buffer.
    #[getter]
    fn attention_mask_buffer(&self) -> PyResult<Mask> {
        self.read(|inner| Mask::from(inner.attention_column()))
    }

    /// One column of several encodings of one length, row after row in one block of 64-bit numbers.
    #[staticmethod]
    fn stack<'py>(
        py: Python<'py>,
        encodings: Vec<PyRef<'py, Self>>,
        column: &str,
    ) -> PyResult<Bound<'py, PyByteArray>> {
        let encodings: Vec<_> = encodings.iter().map(|encoding| encoding.inner()).collect();
        rectangle::of_encodings(py, &encodings, column)
    }

    /// The texts of the tokens.
    #[getter]
    fn tokens(&self) -> PyResult<Vec<String>> {
        self.read(encoding::Encoding::tokens)
    }

    /// Deprecated name of `word_ids`.
    #[getter]
    fn words(&self, py: Python<'_>) -> PyResult<Vec<Option<u32>>> {
        warn_deprecated(
            py,
            "0.9.4",
            "Encoding.words is deprecated, please use Encoding.word_ids instead.",
        )?;
        self.word_ids()
    }

    /// The number of the word that each token belongs to.
    #[getter]
    fn word_ids(&self) -> PyResult<Vec<Option<u32>>> {
        self.read(encoding::Encoding::word_ids)
    }

    /// The number of the sequence that each token belongs to.
    #[getter]
    fn sequence_ids(&self) -> PyResult<Vec<Option<usize>>> {
        self.read(encoding::Encoding::sequence_ids)
    }

    /// The type of each token.
    #[getter]
    fn type_ids(&self) -> PyResult<Vec<u32>> {
        self.read(encoding::Encoding::type_ids)
    }

    /// The part of the original text that each token covers.
    #[getter]
    fn offsets(&self) -> PyResult<Vec<(usize, usize)>> {
        self.read(|inner| inner.offsets().into_iter().map(pair).collect())
    }

    /// 1 for tokens that a post-processor or padding added.
    #[getter]
    fn special_tokens_mask(&self) -> PyResult<Vec<u32>> {
        self.read(encoding::Encoding::special_tokens_mask)
    }

    /// 0 for padding.
    #[getter]
    fn attention_mask(&self) -> PyResult<Vec<u32>> {
        self.read(encoding::Encoding::attention_mask)
    }

    /// What truncation cut off.
    #[getter]
    fn overflowing(&self) -> PyResult<Vec<Self>> {
        self.read(|inner| inner.overflowing().iter().cloned().map(Self::from).collect())
    }

    /// The tokens of a word, first and one past last.
    #[pyo3(signature = (word_index, sequence_index=0))]
    fn word_to_tokens(
        &self,
        word_index: u32,
        sequence_index: usize,
    ) -> PyResult<Option<(usize, usize)>> {
        self.read(|inner| inner.word_to_tokens(word_index, sequence_index).map(pair))
    }

    /// The part of the original text that a word covers.
    #[pyo3(signature = (word_index, sequence_index=0))]
    fn word_to_chars(
        &self,
        word_index: u32,
        sequence_index: usize,
    ) -> PyResult<Option<(usize, usize)>> {
        self.read(|inner| inner.word_to_chars(word_index, sequence_index).map(pair))
    }

    /// The sequence of a token.
    fn token_to_sequence(&self, token_index: usize) -> PyResult<Option<usize>> {
        self.read(|inner| inner.token_to_sequence(token_index))
    }

    /// The part of the original text that a token covers.
    fn token_to_chars(&self, token_index: usize) -> PyResult<Option<(usize, usize)>> {
        self.read(|inner| inner.token_to_chars(token_index).map(|(_, span)| pair(span)))
    }

    /// The word of a token.
    fn token_to_word(&self, token_index: usize) -> PyResult<Option<u32>> {
        self.read(|inner| inner.token_to_word(token_index).map(|(_, word)| word))
    }

    /// The token that covers a position of the original text.
    #[pyo3(signature = (char_pos, sequence_index=0))]
    fn char_to_token(&self, char_pos: usize, sequence_index: usize) -> PyResult<Option<usize>> {
        self.read(|inner| inner.char_to_token(char_pos, sequence_index))
    }

    /// The word that covers a position of the original text.
    #[pyo3(signature = (char_pos, sequence_index=0))]
    fn char_to_word(&self, char_pos: usize, sequence_index: usize) -> PyResult<Option<u32>> {
        self.read(|inner| inner.char_to_word(char_pos, sequence_index))
    }

    /// Fill up to a length, in place.
    #[pyo3(
        signature = (length, **kwargs),
        text_signature = "($self, length, *, direction='right', pad_id=0, pad_type_id=0, pad_token='[PAD]')"
    )]
    fn pad(&self, length: usize, kwargs: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
        let (mut side, mut id, mut type_id) = (encoding::Direction::Right, 0, 0);
        let mut token = "[PAD]".to_owned();
        for (key, value) in kwargs.iter().flat_map(|kwargs| kwargs.iter()) {
            match key.extract::<String>()?.as_str() {
                "direction" => side = direction(&value.extract::<String>()?, "")?,
                "pad_id" => id = value.extract()?,
                "pad_type_id" => type_id = value.extract()?,
                "pad_token" => token = value.extract()?,
                other => warn_unknown_keyword(value.py(), other)?,
            }
        }
        self.edit(|inner| inner.pad(length, side, id, type_id, &token))
    }

    /// Cut to a length, in place; the rest becomes `overflowing`.
    #[pyo3(signature = (max_length, stride=0, direction="right"))]
    fn truncate(&self, max_length: usize, stride: usize, direction: &str) -> PyResult<()> {
        let side = match direction {
            "left" => encoding::Direction::Left,
            "right" => encoding::Direction::Right,
            _ => {
                return Err(PyValueError::new_err(format!(
                    "Invalid truncation direction value : {direction}"
                )));
            }
        };
        self.edit(|inner| inner.truncate(max_length, stride, side))
    }
}
