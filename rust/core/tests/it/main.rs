//! The crate's one integration binary: behaviour seen from outside.

mod normalizers;
mod offsets;
mod pieces;
mod text;
