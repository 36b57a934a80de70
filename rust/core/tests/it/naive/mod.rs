//! Slow twins: the textbook forms of what the crate does fast, written to be read.

pub(crate) mod bpe;
pub(crate) mod wordpiece;
