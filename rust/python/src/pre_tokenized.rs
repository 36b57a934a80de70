//! `PreTokenizedString`: a text cut into pieces, and the one that a custom pre-tokenizer is lent.

use fissile_core::text::{NormalizedText, OffsetUnit, Pieces};
use pyo3::prelude::*;

use crate::convert::{offset_unit, referential};
use crate::custom::{Slot, lend};
use crate::encoding::Encoding;
use crate::error::{IntoPyResult, external, plain, type_error};
use crate::macros::pickled_class;
use crate::normalized::{NormalizedString, NormalizedStringRefMut};
use crate::token::Token;

/// A piece, its span, and its tokens if it has them.
type Split = (String, (usize, usize), Option<Vec<Token>>);

fn callable(function: &Bound<'_, PyAny>, message: &'static str) -> PyResult<()> {
    if function.is_callable() { Ok(()) } else { Err(type_error(message)) }
}

fn split(pieces: &mut Pieces, function: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = function.py();
    let call = |index: usize, text: NormalizedText| -> PyResult<Vec<NormalizedText>> {
        let parts = function.call1((index, NormalizedString::from(text)))?;
        let parts: Vec<PyRef<'_, NormalizedString>> = parts.extract()?;
        parts.iter().map(|part| part.text(py)).collect()
    };
    pieces.split(|index, text| call(index, text).map_err(external)).into_py()
}

fn normalize(pieces: &mut Pieces, function: &Bound<'_, PyAny>) -> PyResult<()> {
    pieces
        .normalize(|text| {
            lend(text, NormalizedText::default(), |slot| {
                function.call1((NormalizedStringRefMut::over(slot),)).map(|_| ())
            })
        })
        .into_py()
}

fn tokenize(pieces: &mut Pieces, function: &Bound<'_, PyAny>) -> PyResult<()> {
    let call = |text: &NormalizedText| -> PyResult<Vec<fissile_core::Token>> {
        let tokens: Vec<PyRef<'_, Token>> = function.call1((text.get(),))?.extract()?;
        Ok(tokens.iter().map(|token| token.inner().clone()).collect())
    };
    pieces.tokenize(|text| call(text).map_err(external)).into_py()
}

fn splits(pieces: &Pieces, of: &str, unit: &str) -> PyResult<Vec<Split>> {
    let splits = pieces.splits(referential(of)?, offset_unit(unit)?);
    let own = |tokens: &[fissile_core::Token]| tokens.iter().cloned().map(Token::from).collect();
    Ok(splits
        .into_iter()
        .map(|(text, span, tokens)| (text.to_owned(), (span.start, span.end), tokens.map(own)))
        .collect())
}

macro_rules! pre_tokenized_class {
    ($(#[$meta:meta])* $class:ident, $gone:literal) => {
        $(#[$meta])*
        pub(crate) struct $class {
            slot: Slot<Pieces>,
        }

        impl $class {
            /// An object over a slot.
            pub(crate) fn over(slot: Slot<Pieces>) -> Self {
                Self { slot }
            }

            /// Edit a copy, then put it in place: no lock is held while Python runs.
            pub(crate) fn edit(
                &self,
                py: Python<'_>,
                edit: impl FnOnce(&mut Pieces) -> PyResult<()>,
            ) -> PyResult<()> {
                let mut pieces = self.pieces(py)?;
                edit(&mut pieces)?;
                self.slot.with(|place| *place = pieces).ok_or_else(|| plain(py, $gone))
            }

            fn pieces(&self, py: Python<'_>) -> PyResult<Pieces> {
                self.slot.with(|pieces| pieces.clone()).ok_or_else(|| plain(py, $gone))
            }
        }

        #[pymethods]
        impl $class {
            /// Replace every piece by what `func(index, piece)` makes of it.
            fn split(&self, py: Python<'_>, func: &Bound<'_, PyAny>) -> PyResult<()> {
                callable(
                    func,
                    "`split` expect a callable with the signature: \
                     `fn(index: int, normalized: NormalizedString) -> List[NormalizedString]`",
                )?;
                self.edit(py, |pieces| split(pieces, func))
            }

            /// Let `func(piece)` edit every piece.
            fn normalize(&self, py: Python<'_>, func: &Bound<'_, PyAny>) -> PyResult<()> {
                callable(
                    func,
                    "`normalize` expect a callable with the signature: \
                     `fn(normalized: NormalizedString)`",
                )?;
                self.edit(py, |pieces| normalize(pieces, func))
            }

            /// Give every piece the tokens that `func(text)` makes of it.
            fn tokenize(&self, py: Python<'_>, func: &Bound<'_, PyAny>) -> PyResult<()> {
                callable(
                    func,
                    "`tokenize` expect a callable with the signature: `fn(str) -> List[Token]`",
                )?;
                self.edit(py, |pieces| tokenize(pieces, func))
            }

            /// All tokens as an `Encoding`, offsets in characters.
            #[pyo3(signature = (type_id=0, word_idx=None))]
            fn to_encoding(
                &self,
                py: Python<'_>,
                type_id: u32,
                word_idx: Option<u32>,
            ) -> PyResult<Encoding> {
                let pieces = self.pieces(py)?;
                let encoding = pieces.into_encoding(word_idx, type_id, OffsetUnit::Char);
                Ok(Encoding::from(encoding.into_py()?))
            }

            /// The pieces: text, offsets, and tokens where there are any.
            #[pyo3(signature = (offset_referential="original", offset_type="char"))]
            fn get_splits(
                &self,
                py: Python<'_>,
                offset_referential: &str,
                offset_type: &str,
            ) -> PyResult<Vec<Split>> {
                splits(&self.pieces(py)?, offset_referential, offset_type)
            }
        }
    };
}

pre_tokenized_class! {
    /// A text cut into pieces.
    ///
    /// Args:
    ///     s: The text.
    #[pyclass(module = "fissile", frozen)]
    PreTokenizedString, "the text is gone"
}

pre_tokenized_class! {
    /// The pieces that a custom pre-tokenizer is lent: usable only during the call.
    #[pyclass(module = "fissile", name = "PreTokenizedString", frozen)]
    PreTokenizedStringRefMut, "Cannot use a PreTokenizedStringRefMut outside `pre_tokenize`"
}

impl From<Pieces> for PreTokenizedString {
    fn from(pieces: Pieces) -> Self {
        Self::over(Slot::new(pieces))
    }
}

impl PreTokenizedString {
    fn value(&self, py: Python<'_>) -> PyResult<Pieces> {
        self.pieces(py)
    }

    fn put(&self, pieces: Pieces) {
        self.slot.with(|place| *place = pieces);
    }
}

#[pymethods]
impl PreTokenizedString {
    #[new]
    fn new(s: &str) -> Self {
        Pieces::new(NormalizedText::new(s)).into()
    }
}

pickled_class!(PreTokenizedString, Pieces, new("",));
