//! `NormalizedString`: a text under edit, and the one that a custom normalizer is lent.

use fissile_core::text::NormalizedText;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PySlice, PyTuple};

use crate::convert::{Behavior, PatternArg};
use crate::custom::Slot;
use crate::error::{IntoPyResult, guard, plain, type_error};
use crate::macros::pickled_class;

/// Which characters of the normalized text are meant.
enum Range<'py> {
    One(isize),
    FromTo(usize, usize),
    Slice(Bound<'py, PySlice>),
}

impl<'py> FromPyObject<'_, 'py> for Range<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(slice) = object.cast::<PySlice>() {
            return Ok(Self::Slice(slice.to_owned()));
        }
        if object.is_instance_of::<PyTuple>() {
            let (start, end) = object.extract()?;
            return Ok(Self::FromTo(start, end));
        }
        object.extract().map(Self::One).map_err(|_| {
            PyTypeError::new_err("the range must be an `int`, a `Tuple[uint, uint]` or a `slice`")
        })
    }
}

impl Range<'_> {
    /// First and one-past-last character.
    fn resolve(&self, text: &str) -> PyResult<(usize, usize)> {
        match self {
            Self::One(index) if *index >= 0 => Ok((index.unsigned_abs(), index.unsigned_abs() + 1)),
            Self::One(index) => {
                let back = index.unsigned_abs();
                let start = text.chars().count().checked_sub(back).ok_or_else(|| {
                    PyValueError::new_err(format!("{back} is bigger than max len"))
                })?;
                Ok((start, start + 1))
            }
            Self::FromTo(start, end) => Ok((*start, *end)),
            Self::Slice(slice) => {
                let indices = slice.indices(isize::try_from(text.chars().count())?)?;
                Ok((indices.start.unsigned_abs(), indices.stop.unsigned_abs()))
            }
        }
    }
}

fn slice(text: &NormalizedText, range: &Range<'_>) -> PyResult<Option<NormalizedString>> {
    let (start, end) = range.resolve(text.get())?;
    Ok(text.slice_chars(start, end).map(NormalizedString::from))
}

fn callable(function: &Bound<'_, PyAny>, message: &'static str) -> PyResult<()> {
    if function.is_callable() { Ok(()) } else { Err(type_error(message)) }
}

/// Call a function on every character; what it gave.
fn call_each<'py, T>(
    text: &str,
    function: &Bound<'py, PyAny>,
    read: impl Fn(Bound<'py, PyAny>) -> PyResult<T>,
) -> PyResult<Vec<T>> {
    text.chars().map(|character| read(function.call1((character,))?)).collect()
}

