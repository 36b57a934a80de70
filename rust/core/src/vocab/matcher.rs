//! Finds added tokens in a text: leftmost, longest.

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};

use crate::error::{Error, Result};
use crate::token::{Span, TokenId};

/// One thing to find.
pub(crate) struct Pattern<'a> {
    pub(crate) id: TokenId,
    pub(crate) text: &'a str,
    pub(crate) single_word: bool,
    pub(crate) lstrip: bool,
    pub(crate) rstrip: bool,
    pub(crate) special: bool,
}

/// A part of a text: an added token, or what lies between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) span: Span,
    pub(crate) token: Option<TokenId>,
}

#[derive(Clone, Copy)]
struct Rule {
    id: TokenId,
    single_word: bool,
    lstrip: bool,
    rstrip: bool,
    special: bool,
}

/// An automaton over added tokens.
pub(crate) struct Matcher {
    automaton: AhoCorasick,
    rules: Vec<Rule>,
}

impl Matcher {
    /// An automaton over the patterns; `None` where there are none. Of two patterns with the same text
    /// the earlier one is found, so that patterns given by ascending id make the lowest id win.
    pub(crate) fn new(patterns: Vec<Pattern<'_>>) -> Result<Option<Self>> {
        // A normalizer can leave nothing of a token; nothing cannot be found.
        let patterns: Vec<_> = patterns.into_iter().filter(|p| !p.text.is_empty()).collect();
        if patterns.is_empty() {
            return Ok(None);
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .start_kind(StartKind::Unanchored)
            .build(patterns.iter().map(|p| p.text))
            .map_err(|e| Error::invalid(format!("the added tokens are too many to search: {e}")))?;
        let rules = patterns
            .iter()
            .map(|p| Rule {
                id: p.id,
                single_word: p.single_word,
                lstrip: p.lstrip,
                rstrip: p.rstrip,
                special: p.special,
            })
            .collect();
        Ok(Some(Self { automaton, rules }))
    }

    /// Whether the text holds a match at all, rules aside: the quick test.
    pub(crate) fn may_match(&self, text: &str) -> bool {
        self.automaton.is_match(Input::new(text).anchored(Anchored::No))
    }

    /// Cut `text` at the tokens. With `skip_special`, special tokens are text like any other.
    ///
    /// A match that its rules reject still hides the shorter ones it covers, as in the reference.
    pub(crate) fn cut(&self, text: &str, skip_special: bool, mut emit: impl FnMut(Part)) {
        let mut done = 0;
        for found in self.automaton.find_iter(text) {
            let rule = self.rules[found.pattern().as_usize()];
            let (mut start, mut end) = (found.start(), found.end());
            if (skip_special && rule.special)
                || (rule.single_word && !stands_alone(text, start, end))
            {
                continue;
            }
            if rule.lstrip {
                start =
                    text[..start].trim_end_matches(fissile_unicode::category::is_regex_space).len();
                // White space already taken by the token before stays with it.
                start = start.max(done);
            }
            if rule.rstrip {
                let rest = &text[end..];
                end += rest.len()
                    - rest.trim_start_matches(fissile_unicode::category::is_regex_space).len();
            }
            if done < start {
                emit(Part { span: Span::new(done, start), token: None });
            }
            emit(Part { span: Span::new(start, end), token: Some(rule.id) });
            done = end;
        }
        if done < text.len() {
            emit(Part { span: Span::new(done, text.len()), token: None });
        }
    }
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    use fissile_unicode::category::is_word;
    !text[..start].chars().next_back().is_some_and(is_word)
        && !text[end..].chars().next().is_some_and(is_word)
}
