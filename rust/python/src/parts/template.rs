//! `TemplateProcessing`: any frame, written as a template.

use std::sync::Arc;

use fissile_core::post_processors::PostProcessor as Core;
use fissile_core::post_processors::template::{
    self, SpecialToken, TemplatePiece, parse_piece, parse_template,
};
use fissile_core::{Error, TokenId};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::error::{IntoPyResult, guard, to_py, type_error};
use crate::parts::processors::PostProcessor;

/// A template: one string, or a list of pieces.
struct Template(Vec<TemplatePiece>);

impl FromPyObject<'_, '_> for Template {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if let Ok(text) = object.cast::<PyString>() {
            return parse_template(text.to_str()?).map(Self).into_py();
        }
        let pieces: Vec<String> =
            object.extract().map_err(|_| type_error("Expected Union[str, List[str]]"))?;
        pieces.iter().map(|piece| parse_piece(piece)).collect::<Result<_, _>>().map(Self).into_py()
    }
}

/// A special token: `(token, id)`, `(id, token)`, or a dict with `id`, `ids` and `tokens`.
struct Special(SpecialToken);

impl FromPyObject<'_, '_> for Special {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if let Ok((token, id)) = object.extract::<(String, TokenId)>() {
            return Ok(Self(single(token, id)));
        }
        if let Ok((id, token)) = object.extract::<(TokenId, String)>() {
            return Ok(Self(single(token, id)));
        }
        let Ok(dict) = object.cast::<PyDict>() else {
            return Err(type_error("Expected Union[Tuple[str, int], Tuple[int, str], dict]"));
        };
        let id = required(&dict, "id")?.extract()?;
        let ids: Vec<TokenId> = required(&dict, "ids")?.extract()?;
        let tokens: Vec<String> = required(&dict, "tokens")?.extract()?;
        if ids.len() != tokens.len() {
            return Err(to_py(
                Error::invalid("SpecialToken: ids and tokens must be of the same length")
                    .finding(format!("{} ids and {} tokens", ids.len(), tokens.len())),
            ));
        }
        Ok(Self(SpecialToken { id, ids, tokens }))
    }
}

fn single(token: String, id: TokenId) -> SpecialToken {
    SpecialToken { id: token.clone(), ids: vec![id], tokens: vec![token] }
}

fn required<'py>(dict: &Bound<'py, PyDict>, key: &str) -> PyResult<Bound<'py, PyAny>> {
    dict.get_item(key)?.ok_or_else(|| PyValueError::new_err(format!("`{key}` must be specified")))
}

/// Any frame, written as a template: `[CLS] $A [SEP] $B:1 [SEP]:1`.
///
/// Args:
///     single: The template of one sequence, `$A` by default.
///     pair: The template of a pair, `$A:0 $B:1` by default.
///     special_tokens: The special tokens that the templates name, as `(token, id)` or as dicts with
///         `id`, `ids` and `tokens`.
#[pyclass(extends = PostProcessor, module = "fissile.processors", frozen)]
pub(crate) struct TemplateProcessing;

#[pymethods]
impl TemplateProcessing {
    #[new]
    #[pyo3(signature = (single=None, pair=None, special_tokens=None))]
    fn new(
        single: Option<Template>,
        pair: Option<Template>,
        special_tokens: Option<Vec<Special>>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let sequence = |second, type_id| TemplatePiece::Sequence { second, type_id };
        let single = single.map_or_else(|| vec![sequence(false, 0)], |template| template.0);
        let pair =
            pair.map_or_else(|| vec![sequence(false, 0), sequence(true, 1)], |template| template.0);
        let special = special_tokens.unwrap_or_default().into_iter().map(|token| token.0).collect();
        let part = guard(|| template::TemplateProcessing::new(single, pair, special))?;
        let base = PostProcessor::of(Core::Template(Arc::new(part)));
        Ok(PyClassInitializer::from(base).add_subclass(Self))
    }

    /// The template of one sequence.
    #[getter]
    fn single(slf: PyRef<'_, Self>) -> PyResult<String> {
        let pieces = slf.as_super().template()?;
        let pieces: Vec<String> = pieces.single().iter().map(show).collect();
        Ok(format!("Template([{}])", pieces.join(", ")))
    }

    #[setter]
    fn set_single(slf: PyRef<'_, Self>, single: Template) -> PyResult<()> {
        let old = slf.as_super().template()?;
        let special = old.special_tokens().values().cloned().collect();
        let part =
            guard(|| template::TemplateProcessing::new(single.0, old.pair().to_vec(), special))?;
        slf.as_super().cell.set_part(Core::Template(Arc::new(part)));
        Ok(())
    }
}

/// A piece in the words that the field's programs know from the reference.
fn show(piece: &TemplatePiece) -> String {
    match piece {
        TemplatePiece::Sequence { second, type_id } => {
            let id = if *second { "B" } else { "A" };
            format!("Sequence {{ id: {id}, type_id: {type_id} }}")
        }
        TemplatePiece::Special { id, type_id } => {
            format!("SpecialToken {{ id: {id:?}, type_id: {type_id} }}")
        }
    }
}
