//! The crate's one integration binary: behaviour seen from outside.

mod models;
mod naive;
mod real_vocabularies;
mod vocab;
