//! Small helpers that know nothing of tokenizing.

pub mod darts;
pub mod double_array;
pub mod hash;
pub(crate) mod level;
pub(crate) mod pages;
pub mod parallel;
pub mod prefetch;
pub mod regex;
pub(crate) mod rooms;
pub(crate) mod sections;
