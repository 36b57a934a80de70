//! Unicode tables and transformations, pinned to the versions that identical token ids need.
//!
//! Hugging Face `tokenizers` mixes Unicode versions: normalization knows Unicode 9, BERT's punctuation an older one,
//! regular expressions Unicode 16, case mapping the newest. A tokenizer with other tables gives other ids for new
//! letters. The tables here are therefore read off the reference's behaviour, and each function names the
//! definition it follows.
//!
//! - [`category`]: what a character is, one function for each definition in use;
//! - [`case`]: lower and upper case, a character at a time;
//! - [`script`]: the script of a character;
//! - [`normalization`]: NFC, NFD, NFKC, NFKD with alignment, and quick checks.
//!
//! ```
//! use fissile_unicode::{category, normalization};
//!
//! assert!(category::is_letter('字'));
//! assert!(!normalization::is_nfc("e\u{301}"));
//! let composed: String = normalization::nfc("e\u{301}").map(|(character, _)| character).collect();
//! assert_eq!(composed, "é");
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod case;
pub mod category;
pub mod normalization;
pub mod script;
#[rustfmt::skip]
#[allow(clippy::unreadable_literal)]
mod tables;

pub use case::{CaseMapping, lowercase, uppercase};
pub use category::GeneralCategory;
pub use script::{Script, script};

/// The reference whose behaviour the tables record.
pub const REFERENCE: &str = "tokenizers 0.23.3";

/// The Unicode version behind each group of functions, for messages and documentation.
pub const UNICODE_VERSIONS: &[(&str, &str)] = &[
    ("normalization, is_accent, script", "9.0"),
    ("is_bert_punctuation, is_bert_control, is_bert_accent", "8.0"),
    ("general category, is_regex_space, is_word", "16.0"),
    ("is_numeric, is_whitespace, case", "17.0"),
];
