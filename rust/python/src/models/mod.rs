//! `fissile.models`: what turns a piece into tokens.

mod bpe;
mod unigram;
mod wordlevel;
mod wordpiece;

pub(crate) use bpe::Bpe;
pub(crate) use unigram::Unigram;
pub(crate) use wordlevel::WordLevel;
pub(crate) use wordpiece::WordPiece;

use std::path::PathBuf;

use fissile_core::TokenId;
use fissile_core::models::{self as core, Model as Core};
use fissile_core::vocab::Vocab;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::cell::{Node, Part, Shared};
use crate::convert::PathText;
use crate::engine;
use crate::error::{detached, guard, warn_deprecated};
use crate::macros::part_base;
use crate::token::Token;

impl Part for Core {
    fn members(&self) -> Option<&[Self]> {
        None
    }

    fn sequence(mut members: Vec<Self>) -> Self {
        members.pop().unwrap_or_else(empty)
    }
}

/// A BPE model with nothing in it: what a bare `Model()` is.
pub(crate) fn empty() -> Core {
    let vocab = Vocab::from_pairs(std::iter::empty::<(&str, TokenId)>());
    let bpe = core::Bpe::new(vocab, Vec::new(), core::bpe::BpeOptions::default());
    Core::Bpe(bpe.expect("an empty BPE model is valid"))
}

/// A vocabulary as constructors take it: a dict, or the path of a file.
pub(crate) enum VocabArg {
    /// Tokens and ids.
    Entries(Vec<(String, TokenId)>),
    /// A file.
    Path(String),
}

impl FromPyObject<'_, '_> for VocabArg {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if let Ok(dict) = object.cast::<PyDict>() {
            let entry = |(token, id): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
                Ok((token.extract()?, vocab_id(&token, &id)?))
            };
            return dict.iter().map(entry).collect::<PyResult<_>>().map(Self::Entries);
        }
        if object.extract::<PathBuf>().is_ok() {
            return object.extract::<PathText>().map(|path| Self::Path(path.0));
        }
        Err(PyTypeError::new_err(format!(
            "the vocabulary must be a dict of tokens and ids or the path of a file, not '{}'",
            object.get_type().name()?
        )))
    }
}

fn vocab_id(token: &Bound<'_, PyAny>, id: &Bound<'_, PyAny>) -> PyResult<TokenId> {
    id.extract().map_err(|_| {
        let shown = token.repr().and_then(|token| Ok(format!("{token} has the id {}", id.repr()?)));
        PyTypeError::new_err(format!(
            "ids must be integers from 0 to {}: {}",
            TokenId::MAX,
            shown.unwrap_or_default()
        ))
    })
}

/// A vocabulary as Python sees it.
pub(crate) fn entries_to_dict(
    py: Python<'_>,
    entries: Vec<(String, TokenId)>,
) -> PyResult<Bound<'_, PyDict>> {
    let dict = PyDict::new(py);
    for (token, id) in entries {
        dict.set_item(token, id)?;
    }
    Ok(dict)
}

/// What all models have in common: they turn a piece into tokens.
#[pyclass(module = "fissile.models", subclass, frozen)]
pub(crate) struct Model {
    pub(crate) cell: Shared<Core>,
}

part_base!(Model, Core, "Model");

#[pymethods]
impl Model {
    #[new]
    fn new() -> Self {
        Self::of(empty())
    }

    /// The tokens of one piece.
    fn tokenize(&self, py: Python<'_>, sequence: &str) -> PyResult<Vec<Token>> {
        let model = self.cell.part();
        let run = || engine::tokenize(&model, sequence);
        let tokens =
            if sequence.len() > crate::DETACH_BYTES { detached(py, run) } else { guard(run) }?;
        Ok(tokens.into_iter().map(Token::from).collect())
    }

    /// The id of a token, or `None`.
    fn token_to_id(&self, token: &str) -> PyResult<Option<TokenId>> {
        guard(|| Ok(engine::token_to_id(&self.cell.part(), token)))
    }

    /// The token of an id, or `None`.
    fn id_to_token(&self, id: TokenId) -> PyResult<Option<String>> {
        guard(|| Ok(engine::id_to_token(&self.cell.part(), id)))
    }

    /// Write the model's files into a folder; their paths.
    #[pyo3(signature = (folder, prefix=None, name=None))]
    fn save(
        &self,
        py: Python<'_>,
        folder: PathText,
        prefix: Option<&str>,
        name: Option<&str>,
    ) -> PyResult<Vec<String>> {
        if name.is_some() {
            warn_deprecated(
                py,
                "0.10.0",
                "Parameter `name` of Model.save has been renamed `prefix`",
            )?;
        }
        let prefix = prefix.or(name);
        let model = self.cell.part();
        detached(py, || engine::save_model(&model, &folder.0, prefix))
    }

    /// The trainer that trains models of this kind, with its default settings.
    fn get_trainer(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        crate::trainers::default_for(py, &self.cell.part())
    }
}

impl Model {
    /// The Python object of the concrete class, over an existing cell.
    pub(crate) fn to_python(py: Python<'_>, cell: Shared<Core>) -> PyResult<Py<PyAny>> {
        let node = cell.node();
        let base = PyClassInitializer::from(Self::over(cell));
        Ok(match &*node {
            Node::Leaf(Core::Bpe(_)) => Py::new(py, base.add_subclass(Bpe))?.into_any(),
            Node::Leaf(Core::WordPiece(_)) => Py::new(py, base.add_subclass(WordPiece))?.into_any(),
            Node::Leaf(Core::WordLevel(_)) => Py::new(py, base.add_subclass(WordLevel))?.into_any(),
            Node::Leaf(Core::Unigram(_)) => Py::new(py, base.add_subclass(Unigram))?.into_any(),
            Node::Sequence(_) => Py::new(py, base)?.into_any(),
        })
    }
}

/// The module.
#[pymodule(gil_used = false)]
pub(crate) mod models {
    #[pymodule_export]
    use super::{Bpe, Model, Unigram, WordLevel, WordPiece};
}
