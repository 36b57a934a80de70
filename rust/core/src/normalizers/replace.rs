//! Matches of a pattern replaced.

use std::borrow::Cow;

use memchr::memmem;

use crate::error::Result;
use crate::text::{NormalizedText, Pattern, Replacement};
use crate::token::Span;

pub(super) fn edit(replacement: &Replacement, text: &mut NormalizedText) -> Result<()> {
    let found = matches(&replacement.pattern, text.get())?;
    text.replace_matches(found, &replacement.content);
    Ok(())
}

/// A pattern that gives up leaves nothing unchanged: the error is for whoever normalizes.
pub(super) fn leaves_unchanged(replacement: &Replacement, text: &str) -> bool {
    match &replacement.pattern {
        Pattern::Literal(literal) => memmem::find(text.as_bytes(), literal.as_bytes()).is_none(),
        pattern => matches(pattern, text).is_ok_and(|found| found.is_empty()),
    }
}

/// `None` for an insertion at the very beginning, which came from nowhere.
pub(super) fn plain<'a>(
    replacement: &Replacement,
    text: Cow<'a, str>,
) -> Result<Option<Cow<'a, str>>> {
    let found = matches(&replacement.pattern, &text)?;
    if found.first().is_some_and(|first| first.end == 0) {
        return Ok(None);
    }
    if found.is_empty() {
        return Ok(Some(text));
    }
    let mut replaced = String::with_capacity(text.len());
    let mut done = 0;
    for span in found {
        replaced.push_str(&text[done..span.start]);
        replaced.push_str(&replacement.content);
        done = span.end;
    }
    replaced.push_str(&text[done..]);
    Ok(Some(Cow::Owned(replaced)))
}

/// The matches of a pattern. The empty string matches in front of every character and at the end, as
/// the empty regular expression does; elsewhere (in `NormalizedText::replace`) it never matches.
fn matches(pattern: &Pattern, text: &str) -> Result<Vec<Span>> {
    let Pattern::Literal(literal) = pattern else {
        let all = pattern.find_matches(text)?;
        return Ok(all
            .into_iter()
            .filter(|(_, is_match)| *is_match)
            .map(|(span, _)| span)
            .collect());
    };
    if text.is_empty() {
        return Ok(Vec::new());
    }
    if literal.is_empty() {
        let starts = text.char_indices().map(|(start, _)| start).chain([text.len()]);
        return Ok(starts.map(|start| Span::new(start, start)).collect());
    }
    let starts = memmem::find_iter(text.as_bytes(), literal.as_bytes());
    Ok(starts.map(|start| Span::new(start, start + literal.len())).collect())
}
