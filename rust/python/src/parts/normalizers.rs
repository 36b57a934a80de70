//! `fissile.normalizers`: parts that clean a text before it is cut.

use std::sync::Arc;

use fissile_core::normalizers::{self as core, Normalizer as Core};
use fissile_core::text::{NormalizedText, Replacement};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::cell::{Node, Part, Shared};
use crate::convert::PatternArg;
use crate::custom::CustomNormalizer;
use crate::engine;
use crate::error::{detached, guard, plain, prefixed, type_error};
use crate::macros::{part_base, part_class, sequence_class, unit_class};
use crate::normalized::{NormalizedString, NormalizedStringRefMut};

impl Part for Core {
    fn members(&self) -> Option<&[Self]> {
        match self {
            Self::Sequence(members) => Some(members),
            _ => None,
        }
    }

    fn sequence(members: Vec<Self>) -> Self {
        Self::Sequence(Arc::new(members))
    }
}

/// What all normalizers have in common: they change a text and remember where every character came
/// from.
#[pyclass(module = "fissile.normalizers", subclass, dict, frozen)]
pub(crate) struct Normalizer {
    pub(crate) cell: Shared<Core>,
}

part_base!(Normalizer, Core, "Normalizer");

#[pymethods]
impl Normalizer {
    /// A normalizer written in Python: an object with `normalize(normalized: NormalizedString)`.
    #[staticmethod]
    fn custom(normalizer: Py<PyAny>) -> Self {
        Self::of(Core::Custom(Arc::new(CustomNormalizer(normalizer))))
    }

    /// Normalize a `NormalizedString` in place.
    fn normalize(&self, normalized: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = normalized.py();
        let run = |mut text: NormalizedText| {
            let part = self.cell.part();
            detached(py, move || engine::normalize(&part, &mut text).map(|()| text))
        };
        if let Ok(owned) = normalized.cast::<NormalizedString>() {
            let done = run(owned.get().text(py)?)?;
            return owned.get().with(py, |text| *text = done);
        }
        if let Ok(lent) = normalized.cast::<NormalizedStringRefMut>() {
            let done = run(lent.get().text(py)?)?;
            return lent.get().with(py, |text| *text = done);
        }
        Err(type_error("Expected a NormalizedString"))
    }

    /// The normalized form of a string.
    fn normalize_str(&self, py: Python<'_>, sequence: &str) -> PyResult<String> {
        let part = self.cell.part();
        let run = || {
            let mut text = NormalizedText::new(sequence);
            engine::normalize(&part, &mut text)?;
            Ok(text.get().to_owned())
        };
        if sequence.len() > crate::DETACH_BYTES { detached(py, run) } else { guard(run) }
    }
}

impl Normalizer {
    /// The Python object of the concrete class, over an existing cell.
    pub(crate) fn to_python(py: Python<'_>, cell: Shared<Core>) -> PyResult<Py<PyAny>> {
        let node = cell.node();
        let base = PyClassInitializer::from(Self::over(cell));
        Ok(match &*node {
            Node::Sequence(_) => Py::new(py, base.add_subclass(Sequence))?.into_any(),
            Node::Leaf(part) => match part {
                Core::Bert(_) => Py::new(py, base.add_subclass(BertNormalizer))?.into_any(),
                Core::Nfc => Py::new(py, base.add_subclass(Nfc))?.into_any(),
                Core::Nfd => Py::new(py, base.add_subclass(Nfd))?.into_any(),
                Core::Nfkc => Py::new(py, base.add_subclass(Nfkc))?.into_any(),
                Core::Nfkd => Py::new(py, base.add_subclass(Nfkd))?.into_any(),
                Core::Lowercase => Py::new(py, base.add_subclass(Lowercase))?.into_any(),
                Core::Strip(_) => Py::new(py, base.add_subclass(Strip))?.into_any(),
                Core::StripAccents => Py::new(py, base.add_subclass(StripAccents))?.into_any(),
                Core::Nmt => Py::new(py, base.add_subclass(Nmt))?.into_any(),
                Core::ByteLevel => Py::new(py, base.add_subclass(ByteLevel))?.into_any(),
                Core::Precompiled(_) => Py::new(py, base.add_subclass(Precompiled))?.into_any(),
                Core::Replace(_) => Py::new(py, base.add_subclass(Replace))?.into_any(),
                Core::Prepend(_) => Py::new(py, base.add_subclass(Prepend))?.into_any(),
                Core::Sequence(_) | Core::Custom(_) => Py::new(py, base)?.into_any(),
            },
        })
    }
}

