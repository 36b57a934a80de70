//! The integration tests of the core, in one binary: one module a room.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    clippy::identity_op,
    clippy::erasing_op,
    clippy::struct_field_names,
    reason = "numbers of tests are small and known"
)]

mod added_tokens;
mod decoders;
mod encoding;
mod exact;
mod format;
mod formats;
mod golden;
mod incremental;
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
mod state;
mod stream;
mod text;
mod ties;
mod truncation;
mod unigram;
mod vocab;
