//! `fissile.pre_tokenizers`: parts that cut a text into the pieces a model sees.

use std::num::NonZeroUsize;
use std::sync::Arc;

use fissile_core::Error;
use fissile_core::pre_tokenizers::{self as core, PreTokenizer as Core};
use fissile_core::text::byte_alphabet::{self, byte_to_char};
use fissile_core::text::metaspace;
use fissile_core::text::{NormalizedText, OffsetUnit, Pieces, Referential, SplitBehavior};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::cell::{Node, Part, Shared};
use crate::convert::{Behavior, PatternArg, prepend_scheme, prepend_scheme_name};
use crate::custom::CustomPreTokenizer;
use crate::engine;
use crate::error::{detached, guard, plain, to_py, type_error};
use crate::macros::{part_base, part_class, sequence_class, unit_class};
use crate::pre_tokenized::{PreTokenizedString, PreTokenizedStringRefMut};

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

/// What all pre-tokenizers have in common: they cut a text into pieces.
#[pyclass(module = "fissile.pre_tokenizers", subclass, dict, frozen)]
pub(crate) struct PreTokenizer {
    pub(crate) cell: Shared<Core>,
}

part_base!(PreTokenizer, Core, "PreTokenizer");

#[pymethods]
impl PreTokenizer {
    /// A pre-tokenizer written in Python: an object with `pre_tokenize(pretok: PreTokenizedString)`.
    #[staticmethod]
    fn custom(pretok: Py<PyAny>) -> Self {
        Self::of(Core::Custom(Arc::new(CustomPreTokenizer(pretok))))
    }

    /// Cut a `PreTokenizedString` in place.
    fn pre_tokenize(&self, pretok: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = pretok.py();
        let part = self.cell.part();
        let run = |pieces: &mut Pieces| detached(py, || engine::pre_tokenize(&part, pieces));
        if let Ok(owned) = pretok.cast::<PreTokenizedString>() {
            return owned.get().edit(py, run);
        }
        if let Ok(lent) = pretok.cast::<PreTokenizedStringRefMut>() {
            return lent.get().edit(py, run);
        }
        Err(type_error("Expected a PreTokenizedString"))
    }

    /// The pieces of a string and their offsets in characters.
    fn pre_tokenize_str(&self, py: Python<'_>, s: &str) -> PyResult<Vec<(String, (usize, usize))>> {
        let part = self.cell.part();
        let run = || {
            let mut pieces = Pieces::new(NormalizedText::new(s));
            engine::pre_tokenize(&part, &mut pieces)?;
            let splits = pieces.splits(Referential::Original, OffsetUnit::Char);
            Ok(splits
                .into_iter()
                .map(|(text, span, _)| (text.to_owned(), (span.start, span.end)))
                .collect())
        };
        if s.len() > crate::DETACH_BYTES { detached(py, run) } else { guard(run) }
    }
}

impl PreTokenizer {
    /// The Python object of the concrete class, over an existing cell.
    pub(crate) fn to_python(py: Python<'_>, cell: Shared<Core>) -> PyResult<Py<PyAny>> {
        let node = cell.node();
        let base = PyClassInitializer::from(Self::over(cell));
        Ok(match &*node {
            Node::Sequence(_) => Py::new(py, base.add_subclass(Sequence))?.into_any(),
            Node::Leaf(part) => match part {
                Core::Bert => Py::new(py, base.add_subclass(BertPreTokenizer))?.into_any(),
                Core::ByteLevel(_) => Py::new(py, base.add_subclass(ByteLevel))?.into_any(),
                Core::CharDelimiterSplit(_) => {
                    Py::new(py, base.add_subclass(CharDelimiterSplit))?.into_any()
                }
                Core::Metaspace(_) => Py::new(py, base.add_subclass(Metaspace))?.into_any(),
                Core::Whitespace => Py::new(py, base.add_subclass(Whitespace))?.into_any(),
                Core::WhitespaceSplit => {
                    Py::new(py, base.add_subclass(WhitespaceSplit))?.into_any()
                }
                Core::Split(_) => Py::new(py, base.add_subclass(Split))?.into_any(),
                Core::Punctuation(_) => Py::new(py, base.add_subclass(Punctuation))?.into_any(),
                Core::Digits(_) => Py::new(py, base.add_subclass(Digits))?.into_any(),
                Core::UnicodeScripts => Py::new(py, base.add_subclass(UnicodeScripts))?.into_any(),
                Core::FixedLength(_) => Py::new(py, base.add_subclass(FixedLength))?.into_any(),
                Core::Sequence(_) | Core::Custom(_) => Py::new(py, base)?.into_any(),
            },
        })
    }
}

