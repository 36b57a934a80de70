//! `fissile.processors`: special tokens, type ids, trimmed offsets.

use std::sync::Arc;

use fissile_core::TokenId;
use fissile_core::post_processors::{self as core, PostProcessor as Core};
use fissile_core::text::byte_alphabet;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::cell::{Node, Part, Shared};
use crate::encoding::Encoding;
use crate::engine;
use crate::error::guard;
use crate::macros::{part_base, part_class, sequence_class};
use crate::parts::template::TemplateProcessing;

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

/// What all post-processors have in common: they frame encodings with special tokens.
#[pyclass(module = "fissile.processors", subclass, dict, frozen)]
pub(crate) struct PostProcessor {
    pub(crate) cell: Shared<Core>,
}

part_base!(PostProcessor, Core, "PostProcessor");

#[pymethods]
impl PostProcessor {
    /// How many tokens are added to one sequence, or to a pair.
    fn num_special_tokens_to_add(&self, is_pair: bool) -> PyResult<usize> {
        guard(|| Ok(engine::added_tokens(&self.cell.part(), is_pair)))
    }

    /// Frame one encoding, or the two of a pair.
    #[pyo3(signature = (encoding, pair=None, add_special_tokens=true))]
    fn process(
        &self,
        encoding: &Encoding,
        pair: Option<&Encoding>,
        add_special_tokens: bool,
    ) -> PyResult<Encoding> {
        let (first, second) = (encoding.inner(), pair.map(Encoding::inner));
        let part = self.cell.part();
        guard(|| engine::process(&part, first, second, add_special_tokens).map(Encoding::from))
    }
}

impl PostProcessor {
    /// The data of a template processor.
    pub(crate) fn template(&self) -> PyResult<Arc<core::TemplateProcessing>> {
        self.data("TemplateProcessing", |part| match part {
            Core::Template(data) => Some(data.clone()),
            _ => None,
        })
    }

    /// The Python object of the concrete class, over an existing cell.
    pub(crate) fn to_python(py: Python<'_>, cell: Shared<Core>) -> PyResult<Py<PyAny>> {
        let node = cell.node();
        let base = PyClassInitializer::from(Self::over(cell));
        Ok(match &*node {
            Node::Sequence(_) => Py::new(py, base.add_subclass(Sequence))?.into_any(),
            Node::Leaf(part) => match part {
                Core::Bert(_) => Py::new(py, base.add_subclass(BertProcessing))?.into_any(),
                Core::Roberta(_) => Py::new(py, base.add_subclass(RobertaProcessing))?.into_any(),
                Core::ByteLevel(_) => Py::new(py, base.add_subclass(ByteLevel))?.into_any(),
                Core::Template(_) => Py::new(py, base.add_subclass(TemplateProcessing))?.into_any(),
                Core::Sequence(_) => Py::new(py, base)?.into_any(),
            },
        })
    }
}

part_class! {
    /// BERT's frame: `[CLS] A [SEP] B [SEP]`.
    ///
    /// Args:
    ///     sep: The token that closes every sequence, and its id.
    ///     cls_token: The token that opens the first, and its id.
    BertProcessing, "BertProcessing", PostProcessor, "fissile.processors";
    data core::BertProcessing,
    get |part: &Core| match part { Core::Bert(data) => Some((**data).clone()), _ => None },
    put |data| Core::Bert(Arc::new(data));
    new (sep, cls_token) (sep: (String, TokenId), cls_token: (String, TokenId)) {
        Ok(core::BertProcessing { sep, cls: cls_token })
    }
    newargs (("", 0), ("", 0));
    fields {
        /// The token that closes every sequence, and its id.
        sep / set_sep: (String, TokenId) =>
            |data| data.sep.clone(), |data, value| { data.sep = value; Ok(()) };
        /// The token that opens the first sequence, and its id.
        cls / set_cls: (String, TokenId) =>
            |data| data.cls.clone(), |data, value| { data.cls = value; Ok(()) };
    }
}

