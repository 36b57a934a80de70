//! What characters are to a text that is cut into units.

use fissile_unicode::category;

/// White space of one byte that every part of such a pipeline treats as a boundary. A carriage return is
/// not among them: with a line feed it is one grapheme.
pub(super) fn is_dropped(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t')
}

pub(super) fn behind_space(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| is_dropped(**byte)).count()
}

/// Whether what begins at `at` never attaches to white space before it, as a mark or a joiner would.
pub(super) fn begins_safely(text: &str, at: usize) -> bool {
    use fissile_unicode::category::{is_letter, is_number, is_punctuation};
    match text.as_bytes().get(at) {
        None => true,
        Some(byte) if byte.is_ascii() => byte.is_ascii_graphic(),
        Some(_) => text[at..]
            .chars()
            .next()
            .is_some_and(|c| (is_letter(c) || is_number(c) || is_punctuation(c)) && !attaches(c)),
    }
}

/// The letters that graphemes or compatibility forms treat as marks.
pub(super) fn attaches(c: char) -> bool {
    matches!(c, '\u{e33}' | '\u{eb3}' | '\u{ff9e}' | '\u{ff9f}')
}

/// Whether what ends before `at` never takes the next character into its grapheme.
pub(super) fn ends_safely(text: &str, at: usize) -> bool {
    use fissile_unicode::category::{is_letter, is_mark, is_number, is_punctuation};
    match text.as_bytes()[at - 1] {
        byte if byte.is_ascii() => byte.is_ascii_graphic() || is_dropped(byte),
        _ => text[..at].chars().next_back().is_some_and(|c| {
            (is_letter(c) || is_number(c) || is_punctuation(c) || is_mark(c)) && !is_prepend(c)
        }),
    }
}

/// The letters of the Unicode property `Grapheme_Cluster_Break=Prepend`.
pub(super) fn is_prepend(c: char) -> bool {
    matches!(
        c,
        '\u{d4e}'
            | '\u{111c2}'
            | '\u{111c3}'
            | '\u{113d1}'
            | '\u{1193f}'
            | '\u{11941}'
            | '\u{11a3a}'
            | '\u{11a84}'..='\u{11a89}' | '\u{11d46}' | '\u{11f02}'
    )
}

/// What stands apart from its neighbours between white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Apart {
    /// Nothing.
    Nothing,
    /// An ASCII punctuation mark that stands among ASCII.
    AsciiPunctuation,
    /// BERT's punctuation marks, and its Chinese characters if so, whatever stands beside them: for pipelines
    /// that look at one character at a time.
    Bert { chinese: bool },
}

impl Apart {
    /// Whether a character beyond ASCII stands apart from any other. Controls are dropped, and what stands on
    /// either side of them then touches.
    #[inline]
    pub(crate) fn holds(self, c: char) -> bool {
        let Self::Bert { chinese } = self else { return false };
        (chinese && category::is_chinese(c))
            || (category::is_bert_punctuation(c) && !category::is_bert_control(c))
    }

    /// Whether `at`, a place inside of a text, lies beside what stands apart.
    pub(super) fn cuts(self, text: &str, at: usize) -> bool {
        let bytes = text.as_bytes();
        let (before, behind) = (bytes[at - 1], bytes[at]);
        let among_ascii = before.is_ascii_graphic()
            && behind.is_ascii_graphic()
            && (before.is_ascii_punctuation() || behind.is_ascii_punctuation());
        match self {
            Self::Nothing => false,
            Self::AsciiPunctuation => among_ascii,
            Self::Bert { .. } => {
                let alone = |c: char| c.is_ascii_punctuation() || (!c.is_ascii() && self.holds(c));
                among_ascii
                    || (text.is_char_boundary(at)
                        && !(before.is_ascii() && behind.is_ascii())
                        && (text[..at].chars().next_back().is_some_and(alone)
                            || text[at..].chars().next().is_some_and(alone)))
            }
        }
    }
}
