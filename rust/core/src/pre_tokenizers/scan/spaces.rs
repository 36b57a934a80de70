//! The cuts that drop white space: pieces with gaps between them.

use fissile_unicode::category;

use crate::token::Span;

/// How the text between white space is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// Not at all.
    Nowhere,
    /// Where words and other characters meet.
    Words,
    /// Around each punctuation character.
    Punctuation,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Space,
    /// Characters that stay together.
    Run(bool),
    /// A character on its own.
    Single,
}

impl Between {
    #[inline]
    fn kind(self, c: char) -> Kind {
        match self {
            // The word characters and the spaces have none in common, so it does not matter which
            // is asked first.
            _ if category::is_whitespace(c) => Kind::Space,
            Self::Nowhere => Kind::Run(true),
            Self::Words => Kind::Run(category::is_word(c)),
            Self::Punctuation if category::is_bert_punctuation(c) => Kind::Single,
            Self::Punctuation => Kind::Run(true),
        }
    }

    /// The first piece at or behind `start`.
    pub(super) fn next(self, text: &str, start: usize) -> Option<Span> {
        let mut characters = text[start..].char_indices().map(|(at, c)| (start + at, c));
        let (from, c, kind) = characters.by_ref().find_map(|(at, c)| {
            let kind = self.kind(c);
            (kind != Kind::Space).then_some((at, c, kind))
        })?;
        if kind == Kind::Single {
            return Some(Span::new(from, from + c.len_utf8()));
        }
        let end = characters.find(|&(_, c)| self.kind(c) != kind).map_or(text.len(), |(at, _)| at);
        Some(Span::new(from, end))
    }
}
