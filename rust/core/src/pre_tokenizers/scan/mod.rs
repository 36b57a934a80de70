//! Pieces of a text one by one, without allocating: the fast path's pre-tokenizers.
//!
//! A [`Scanner`] gives the same pieces as the pre-tokenizer it was made of, for those that cut a text and
//! leave its characters alone. The patterns of the famous vocabularies are recognised by their text and
//! scanned by hand; every other pattern goes through the regular expression.

mod apart;
mod ascii_pairs;
mod beside;
mod block;
mod classes;
mod cuts;
mod deepseek;
mod famous;
mod grammar;
mod seams;
mod spaces;
mod swar;
mod tier;

use std::ops::ControlFlow;
use std::sync::Arc;

pub(crate) use apart::Cut;
pub(crate) use ascii_pairs::AsciiPairs;
pub(crate) use beside::Apart;
pub(crate) use seams::{FREE_AT_SPACE, FREE_BEFORE, FREE_BEHIND, Seams};

use super::{PreTokenizer, Split};
use crate::error::Result;
use crate::text::{Pattern, SplitBehavior};
use crate::token::Span;
use crate::util::regex;
use classes::Text;
pub(crate) use cuts::ROOM;
pub use grammar::Grammar;
use spaces::Between;

impl Grammar {
    /// The grammar of a pattern, if its text is that of a famous one.
    pub fn of_pattern(source: &str) -> Option<Self> {
        famous::grammar(source)
    }

    /// The end of the piece that begins at `start`. Pieces touch: the next one begins there. At the end
    /// of the text there is no piece, and the end is given back.
    pub fn next_end(self, text: &str, start: usize) -> usize {
        if start >= text.len() {
            return text.len();
        }
        self.end(Text::new(text), start)
    }
}

/// What yields the pieces of a text. Cheap to clone.
#[derive(Clone)]
pub struct Scanner {
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    /// The whole text.
    Whole,
    Grammar(Grammar),
    Between(Between),
    Split(Arc<Split>),
    /// The three splits of DeepSeek.
    DeepSeek,
    /// Each piece of the one scanned by the next.
    Chain(Arc<Vec<Scanner>>),
}

/// Working memory of a [`Scanner`]; one per thread. A scanner that is handed another's replaces it.
#[derive(Default)]
pub struct Scratch {
    regex: Option<regex::Scratch>,
    chain: Vec<Scratch>,
    /// Where a grammar puts pieces, a few at a time.
    room: Vec<(u32, u32)>,
}

impl Scanner {
    /// The scanner that cuts as `part` does. `None` if the part changes characters (a space or a mark in
    /// front), is not built in, or has no scanner. The byte alphabet is not counted as a change: pieces
    /// are given in the text's own bytes.
    pub fn of(part: &PreTokenizer) -> Option<Self> {
        let kind = match part {
            PreTokenizer::ByteLevel(options) if options.add_prefix_space => return None,
            PreTokenizer::ByteLevel(options) if options.use_regex => {
                Kind::Grammar(Grammar::of_pattern(regex::famous::GPT2)?)
            }
            PreTokenizer::ByteLevel(_) => Kind::Whole,
            PreTokenizer::WhitespaceSplit => Kind::Between(Between::Nowhere),
            PreTokenizer::Whitespace => Kind::Between(Between::Words),
            PreTokenizer::Bert => Kind::Between(Between::Punctuation),
            PreTokenizer::Split(split) => Self::of_split(split),
            PreTokenizer::CharDelimiterSplit(delimiter) => Kind::Split(Arc::new(Split {
                pattern: Pattern::Literal(delimiter.to_string()),
                behavior: SplitBehavior::Removed,
                invert: false,
            })),
            PreTokenizer::Sequence(parts) => return Self::of_sequence(parts),
            _ => return None,
        };
        Some(Self { kind })
    }

    fn of_split(split: &Arc<Split>) -> Kind {
        let all_match = split.behavior == SplitBehavior::Isolated
            || (split.behavior == SplitBehavior::Removed && split.invert);
        match &split.pattern {
            // Every character is in some match, so that the gaps do not matter.
            Pattern::Regex(regex) if all_match => match Grammar::of_pattern(regex.source()) {
                Some(grammar) => Kind::Grammar(grammar),
                None => Kind::Split(Arc::clone(split)),
            },
            _ => Kind::Split(Arc::clone(split)),
        }
    }

