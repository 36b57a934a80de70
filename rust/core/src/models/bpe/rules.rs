//! Merges from the texts of their parts to ids: most of the work of building a model.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::token::TokenId;
use crate::util::parallel::{map_chunks, thread_count};
use crate::vocab::Vocab;
use crate::vocab::merges::Merge;

/// So many merges are worth a thread of their own: a few milliseconds.
const CHUNK: usize = 1 << 15;

/// Merges with their ids, and what is true of all of them.
pub(super) struct Rules {
    pub(super) merges: Vec<Merge>,
    /// Every merge makes a text longer than its left part.
    pub(super) grows: bool,
    /// The parts of every merge are whole in what it makes of them, and not empty on the left.
    pub(super) shows_seams: bool,
}

impl Rules {
    /// Look up the parts and results of `count` merges. The result is the left part followed by the
    /// right one without its first `prefix` bytes.
    ///
    /// # Errors
    /// When one of the three is no token; the first such merge is named.
    pub(super) fn new<'a>(
        vocab: &Vocab,
        prefix: usize,
        count: usize,
        merge: impl Fn(usize) -> (&'a str, &'a str) + Sync,
    ) -> Result<Self> {
        let chunks: Vec<_> =
            (0..count).step_by(CHUNK).map(|start| start..count.min(start + CHUNK)).collect();
        let found = map_chunks(&chunks, thread_count(None), |ranks| {
            Self::of_ranks(vocab, prefix, ranks, &merge)
        })?;
        let mut rules = Self { merges: Vec::with_capacity(count), grows: true, shows_seams: true };
        for part in found {
            rules.merges.extend_from_slice(&part.merges);
            rules.grows &= part.grows;
            rules.shows_seams &= part.shows_seams;
        }
        Ok(rules)
    }

    fn of_ranks<'a>(
        vocab: &Vocab,
        prefix: usize,
        ranks: Range<usize>,
        merge: impl Fn(usize) -> (&'a str, &'a str),
    ) -> Result<Self> {
        let mut resolver = Resolver { vocab, prefix, last: 0, text: Vec::new() };
        let (mut grows, mut shows_seams) = (true, prefix == 0);
        let merges = ranks.map(|rank| {
            let (left, right) = merge(rank);
            grows &= right.len() > prefix;
            shows_seams &= !left.is_empty();
            resolver.resolve(left, right).map_err(|error| error.in_field(format!("merges[{rank}]")))
        });
        let merges = merges.collect::<Result<Vec<_>>>()?;
        Ok(Self { merges, grows, shows_seams })
    }
}

/// Finds the ids of one merge after the other.
struct Resolver<'v> {
    vocab: &'v Vocab,
    prefix: usize,
    /// The result of the merge before.
    last: TokenId,
    /// Room for the text of a result.
    text: Vec<u8>,
}

impl Resolver<'_> {
    fn resolve(&mut self, left: &str, right: &str) -> Result<Merge> {
        let part =
            |token: &str| self.vocab.id(token).ok_or_else(|| out_of_vocabulary(token.as_bytes()));
        let (left_id, right_id) = (part(left)?, part(right)?);
        let rest = right.as_bytes().get(self.prefix..).ok_or_else(|| {
            Error::invalid(format!("`{right}` is shorter than continuing_subword_prefix"))
                .hinting("the right part of a merge starts with that prefix")
        })?;
        let result = self.result(left.as_bytes(), rest)?;
        self.last = result;
        Ok(Merge { left: left_id, right: right_id, result })
    }

    /// The id of two texts put together. Mostly it is that of the merge before or the next one, which
    /// is a comparison of texts at hand instead of a lookup.
    fn result(&mut self, left: &[u8], rest: &[u8]) -> Result<TokenId> {
        let is_it = |&id: &TokenId| {
            self.vocab.token(id).map(str::as_bytes).is_some_and(|token| {
                token.len() == left.len() + rest.len()
                    && token.starts_with(left)
                    && token.ends_with(rest)
            })
        };
        if let Some(id) = [self.last, self.last.wrapping_add(1)].into_iter().find(is_it) {
            return Ok(id);
        }
        self.text.clear();
        self.text.extend_from_slice(left);
        self.text.extend_from_slice(rest);
        self.vocab.id_of_bytes(&self.text).ok_or_else(|| out_of_vocabulary(&self.text))
    }
}

fn out_of_vocabulary(token: &[u8]) -> Error {
    Error::invalid(format!("Token `{}` out of vocabulary", String::from_utf8_lossy(token)))
        .hinting("both parts of a merge and what they make must be tokens of the vocabulary")
}
