//! `fissile.decoders`: tokens back into text.

use std::sync::Arc;

use fissile_core::decoders::{self as core, Decoder as Core};
use fissile_core::text::{Replacement, byte_alphabet, metaspace};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::cell::{Node, Part, Shared};
use crate::convert::{PatternArg, prepend_scheme, prepend_scheme_name};
use crate::custom::CustomDecoder;
use crate::error::detached;
use crate::macros::{part_base, part_class, sequence_class, unit_class};
use crate::parts::decode_stream::DecodeStream;

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

/// What all decoders have in common: they turn tokens back into text.
#[pyclass(module = "fissile.decoders", subclass, dict, frozen)]
pub(crate) struct Decoder {
    pub(crate) cell: Shared<Core>,
}

part_base!(Decoder, Core, "Decoder");

#[pymethods]
impl Decoder {
    /// A decoder written in Python: an object with `decode_chain(tokens: list[str]) -> list[str]`.
    #[staticmethod]
    fn custom(decoder: Py<PyAny>) -> Self {
        Self::of(Core::Custom(Arc::new(CustomDecoder(decoder))))
    }

    /// Join tokens to a text.
    fn decode(&self, py: Python<'_>, tokens: Vec<String>) -> PyResult<String> {
        let part = self.cell.part();
        detached(py, || part.decode(tokens))
    }
}

impl Decoder {
    /// The Python object of the concrete class, over an existing cell.
    pub(crate) fn to_python(py: Python<'_>, cell: Shared<Core>) -> PyResult<Py<PyAny>> {
        let node = cell.node();
        let base = PyClassInitializer::from(Self::over(cell));
        Ok(match &*node {
            Node::Sequence(_) => Py::new(py, base.add_subclass(Sequence))?.into_any(),
            Node::Leaf(part) => match part {
                Core::Bpe(_) => Py::new(py, base.add_subclass(BpeDecoder))?.into_any(),
                Core::ByteLevel(_) => Py::new(py, base.add_subclass(ByteLevel))?.into_any(),
                Core::WordPiece(_) => Py::new(py, base.add_subclass(WordPiece))?.into_any(),
                Core::Metaspace(_) => Py::new(py, base.add_subclass(Metaspace))?.into_any(),
                Core::Ctc(_) => Py::new(py, base.add_subclass(Ctc))?.into_any(),
                Core::Replace(_) => Py::new(py, base.add_subclass(Replace))?.into_any(),
                Core::Fuse => Py::new(py, base.add_subclass(Fuse))?.into_any(),
                Core::Strip(_) => Py::new(py, base.add_subclass(Strip))?.into_any(),
                Core::ByteFallback => Py::new(py, base.add_subclass(ByteFallback))?.into_any(),
                Core::Sequence(_) | Core::Custom(_) => Py::new(py, base)?.into_any(),
            },
        })
    }
}

unit_class! {
    /// `<0xE3>` tokens back into bytes.
    ByteFallback, "ByteFallback", Decoder, "fissile.decoders", Core::ByteFallback
}
unit_class! {
    /// All tokens joined into one.
    Fuse, "Fuse", Decoder, "fissile.decoders", Core::Fuse
}

part_class! {
    /// GPT-2's byte alphabet back into bytes.
    ByteLevel, "ByteLevel", Decoder, "fissile.decoders";
    data byte_alphabet::ByteLevel,
    get |part: &Core| match part { Core::ByteLevel(data) => Some(*data), _ => None },
    put Core::ByteLevel;
    new (**_kwargs) (_kwargs: Option<&Bound<'_, PyDict>>) { Ok(byte_alphabet::ByteLevel::default()) }
}

part_class! {
    /// A suffix that marks the end of a word becomes a space.
    ///
    /// Args:
    ///     suffix: The suffix.
    BpeDecoder, "BPEDecoder", Decoder, "fissile.decoders";
    data core::BpeSuffix,
    get |part: &Core| match part { Core::Bpe(data) => Some(data.clone()), _ => None },
    put Core::Bpe;
    new (suffix="</w>") (suffix: &str) { Ok(core::BpeSuffix { suffix: suffix.to_owned() }) }
    fields {
        /// The suffix.
        suffix / set_suffix: String =>
            |data| data.suffix.clone(), |data, value| { data.suffix = value; Ok(()) };
    }
}

part_class! {
    /// WordPiece: the prefix removed, words joined by spaces.
    ///
    /// Args:
    ///     prefix: What marks a token inside a word.
    ///     cleanup: Undo the spaces that tokenizing put before punctuation.
    WordPiece, "WordPiece", Decoder, "fissile.decoders";
    data core::WordPieceDecoder,
    get |part: &Core| match part { Core::WordPiece(data) => Some(data.clone()), _ => None },
    put Core::WordPiece;
    new (prefix="##", cleanup=true) (prefix: &str, cleanup: bool) {
        Ok(core::WordPieceDecoder { prefix: prefix.to_owned(), cleanup })
    }
    fields {
        /// What marks a token inside a word.
        prefix / set_prefix: String =>
            |data| data.prefix.clone(), |data, value| { data.prefix = value; Ok(()) };
        /// Whether spaces before punctuation are undone.
        cleanup / set_cleanup: bool =>
            |data| data.cleanup, |data, value| { data.cleanup = value; Ok(()) };
    }
}

part_class! {
    /// ▁ back into spaces.
    ///
    /// Args:
    ///     replacement: The visible character.
    ///     prepend_scheme: When it was put in front: "always", "first" or "never".
    ///     split: Carried for the file's sake.
    Metaspace, "Metaspace", Decoder, "fissile.decoders";
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
        /// When it was put in front.
        prepend_scheme / set_prepend_scheme: String =>
            |data| prepend_scheme_name(data.prepend_scheme).to_owned(),
            |data, value| { data.prepend_scheme = self::prepend_scheme(&value)?; Ok(()) };
        /// Carried for the file's sake.
        split / set_split: bool => |data| data.split, |data, value| { data.split = value; Ok(()) };
    }
}

