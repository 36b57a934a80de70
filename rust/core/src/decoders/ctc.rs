//! Repeats and blanks of a CTC output removed.

/// How a CTC output is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ctc {
    /// The blank.
    pub pad_token: String,
    /// What stands between words.
    pub word_delimiter_token: String,
    /// Undo the spaces that tokenizing put before punctuation.
    pub cleanup: bool,
}
