//! Small conversions between Python's values and the core's.

use std::path::PathBuf;

use fissile_core::TokenId;
use fissile_core::encoding::Direction;
use fissile_core::text::metaspace::PrependScheme;
use fissile_core::text::{OffsetUnit, Pattern, Referential, SplitBehavior};
use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

use crate::error::{IntoPyResult, type_error};
use crate::ids_in::IdsArg;
use crate::regex::Regex;

/// A path as the core takes it: a `str` or anything `os.fspath` accepts.
pub(crate) struct PathText(pub(crate) String);

impl FromPyObject<'_, '_> for PathText {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let path: PathBuf = object.extract()?;
        path.into_os_string()
            .into_string()
            .map(Self)
            .map_err(|_| PyValueError::new_err("the path is not valid Unicode"))
    }
}

/// Bytes that must be UTF-8.
pub(crate) fn utf8(bytes: &[u8]) -> PyResult<&str> {
    std::str::from_utf8(bytes).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// An index into a sequence; negative ones count from the end.
pub(crate) fn index(index: isize, len: usize) -> PyResult<usize> {
    let from_end = index.checked_add_unsigned(len);
    let index = if index < 0 { from_end.unwrap_or(-1) } else { index };
    usize::try_from(index)
        .ok()
        .filter(|index| *index < len)
        .ok_or_else(|| PyIndexError::new_err("Index not found"))
}

/// What happens to a delimiter, by name.
#[derive(Clone, Copy)]
pub(crate) struct Behavior(pub(crate) SplitBehavior);

impl FromPyObject<'_, '_> for Behavior {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        // A member of `SplitDelimiterBehavior` means its value.
        let name: String = match object.getattr("value") {
            Ok(value) => value.extract()?,
            Err(_) => object.extract()?,
        };
        Ok(Self(match name.as_str() {
            "removed" => SplitBehavior::Removed,
            "isolated" => SplitBehavior::Isolated,
            "merged_with_previous" | "mergedwithprevious" => SplitBehavior::MergedWithPrevious,
            "merged_with_next" | "mergedwithnext" => SplitBehavior::MergedWithNext,
            "contiguous" => SplitBehavior::Contiguous,
            _ => {
                return Err(PyValueError::new_err(
                    "Wrong value for SplitDelimiterBehavior, expected one of: \
                     `removed, isolated, merged_with_previous, merged_with_next, contiguous`",
                ));
            }
        }))
    }
}

impl<'py> IntoPyObject<'py> for Behavior {
    type Target = PyString;
    type Output = Bound<'py, PyString>;
    type Error = std::convert::Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        // The reference forgets the underscores on the way out; both spellings are accepted.
        let name = match self.0 {
            SplitBehavior::Removed => "removed",
            SplitBehavior::Isolated => "isolated",
            SplitBehavior::MergedWithPrevious => "mergedwithprevious",
            SplitBehavior::MergedWithNext => "mergedwithnext",
            SplitBehavior::Contiguous => "contiguous",
        };
        Ok(PyString::new(py, name))
    }
}

/// When a ▁ is put in front, by name.
pub(crate) fn prepend_scheme(name: &str) -> PyResult<PrependScheme> {
    match name {
        "first" => Ok(PrependScheme::First),
        "never" => Ok(PrependScheme::Never),
        "always" => Ok(PrependScheme::Always),
        _ => Err(PyValueError::new_err(format!(
            "{name} is an unknown variant, should be one of ['first', 'never', 'always']"
        ))),
    }
}

/// The name of a prepend scheme.
pub(crate) fn prepend_scheme_name(scheme: PrependScheme) -> &'static str {
    match scheme {
        PrependScheme::First => "first",
        PrependScheme::Never => "never",
        PrependScheme::Always => "always",
    }
}

/// The end that truncation or padding works on, by name; `full_stop` closes the message, as the
/// reference's truncation does and its padding does not.
pub(crate) fn direction(name: &str, full_stop: &str) -> PyResult<Direction> {
    match name {
        "left" => Ok(Direction::Left),
        "right" => Ok(Direction::Right),
        _ => Err(PyValueError::new_err(format!(
            "Unknown `direction`: `{name}`. Use one of `left` or `right`{full_stop}"
        ))),
    }
}

/// The name of a direction.
pub(crate) fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Left => "left",
        Direction::Right => "right",
    }
}

/// Which text offsets refer to, by name.
pub(crate) fn referential(name: &str) -> PyResult<Referential> {
    match name {
        "original" => Ok(Referential::Original),
        "normalized" => Ok(Referential::Normalized),
        _ => Err(PyValueError::new_err(
            "Wrong value for OffsetReferential, expected one of `original, normalized`",
        )),
    }
}

/// The unit of offsets, by name.
pub(crate) fn offset_unit(name: &str) -> PyResult<OffsetUnit> {
    match name {
        "byte" => Ok(OffsetUnit::Byte),
        "char" => Ok(OffsetUnit::Char),
        _ => Err(PyValueError::new_err("Wrong value for OffsetType, expected one of `byte, char`")),
    }
}

/// A pattern: a `str` (taken literally) or a `Regex`.
#[derive(Clone)]
pub(crate) struct PatternArg(pub(crate) Pattern);

impl FromPyObject<'_, '_> for PatternArg {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if let Ok(literal) = object.cast::<PyString>() {
            return Ok(Self(Pattern::Literal(literal.to_str()?.to_owned())));
        }
        match object.cast::<Regex>() {
            Ok(regex) => Ok(Self(Pattern::Regex(regex.get().regex.clone()))),
            Err(_) => Err(PyTypeError::new_err(format!(
                "the pattern must be a `str` or a `Regex`, not '{}'",
                object.get_type().name()?
            ))),
        }
    }
}

/// One id or several.
pub(crate) enum OneOrMore {
    /// One.
    One(TokenId),
    /// Several.
    More(Vec<TokenId>),
}

impl FromPyObject<'_, '_> for OneOrMore {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if let Ok(id) = object.extract() {
            return Ok(Self::One(id));
        }
        object
            .extract::<IdsArg>()
            .map(|ids| Self::More(ids.0))
            .map_err(|_| type_error("StreamInput must be either an integer or a list of integers"))
    }
}

/// Elements of a list or a tuple.
pub(crate) fn list_or_tuple<'py>(
    object: &Bound<'py, PyAny>,
    message: &'static str,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        return object.extract();
    }
    Err(type_error(message))
}

/// The first characters of strings, empty ones left out (how alphabets are given).
pub(crate) fn first_chars(strings: &[String]) -> Vec<char> {
    strings.iter().filter_map(|text| text.chars().next()).collect()
}

/// Compile a pattern of the reference's dialect.
pub(crate) fn compile(source: &str) -> PyResult<fissile_core::util::regex::Regex> {
    fissile_core::util::regex::Regex::new(source).into_py()
}