part_class! {
    /// Repeats and blanks of a CTC output removed.
    ///
    /// Args:
    ///     pad_token: The blank.
    ///     word_delimiter_token: What stands between words.
    ///     cleanup: Undo the spaces that tokenizing put before punctuation.
    Ctc, "CTC", Decoder, "fissile.decoders";
    data core::Ctc,
    get |part: &Core| match part { Core::Ctc(data) => Some((**data).clone()), _ => None },
    put |data| Core::Ctc(Arc::new(data));
    new (pad_token="<pad>", word_delimiter_token="|", cleanup=true)
        (pad_token: &str, word_delimiter_token: &str, cleanup: bool)
    {
        let (pad_token, word_delimiter_token) = (pad_token.to_owned(), word_delimiter_token.to_owned());
        Ok(core::Ctc { pad_token, word_delimiter_token, cleanup })
    }
    fields {
        /// The blank.
        pad_token / set_pad_token: String => |data| data.pad_token.clone(),
            |data, value| { data.pad_token = value; Ok(()) };
        /// What stands between words.
        word_delimiter_token / set_word_delimiter_token: String =>
            |data| data.word_delimiter_token.clone(),
            |data, value| { data.word_delimiter_token = value; Ok(()) };
        /// Whether spaces before punctuation are undone.
        cleanup / set_cleanup: bool =>
            |data| data.cleanup, |data, value| { data.cleanup = value; Ok(()) };
    }
}

part_class! {
    /// Matches of a pattern replaced, token by token.
    ///
    /// Args:
    ///     pattern: A `str`, taken literally, or a `Regex`.
    ///     content: What to put in place of every match.
    Replace, "Replace", Decoder, "fissile.decoders";
    data Replacement,
    get |part: &Core| match part { Core::Replace(data) => Some((**data).clone()), _ => None },
    put |data| Core::Replace(Arc::new(data));
    new (pattern, content) (pattern: PatternArg, content: String) {
        Ok(Replacement { pattern: pattern.0, content })
    }
    newargs ("", "");
}

part_class! {
    /// Characters stripped from the ends of each token.
    ///
    /// Args:
    ///     content: The character.
    ///     left: At most so many from the front.
    ///     right: At most so many from the back.
    Strip, "Strip", Decoder, "fissile.decoders";
    data core::StripDecoder,
    get |part: &Core| match part { Core::Strip(data) => Some(*data), _ => None },
    put Core::Strip;
    new (content=' ', left=0, right=0) (content: char, left: usize, right: usize) {
        Ok(core::StripDecoder { content, start: left, stop: right })
    }
    fields {
        /// The character.
        content / set_content: char =>
            |data| data.content, |data, value| { data.content = value; Ok(()) };
        /// At most so many from the front.
        start / set_start: usize => |data| data.start, |data, value| { data.start = value; Ok(()) };
        /// At most so many from the back.
        stop / set_stop: usize => |data| data.stop, |data, value| { data.stop = value; Ok(()) };
    }
}

sequence_class! {
    /// Several decoders, one after the other. Members can be read and replaced in place.
    ///
    /// Args:
    ///     decoders: The decoders; a `Sequence` among them is taken apart.
    Sequence, Decoder, "fissile.decoders", "decoder", decoders
}

/// The module.
#[pymodule(gil_used = false)]
pub(crate) mod decoders {
    #[pymodule_export]
    use super::{
        BpeDecoder, ByteFallback, ByteLevel, Ctc, DecodeStream, Decoder, Fuse, Metaspace, Replace,
        Sequence, Strip, WordPiece,
    };
}
