//! Tokens, ids, added tokens.

use fissile_core::TokenId;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::added_token::{AddedToken, tokens_from};
use crate::convert::list_or_tuple;
use crate::error::guard;
use crate::tokenizer::Tokenizer;

const TOKENS: &str = "Input must be a List[Union[str, AddedToken]]";

#[pymethods]
impl Tokenizer {
    /// Every token and its id, by ascending id.
    #[pyo3(signature = (with_added_tokens=true))]
    fn get_vocab<'py>(
        &self,
        py: Python<'py>,
        with_added_tokens: bool,
    ) -> PyResult<Bound<'py, PyDict>> {
        let core = self.core()?;
        let dict = PyDict::new(py);
        for (token, id) in guard(|| Ok(core.vocab(with_added_tokens)))? {
            dict.set_item(token, id)?;
        }
        Ok(dict)
    }

    /// How many tokens there are.
    #[pyo3(signature = (with_added_tokens=true))]
    fn get_vocab_size(&self, with_added_tokens: bool) -> PyResult<usize> {
        let core = self.core()?;
        guard(|| Ok(core.vocab_size(with_added_tokens)))
    }

    /// The added tokens by ascending id.
    fn get_added_tokens_decoder<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (id, token) in self.core()?.added_tokens().iter() {
            dict.set_item(id, Bound::new(py, AddedToken::from(token.clone()))?)?;
        }
        Ok(dict)
    }

    /// The id of a token, or `None`.
    fn token_to_id(&self, token: &str) -> PyResult<Option<TokenId>> {
        let core = self.core()?;
        guard(|| Ok(core.token_to_id(token)))
    }

    /// The token of an id, or `None`.
    fn id_to_token(&self, id: TokenId) -> PyResult<Option<String>> {
        let core = self.core()?;
        guard(|| Ok(core.id_to_token(id).map(str::to_owned)))
    }

    /// The raw bytes that an id stands for when decoded, or `None`.
    fn token_bytes<'py>(
        &self,
        py: Python<'py>,
        id: TokenId,
    ) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let core = self.core()?;
        let bytes = guard(|| Ok(core.token_bytes(id)))?;
        Ok(bytes.map(|bytes| PyBytes::new(py, &bytes)))
    }

    /// Add tokens; how many were new or changed.
    fn add_tokens(&self, py: Python<'_>, tokens: &Bound<'_, PyAny>) -> PyResult<usize> {
        let tokens = tokens_from(&list_or_tuple(tokens, TOKENS)?, false, TOKENS)?;
        py.detach(|| self.handle.update(|core| core.add_tokens(tokens.clone())))
    }

    /// Add special tokens; how many were new or changed.
    fn add_special_tokens(&self, py: Python<'_>, tokens: &Bound<'_, PyAny>) -> PyResult<usize> {
        let tokens = tokens_from(&list_or_tuple(tokens, TOKENS)?, true, TOKENS)?;
        py.detach(|| self.handle.update(|core| core.add_tokens(tokens.clone())))
    }
}
