//! The integration tests of the core, in one binary: one module a room.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod added_tokens;
mod decoders;
mod encoding;
mod format;
mod formats;
mod golden;
mod models;
mod naive;
mod normalizers;
mod offsets;
mod padding;
mod pieces;
mod post_processors;
mod pre_tokenizers;
mod precompiled;
mod real_vocabularies;
mod regex;
mod roads;
mod scan;
mod stream;
mod text;
mod truncation;
mod unigram;
mod vocab;
