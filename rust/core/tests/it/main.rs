//! The crate's one integration binary: behaviour seen from outside.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod models;
mod naive;
mod real_vocabularies;
mod vocab;
