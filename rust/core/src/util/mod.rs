//! Small helpers that know nothing of tokenizing.

pub mod hash;
pub mod parallel;
pub mod regex;