    fn of_sequence(parts: &[PreTokenizer]) -> Option<Self> {
        let mut chain = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            let is_last = index + 1 == parts.len();
            if !is_last && shows_bytes(part) {
                return None;
            }
            let scanner = Self::of(part)?;
            match scanner.kind {
                Kind::Whole => {}
                Kind::Chain(inner) => chain.extend(inner.iter().cloned()),
                _ => chain.push(scanner),
            }
        }
        Some(match chain.len() {
            0 => Self { kind: Kind::Whole },
            1 => chain.remove(0),
            _ if deepseek::is_made_of(&chain) => Self { kind: Kind::DeepSeek },
            _ => Self { kind: Kind::Chain(Arc::new(chain)) },
        })
    }

    /// The grammar, where the pieces of a text touch and are found by hand: the fastest way to use one
    /// is to call [`Grammar::next_end`] in a loop.
    pub fn grammar(&self) -> Option<Grammar> {
        match self.kind {
            Kind::Grammar(grammar) => Some(grammar),
            _ => None,
        }
    }

    fn split(&self) -> Option<&Split> {
        match &self.kind {
            Kind::Split(split) => Some(split),
            _ => None,
        }
    }

    /// Hand every piece of the text to `found`, in order, none of them empty. `found` says whether to go
    /// on; the answer is whether all were handed over.
    ///
    /// # Errors
    ///
    /// A regular expression gave up.
    pub fn for_each_piece(
        &self,
        text: &str,
        scratch: &mut Scratch,
        mut found: impl FnMut(Span) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>> {
        match &self.kind {
            Kind::Whole if text.is_empty() => Ok(ControlFlow::Continue(())),
            Kind::Whole => Ok(found(Span::new(0, text.len()))),
            Kind::Grammar(grammar) => Ok(scan_grammar(*grammar, text, &mut scratch.room, found)),
            Kind::Between(between) => Ok(scan_between(*between, text, found)),
            Kind::Split(split) => scan_split(split, text, &mut scratch.regex, found),
            Kind::DeepSeek => Ok(scan_deepseek(text, found)),
            Kind::Chain(chain) => {
                scratch.chain.resize_with(chain.len(), Scratch::default);
                scan_chain(chain, text, 0, &mut scratch.chain, &mut found)
            }
        }
    }
}

/// Whether a part spells its pieces in the byte alphabet, which a part behind it would see.
fn shows_bytes(part: &PreTokenizer) -> bool {
    match part {
        PreTokenizer::ByteLevel(_) => true,
        PreTokenizer::Sequence(parts) => parts.iter().any(shows_bytes),
        _ => false,
    }
}

fn scan_grammar(
    grammar: Grammar,
    text: &str,
    room: &mut Vec<(u32, u32)>,
    mut found: impl FnMut(Span) -> ControlFlow<()>,
) -> ControlFlow<()> {
    room.resize(4 * ROOM, (0, 0));
    let mut at = 0;
    while at < text.len() {
        let (count, end) = grammar.cut(text, at, room);
        for &(start, end) in &room[..count] {
            found(Span::new(start as usize, end as usize))?;
        }
        at = end;
    }
    ControlFlow::Continue(())
}

fn scan_deepseek(text: &str, mut found: impl FnMut(Span) -> ControlFlow<()>) -> ControlFlow<()> {
    let view = Text::new(text);
    let mut start = 0;
    while start < text.len() {
        let end = deepseek::end(view, start);
        found(Span::new(start, end))?;
        start = end;
    }
    ControlFlow::Continue(())
}

fn scan_between(
    between: Between,
    text: &str,
    mut found: impl FnMut(Span) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let view = Text::new(text);
    let mut start = 0;
    while let Some(span) = between.next(view, start) {
        found(span)?;
        start = span.end;
    }
    ControlFlow::Continue(())
}

fn scan_split(
    split: &Split,
    text: &str,
    scratch: &mut Option<regex::Scratch>,
    mut found: impl FnMut(Span) -> ControlFlow<()>,
) -> Result<ControlFlow<()>> {
    let mut give = |span: Span| {
        if span.is_empty() { ControlFlow::Continue(()) } else { found(span) }
    };
    let (matches, gaps) = match split.behavior {
        SplitBehavior::Isolated => (true, true),
        SplitBehavior::Removed => (split.invert, !split.invert),
        _ => return scan_merged(split, text, give),
    };
    let Pattern::Regex(regex) = &split.pattern else { return scan_merged(split, text, give) };
    let scratch = scratch.get_or_insert_with(|| regex.scratch());
    let mut end = 0;
    let mut flow = ControlFlow::Continue(());
    regex.for_each_match(text, scratch, |span| {
        if gaps {
            flow = give(Span::new(end, span.start));
        }
        if matches && flow.is_continue() {
            flow = give(span);
        }
        end = span.end;
        flow
    })?;
    if gaps && flow.is_continue() {
        flow = give(Span::new(end, text.len()));
    }
    Ok(flow)
}

/// The behaviours that need to see all matches first, and the patterns that are no expressions.
fn scan_merged(
    split: &Split,
    text: &str,
    mut give: impl FnMut(Span) -> ControlFlow<()>,
) -> Result<ControlFlow<()>> {
    let matches = split.effective_pattern()?.find_matches(text)?;
    Ok(split.behavior.apply(matches).into_iter().try_for_each(&mut give))
}

fn scan_chain(
    chain: &[Scanner],
    text: &str,
    base: usize,
    scratch: &mut [Scratch],
    found: &mut dyn FnMut(Span) -> ControlFlow<()>,
) -> Result<ControlFlow<()>> {
    let (Some((first, rest)), Some((own, scratch))) =
        (chain.split_first(), scratch.split_first_mut())
    else {
        return Ok(found(Span::new(base, base + text.len())));
    };
    let mut failure = None;
    let flow = first.for_each_piece(text, own, |span| {
        match scan_chain(rest, &text[span.range()], base + span.start, scratch, found) {
            Ok(flow) => flow,
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    failure.map_or(Ok(flow), Err)
}
