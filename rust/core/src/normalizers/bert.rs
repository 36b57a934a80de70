//! BERT's clean-up.

/// BERT's clean-up: control characters out, Chinese characters apart, accents off, lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BertNormalizer {
    /// Drop control characters, make all white space a space.
    pub clean_text: bool,
    /// Put spaces around Chinese characters.
    pub handle_chinese_chars: bool,
    /// Drop accents; `None` means when `lowercase`.
    pub strip_accents: Option<bool>,
    /// Lower case.
    pub lowercase: bool,
}

impl Default for BertNormalizer {
    fn default() -> Self {
        Self { clean_text: true, handle_chinese_chars: true, strip_accents: None, lowercase: true }
    }
}
