//! What a call can say beside its text: keyword arguments into [`EncodeOptions`].

use fissile_core::Error;
use fissile_core::tokenizer::{
    EncodeOptions, PaddingOptions, PaddingStrategy, SpecialTokens, TruncationOptions,
    TruncationStrategy,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyString};

use crate::convert::{direction, direction_name};
use crate::error::{to_py, warn_deprecated, warn_unknown_keyword};

/// A strategy by its name.
fn strategy(name: &str) -> PyResult<TruncationStrategy> {
    match name {
        "longest_first" => Ok(TruncationStrategy::LongestFirst),
        "only_first" => Ok(TruncationStrategy::OnlyFirst),
        "only_second" => Ok(TruncationStrategy::OnlySecond),
        _ => Err(PyValueError::new_err(format!(
            "Unknown `strategy`: `{name}`. Use one of `longest_first`, `only_first`, or \
             `only_second`"
        ))),
    }
}

fn strategy_name(strategy: TruncationStrategy) -> &'static str {
    match strategy {
        TruncationStrategy::LongestFirst => "longest_first",
        TruncationStrategy::OnlyFirst => "only_first",
        TruncationStrategy::OnlySecond => "only_second",
    }
}

/// Truncation from `max_length` and keyword arguments; unknown ones are warned about.
pub(crate) fn truncation(
    max_length: usize,
    keywords: Option<&Bound<'_, PyDict>>,
) -> PyResult<TruncationOptions> {
    let mut options = TruncationOptions { max_length, ..TruncationOptions::default() };
    for (key, value) in keywords.iter().flat_map(|keywords| keywords.iter()) {
        match key.extract::<String>()?.as_str() {
            "max_length" => options.max_length = value.extract()?,
            "stride" => options.stride = value.extract()?,
            "strategy" => options.strategy = strategy(&value.extract::<String>()?)?,
            "direction" => options.direction = direction(&value.extract::<String>()?, ".")?,
            other => warn_unknown_keyword(value.py(), other)?,
        }
    }
    Ok(options)
}

/// Truncation as a dict of exactly the field's keys.
pub(crate) fn truncation_to_dict<'py>(
    py: Python<'py>,
    options: &TruncationOptions,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("max_length", options.max_length)?;
    dict.set_item("stride", options.stride)?;
    dict.set_item("strategy", strategy_name(options.strategy))?;
    dict.set_item("direction", direction_name(options.direction))?;
    Ok(dict)
}

/// Padding from keyword arguments; unknown ones are warned about.
pub(crate) fn padding(keywords: Option<&Bound<'_, PyDict>>) -> PyResult<PaddingOptions> {
    let mut options = PaddingOptions::default();
    for (key, value) in keywords.iter().flat_map(|keywords| keywords.iter()) {
        match key.extract::<String>()?.as_str() {
            "direction" => options.direction = direction(&value.extract::<String>()?, "")?,
            "pad_to_multiple_of" => options.pad_to_multiple_of = value.extract()?,
            "pad_id" => options.pad_id = value.extract()?,
            "pad_type_id" => options.pad_type_id = value.extract()?,
            "pad_token" => options.pad_token = value.extract()?,
            "length" => options.strategy = padding_strategy(&value)?,
            "max_length" => {
                warn_deprecated(
                    value.py(),
                    "0.8.0",
                    "enable_padding(max_length=X), use enable_padding(length=X) instead",
                )?;
                options.strategy = padding_strategy(&value)?;
            }
            other => warn_unknown_keyword(value.py(), other)?,
        }
    }
    Ok(options)
}

fn padding_strategy(length: &Bound<'_, PyAny>) -> PyResult<PaddingStrategy> {
    let length = length.extract::<Option<usize>>()?;
    Ok(length.map_or(PaddingStrategy::BatchLongest, PaddingStrategy::Fixed))
}

/// Padding as a dict of exactly the field's keys.
pub(crate) fn padding_to_dict<'py>(
    py: Python<'py>,
    options: &PaddingOptions,
) -> PyResult<Bound<'py, PyDict>> {
    let length = match options.strategy {
        PaddingStrategy::BatchLongest => None,
        PaddingStrategy::Fixed(length) => Some(length),
    };
    let dict = PyDict::new(py);
    dict.set_item("length", length)?;
    dict.set_item("pad_to_multiple_of", options.pad_to_multiple_of)?;
    dict.set_item("pad_id", options.pad_id)?;
    dict.set_item("pad_token", &options.pad_token)?;
    dict.set_item("pad_type_id", options.pad_type_id)?;
    dict.set_item("direction", direction_name(options.direction))?;
    Ok(dict)
}

