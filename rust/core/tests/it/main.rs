//! The integration tests of the core, in one binary: one module a room.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod decoders;
mod encoding;
mod format;
mod golden;
mod models;
mod naive;
mod normalizers;
mod offsets;
mod padding;
mod pieces;
mod post_processors;
mod pre_tokenizers;
mod real_vocabularies;
mod regex;
mod scan;
mod stream;
mod text;
mod truncation;
mod vocab;
