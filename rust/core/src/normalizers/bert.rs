//! BERT's clean-up.

use std::borrow::Cow;

use fissile_unicode::{category, normalization};

use super::{lowercase, plain::rewrite, unicode_forms};
use crate::text::NormalizedText;

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

impl BertNormalizer {
    pub(super) fn edit(self, text: &mut NormalizedText) {
        if self.clean_text {
            text.filter(|character| !category::is_bert_control(character)).map(spaced);
        }
        if self.handle_chinese_chars && !(has_no_chinese(text.get()) && text.keeps_still()) {
            let before = text.clone();
            text.transform(before.get().chars().flat_map(set_apart), 0);
        }
        if self.drops_accents() {
            text.nfd().filter(|character| !category::is_bert_accent(character));
        }
        if self.lowercase {
            text.lowercase();
        }
    }

    pub(super) fn leaves_unchanged(self, text: &str) -> bool {
        (!self.clean_text || is_clean(text))
            && (!self.handle_chinese_chars || has_no_chinese(text))
            && (!self.drops_accents() || has_no_accents(text))
            && (!self.lowercase || lowercase::leaves_unchanged(text))
    }

    pub(super) fn plain(self, mut text: Cow<'_, str>) -> Cow<'_, str> {
        if self.clean_text {
            text = rewrite(text, is_clean, |text| {
                text.chars()
                    .filter(|character| !category::is_bert_control(*character))
                    .map(spaced)
                    .collect()
            });
        }
        if self.handle_chinese_chars {
            text = rewrite(text, has_no_chinese, |text| {
                text.chars().flat_map(set_apart).map(|(character, _)| character).collect()
            });
        }
        if self.drops_accents() {
            text = rewrite(unicode_forms::nfd(text), has_no_marks, |text| {
                text.chars().filter(|character| !category::is_bert_accent(*character)).collect()
            });
        }
        if self.lowercase {
            text = lowercase::plain(text);
        }
        text
    }

    fn drops_accents(self) -> bool {
        self.strip_accents.unwrap_or(self.lowercase)
    }
}

fn spaced(character: char) -> char {
    if category::is_bert_whitespace(character) { ' ' } else { character }
}

/// A Chinese character with a space on either side. The first space takes its place, and the
/// character counts as new: the reference's order, which offsets inside of it show.
fn set_apart(character: char) -> impl Iterator<Item = (char, isize)> {
    let is_chinese = category::is_chinese(character);
    let in_front = is_chinese.then_some((' ', 0));
    let behind = is_chinese.then_some((' ', 1));
    in_front.into_iter().chain([(character, isize::from(is_chinese))]).chain(behind)
}

fn is_clean(text: &str) -> bool {
    if text.is_ascii() {
        return text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    }
    text.chars()
        .all(|character| !category::is_bert_control(character) && spaced(character) == character)
}

fn has_no_chinese(text: &str) -> bool {
    text.is_ascii() || !text.chars().any(category::is_chinese)
}

fn has_no_marks(text: &str) -> bool {
    text.is_ascii() || !text.chars().any(category::is_bert_accent)
}

fn has_no_accents(text: &str) -> bool {
    normalization::is_nfd(text) && has_no_marks(text)
}
