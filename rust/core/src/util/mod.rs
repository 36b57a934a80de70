//! Small helpers that know nothing of tokenizing.

pub mod darts;
pub mod double_array;
pub mod hash;
pub mod parallel;
pub mod regex;
