//! The integration tests of the core, in one binary: one module a room.

mod format;
mod models;
mod naive;
mod normalizers;
mod offsets;
mod pieces;
mod pre_tokenizers;
mod regex;
mod text;
mod vocab;
