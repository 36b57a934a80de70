//! Special tokens that must not stand in a text (tiktoken's `disallowed_special`).
//!
//! A text is refused when it holds the characters of such a token, wherever they stand. Those that are
//! looked for in normalized text are forbidden there, too: no other spelling may bring them in.

use crate::error::{Error, ErrorKind, Result};
use crate::token::Span;
use crate::tokenizer::Front;
use crate::tokenizer::options::{EncodeOptions, SpecialTokens};
use crate::vocab::AddedToken;
use crate::vocab::added_tokens::Matchers;
use crate::vocab::matcher::{Manner, Matcher};

/// What is looked for, made once a call.
pub(crate) struct Forbidden {
    raw: Option<Matcher>,
    normalized: Option<Matcher>,
}

impl Forbidden {
    /// What a call forbids; `None` for nothing. "All" means all special tokens but those that the call
    /// allows by name; tokens forbidden by name are forbidden, allowed or not.
    pub(crate) fn of(front: &Front, options: &EncodeOptions) -> Result<Option<Self>> {
        let none = SpecialTokens::None;
        let is_meant = |token: &AddedToken| match &options.disallowed_special {
            None | Some(SpecialTokens::None) => false,
            Some(SpecialTokens::Only(texts)) => texts.contains(&token.content),
            Some(SpecialTokens::All) => {
                let allowed = options.allowed_special.as_ref().unwrap_or(&none);
                token.special && !allowed.contains(&token.content)
            }
        };
        let texts: Vec<String> = match &options.disallowed_special {
            None | Some(SpecialTokens::None) => return Ok(None),
            Some(SpecialTokens::Only(texts)) => texts.clone(),
            Some(SpecialTokens::All) => {
                let tokens = front.added.iter().map(|(_, token)| token);
                tokens.filter(|token| is_meant(token)).map(|token| token.content.clone()).collect()
            }
        };
        let raw = Matchers::of_texts(&texts)?.raw;
        let normalized = match &front.normalizer {
            Some(_) => front.added.matchers_of(is_meant)?.normalized,
            None => None,
        };
        Ok(Some(Self { raw, normalized }))
    }

    /// Refuse a text that holds any of them.
    pub(crate) fn check(&self, front: &Front, text: &str) -> Result<()> {
        if let Some(span) = self.raw.as_ref().and_then(|matcher| first(matcher, text)) {
            let place = format!("text, byte {}", span.start);
            return Err(refused(&place, &text[span.range()]));
        }
        let (Some(matcher), Some(normalizer)) = (&self.normalized, &front.normalizer) else {
            return Ok(());
        };
        let normalized = normalizer.normalize_plain(text)?;
        match first(matcher, &normalized) {
            Some(span) => {
                let place = format!("normalized text, byte {}", span.start);
                Err(refused(&place, &normalized[span.range()]))
            }
            None => Ok(()),
        }
    }
}

fn first(matcher: &Matcher, text: &str) -> Option<Span> {
    if !matcher.may_match(text) {
        return None;
    }
    let mut found = None;
    matcher.cut(text, Manner::default(), |part| {
        if part.token.is_some() && found.is_none() {
            found = Some(part.span);
        }
    });
    found
}

fn refused(place: &str, found: &str) -> Error {
    Error::new(ErrorKind::DisallowedToken, "the text holds a special token that is not allowed")
        .in_field(place)
        .finding(format!("{found:?}"))
        .hinting(
            "name it in allowed_special to encode it as a token, or pass disallowed_special=() and \
         allowed_special=() to encode it as text",
        )
}
