//! Loading and saving.

use fissile_core::Tokenizer as Core;
use fissile_core::format::{BertOptions, TiktokenOptions};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict};

use crate::convert::{PathText, utf8};
use crate::engine;
use crate::error::{detached, prefixed, warn_user};
use crate::tokenizer::Tokenizer;

/// What a `vocab.txt` does not say, from keyword arguments.
fn bert_options(keywords: Option<&Bound<'_, PyDict>>) -> PyResult<BertOptions> {
    let mut options = BertOptions::default();
    for (key, value) in keywords.iter().flat_map(|keywords| keywords.iter()) {
        let key: String = key.extract()?;
        match key.as_str() {
            "unk_token" => options.unk_token = value.extract()?,
            "sep_token" => options.sep_token = value.extract()?,
            "cls_token" => options.cls_token = value.extract()?,
            "pad_token" => options.pad_token = value.extract()?,
            "mask_token" => options.mask_token = value.extract()?,
            "continuing_subword_prefix" => options.continuing_subword_prefix = value.extract()?,
            "clean_text" => options.normalizer.clean_text = value.extract()?,
            "handle_chinese_chars" => options.normalizer.handle_chinese_chars = value.extract()?,
            "strip_accents" => options.normalizer.strip_accents = value.extract()?,
            "lowercase" => options.normalizer.lowercase = value.extract()?,
            _ => {
                return Err(PyTypeError::new_err(format!(
                    "got an unexpected keyword argument '{key}'"
                )));
            }
        }
    }
    Ok(options)
}

/// The cache file that was asked for.
enum Cache {
    None,
    /// Beside the tokenizer's own file.
    Beside,
    At(String),
}

impl Cache {
    fn of(cache: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(cache) = cache else { return Ok(Self::None) };
        if let Ok(wanted) = cache.cast::<PyBool>() {
            return Ok(if wanted.is_true() { Self::Beside } else { Self::None });
        }
        let path: PathText = cache.extract().map_err(|_| {
            PyTypeError::new_err(format!("cache must be True, False or a path, not {cache}"))
        })?;
        Ok(Self::At(path.0))
    }
}

#[pymethods]
impl Tokenizer {
    /// A tokenizer from the text of a `tokenizer.json`.
    #[staticmethod]
    fn from_str(py: Python<'_>, json: &str) -> PyResult<Self> {
        detached(py, || Core::from_json(json)).map(Self::from)
    }

    /// A tokenizer from a file: a `tokenizer.json`, or any other format that is recognized.
    #[staticmethod]
    #[pyo3(signature = (path, *, cache=None))]
    fn from_file(
        py: Python<'_>,
        path: PathText,
        cache: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let wanted = Cache::of(cache)?;
        let cache = match &wanted {
            Cache::None => return detached(py, || engine::load(&path.0)).map(Self::from),
            Cache::Beside => None,
            Cache::At(cache) => Some(cache.as_str()),
        };
        let (tokenizer, failure) = detached(py, || engine::load_with_cache(&path.0, cache))?;
        if let Some(failure) = failure {
            warn_user(py, &format!("the cache file was not written: {failure}"))?;
        }
        Ok(Self::from(tokenizer))
    }

    /// A tokenizer from the bytes of a `tokenizer.json`.
    #[staticmethod]
    fn from_buffer(buffer: &Bound<'_, PyBytes>) -> PyResult<Self> {
        let py = buffer.py();
        let json = utf8(buffer.as_bytes())?;
        detached(py, || Core::from_json(json))
            .map(Self::from)
            .map_err(|error| prefixed(py, "Cannot instantiate Tokenizer from buffer: ", error))
    }

