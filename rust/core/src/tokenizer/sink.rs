//! Where the tokens of a sequence are gathered, whichever road they come by.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a text has less than 4 GiB: checked where it comes in"
)]

use std::sync::Arc;

use crate::cache::{LongHit, UnitTokens};
use crate::encoding::{TokenNames, TokenRun};
use crate::text::offsets::{CharIndex, OffsetUnit};
use crate::token::TokenId;

/// Tokens of one sequence under way. Spans are bytes of the text at hand until that text is finished.
pub(crate) struct Sink {
    pub(crate) ids: Vec<TokenId>,
    pub(crate) spans: Vec<(u32, u32)>,
    pub(crate) words: Vec<u32>,
    texts: Vec<(u32, Box<str>)>,
    /// Whether anything but ids is wanted.
    pub(crate) detailed: bool,
    /// The word of everything that comes, where the caller cut the words.
    fixed_word: Option<u32>,
    /// The number of the next word.
    pub(crate) next_word: u32,
    /// Where the text at hand began.
    text_start: usize,
}

impl Sink {
    pub(crate) fn new(detailed: bool, bytes: usize) -> Self {
        // Four bytes a token is what text comes to; a wrong guess costs one move.
        let guess = bytes / 4 + 1;
        let detail = if detailed { guess } else { 0 };
        Self {
            ids: Vec::with_capacity(guess),
            spans: Vec::with_capacity(detail),
            words: Vec::with_capacity(detail),
            texts: Vec::new(),
            detailed,
            fixed_word: None,
            next_word: 0,
            text_start: 0,
        }
    }

    /// Begin a text; `word` is its number where the caller cut the words.
    pub(crate) fn begin(&mut self, word: Option<u32>) {
        self.text_start = self.ids.len();
        self.fixed_word = word;
        self.next_word = 0;
    }

    #[inline]
    pub(crate) fn push(&mut self, id: TokenId, span: (u32, u32), word: u32) {
        self.ids.push(id);
        if self.detailed {
            self.spans.push(span);
            self.words.push(self.fixed_word.unwrap_or(word));
        }
    }

    /// The last token's text is not the name of its id.
    pub(crate) fn text_of_last(&mut self, text: &str) {
        if self.detailed {
            self.texts.push((self.ids.len() as u32 - 1, text.into()));
        }
    }

    /// The tokens of a unit whose original text begins at `base`; its first word is `word`.
    pub(crate) fn push_unit(&mut self, unit: &UnitTokens, base: u32, word: u32) {
        if !self.detailed {
            self.ids.extend_from_slice(&unit.ids);
            return;
        }
        let first = self.ids.len() as u32;
        for (index, &id) in unit.ids.iter().enumerate() {
            let (start, end) = unit.spans[index];
            self.push(id, (base + start, base + end), word + unit.words[index]);
        }
        self.texts.extend(unit.texts.iter().map(|(index, text)| (first + index, text.clone())));
    }

    /// The tokens of a unit out of the arena.
    pub(crate) fn push_long(&mut self, hit: LongHit<'_>, base: u32, word: u32) {
        if !self.detailed {
            self.ids.extend(hit.tokens.iter().map(|token| token.id));
            return;
        }
        for token in hit.tokens {
            let span = (base + u32::from(token.start), base + u32::from(token.end));
            self.push(token.id, span, word + u32::from(token.word));
        }
    }

    /// End a text: its spans, so far in its bytes, become offsets.
    pub(crate) fn finish(&mut self, text: &str, unit: OffsetUnit) {
        if self.detailed && !text.is_ascii() {
            let spans = &mut self.spans[self.text_start..];
            match unit {
                OffsetUnit::Byte => {
                    for span in spans {
                        *span = whole_chars(text, *span);
                    }
                }
                OffsetUnit::Char => {
                    let index = CharIndex::new(text);
                    for span in spans {
                        let (start, end) = whole_chars(text, *span);
                        let at = |byte: u32| index.byte_to_char(byte as usize) as u32;
                        *span = (at(start), at(end));
                    }
                }
            }
        }
    }

    pub(crate) fn into_run(self, names: &Arc<impl TokenNames + 'static>) -> TokenRun {
        let names = self.detailed.then(|| Arc::clone(names) as Arc<dyn TokenNames>);
        TokenRun::new(self.ids, self.spans, self.words, self.texts, names)
    }
}

/// A byte-level token can be part of a character; its offsets are the whole of it.
pub(crate) fn whole_chars(text: &str, (start, end): (u32, u32)) -> (u32, u32) {
    if end <= start {
        return (start, end);
    }
    let start = text.floor_char_boundary(start as usize);
    let end = text.ceil_char_boundary(end as usize);
    (start as u32, end as u32)
}
