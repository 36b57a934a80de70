//! One long text on several threads, cut where its road never looks across.
//!
//! Added tokens are found in the whole text first, so that none is cut in two. What lies between two of
//! them is cut behind letters, where the pattern, or the rule that units are cut by, ends a piece whatever
//! comes before and begins one whatever has come. A road for which that is not known goes on one thread.

#![allow(
    clippy::cast_possible_truncation,
    reason = "a text has less than 4 GiB: checked where it comes in"
)]

use std::ops::Range;

use fissile_unicode::category::is_letter;

use crate::error::Result;
use crate::normalizers::Normalizer;
use crate::token::Span;
use crate::tokenizer::encode::Search;
use crate::tokenizer::pieces::{PieceRoad, Segment, push_added};
use crate::tokenizer::plan::Road;
use crate::tokenizer::sink::Sink;
use crate::tokenizer::{Front, general};
use crate::util::parallel::{chunks_by_weight, map_chunks};
use crate::vocab::matcher::Part;

/// From so many bytes on a text is spread over threads, unless a call says otherwise.
pub(crate) const LONG_TEXT: usize = 256 << 10;
/// How much of a text a thread takes at a time, at most.
const CHUNK: usize = 128 << 10;

/// A stretch of a text, or an added token in it.
pub(super) struct Job {
    pub(super) range: Range<usize>,
    pub(super) token: Option<u32>,
    /// Whether it goes on where the job before it ended, without an added token in between.
    pub(super) continues: bool,
}

/// Whether texts of this tokenizer can be cut.
pub(crate) fn is_possible(front: &Front, search: &Search<'_>) -> bool {
    if search.matchers.normalized.is_some() || !front.plan().cacheable {
        return false;
    }
    match &front.plan().road {
        Road::General => false,
        Road::Pieces(road) => {
            road.scanner.grammar().is_some() && front.normalizer.as_ref().is_none_or(is_local)
        }
        Road::Units(_) => true,
    }
}

/// Whether nothing that a normalizer does reaches over white space between letters, and no letter becomes
/// white space (as some ligatures do in the compatibility forms).
fn is_local(normalizer: &Normalizer) -> bool {
    match normalizer {
        Normalizer::Nfc | Normalizer::Nfd | Normalizer::Lowercase => true,
        Normalizer::Sequence(parts) => parts.iter().all(is_local),
        _ => false,
    }
}

/// Encode a text on up to `threads` threads, as one would.
pub(crate) fn encode(
    front: &Front,
    text: &str,
    search: &Search<'_>,
    threads: usize,
    long_text: usize,
    sink: &mut Sink,
) -> Result<()> {
    // Several chunks for each thread, so that the threads end together.
    let target = (text.len() / (4 * threads)).min(long_text).clamp(1, CHUNK);
    let jobs = jobs(front, text, search, target)?;
    let chunks = chunks_by_weight(jobs.iter().map(|job| job.range.len()), target);
    let parts = map_chunks(&chunks, threads, |chunk| {
        let jobs = &jobs[chunk];
        let bytes = jobs.iter().map(|job| job.range.len()).sum();
        let mut part = Sink::new(sink.detailed, bytes);
        for job in jobs {
            encode_job(front, text, job, search, &mut part)?;
        }
        Ok(part)
    })?;
    let tokens = parts.iter().map(|part| part.ids.len()).sum();
    sink.ids.reserve(tokens);
    if sink.detailed {
        sink.spans.reserve(tokens);
        sink.words.reserve(tokens);
    }
    for (part, chunk) in parts.into_iter().zip(chunks) {
        let goes_on = jobs[chunk.start].continues && is_one_word(front);
        sink.append_part(part, goes_on);
    }
    Ok(())
}

fn is_one_word(front: &Front) -> bool {
    use crate::tokenizer::drain::Road as _;
    matches!(&front.plan().road, Road::Units(road) if road.is_one_word())
}