unit_class! {
    /// Canonical composition.
    Nfc, "NFC", Normalizer, "fissile.normalizers", Core::Nfc
}
unit_class! {
    /// Canonical decomposition.
    Nfd, "NFD", Normalizer, "fissile.normalizers", Core::Nfd
}
unit_class! {
    /// Compatibility composition.
    Nfkc, "NFKC", Normalizer, "fissile.normalizers", Core::Nfkc
}
unit_class! {
    /// Compatibility decomposition.
    Nfkd, "NFKD", Normalizer, "fissile.normalizers", Core::Nfkd
}
unit_class! {
    /// Lower case, character by character.
    Lowercase, "Lowercase", Normalizer, "fissile.normalizers", Core::Lowercase
}
unit_class! {
    /// Combining marks dropped.
    StripAccents, "StripAccents", Normalizer, "fissile.normalizers", Core::StripAccents
}
unit_class! {
    /// SentencePiece's NMT clean-up.
    Nmt, "Nmt", Normalizer, "fissile.normalizers", Core::Nmt
}
unit_class! {
    /// Every byte shown as a printable character.
    ByteLevel, "ByteLevel", Normalizer, "fissile.normalizers", Core::ByteLevel
}

part_class! {
    /// BERT's clean-up: control characters out, Chinese characters apart, accents off, lower case.
    ///
    /// Args:
    ///     clean_text: Drop control characters, make all white space a space.
    ///     handle_chinese_chars: Put spaces around Chinese characters.
    ///     strip_accents: Drop accents; `None` means when `lowercase`.
    ///     lowercase: Lower case.
    BertNormalizer, "BertNormalizer", Normalizer, "fissile.normalizers";
    data core::BertNormalizer,
    get |part: &Core| match part { Core::Bert(data) => Some(*data), _ => None },
    put Core::Bert;
    new (clean_text=true, handle_chinese_chars=true, strip_accents=None, lowercase=true)
        (clean_text: bool, handle_chinese_chars: bool, strip_accents: Option<bool>, lowercase: bool)
    { Ok(core::BertNormalizer { clean_text, handle_chinese_chars, strip_accents, lowercase }) }
    fields {
        /// Whether control characters are dropped.
        clean_text / set_clean_text: bool =>
            |data| data.clean_text, |data, value| { data.clean_text = value; Ok(()) };
        /// Whether Chinese characters are set apart.
        handle_chinese_chars / set_handle_chinese_chars: bool => |data| data.handle_chinese_chars,
            |data, value| { data.handle_chinese_chars = value; Ok(()) };
        /// Whether accents are dropped.
        strip_accents / set_strip_accents: Option<bool> => |data| data.strip_accents,
            |data, value| { data.strip_accents = value; Ok(()) };
        /// Whether the text is lower-cased.
        lowercase / set_lowercase: bool =>
            |data| data.lowercase, |data, value| { data.lowercase = value; Ok(()) };
    }
}

part_class! {
    /// White space at the ends dropped.
    ///
    /// Args:
    ///     left: The left end.
    ///     right: The right end.
    Strip, "Strip", Normalizer, "fissile.normalizers";
    data core::Strip,
    get |part: &Core| match part { Core::Strip(data) => Some(*data), _ => None },
    put Core::Strip;
    new (left=true, right=true) (left: bool, right: bool) { Ok(core::Strip { left, right }) }
    fields {
        /// Whether the left end is stripped.
        left / set_left: bool => |data| data.left, |data, value| { data.left = value; Ok(()) };
        /// Whether the right end is stripped.
        right / set_right: bool => |data| data.right, |data, value| { data.right = value; Ok(()) };
    }
}