macro_rules! normalized_class {
    ($(#[$meta:meta])* $class:ident, $gone:literal) => {
        $(#[$meta])*
        pub(crate) struct $class {
            slot: Slot<NormalizedText>,
        }

        impl $class {
            /// An object over a slot.
            pub(crate) fn over(slot: Slot<NormalizedText>) -> Self {
                Self { slot }
            }

            /// Work on the text (Python must not be called).
            pub(crate) fn with<R>(
                &self,
                py: Python<'_>,
                work: impl FnOnce(&mut NormalizedText) -> R,
            ) -> PyResult<R> {
                guard(|| Ok(self.slot.with(work)))?.ok_or_else(|| plain(py, $gone))
            }

            /// A copy of the text.
            pub(crate) fn text(&self, py: Python<'_>) -> PyResult<NormalizedText> {
                self.with(py, |text| text.clone())
            }
        }

        #[pymethods]
        impl $class {
            /// The text as it is now.
            #[getter]
            fn normalized(&self, py: Python<'_>) -> PyResult<String> {
                self.with(py, |text| text.get().to_owned())
            }

            /// The text as it was given.
            #[getter]
            fn original(&self, py: Python<'_>) -> PyResult<String> {
                self.with(py, |text| text.original().to_owned())
            }

            /// Canonical decomposition.
            fn nfd(&self, py: Python<'_>) -> PyResult<()> {
                self.with(py, |text| { text.nfd(); })
            }

            /// Compatibility decomposition.
            fn nfkd(&self, py: Python<'_>) -> PyResult<()> {
                self.with(py, |text| { text.nfkd(); })
            }

            /// Canonical composition.
            fn nfc(&self, py: Python<'_>) -> PyResult<()> {
                self.with(py, |text| { text.nfc(); })
            }

            /// Compatibility composition.
            fn nfkc(&self, py: Python<'_>) -> PyResult<()> {
                self.with(py, |text| { text.nfkc(); })
            }

            /// Lower case.
            fn lowercase(&self, py: Python<'_>) -> PyResult<()> {
                self.with(py, |text| { text.lowercase(); })
            }

            /// Upper case.
            fn uppercase(&self, py: Python<'_>) -> PyResult<()> {
                self.with(py, |text| { text.uppercase(); })
            }

            /// Put a string in front.
            fn prepend(&self, py: Python<'_>, s: &str) -> PyResult<()> {
                self.with(py, |text| { text.prepend(s); })
            }

            /// Put a string behind.
            fn append(&self, py: Python<'_>, s: &str) -> PyResult<()> {
                self.with(py, |text| { text.append(s); })
            }

            /// Strip white space on the left.
            fn lstrip(&self, py: Python<'_>) -> PyResult<()> {
                self.with(py, |text| { text.lstrip(); })
            }

            /// Strip white space on the right.
            fn rstrip(&self, py: Python<'_>) -> PyResult<()> {
                self.with(py, |text| { text.rstrip(); })
            }

            /// Strip white space at both ends.
            fn strip(&self, py: Python<'_>) -> PyResult<()> {
                self.with(py, |text| { text.strip(); })
            }

            /// Drop everything.
            fn clear(&self, py: Python<'_>) -> PyResult<()> {
                self.with(py, |text| { text.clear(); })
            }

            /// A part of the text, with its alignment: `range` counts normalized characters.
            fn slice(&self, py: Python<'_>, range: Range<'_>) -> PyResult<Option<NormalizedString>> {
                slice(&self.text(py)?, &range)
            }

            /// Keep the characters for which `func` is true.
            fn filter(&self, py: Python<'_>, func: &Bound<'_, PyAny>) -> PyResult<()> {
                callable(func, "`filter` expect a callable with the signature: `fn(char) -> bool`")?;
                let text = self.text(py)?;
                let keep = call_each(text.get(), func, |value| value.extract::<bool>())?;
                let mut keep = keep.into_iter();
                self.with(py, |text| { text.filter(|_| keep.next().unwrap_or(true)); })
            }

            /// Call `func` on every character.
            fn for_each(&self, py: Python<'_>, func: &Bound<'_, PyAny>) -> PyResult<()> {
                callable(func, "`for_each` expect a callable with the signature: `fn(char)`")?;
                call_each(self.text(py)?.get(), func, |_| Ok(()))?;
                Ok(())
            }

            /// Replace every character by what `func` gives.
            fn map(&self, py: Python<'_>, func: &Bound<'_, PyAny>) -> PyResult<()> {
                callable(func, "`map` expect a callable with the signature: `fn(char) -> char`")?;
                let text = self.text(py)?;
                let new = call_each(text.get(), func, |value| value.extract::<char>())?;
                let mut new = new.into_iter();
                self.with(py, |text| { text.map(|old| new.next().unwrap_or(old)); })
            }

            /// Cut at the matches of a pattern.
            fn split(
                &self,
                py: Python<'_>,
                pattern: PatternArg,
                behavior: Behavior,
            ) -> PyResult<Vec<NormalizedString>> {
                let parts = self.text(py)?.split(&pattern.0, behavior.0).into_py()?;
                Ok(parts.into_iter().map(NormalizedString::from).collect())
            }

            /// Replace all matches of a pattern.
            fn replace(&self, py: Python<'_>, pattern: PatternArg, content: &str) -> PyResult<()> {
                self.with(py, |text| text.replace(&pattern.0, content))?.into_py()
            }

            fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
                self.with(py, |text| {
                    format!(
                        "NormalizedString(original=\"{}\", normalized=\"{}\")",
                        text.original(),
                        text.get()
                    )
                })
            }

            fn __str__(&self, py: Python<'_>) -> PyResult<String> {
                self.normalized(py)
            }

            fn __getitem__(&self, py: Python<'_>, range: Range<'_>) -> PyResult<Option<NormalizedString>> {
                slice(&self.text(py)?, &range)
            }
        }
    };
}

normalized_class! {
    /// A text under edit that remembers where every character came from.
    ///
    /// Args:
    ///     sequence: The text.
    #[pyclass(module = "fissile", frozen)]
    NormalizedString, "the text is gone"
}

normalized_class! {
    /// The text that a custom normalizer is lent: usable only during the call.
    #[pyclass(module = "fissile", frozen)]
    NormalizedStringRefMut, "Cannot use a NormalizedStringRefMut outside `normalize`"
}

impl From<NormalizedText> for NormalizedString {
    fn from(text: NormalizedText) -> Self {
        Self::over(Slot::new(text))
    }
}

impl NormalizedString {
    fn value(&self, py: Python<'_>) -> PyResult<NormalizedText> {
        self.text(py)
    }

    fn put(&self, text: NormalizedText) {
        self.slot.with(|place| *place = text);
    }
}

#[pymethods]
impl NormalizedString {
    #[new]
    fn new(sequence: &str) -> Self {
        NormalizedText::new(sequence).into()
    }
}

pickled_class!(NormalizedString, NormalizedText, new("",));
