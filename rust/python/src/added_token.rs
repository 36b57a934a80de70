//! `AddedToken`: a token found in the text before the model sees it.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use fissile_core::vocab;
use pyo3::basic::CompareOp;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::error::{type_error, warn_unknown_keyword};

/// What was said about a token; `normalized` follows `special` unless it was said.
#[derive(Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the field's token has as many")]
struct Fields {
    content: String,
    single_word: bool,
    lstrip: bool,
    rstrip: bool,
    normalized: Option<bool>,
    special: bool,
}

impl Fields {
    fn token(&self) -> vocab::AddedToken {
        vocab::AddedToken {
            content: self.content.clone(),
            single_word: self.single_word,
            lstrip: self.lstrip,
            rstrip: self.rstrip,
            normalized: self.normalized.unwrap_or(!self.special),
            special: self.special,
        }
    }

    /// Set one field by its name; whether there is one.
    fn set(&mut self, key: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
        match key {
            "content" => self.content = value.extract()?,
            "single_word" => self.single_word = value.extract()?,
            "lstrip" => self.lstrip = value.extract()?,
            "rstrip" => self.rstrip = value.extract()?,
            "normalized" => self.normalized = value.extract()?,
            "special" => self.special = value.extract()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// A token that is found in the text before the model sees it.
///
/// Args:
///     content: Its text.
///     single_word: Only where it is a word of its own.
///     lstrip: Takes the white space to its left with it.
///     rstrip: Takes the white space to its right with it.
///     normalized: Looked for in the normalized text, not in the raw one; the default is `not special`.
///     special: Left out when decoding, on request.
#[pyclass(module = "fissile", dict, frozen)]
pub(crate) struct AddedToken {
    fields: Mutex<Fields>,
}

impl From<vocab::AddedToken> for AddedToken {
    fn from(token: vocab::AddedToken) -> Self {
        Self {
            fields: Mutex::new(Fields {
                content: token.content,
                single_word: token.single_word,
                lstrip: token.lstrip,
                rstrip: token.rstrip,
                normalized: Some(token.normalized),
                special: token.special,
            }),
        }
    }
}

impl AddedToken {
    fn fields(&self) -> MutexGuard<'_, Fields> {
        self.fields.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The core's token.
    pub(crate) fn token(&self) -> vocab::AddedToken {
        self.fields().token()
    }
}

/// Tokens given as strings or `AddedToken`s. Special ones are marked so on the very object passed,
/// as the field expects.
pub(crate) fn tokens_from(
    tokens: &[Bound<'_, PyAny>],
    special: bool,
    message: &'static str,
) -> PyResult<Vec<vocab::AddedToken>> {
    let read = |token: &Bound<'_, PyAny>| -> PyResult<vocab::AddedToken> {
        if let Ok(text) = token.cast::<PyString>() {
            return Ok(vocab::AddedToken::new(text.to_str()?, special));
        }
        let token = token.cast::<AddedToken>().map_err(|_| type_error(message))?.get();
        if special {
            token.fields().special = true;
        }
        Ok(token.token())
    };
    tokens.iter().map(read).collect()
}

fn python_bool(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

#[pymethods]
impl AddedToken {
    #[new]
    #[pyo3(
        signature = (content=None, **kwargs),
        text_signature = "(content=None, *, single_word=False, lstrip=False, rstrip=False, normalized=None, special=False)"
    )]
    fn new(content: Option<String>, kwargs: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut fields = Fields { content: content.unwrap_or_default(), ..Fields::default() };
        for (key, value) in kwargs.iter().flat_map(|kwargs| kwargs.iter()) {
            let key: String = key.extract()?;
            if key == "content" || !fields.set(&key, &value)? {
                warn_unknown_keyword(value.py(), &key)?;
            }
        }
        Ok(Self { fields: Mutex::new(fields) })
    }

    fn __getstate__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let token = self.token();
        let state = PyDict::new(py);
        state.set_item("content", token.content)?;
        state.set_item("single_word", token.single_word)?;
        state.set_item("lstrip", token.lstrip)?;
        state.set_item("rstrip", token.rstrip)?;
        state.set_item("normalized", token.normalized)?;
        state.set_item("special", token.special)?;
        Ok(state)
    }

    fn __setstate__(&self, state: &Bound<'_, PyDict>) -> PyResult<()> {
        let mut fields = self.fields().clone();
        for (key, value) in state.iter() {
            fields.set(&key.extract::<String>()?, &value)?;
        }
        *self.fields() = fields;
        Ok(())
    }

    /// Its text.
    #[getter]
    fn content(&self) -> String {
        self.fields().content.clone()
    }

    #[setter]
    fn set_content(&self, content: String) {
        self.fields().content = content;
    }

    /// Whether it takes the white space to its right with it.
    #[getter]
    fn rstrip(&self) -> bool {
        self.fields().rstrip
    }

    /// Whether it takes the white space to its left with it.
    #[getter]
    fn lstrip(&self) -> bool {
        self.fields().lstrip
    }

    /// Whether it is found only where it is a word of its own.
    #[getter]
    fn single_word(&self) -> bool {
        self.fields().single_word
    }

    /// Whether it is looked for in the normalized text.
    #[getter]
    fn normalized(&self) -> bool {
        self.token().normalized
    }

    /// Whether it is left out when decoding, on request.
    #[getter]
    fn special(&self) -> bool {
        self.fields().special
    }

    #[setter]
    fn set_special(&self, special: bool) {
        self.fields().special = special;
    }

    fn __str__(&self) -> String {
        self.content()
    }

    fn __repr__(&self) -> String {
        let token = self.token();
        format!(
            "AddedToken(\"{}\", rstrip={}, lstrip={}, single_word={}, normalized={}, special={})",
            token.content,
            python_bool(token.rstrip),
            python_bool(token.lstrip),
            python_bool(token.single_word),
            python_bool(token.normalized),
            python_bool(token.special)
        )
    }

    fn __richcmp__(&self, other: &Bound<'_, PyAny>, op: CompareOp) -> bool {
        let equal = other.cast::<Self>().is_ok_and(|other| {
            // Compared one after the other: an object is compared with itself, too.
            let other = other.get().token();
            self.token() == other
        });
        match op {
            CompareOp::Eq => equal,
            CompareOp::Ne => !equal,
            _ => false,
        }
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.fields().content.hash(&mut hasher);
        hasher.finish()
    }
}
