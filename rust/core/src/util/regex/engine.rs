//! What runs a pattern: an automaton where one can, backtracking where it must be.

use regex_automata::meta;
use regex_automata::{Anchored, Input};
use regex_syntax::hir::Hir;

use super::ast::{Assertion, Look, Node, Pattern, Repeat};
use super::charset::CharSet;
use super::{simplify, to_fancy, to_hir};
use crate::error::{Error, ErrorKind, Result};
use crate::token::Span;

/// How much memory a compiled automaton may take; a pattern that needs more is refused.
const SIZE_LIMIT: usize = 64 << 20;
/// How many instructions a backtracking program may have.
const PROGRAM_LIMIT: usize = 1 << 18;
/// How many steps back a match may take before it gives up, as many as in the reference.
const BACKTRACK_LIMIT: usize = 10_000_000;

/// A compiled pattern.
pub(super) enum Engine {
    /// Linear time.
    Automaton(Automaton),
    /// Time without bound, but for the limit on steps.
    Backtracking { regex: Box<fancy_regex::Regex>, source: Box<str> },
}

/// An automaton over one or more alternatives.
pub(super) struct Automaton {
    regex: meta::Regex,
    /// For each alternative, whether its last character is looked at and not part of the match.
    trims: Vec<bool>,
}

impl Engine {
    /// Compile a pattern for the best engine that can run it.
    pub(super) fn build(source: &str, pattern: Pattern) -> Result<Self> {
        let node = simplify::without_idle_atomics(pattern.node);
        if simplify::line_starts_are_plain(&node)
            && let Some((hirs, trims)) = alternatives(&node)
        {
            let regex = meta::Builder::new()
                .configure(meta::Config::new().nfa_size_limit(Some(SIZE_LIMIT)))
                .build_many_from_hir(&hirs)
                .map_err(|cause| too_big(source, &cause))?;
            return Ok(Self::Automaton(Automaton { regex, trims }));
        }
        fancy_regex::RegexBuilder::new(&to_fancy::spell(&node))
            .backtrack_limit(BACKTRACK_LIMIT)
            .delegate_size_limit(SIZE_LIMIT)
            .max_prog_size(PROGRAM_LIMIT)
            .build()
            .map(|regex| Self::Backtracking { regex: Box::new(regex), source: source.into() })
            .map_err(|cause| too_big(source, &cause))
    }

    /// What a search remembers between calls.
    pub(super) fn cache(&self) -> Option<Box<meta::Cache>> {
        match self {
            Self::Automaton(automaton) => Some(Box::new(automaton.regex.create_cache())),
            Self::Backtracking { .. } => None,
        }
    }

    /// The leftmost match at or behind `at`. `expect_here`: the match probably begins at `at` itself.
    pub(super) fn find(
        &self,
        cache: Option<&mut meta::Cache>,
        text: &str,
        at: usize,
        expect_here: bool,
    ) -> Result<Option<Span>> {
        match self {
            Self::Automaton(automaton) => Ok(automaton.find(cache, text, at, expect_here)),
            Self::Backtracking { regex, source } => match regex.find_from_pos(text, at) {
                Ok(found) => Ok(found.map(|m| Span::new(m.start(), m.end()))),
                Err(cause) => Err(gave_up(source, &cause)),
            },
        }
    }
}

impl Automaton {
    fn find(
        &self,
        mut cache: Option<&mut meta::Cache>,
        text: &str,
        at: usize,
        expect_here: bool,
    ) -> Option<Span> {
        let mut search = |anchored| {
            let input = Input::new(text).span(at..text.len()).anchored(anchored);
            match cache.as_deref_mut() {
                Some(cache) => self.regex.search_with(cache, &input),
                None => self.regex.search(&input),
            }
        };
        // A match that begins here is the leftmost one, and finding it so needs no second pass back
        // over the text for its start.
        let here = if expect_here { search(Anchored::Yes) } else { None };
        let found = here.or_else(|| search(Anchored::No))?;
        let mut end = found.end();
        if self.trims[found.pattern().as_usize()] {
            let last = text[..end].chars().next_back().map_or(0, char::len_utf8);
            end -= last;
        }
        Some(Span::new(found.start(), end))
    }
}

/// The alternatives of a pattern for the automaton, in order of preference.
///
/// The automaton has no look-ahead. But `\s+(?!\S)`, which all byte-level vocabularies use, is the same
/// as three alternatives: white space up to the end of the text; or else white space and one more
/// character that is not forbidden; in which case the last character is not part of the match.
fn alternatives(node: &Node) -> Option<(Vec<Hir>, Vec<bool>)> {
    let branches = match node {
        Node::Alternation(branches) => branches.as_slice(),
        other => std::slice::from_ref(other),
    };
    let mut hirs = Vec::new();
    let mut trims = Vec::new();
    let mut plain: Vec<Hir> = Vec::new();
    for branch in branches {
        let Some((run, forbidden)) = run_before(branch) else {
            plain.push(to_hir::hir(branch)?);
            continue;
        };
        if !plain.is_empty() {
            hirs.push(Hir::alternation(std::mem::take(&mut plain)));
            trims.push(false);
        }
        let mut outside = run.clone();
        outside.union(&forbidden);
        let once_or_more = || Node::repeat(Node::Set(run.clone()), 1, None);
        for (last, trim) in [
            (Node::Assertion(Assertion::TextEnd), false),
            (Node::Set(outside.negate()), true),
            (Node::Set(run.clone()), true),
        ] {
            hirs.push(to_hir::hir(&Node::Concat(vec![once_or_more(), last]))?);
            trims.push(trim);
        }
    }
    if !plain.is_empty() {
        hirs.push(Hir::alternation(plain));
        trims.push(false);
    }
    Some((hirs, trims))
}

/// `X+(?!Y)` for two sets that have nothing in common.
fn run_before(node: &Node) -> Option<(CharSet, CharSet)> {
    let Node::Concat(nodes) = node else { return None };
    let [Node::Repeat(Repeat { node: run, min: 1, max: None, greedy: true }), Node::Look(look)] =
        nodes.as_slice()
    else {
        return None;
    };
    let Look { ahead: true, negative: true, node: forbidden } = look else { return None };
    let (run, forbidden) = (one_character(run)?, one_character(forbidden)?);
    run.is_disjoint(&forbidden).then_some((run, forbidden))
}

/// The set of a node that matches one character.
fn one_character(node: &Node) -> Option<CharSet> {
    match node {
        Node::Char(c) => Some(CharSet::single(*c)),
        Node::Set(set) => Some(set.clone()),
        _ => None,
    }
}

fn too_big(source: &str, cause: &dyn std::fmt::Display) -> Error {
    Error::unsupported(format!("the regular expression {source:?} cannot be compiled: {cause}"))
}

fn gave_up(source: &str, cause: &dyn std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::PatternLimit,
        format!("the regular expression {source:?} gave up: {cause}"),
    )
    .hinting("the pattern backtracks without end on this text; make it unambiguous")
}