    /// A tokenizer from the Hugging Face Hub (needs the package `huggingface_hub`).
    #[staticmethod]
    #[pyo3(signature = (identifier, revision="main", token=None))]
    fn from_pretrained(
        py: Python<'_>,
        identifier: &str,
        revision: &str,
        token: Option<&str>,
    ) -> PyResult<Self> {
        let arguments = PyDict::new(py);
        arguments.set_item("repo_id", identifier)?;
        arguments.set_item("filename", "tokenizer.json")?;
        arguments.set_item("revision", revision)?;
        if let Some(token) = token {
            arguments.set_item("token", token)?;
        }
        let hub = py.import("huggingface_hub")?;
        let path = hub.call_method("hf_hub_download", (), Some(&arguments))?;
        Self::from_file(py, path.extract()?, None)
    }

    /// A tokenizer from a `.tiktoken` rank file.
    #[staticmethod]
    #[pyo3(signature = (path, *, name=None, pattern=None, special_tokens=None))]
    fn from_tiktoken(
        py: Python<'_>,
        path: PathText,
        name: Option<String>,
        pattern: Option<String>,
        special_tokens: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let entry = |(token, id): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
            Ok((token.extract::<String>()?, id.extract::<u32>()?))
        };
        let special_tokens = special_tokens
            .map(|tokens| tokens.iter().map(entry).collect::<PyResult<Vec<_>>>())
            .transpose()?;
        let options = TiktokenOptions { name, pattern, special_tokens };
        detached(py, || engine::load_tiktoken(&path.0, &options)).map(Self::from)
    }

    /// A tokenizer from a SentencePiece `.model` file.
    #[staticmethod]
    fn from_sentencepiece(py: Python<'_>, path: PathText) -> PyResult<Self> {
        detached(py, || engine::load_sentencepiece(&path.0)).map(Self::from)
    }

    /// A tokenizer from a `tekken.json`.
    #[staticmethod]
    fn from_tekken(py: Python<'_>, path: PathText) -> PyResult<Self> {
        detached(py, || engine::load_tekken(&path.0)).map(Self::from)
    }

    /// A BERT tokenizer from a `vocab.txt`.
    #[staticmethod]
    #[pyo3(signature = (path, **options))]
    fn from_vocab_txt(
        py: Python<'_>,
        path: PathText,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let options = bert_options(options)?;
        detached(py, || engine::load_vocab_txt(&path.0, &options)).map(Self::from)
    }

    /// A byte-level BPE tokenizer, as GPT-2's, from a `vocab.json` and a `merges.txt`.
    #[staticmethod]
    fn from_bpe_files(py: Python<'_>, vocab: PathText, merges: PathText) -> PyResult<Self> {
        detached(py, || engine::load_bpe(&vocab.0, &merges.0)).map(Self::from)
    }

    /// The text of a `tokenizer.json`.
    #[pyo3(signature = (pretty=false))]
    fn to_str(&self, py: Python<'_>, pretty: bool) -> PyResult<String> {
        let core = self.core()?;
        detached(py, || core.to_json(pretty))
    }

    /// Write a `tokenizer.json`.
    #[pyo3(signature = (path, pretty=true))]
    fn save(&self, py: Python<'_>, path: PathText, pretty: bool) -> PyResult<()> {
        let core = self.core()?;
        detached(py, || engine::save(&core, &path.0, pretty))
    }
}

/// What a SentencePiece model says, for `SentencePieceUnigramTokenizer.from_spm`.
#[pyfunction]
#[pyo3(signature = (path, /))]
pub(crate) fn read_sentencepiece(py: Python<'_>, path: PathText) -> PyResult<Bound<'_, PyDict>> {
    let model = detached(py, || engine::read_sentencepiece(&path.0))?;
    let dict = PyDict::new(py);
    dict.set_item("model_type", model.model_type)?;
    dict.set_item("pieces", model.pieces)?;
    dict.set_item("unk_id", model.unk_id)?;
    dict.set_item("byte_fallback", model.byte_fallback)?;
    dict.set_item("precompiled_charsmap", PyBytes::new(py, &model.precompiled_charsmap))?;
    Ok(dict)
}
