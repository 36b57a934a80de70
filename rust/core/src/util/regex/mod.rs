//! The one door to the regex engine.
//!
//! Patterns are written in Oniguruma's dialect, because tokenizer files are. A pattern is parsed here
//! ([`parser`]), every class in it is spelled out from Unicode 16 ([`property`]), and what comes out is
//! run by an automaton in linear time where that is possible, else by backtracking ([`engine`]).

mod ast;
mod case;
mod charset;
mod class;
mod cursor;
mod engine;
mod escape;
pub mod famous;
mod fold_table;
mod group;
mod parser;
mod property;
mod quantifier;
mod simplify;
mod to_fancy;
mod to_hir;

use std::fmt;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use regex_automata::meta;

use crate::error::Result;
use crate::token::Span;
use engine::Engine;

/// A compiled regular expression in the reference's dialect. Cheap to clone; shared by all threads.
#[derive(Clone)]
pub struct Regex {
    inner: Arc<Inner>,
}

struct Inner {
    source: Box<str>,
    /// Compiled at once, but for the famous patterns: those when first needed.
    engine: OnceLock<Engine>,
}

/// What searches with one [`Regex`] remember between calls. One per thread saves looking for one.
pub struct Scratch {
    owner: Arc<Inner>,
    cache: Option<Box<meta::Cache>>,
}

impl Regex {
    /// Compile `source` (Oniguruma's default dialect, Unicode 16).
    ///
    /// # Errors
    ///
    /// The pattern is malformed, uses something that is not built, or is too big.
    pub fn new(source: &str) -> Result<Self> {
        if !famous::ALL.contains(&source) {
            return Ok(Self::of(source, compile(source)?.into()));
        }
        Ok(Self::of(source, OnceLock::new()))
    }

    fn of(source: &str, engine: OnceLock<Engine>) -> Self {
        Self { inner: Arc::new(Inner { source: source.into(), engine }) }
    }

    /// The source.
    pub fn source(&self) -> &str {
        &self.inner.source
    }

    /// Whether matching takes time linear in the text.
    pub fn is_linear(&self) -> bool {
        matches!(self.engine(), Engine::Automaton(_))
    }

    /// Working memory for [`for_each_match`](Self::for_each_match).
    pub fn scratch(&self) -> Scratch {
        Scratch { owner: Arc::clone(&self.inner), cache: self.engine().cache() }
    }

    /// All matches, leftmost first, none overlapping.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::PatternLimit`](crate::ErrorKind::PatternLimit): the pattern backtracks without end.
    pub fn find_all(&self, text: &str) -> Result<Vec<Span>> {
        let mut spans = Vec::new();
        self.search(None, text, |span| {
            spans.push(span);
            ControlFlow::Continue(())
        })?;
        Ok(spans)
    }

    /// The same, one by one and without allocating: `found` says whether to go on.
    ///
    /// # Errors
    ///
    /// As [`find_all`](Self::find_all).
    pub fn for_each_match(
        &self,
        text: &str,
        scratch: &mut Scratch,
        found: impl FnMut(Span) -> ControlFlow<()>,
    ) -> Result<()> {
        if !Arc::ptr_eq(&scratch.owner, &self.inner) {
            *scratch = self.scratch();
        }
        self.search(scratch.cache.as_deref_mut(), text, found)
    }

    /// The first match at or behind `at`, a byte position on a character boundary.
    ///
    /// # Errors
    ///
    /// As [`find_all`](Self::find_all).
    pub fn find_at(&self, text: &str, at: usize) -> Result<Option<Span>> {
        self.engine().find(None, text, at, false)
    }

    fn engine(&self) -> &Engine {
        let compile = || compile(self.source()).expect("only famous patterns wait to be compiled");
        self.inner.engine.get_or_init(compile)
    }

    /// Matches in order. An empty match where the last match ended does not count.
    fn search(
        &self,
        mut cache: Option<&mut meta::Cache>,
        text: &str,
        mut found: impl FnMut(Span) -> ControlFlow<()>,
    ) -> Result<()> {
        let engine = self.engine();
        let mut at = 0;
        let mut last_end = None;
        let mut in_step = true;
        while at <= text.len() {
            let Some(span) = engine.find(cache.as_deref_mut(), text, at, in_step)? else { break };
            in_step = span.start == at;
            if span.is_empty() && last_end == Some(span.end) {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
                continue;
            }
            at = span.end;
            last_end = Some(span.end);
            if found(span).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn compile(source: &str) -> Result<Engine> {
    Engine::build(source, parser::parse(source)?)
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Regex").field(&self.source()).finish()
    }
}

impl PartialEq for Regex {
    fn eq(&self, other: &Self) -> bool {
        self.source() == other.source()
    }
}

impl Eq for Regex {}
