//! Behaviour of the trainers, seen from outside.

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

mod bpe;
mod counting;
mod installing;
mod others;
mod pruning;
mod twin;
