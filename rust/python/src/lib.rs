//! The Python module tree, and nothing else.
//!
//! | file | room |
//! |---|---|
//! | `tokenizer/` | the class `Tokenizer`, by topic; `handle.rs` is the state behind it |
//! | `parts/`, `models/`, `trainers/` | the classes of parts |
//! | `cell.rs` | where mutability lives: shared cells over immutable parts |
//! | `custom.rs` | parts written in Python |
//! | `inputs.rs`, `options.rs`, `convert.rs`, `arrow_in.rs` | Python's values into the core's |
//! | `encoding.rs`, `buffers.rs`, `numbers.rs`, `rectangle.rs`, `dlpack.rs`, `arrow.rs`, `capsule.rs` | what comes out |
//! | `printer.rs`, `printer_parts.rs` | `repr` and `str` |
//! | `error.rs` | the only place where exceptions are chosen |
//! | `engine.rs` | the one door to the core's functions |

#![allow(clippy::doc_markdown, reason = "doc comments of Python classes are Google docstrings")]
#![allow(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over by value")]
#![allow(clippy::unused_self, reason = "methods of Python classes take self")]

mod added_token;
mod arrow;
mod arrow_in;
mod asynchronous;
mod buffers;
mod capsule;
mod cell;
mod convert;
mod custom;
mod dlpack;
mod encoding;
mod engine;
mod error;
mod ids_in;
mod inputs;
mod list_ints;
mod macros;
mod models;
mod normalized;
mod numbers;
mod options;
mod parts;
mod pre_tokenized;
mod printer;
mod printer_parts;
mod raw;
mod rectangle;
mod regex;
mod token;
mod tokenizer;
mod trainers;

use pyo3::prelude::*;

/// Work on more text than this is done while other Python threads run: below it, letting go of the
/// interpreter and taking it again costs more than it gives.
pub(crate) const DETACH_BYTES: usize = 2048;

/// Let `import fissile._rust.models` find what lies inside this one file.
fn register_submodules(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let loaded = module.py().import("sys")?.getattr("modules")?;
    for name in ["decoders", "models", "normalizers", "pre_tokenizers", "processors", "trainers"] {
        loaded.set_item(format!("fissile._rust.{name}"), module.getattr(name)?)?;
    }
    Ok(())
}

/// The extension module `fissile._rust`.
#[pymodule(gil_used = false)]
mod _rust {
    #[pymodule_export]
    use super::added_token::AddedToken;
    #[pymodule_export]
    use super::buffers::{Ids, Mask, OffsetPairs, Ragged, RowSplits, WordIds};
    #[pymodule_export]
    use super::encoding::Encoding;
    #[pymodule_export]
    use super::models::models;
    #[pymodule_export]
    use super::normalized::{NormalizedString, NormalizedStringRefMut};
    #[pymodule_export]
    use super::parts::decoders::decoders;
    #[pymodule_export]
    use super::parts::normalizers::normalizers;
    #[pymodule_export]
    use super::parts::pre_tokenizers::pre_tokenizers;
    #[pymodule_export]
    use super::parts::processors::processors;
    #[pymodule_export]
    use super::pre_tokenized::PreTokenizedString;
    #[pymodule_export]
    use super::regex::Regex;
    #[pymodule_export]
    use super::token::Token;
    #[pymodule_export]
    use super::tokenizer::IncrementalEncoder;
    #[pymodule_export]
    use super::tokenizer::Tokenizer;
    #[pymodule_export]
    use super::tokenizer::read_sentencepiece;
    #[pymodule_export]
    use super::trainers::trainers;
    use super::{Bound, PyModule, PyModuleMethods, PyResult};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::error::register(module)?;
        super::register_submodules(module)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
