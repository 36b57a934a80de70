//! The tokenizer engine.
//!
//! A text goes through five stages, each a closed enum of known parts plus one open arm:
//!
//! ```text
//! text ─▶ Normalizer ─▶ PreTokenizer ─▶ Model ─▶ PostProcessor ─▶ Encoding
//!         (clean)       (cut)           (ids)    (frame)             │
//!                                               text ◀─ Decoder ◀────┘
//! ```
//!
//! | module | room |
//! |---|---|
//! | [`stages`] | the five traits: the whole architecture on one screen |
//! | [`text`] | strings that remember where they came from |
//! | [`vocab`] | tokens, ids, merges, added tokens |
//! | [`normalizers`], [`pre_tokenizers`], [`models`], [`post_processors`], [`decoders`] | the parts |
//! | [`encoding`] | what encoding a text gives |
//! | [`tokenizer`] | the parts composed; batches; streams |
//! | [`format`] | files: ours and other people's |
//!
//! The crate knows no Python, prints nothing and touches files only in [`format`].

pub mod decoders;
pub mod encoding;
pub mod error;
pub mod format;
pub mod models;
pub mod normalizers;
pub mod post_processors;
pub mod pre_tokenizers;
pub mod stages;
pub mod text;
pub mod token;
pub mod tokenizer;
pub mod util;
pub mod vocab;

mod cache;

pub use encoding::Encoding;
pub use error::{Error, ErrorKind, Result};
pub use token::{Span, Token, TokenId};
pub use tokenizer::Tokenizer;
pub use vocab::AddedToken;
