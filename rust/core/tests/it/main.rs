//! The crate's one integration binary: behaviour seen from outside.

mod decoders;
mod encoding;
mod golden;
mod padding;
mod post_processors;
mod stream;
mod truncation;
