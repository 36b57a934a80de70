//! Texts as Python gives them: borrowed, never copied.
//!
//! A `str` keeps its UTF-8 form inside; [`PyBackedStr`] holds the `str` alive and borrows that form, so
//! that work can go on while other Python threads run.

use fissile_core::Error;
use fissile_core::tokenizer::{EncodeInput, Input};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyList, PyString, PyTuple};

use crate::arrow_in::{Batches, Values, is_arrow};
use crate::error::{to_py, type_error};

const TEXT: &str = "TextInputSequence must be str";
const WORDS: &str = "PreTokenizedInputSequence must be Union[List[str], Tuple[str]]";
const TEXT_INPUT: &str =
    "TextEncodeInput must be Union[TextInputSequence, Tuple[InputSequence, InputSequence]]";
const WORDS_INPUT: &str = "PreTokenizedEncodeInput must be Union[PreTokenizedInputSequence, \
     Tuple[PreTokenizedInputSequence, PreTokenizedInputSequence]]";

/// One sequence: a text, or words.
pub(crate) enum Sequence {
    /// A text.
    Text(PyBackedStr),
    /// Words.
    Words(Vec<PyBackedStr>),
}

/// A sequence or a pair.
pub(crate) struct OwnedInput {
    first: Sequence,
    second: Option<Sequence>,
}

impl Sequence {
    fn borrow(&self) -> Input<'_> {
        match self {
            Self::Text(text) => Input::Text(text),
            Self::Words(words) => Input::Words(words.iter().map(|word| &**word).collect()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Words(words) => words.iter().map(|word| word.len()).sum(),
        }
    }
}

impl OwnedInput {
    /// The input as the core takes it.
    pub(crate) fn borrow(&self) -> EncodeInput<'_> {
        EncodeInput {
            first: self.first.borrow(),
            second: self.second.as_ref().map(Sequence::borrow),
        }
    }

    /// Bytes of text.
    pub(crate) fn len(&self) -> usize {
        self.first.len() + self.second.as_ref().map_or(0, Sequence::len)
    }

    /// The input of a call with `sequence` and `pair`.
    pub(crate) fn from_call(
        sequence: &Bound<'_, PyAny>,
        pair: Option<&Bound<'_, PyAny>>,
        is_pretokenized: bool,
    ) -> PyResult<Self> {
        let read = if is_pretokenized { words } else { text };
        Ok(Self { first: read(sequence)?, second: pair.map(read).transpose()? })
    }

    /// One item of a batch: a sequence, or two of them in a tuple or list.
    fn from_item(item: &Bound<'_, PyAny>, is_pretokenized: bool) -> PyResult<Self> {
        let read = if is_pretokenized { words } else { text };
        if let Ok(first) = read(item) {
            return Ok(Self { first, second: None });
        }
        let members: Vec<Bound<'_, PyAny>> = match item.extract() {
            Ok(members) => members,
            Err(_) if is_pretokenized => return Err(type_error(WORDS_INPUT)),
            Err(_) => return Err(type_error(TEXT_INPUT)),
        };
        match members.as_slice() {
            [first, second] => Ok(Self { first: read(first)?, second: Some(read(second)?) }),
            _ => Err(type_error(if is_pretokenized { WORDS_INPUT } else { TEXT_INPUT })),
        }
    }

    /// The items of a batch.
    pub(crate) fn from_batch(
        items: &[Bound<'_, PyAny>],
        is_pretokenized: bool,
    ) -> PyResult<Vec<Self>> {
        items.iter().map(|item| Self::from_item(item, is_pretokenized)).collect()
    }
}

/// What a batch is given as.
pub(crate) enum BatchArg<'py> {
    /// A sequence.
    Items(Vec<Bound<'py, PyAny>>),
    /// Something with an Arrow column.
    Column(Bound<'py, PyAny>),
}

impl<'py> FromPyObject<'_, 'py> for BatchArg<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if !object.is_instance_of::<PyList>() && is_arrow(&object)? {
            return Ok(Self::Column(object.to_owned()));
        }
        object.extract().map(Self::Items)
    }
}

/// The inputs of a batch.
pub(crate) enum Batch {
    /// Python's objects.
    Items(Vec<OwnedInput>),
    /// A column of texts, as it lies in its library's memory.
    Column(Vec<Values>),
}

impl Batch {
    /// The inputs of what was given.
    pub(crate) fn of(input: &BatchArg<'_>, is_pretokenized: bool) -> PyResult<Self> {
        let input = match input {
            BatchArg::Items(items) => {
                return OwnedInput::from_batch(items, is_pretokenized).map(Self::Items);
            }
            BatchArg::Column(_) if is_pretokenized => {
                return Err(type_error("an Arrow column holds texts, not words"));
            }
            BatchArg::Column(input) => input,
        };
        let mut column = Batches::of(input)?.text_column()?;
        let mut parts = Vec::new();
        while let Some(part) = column.next()? {
            parts.push(part);
        }
        Ok(Self::Column(parts))
    }

    /// The inputs as the core takes them.
    pub(crate) fn borrow(&self) -> PyResult<Vec<EncodeInput<'_>>> {
        let parts = match self {
            Self::Items(items) => return Ok(items.iter().map(OwnedInput::borrow).collect()),
            Self::Column(parts) => parts,
        };
        let mut inputs = Vec::with_capacity(parts.iter().map(|part| part.length).sum());
        for part in parts {
            for at in 0..part.length {
                let text = part.text(at)?.ok_or_else(|| missing(inputs.len()))?;
                inputs.push(EncodeInput::text(text));
            }
        }
        Ok(inputs)
    }
}

fn missing(row: usize) -> PyErr {
    to_py(
        Error::invalid("an Arrow column has no text in a row")
            .in_field(format!("[{row}]"))
            .expecting("a text in every row")
            .finding("null")
            .hinting("drop such rows, or fill them with an empty text"),
    )
}

fn backed(object: &Bound<'_, PyAny>) -> Option<PyBackedStr> {
    // A `str` with lone surrogates has no UTF-8 form: it counts as no text at all.
    let text = object.cast::<PyString>().ok()?;
    PyBackedStr::try_from(text.clone()).ok()
}

fn text(object: &Bound<'_, PyAny>) -> PyResult<Sequence> {
    backed(object).map(Sequence::Text).ok_or_else(|| type_error(TEXT))
}

fn words(object: &Bound<'_, PyAny>) -> PyResult<Sequence> {
    let members: Vec<Bound<'_, PyAny>> =
        if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
            object.extract()?
        } else if is_one_dimensional_array(object) {
            // NumPy makes `str` of its own fixed-width texts here.
            object.call_method0("tolist")?.extract()?
        } else {
            return Err(type_error(WORDS));
        };
    let words = members.iter().map(|word| backed(word).ok_or_else(|| type_error(WORDS)));
    words.collect::<PyResult<_>>().map(Sequence::Words)
}

fn is_one_dimensional_array(object: &Bound<'_, PyAny>) -> bool {
    let is = || -> PyResult<bool> {
        Ok(object.hasattr("__array_interface__")?
            && object.hasattr("tolist")?
            && object.getattr("ndim")?.extract::<usize>()? == 1)
    };
    is().unwrap_or_default()
}
