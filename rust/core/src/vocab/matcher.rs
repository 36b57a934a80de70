//! Finds added tokens in a text: leftmost, longest.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};

use fissile_unicode::category::{is_regex_space, is_word};

use crate::error::{Error, Result};
use crate::token::{Span, TokenId};
use crate::util::hash::Map;

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

impl Part {
    /// A text without an added token in it.
    pub(crate) fn whole(text: &str) -> Self {
        Self { span: Span::new(0, text.len()), token: None }
    }
}

struct Rule {
    id: TokenId,
    text: Box<str>,
    single_word: bool,
    lstrip: bool,
    rstrip: bool,
    special: bool,
}

/// How a text is searched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Manner {
    /// Special tokens are text like any other.
    pub(crate) skip_special: bool,
    /// Where a match is rejected, look for the shorter ones that it covers. The reference does not: a
    /// rejected match hides them.
    pub(crate) look_behind_rejected: bool,
}

/// An automaton over added tokens.
pub(crate) struct Matcher {
    automaton: AhoCorasick,
    rules: Vec<Rule>,
    /// Rules by their text, for what a rejected match covers.
    by_text: OnceLock<Map<Box<str>, usize>>,
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
                text: p.text.into(),
                single_word: p.single_word,
                lstrip: p.lstrip,
                rstrip: p.rstrip,
                special: p.special,
            })
            .collect();
        Ok(Some(Self { automaton, rules, by_text: OnceLock::new() }))
    }

    /// Whether the text holds a match at all, rules aside: the quick test.
    pub(crate) fn may_match(&self, text: &str) -> bool {
        self.automaton.is_match(Input::new(text).anchored(Anchored::No))
    }

    /// Cut `text` at the tokens.
    pub(crate) fn cut(&self, text: &str, manner: Manner, mut emit: impl FnMut(Part)) {
        let (mut done, mut at) = (0, 0);
        while let Some(found) = self.automaton.find(Input::new(text).range(at..)) {
            let rule = &self.rules[found.pattern().as_usize()];
            let Some((rule, end)) = self.accepted(text, rule, found.range(), manner) else {
                at = if manner.look_behind_rejected {
                    text.ceil_char_boundary(found.start() + 1)
                } else {
                    found.end()
                };
                continue;
            };
            at = end;
            let (mut start, mut end) = (found.start(), end);
            if rule.lstrip {
                start = text[..start].trim_end_matches(is_regex_space).len();
                // White space already taken by the token before stays with it.
                start = start.max(done);
            }
            if rule.rstrip {
                let rest = &text[end..];
                end += rest.len() - rest.trim_start_matches(is_regex_space).len();
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

    /// The rule that holds for a match and where the match ends; `None` when there is none.
    fn accepted<'a>(
        &'a self,
        text: &str,
        rule: &'a Rule,
        found: std::ops::Range<usize>,
        manner: Manner,
    ) -> Option<(&'a Rule, usize)> {
        if rule.holds(text, found.start, found.end, manner) {
            return Some((rule, found.end));
        }
        if !manner.look_behind_rejected {
            return None;
        }
        let by_text = self.by_text.get_or_init(|| {
            // The first of two with the same text is the one that counts.
            let rules = self.rules.iter().enumerate().rev();
            rules.map(|(index, rule)| (rule.text.clone(), index)).collect()
        });
        let shorter = (found.start + 1..found.end).rev().filter(|end| text.is_char_boundary(*end));
        shorter.into_iter().find_map(|end| {
            let rule = &self.rules[*by_text.get(&text[found.start..end])?];
            rule.holds(text, found.start, end, manner).then_some((rule, end))
        })
    }
}

impl Rule {
    fn holds(&self, text: &str, start: usize, end: usize, manner: Manner) -> bool {
        let is_text = manner.skip_special && self.special;
        !is_text && (!self.single_word || stands_alone(text, start, end))
    }
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let in_word = |c: Option<char>| c.is_some_and(is_word);
    !in_word(text[..start].chars().next_back()) && !in_word(text[end..].chars().next())
}
