//! `ParityBpeTrainer`: settings to train a BPE model that treats several languages alike.

use fissile_core::models::Model;
use fissile_core::vocab;
use fissile_train::parity::{ParityBpeTrainer as Engine, Variant};
use fissile_train::{BpeTrainer, WordCounts};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::added_token::AddedToken;
use crate::error::detached;
use crate::tokenizer::Tokenizer;
use crate::trainers::classes::SpecialTokens;
use crate::trainers::run::{Shown, count_texts, put_into};
use crate::trainers::settings::ProgressFormat;
use crate::trainers::texts::Texts;

/// Settings to train a BPE model that treats several languages alike.
///
/// Args:
///     num_merges: Merges at most.
///     variant: "base" or "window".
///     min_frequency: How often a pair has to occur to be merged.
///     ratio: The share that each language should have.
///     global_merges: Merges chosen over all languages before the others.
///     window_size: Merges that the "window" variant looks back on.
///     alpha: How strictly the "window" variant balances.
///     total_symbols: Count symbols rather than merges.
///     special_tokens: Tokens that come first and are found whole.
///     show_progress: Show progress.
///     limit_alphabet: Characters at most.
///     initial_alphabet: Characters that are kept even if they do not occur.
///     continuing_subword_prefix: Put before every symbol but the first of a word.
///     end_of_word_suffix: Put behind the last symbol of a word.
///     max_token_length: Characters of a token at most.
#[pyclass(module = "fissile.trainers")]
pub(crate) struct ParityBpeTrainer {
    #[pyo3(get, set)]
    num_merges: usize,
    #[pyo3(get)]
    variant: String,
    #[pyo3(get, set)]
    min_frequency: u64,
    ratio: Option<Vec<f64>>,
    #[pyo3(get, set)]
    global_merges: usize,
    #[pyo3(get, set)]
    window_size: usize,
    #[pyo3(get, set)]
    alpha: f64,
    #[pyo3(get, set)]
    total_symbols: bool,
    special_tokens: Vec<vocab::AddedToken>,
    #[pyo3(get, set)]
    show_progress: bool,
    #[pyo3(get, set)]
    limit_alphabet: Option<usize>,
    #[pyo3(get, set)]
    initial_alphabet: Vec<char>,
    #[pyo3(get, set)]
    continuing_subword_prefix: Option<String>,
    #[pyo3(get, set)]
    end_of_word_suffix: Option<String>,
    #[pyo3(get, set)]
    max_token_length: Option<usize>,
}

impl ParityBpeTrainer {
    /// The trainer itself.
    fn engine(&self, ratio: Option<Vec<f64>>) -> Engine {
        Engine {
            bpe: BpeTrainer {
                min_frequency: self.min_frequency,
                special_tokens: self.special_tokens.clone(),
                limit_alphabet: self.limit_alphabet,
                initial_alphabet: self.initial_alphabet.clone(),
                continuing_subword_prefix: self.continuing_subword_prefix.clone(),
                end_of_word_suffix: self.end_of_word_suffix.clone(),
                max_token_length: self.max_token_length,
                ..BpeTrainer::default()
            },
            num_merges: self.num_merges,
            variant: if self.variant == "window" { Variant::Window } else { Variant::Base },
            ratio,
            global_merges: self.global_merges,
            window_size: self.window_size,
            alpha: self.alpha,
            total_symbols: self.total_symbols,
        }
    }
}