part_class! {
    /// A string put in front.
    ///
    /// Args:
    ///     prepend: The string.
    Prepend, "Prepend", Normalizer, "fissile.normalizers";
    data core::Prepend,
    get |part: &Core| match part { Core::Prepend(data) => Some(data.clone()), _ => None },
    put Core::Prepend;
    new (prepend="▁") (prepend: &str) { Ok(core::Prepend { prepend: prepend.to_owned() }) }
    fields {
        /// The string.
        prepend / set_prepend: String =>
            |data| data.prepend.clone(), |data, value| { data.prepend = value; Ok(()) };
    }
}

part_class! {
    /// SentencePiece's character map.
    ///
    /// Args:
    ///     precompiled_charsmap: The map, as a SentencePiece model holds it.
    Precompiled, "Precompiled", Normalizer, "fissile.normalizers";
    data Arc<core::Precompiled>,
    get |part: &Core| match part { Core::Precompiled(data) => Some(data.clone()), _ => None },
    put Core::Precompiled;
    new (precompiled_charsmap) (precompiled_charsmap: Vec<u8>) {
        guard(|| core::Precompiled::new(precompiled_charsmap).map(Arc::new)).map_err(|error| {
            let doing = "Error while attempting to build Precompiled normalizer: ";
            Python::attach(|py| prefixed(py, doing, error))
        })
    }
    extra {
        /// The map's bytes.
        fn __getnewargs__(slf: PyRef<'_, Self>) -> PyResult<(Bound<'_, PyBytes>,)> {
            let data: Arc<core::Precompiled> = slf.as_super().data("Precompiled", |part| match part {
                Core::Precompiled(data) => Some(data.clone()),
                _ => None,
            })?;
            Ok((PyBytes::new(slf.py(), data.charsmap()),))
        }
    }
}

part_class! {
    /// Matches of a pattern replaced.
    ///
    /// Args:
    ///     pattern: A `str`, taken literally, or a `Regex`.
    ///     content: What to put in place of every match.
    Replace, "Replace", Normalizer, "fissile.normalizers";
    data Replacement,
    get |part: &Core| match part { Core::Replace(data) => Some((**data).clone()), _ => None },
    put |data| Core::Replace(Arc::new(data));
    new (pattern, content) (pattern: PatternArg, content: String) {
        Ok(Replacement { pattern: pattern.0, content })
    }
    newargs ("", "");
    fields {
        /// What is put in place of matches.
        content / set_content: String =>
            |data| data.content.clone(), |data, value| { data.content = value; Ok(()) };
    }
    extra {
        /// The pattern cannot be read back.
        #[getter]
        fn pattern(&self, py: Python<'_>) -> PyResult<()> {
            Err(plain(py, "Cannot get pattern"))
        }

        #[setter]
        fn set_pattern(&self, py: Python<'_>, _pattern: PatternArg) -> PyResult<()> {
            Err(plain(py, "Cannot set pattern, please instantiate a new replace pattern instead"))
        }
    }
}

sequence_class! {
    /// Several normalizers, one after the other. Members can be read and replaced in place.
    ///
    /// Args:
    ///     normalizers: The normalizers; a `Sequence` among them is taken apart.
    Sequence, Normalizer, "fissile.normalizers", "normalizer", normalizers
}

/// The module.
#[pymodule(gil_used = false)]
pub(crate) mod normalizers {
    #[pymodule_export]
    use super::{
        BertNormalizer, ByteLevel, Lowercase, Nfc, Nfd, Nfkc, Nfkd, Nmt, Normalizer, Precompiled,
        Prepend, Replace, Sequence, Strip, StripAccents,
    };
}