unit_class! {
    /// White space dropped, punctuation apart.
    BertPreTokenizer, "BertPreTokenizer", PreTokenizer, "fissile.pre_tokenizers", Core::Bert
}
unit_class! {
    /// Cut by `\w+|[^\w\s]+`.
    Whitespace, "Whitespace", PreTokenizer, "fissile.pre_tokenizers", Core::Whitespace
}
unit_class! {
    /// Cut at white space, which is dropped.
    WhitespaceSplit, "WhitespaceSplit", PreTokenizer, "fissile.pre_tokenizers", Core::WhitespaceSplit
}
unit_class! {
    /// Cut where the script changes.
    UnicodeScripts, "UnicodeScripts", PreTokenizer, "fissile.pre_tokenizers", Core::UnicodeScripts
}

part_class! {
    /// GPT-2's cut and byte alphabet.
    ///
    /// Args:
    ///     add_prefix_space: Put a space in front of a text that has none.
    ///     trim_offsets: Leave white space out of the offsets.
    ///     use_regex: Cut with GPT-2's regular expression.
    ByteLevel, "ByteLevel", PreTokenizer, "fissile.pre_tokenizers";
    data byte_alphabet::ByteLevel,
    get |part: &Core| match part { Core::ByteLevel(data) => Some(*data), _ => None },
    put Core::ByteLevel;
    new (add_prefix_space=true, trim_offsets=true, use_regex=true, **_kwargs)
        (add_prefix_space: bool, trim_offsets: bool, use_regex: bool, _kwargs: Option<&Bound<'_, PyDict>>)
    { Ok(byte_alphabet::ByteLevel { add_prefix_space, trim_offsets, use_regex }) }
    fields {
        /// Whether a space is put in front.
        add_prefix_space / set_add_prefix_space: bool => |data| data.add_prefix_space,
            |data, value| { data.add_prefix_space = value; Ok(()) };
        /// Whether white space is left out of the offsets.
        trim_offsets / set_trim_offsets: bool => |data| data.trim_offsets,
            |data, value| { data.trim_offsets = value; Ok(()) };
        /// Whether GPT-2's regular expression cuts.
        use_regex / set_use_regex: bool =>
            |data| data.use_regex, |data, value| { data.use_regex = value; Ok(()) };
    }
    extra {
        /// The characters that stand for the 256 bytes.
        #[staticmethod]
        fn alphabet() -> Vec<char> {
            (0..=u8::MAX).map(byte_to_char).collect()
        }
    }
}

part_class! {
    /// Cut at one character, which is dropped.
    ///
    /// Args:
    ///     delimiter: The character.
    CharDelimiterSplit, "CharDelimiterSplit", PreTokenizer, "fissile.pre_tokenizers";
    data char,
    get |part: &Core| match part { Core::CharDelimiterSplit(data) => Some(*data), _ => None },
    put Core::CharDelimiterSplit;
    new (delimiter) (delimiter: char) { Ok(delimiter) }
    newargs (" ",);
    fields {
        /// The character.
        delimiter / set_delimiter: char => |data| *data, |data, value| { *data = value; Ok(()) };
    }
}

part_class! {
    /// Cut at digits.
    ///
    /// Args:
    ///     individual_digits: Every digit alone, rather than in runs.
    Digits, "Digits", PreTokenizer, "fissile.pre_tokenizers";
    data bool,
    get |part: &Core| match part { Core::Digits(data) => Some(*data), _ => None },
    put Core::Digits;
    new (individual_digits=false) (individual_digits: bool) { Ok(individual_digits) }
    fields {
        /// Whether every digit stands alone.
        individual_digits / set_individual_digits: bool =>
            |data| *data, |data, value| { *data = value; Ok(()) };
    }
}

fn fixed_length(length: usize) -> PyResult<core::FixedLength> {
    let length = NonZeroUsize::new(length).ok_or_else(|| {
        to_py(
            Error::invalid("the length of a piece cannot be 0")
                .in_field("length")
                .expecting("1 or more"),
        )
    })?;
    Ok(core::FixedLength { length })
}

part_class! {
    /// Cut every so many characters.
    ///
    /// Args:
    ///     length: The length of a piece, at least 1.
    FixedLength, "FixedLength", PreTokenizer, "fissile.pre_tokenizers";
    data core::FixedLength,
    get |part: &Core| match part { Core::FixedLength(data) => Some(*data), _ => None },
    put Core::FixedLength;
    new (length=5) (length: usize) { fixed_length(length) }
    fields {
        /// The length of a piece.
        length / set_length: usize => |data| data.length.get(),
            |data, value| { *data = fixed_length(value)?; Ok(()) };
    }
}

part_class! {
    /// Cut at punctuation.
    ///
    /// Args:
    ///     behavior: What becomes of it: "removed", "isolated", "merged_with_previous",
    ///         "merged_with_next" or "contiguous".
    Punctuation, "Punctuation", PreTokenizer, "fissile.pre_tokenizers";
    data SplitBehavior,
    get |part: &Core| match part { Core::Punctuation(data) => Some(*data), _ => None },
    put Core::Punctuation;
    text "(behavior='isolated')";
    new (behavior=Behavior(SplitBehavior::Isolated)) (behavior: Behavior) { Ok(behavior.0) }
    fields {
        /// What becomes of punctuation.
        behavior / set_behavior: Behavior =>
            |data| Behavior(*data), |data, value| { *data = value.0; Ok(()) };
    }
}

part_class! {
    /// Cut at a literal or a regular expression.
    ///
    /// Args:
    ///     pattern: A `str`, taken literally, or a `Regex`.
    ///     behavior: What becomes of the matches: "removed", "isolated", "merged_with_previous",
    ///         "merged_with_next" or "contiguous".
    ///     invert: Exchange matches and gaps.
    Split, "Split", PreTokenizer, "fissile.pre_tokenizers";
    data core::Split,
    get |part: &Core| match part { Core::Split(data) => Some((**data).clone()), _ => None },
    put |data| Core::Split(Arc::new(data));
    new (pattern, behavior, invert=false) (pattern: PatternArg, behavior: Behavior, invert: bool) {
        Ok(core::Split { pattern: pattern.0, behavior: behavior.0, invert })
    }
    newargs (" ", "removed");
    fields {
        /// What becomes of the matches.
        behavior / set_behavior: Behavior => |data| Behavior(data.behavior),
            |data, value| { data.behavior = value.0; Ok(()) };
        /// Whether matches and gaps are exchanged.
        invert / set_invert: bool =>
            |data| data.invert, |data, value| { data.invert = value; Ok(()) };
    }
    extra {
        /// The pattern cannot be read back.
        #[getter]
        fn pattern(&self, py: Python<'_>) -> PyResult<()> {
            Err(plain(py, "Cannot get pattern"))
        }

        #[setter]
        fn set_pattern(&self, py: Python<'_>, _pattern: PatternArg) -> PyResult<()> {
            Err(plain(py, "Cannot set pattern, please instantiate a new split pattern instead"))
        }
    }
}

part_class! {
    /// SentencePiece's ▁ in place of spaces.
    ///
    /// Args:
    ///     replacement: The visible character.
    ///     prepend_scheme: When it is put in front: "always", "first" or "never".
    ///     split: Cut before it.
    Metaspace, "Metaspace", PreTokenizer, "fissile.pre_tokenizers";
    data metaspace::Metaspace,
    get |part: &Core| match part { Core::Metaspace(data) => Some(*data), _ => None },
    put Core::Metaspace;
    new (replacement='▁', prepend_scheme="always", split=true)
        (replacement: char, prepend_scheme: &str, split: bool)
    {
        let prepend_scheme = self::prepend_scheme(prepend_scheme)?;
        Ok(metaspace::Metaspace { replacement, prepend_scheme, split })
    }
    fields {
        /// The visible character.
        replacement / set_replacement: char => |data| data.replacement,
            |data, value| { data.replacement = value; Ok(()) };
        /// When it is put in front.
        prepend_scheme / set_prepend_scheme: String =>
            |data| prepend_scheme_name(data.prepend_scheme).to_owned(),
            |data, value| { data.prepend_scheme = self::prepend_scheme(&value)?; Ok(()) };
        /// Whether to cut before it.
        split / set_split: bool => |data| data.split, |data, value| { data.split = value; Ok(()) };
    }
}

sequence_class! {
    /// Several pre-tokenizers, one after the other. Members can be read and replaced in place.
    ///
    /// Args:
    ///     pretokenizers: The pre-tokenizers; a `Sequence` among them is taken apart.
    Sequence, PreTokenizer, "fissile.pre_tokenizers", "pre tokenizer", pretokenizers
}

/// The module.
#[pymodule(gil_used = false)]
pub(crate) mod pre_tokenizers {
    #[pymodule_export]
    use super::{
        BertPreTokenizer, ByteLevel, CharDelimiterSplit, Digits, FixedLength, Metaspace,
        PreTokenizer, Punctuation, Sequence, Split, UnicodeScripts, Whitespace, WhitespaceSplit,
    };
}