/// Read the keyword-only arguments of a call that encodes.
pub(crate) fn call_options(
    add_special_tokens: bool,
    keywords: Option<&Bound<'_, PyDict>>,
) -> PyResult<EncodeOptions> {
    let mut options = usual_options(add_special_tokens);
    for (key, value) in keywords.iter().flat_map(|keywords| keywords.iter()) {
        let key: String = key.extract()?;
        if !set(&mut options, &key, &value)? {
            return Err(PyTypeError::new_err(format!(
                "got an unexpected keyword argument '{key}'"
            )));
        }
    }
    Ok(options)
}

/// The same of arguments that have their names: a call then makes no dict of them.
pub(crate) fn named_options<'a, 'py>(
    add_special_tokens: bool,
    named: impl IntoIterator<Item = (&'static str, Option<&'a Bound<'py, PyAny>>)>,
) -> PyResult<EncodeOptions>
where
    'py: 'a,
{
    let mut options = usual_options(add_special_tokens);
    for (name, value) in named {
        if let Some(value) = value {
            set(&mut options, name, value)?;
        }
    }
    Ok(options)
}

fn usual_options(add_special_tokens: bool) -> EncodeOptions {
    EncodeOptions { skip_special_tokens: !add_special_tokens, ..EncodeOptions::default() }
}

fn set(options: &mut EncodeOptions, key: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    match key {
        "truncation" => options.truncation = call_truncation(value)?,
        "padding" => options.padding = call_padding(value)?,
        "allowed_special" => options.allowed_special = special_tokens(value, key)?,
        "disallowed_special" => options.disallowed_special = special_tokens(value, key)?,
        "num_threads" => options.num_threads = value.extract()?,
        "offsets" => {
            let kind: String = value.extract()?;
            options.exact_offsets = one_of(key, &kind, ["reference", "exact"])? == 1;
        }
        "matching" => {
            let kind: String = value.extract()?;
            options.exact_matching = one_of(key, &kind, ["reference", "exact"])? == 1;
        }
        "offset_unit" => {
            let unit: String = value.extract()?;
            options.byte_offsets = one_of(key, &unit, ["char", "byte"])? == 1;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Which of two words was given.
fn one_of(argument: &str, given: &str, words: [&str; 2]) -> PyResult<usize> {
    words.iter().position(|word| *word == given).ok_or_else(|| {
        to_py(
            Error::invalid(format!("unknown value of `{argument}`"))
                .in_field(argument)
                .expecting(format!("\"{}\" or \"{}\"", words[0], words[1]))
                .finding(format!("\"{given}\"")),
        )
    })
}

#[expect(clippy::option_option, reason = "as in the core's options")]
/// `None`: the tokenizer's own; `False`: none; an `int`: that length; a dict: as `enable_truncation`.
fn call_truncation(value: &Bound<'_, PyAny>) -> PyResult<Option<Option<TruncationOptions>>> {
    if value.is_none() {
        return Ok(None);
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return if flag.is_true() { Ok(None) } else { Ok(Some(None)) };
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        if !dict.contains("max_length")? {
            return Err(PyValueError::new_err("`truncation` needs a `max_length`"));
        }
        return truncation(0, Some(dict)).map(Some).map(Some);
    }
    truncation(value.extract()?, None).map(Some).map(Some)
}

#[expect(clippy::option_option, reason = "as in the core's options")]
/// `None`: the tokenizer's own; `False`: none; `True`: to the longest; a dict: as `enable_padding`.
fn call_padding(value: &Bound<'_, PyAny>) -> PyResult<Option<Option<PaddingOptions>>> {
    if value.is_none() {
        return Ok(None);
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Some(flag.is_true().then(PaddingOptions::default)));
    }
    padding(Some(value.cast::<PyDict>()?)).map(Some).map(Some)
}

/// `None`, `"all"`, `"none"`, or a collection of tokens.
fn special_tokens(value: &Bound<'_, PyAny>, argument: &str) -> PyResult<Option<SpecialTokens>> {
    if value.is_none() {
        return Ok(None);
    }
    if let Ok(word) = value.cast::<PyString>() {
        let which = one_of(argument, word.to_str()?, ["all", "none"])?;
        return Ok(Some(if which == 0 { SpecialTokens::All } else { SpecialTokens::None }));
    }
    let tokens: PyResult<Vec<String>> = value.try_iter()?.map(|token| token?.extract()).collect();
    Ok(Some(SpecialTokens::Only(tokens?)))
}
