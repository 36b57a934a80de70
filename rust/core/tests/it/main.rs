//! The crate's one integration binary: behaviour seen from outside.

mod format;
mod models;
mod naive;
mod vocab;