part_class! {
    /// RoBERTa's frame: `<s> A </s></s> B </s>`, offsets trimmed.
    ///
    /// Args:
    ///     sep: The token that closes every sequence, and its id.
    ///     cls_token: The token that opens the first, and its id.
    ///     trim_offsets: Leave white space out of the offsets.
    ///     add_prefix_space: Whether the pre-tokenizer added a space in front.
    RobertaProcessing, "RobertaProcessing", PostProcessor, "fissile.processors";
    data core::RobertaProcessing,
    get |part: &Core| match part { Core::Roberta(data) => Some((**data).clone()), _ => None },
    put |data| Core::Roberta(Arc::new(data));
    new (sep, cls_token, trim_offsets=true, add_prefix_space=true)
        (sep: (String, TokenId), cls_token: (String, TokenId), trim_offsets: bool, add_prefix_space: bool)
    { Ok(core::RobertaProcessing { sep, cls: cls_token, trim_offsets, add_prefix_space }) }
    newargs (("", 0), ("", 0));
    fields {
        /// The token that closes every sequence, and its id.
        sep / set_sep: (String, TokenId) =>
            |data| data.sep.clone(), |data, value| { data.sep = value; Ok(()) };
        /// The token that opens the first sequence, and its id.
        cls / set_cls: (String, TokenId) =>
            |data| data.cls.clone(), |data, value| { data.cls = value; Ok(()) };
        /// Whether white space is left out of the offsets.
        trim_offsets / set_trim_offsets: bool => |data| data.trim_offsets,
            |data, value| { data.trim_offsets = value; Ok(()) };
        /// Whether the pre-tokenizer added a space in front.
        add_prefix_space / set_add_prefix_space: bool => |data| data.add_prefix_space,
            |data, value| { data.add_prefix_space = value; Ok(()) };
    }
}

part_class! {
    /// Offsets trimmed of byte-level white space.
    ///
    /// Args:
    ///     add_prefix_space: Whether the pre-tokenizer added a space in front.
    ///     trim_offsets: Leave white space out of the offsets.
    ///     use_regex: Carried for the file's sake.
    ByteLevel, "ByteLevel", PostProcessor, "fissile.processors";
    data byte_alphabet::ByteLevel,
    get |part: &Core| match part { Core::ByteLevel(data) => Some(*data), _ => None },
    put Core::ByteLevel;
    new (add_prefix_space=None, trim_offsets=None, use_regex=None, **_kwargs)
        (add_prefix_space: Option<bool>, trim_offsets: Option<bool>, use_regex: Option<bool>,
         _kwargs: Option<&Bound<'_, PyDict>>)
    {
        Ok(byte_alphabet::ByteLevel {
            add_prefix_space: add_prefix_space.unwrap_or(true),
            trim_offsets: trim_offsets.unwrap_or(true),
            use_regex: use_regex.unwrap_or(true),
        })
    }
    fields {
        /// Whether the pre-tokenizer added a space in front.
        add_prefix_space / set_add_prefix_space: bool => |data| data.add_prefix_space,
            |data, value| { data.add_prefix_space = value; Ok(()) };
        /// Whether white space is left out of the offsets.
        trim_offsets / set_trim_offsets: bool => |data| data.trim_offsets,
            |data, value| { data.trim_offsets = value; Ok(()) };
        /// Carried for the file's sake.
        use_regex / set_use_regex: bool =>
            |data| data.use_regex, |data, value| { data.use_regex = value; Ok(()) };
    }
}

sequence_class! {
    /// Several post-processors, one after the other. Members can be read and replaced in place.
    ///
    /// Args:
    ///     processors: The post-processors; a `Sequence` among them is taken apart.
    Sequence, PostProcessor, "fissile.processors", "processor", processors
}

/// The module.
#[pymodule(gil_used = false)]
pub(crate) mod processors {
    #[pymodule_export]
    use super::{
        BertProcessing, ByteLevel, PostProcessor, RobertaProcessing, Sequence, TemplateProcessing,
    };
}
