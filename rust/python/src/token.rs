//! `Token`: one token as a model gives it.

use fissile_core::{Span, TokenId};
use pyo3::prelude::*;

/// One token as a model gives it: its id, its text, and the part of the piece it covers.
#[pyclass(module = "fissile", frozen)]
pub(crate) struct Token {
    token: fissile_core::Token,
}

impl From<fissile_core::Token> for Token {
    fn from(token: fissile_core::Token) -> Self {
        Self { token }
    }
}

impl Token {
    /// The core's token.
    pub(crate) fn inner(&self) -> &fissile_core::Token {
        &self.token
    }
}

#[pymethods]
impl Token {
    #[new]
    fn new(id: TokenId, value: String, offsets: (usize, usize)) -> Self {
        fissile_core::Token::new(id, value, Span::new(offsets.0, offsets.1)).into()
    }

    /// The number.
    #[getter]
    fn id(&self) -> TokenId {
        self.token.id
    }

    /// The text.
    #[getter]
    fn value(&self) -> &str {
        &self.token.value
    }

    /// Where it stands in the piece.
    #[getter]
    fn offsets(&self) -> (usize, usize) {
        (self.token.span.start, self.token.span.end)
    }

    /// Id, text and offsets as one tuple.
    fn as_tuple(&self) -> (TokenId, &str, (usize, usize)) {
        (self.token.id, &self.token.value, self.offsets())
    }

    fn __getnewargs__(&self) -> (TokenId, &str, (usize, usize)) {
        self.as_tuple()
    }

    fn __repr__(&self) -> String {
        let (start, end) = self.offsets();
        format!(
            "Token(id={}, value={:?}, offsets=({start}, {end}))",
            self.token.id, self.token.value
        )
    }
}