fn jobs(front: &Front, text: &str, search: &Search<'_>, target: usize) -> Result<Vec<Job>> {
    let mut jobs = Vec::new();
    let mut result = Ok(());
    let mut take = |part: Part| {
        let range = part.span.range();
        let whole = match &front.plan().road {
            _ if part.token.is_some() => true,
            Road::Units(road) => match road.takes(&text[range.clone()]) {
                Ok(takes) => !takes,
                Err(error) => {
                    result = Err(error);
                    true
                }
            },
            _ => false,
        };
        if whole {
            return jobs.push(Job { range, token: part.token, continues: false });
        }
        let (mut start, end) = (part.span.start, part.span.end);
        while start < end {
            let wanted = start.saturating_add(target);
            let cut = next_cut(front, &text[..end], wanted, part.span.start).unwrap_or(end);
            let continues = start > part.span.start;
            jobs.push(Job { range: start..cut, token: None, continues });
            start = cut;
        }
    };
    match &search.matchers.raw {
        Some(matcher) => matcher.cut(text, search.manner, take),
        None => take(Part { span: Span::new(0, text.len()), token: None }),
    }
    result.map(|()| jobs)
}

/// The first place at or behind `wanted`, inside a segment that begins at `start`, where the text can be
/// cut: before white space that stands between letters.
fn next_cut(front: &Front, text: &str, wanted: usize, start: usize) -> Option<usize> {
    let from = wanted.max(start + 1);
    let bytes = text.as_bytes();
    let mut places = memchr::memchr2_iter(b' ', b'\n', bytes.get(from..)?);
    places.find_map(|place| {
        let at = from + place;
        can_cut_at(front, text, at).then_some(at)
    })
}

/// Whether a text can be cut before the white space, a single byte, at `at`.
pub(super) fn can_cut_at(front: &Front, text: &str, at: usize) -> bool {
    let around = (text[..at].chars().next_back(), text[at + 1..].chars().next());
    let (Some(before), Some(behind)) = around else { return false };
    can_cut(front, text.as_bytes(), at, before, behind)
}

/// Whether every piece that begins before the white space at `at` ends there.
fn can_cut(front: &Front, bytes: &[u8], at: usize, before: char, behind: char) -> bool {
    match &front.plan().road {
        Road::General => false,
        // A word ends behind its letters, whatever the pattern; what follows is read from there on. Where a
        // normalizer makes a letter and a mark of a letter, a piece of the mark may go on with a new line.
        Road::Pieces(PieceRoad { prefix_space, .. }) => {
            let stays = front.normalizer.is_none() || before.is_ascii();
            let ends_at_newline = !prefix_space && stays;
            is_letter(before) && is_letter(behind) && (bytes[at] == b' ' || ends_at_newline)
        }
        Road::Units(road) => {
            let plain = before.is_ascii_alphabetic() && behind.is_ascii_alphabetic();
            plain && bytes[at] == b' ' && road.cut.ends_at_space(before)
        }
    }
}

pub(super) fn encode_job(
    front: &Front,
    text: &str,
    job: &Job,
    search: &Search<'_>,
    sink: &mut Sink,
) -> Result<()> {
    let (slice, base) = (&text[job.range.clone()], job.range.start as u32);
    if let Some(id) = job.token {
        push_added(front, id, slice, (base, base + slice.len() as u32), sink);
        return Ok(());
    }
    front.scratches.with(|scratch| match &front.plan().road {
        Road::Units(road) if job.continues || road.takes(slice)? => {
            if job.continues && is_one_word(front) {
                sink.next_word = sink.next_word.saturating_sub(1);
            }
            road.encode(front, slice, base, !job.continues, scratch, sink)
        }
        Road::Pieces(road) => {
            let (matcher, manner) = (None, search.manner);
            let segment = Segment { text: slice, base, matcher, manner, exact: false };
            road.encode(front, &segment, scratch, sink)
        }
        _ => general::encode_segment(front, slice, base, search, false, sink),
    })
}
