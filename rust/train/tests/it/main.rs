//! Behaviour of the trainers, seen from outside.

mod bpe;
mod counting;
mod installing;
mod others;
mod twin;