#[pymethods]
impl ParityBpeTrainer {
    #[new]
    #[pyo3(signature = (
        num_merges=32000, variant="base", min_frequency=0, ratio=None, global_merges=0,
        window_size=100, alpha=2.0, total_symbols=false, special_tokens=None, show_progress=true,
        limit_alphabet=None, initial_alphabet=None, continuing_subword_prefix=None,
        end_of_word_suffix=None, max_token_length=None
    ))]
    #[expect(clippy::too_many_arguments, reason = "the field's constructor has as many")]
    fn new(
        num_merges: usize,
        variant: &str,
        min_frequency: u64,
        ratio: Option<Vec<f64>>,
        global_merges: usize,
        window_size: usize,
        alpha: f64,
        total_symbols: bool,
        special_tokens: Option<SpecialTokens>,
        show_progress: bool,
        limit_alphabet: Option<usize>,
        initial_alphabet: Option<Vec<char>>,
        continuing_subword_prefix: Option<String>,
        end_of_word_suffix: Option<String>,
        max_token_length: Option<usize>,
    ) -> PyResult<Self> {
        if !matches!(variant, "base" | "window") {
            return Err(PyValueError::new_err(format!(
                "Unknown variant '{variant}'. Use 'base' or 'window'."
            )));
        }
        Ok(Self {
            num_merges,
            variant: variant.to_owned(),
            min_frequency,
            ratio,
            global_merges,
            window_size,
            alpha,
            total_symbols,
            special_tokens: special_tokens.map(|tokens| tokens.0).unwrap_or_default(),
            show_progress,
            limit_alphabet,
            initial_alphabet: initial_alphabet.unwrap_or_default(),
            continuing_subword_prefix,
            end_of_word_suffix,
            max_token_length,
        })
    }

    /// Train the model of `tokenizer` on one iterator of texts a language.
    #[pyo3(signature = (tokenizer, train_iterators, dev_iterators=None, ratio=None))]
    fn train_from_iterator(
        &self,
        py: Python<'_>,
        tokenizer: &Tokenizer,
        train_iterators: Vec<Bound<'_, PyAny>>,
        dev_iterators: Option<Vec<Bound<'_, PyAny>>>,
        ratio: Option<Vec<f64>>,
    ) -> PyResult<()> {
        if train_iterators.is_empty() {
            return Err(PyValueError::new_err("train_iterators must not be empty"));
        }
        if let Some(dev) = &dev_iterators
            && dev.len() != train_iterators.len()
        {
            return Err(PyValueError::new_err(format!(
                "dev_iterators length ({}) must match train_iterators length ({})",
                dev.len(),
                train_iterators.len()
            )));
        }
        let dev = dev_iterators.unwrap_or_default();
        let ratio = if dev.is_empty() { ratio.or_else(|| self.ratio.clone()) } else { None };
        let engine = self.engine(ratio);
        let core = tokenizer.handle.core()?;
        let mut shown = Shown::with(py, ProgressFormat::Bar, self.show_progress)?;
        let mut count = |texts: &[Bound<'_, PyAny>]| -> PyResult<Vec<WordCounts>> {
            let texts = texts.iter().map(Texts::new).collect::<PyResult<Vec<_>>>()?;
            texts
                .into_iter()
                .map(|texts| count_texts(py, &core, texts, &mut shown, 0, false))
                .collect()
        };
        let (languages, dev) = (count(&train_iterators)?, count(&dev)?);
        let model = detached(py, move || {
            engine.train(&languages, &dev, &mut shown.listening()).map(Model::Bpe)
        })?;
        put_into(py, tokenizer, &model, &self.special_tokens)
    }

    /// Tokens that come first.
    #[getter]
    fn special_tokens(&self) -> Vec<AddedToken> {
        self.special_tokens.iter().cloned().map(AddedToken::from).collect()
    }

    #[setter]
    fn set_special_tokens(&mut self, tokens: SpecialTokens) {
        self.special_tokens = tokens.0;
    }

    fn __repr__(&self) -> String {
        format!(
            "ParityBpeTrainer(num_merges={}, variant=\"{}\", min_frequency={}, global_merges={}, \
             window_size={}, alpha={}, total_symbols={})",
            self.num_merges,
            self.variant,
            self.min_frequency,
            self.global_merges,
            self.window_size,
            self.alpha,
            self.total_symbols,
        )
    }

    fn __getstate__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let special: Vec<&str> =
            self.special_tokens.iter().map(|token| token.content.as_str()).collect();
        let state = PyDict::new(py);
        state.set_item("num_merges", self.num_merges)?;
        state.set_item("variant", &self.variant)?;
        state.set_item("min_frequency", self.min_frequency)?;
        state.set_item("global_merges", self.global_merges)?;
        state.set_item("window_size", self.window_size)?;
        state.set_item("alpha", self.alpha)?;
        state.set_item("total_symbols", self.total_symbols)?;
        state.set_item("show_progress", self.show_progress)?;
        state.set_item("ratio", self.ratio.clone())?;
        state.set_item("special_tokens", special)?;
        state.set_item("limit_alphabet", self.limit_alphabet)?;
        state.set_item("initial_alphabet", self.initial_alphabet.clone())?;
        state.set_item("continuing_subword_prefix", &self.continuing_subword_prefix)?;
        state.set_item("end_of_word_suffix", &self.end_of_word_suffix)?;
        state.set_item("max_token_length", self.max_token_length)?;
        Ok(state)
    }

    fn __setstate__(slf: &Bound<'_, Self>, state: &Bound<'_, PyDict>) -> PyResult<()> {
        // The constructor checks everything; its keywords are the keys of the state.
        let fresh = slf.get_type().call((), Some(state))?.cast_into::<Self>()?;
        std::mem::swap(&mut *slf.try_borrow_mut()?, &mut *fresh.try_borrow_mut()?);
        Ok(())
    }
}
