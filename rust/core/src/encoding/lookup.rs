//! From characters and words to tokens, and back.

use std::ops::Range;

use crate::encoding::segment::partition_point;
use crate::encoding::{Encoding, Segment};
use crate::token::Span;

impl Encoding {
    /// The positions of one sequence; all of them where it has none of its own.
    pub(crate) fn ranges(&self, sequence: usize) -> impl Iterator<Item = Range<usize>> {
        let own = self.sequences.of(sequence);
        let whole = self.sequences.of(sequence).next().is_none().then_some(0..self.len());
        own.chain(whole)
    }

    /// The segment that holds a token, and the token's index in it.
    fn locate(&self, token: usize) -> Option<(&Segment, usize)> {
        let place = self.segments.partition_point(|segment| segment.end() <= token);
        self.segments.get(place).map(|segment| (segment, token - segment.at))
    }

    /// The segments of a range of positions, cut to it.
    pub(super) fn segments_in(&self, range: Range<usize>) -> impl Iterator<Item = Segment> {
        let first = self.segments.partition_point(|segment| segment.end() <= range.start);
        let end = range.end;
        self.segments[first..]
            .iter()
            .take_while(move |segment| segment.at < end)
            .map(move |segment| segment.slice(&range))
    }

    /// The sequence a token belongs to.
    ///
    /// The position right behind the last token counts as one of an undivided encoding, as it does in
    /// the reference.
    pub fn token_to_sequence(&self, token: usize) -> Option<usize> {
        if token > self.len() {
            return None;
        }
        if self.sequences.is_empty() {
            return Some(0);
        }
        self.sequences
            .iter()
            .find(|(_, range)| range.contains(&token))
            .map(|(sequence, _)| sequence)
    }

    /// The tokens of a word, `start..end`.
    pub fn word_to_tokens(&self, word: u32, sequence: usize) -> Option<Span> {
        self.ranges(sequence).find_map(|range| self.word_in(word, range))
    }

    fn word_in(&self, word: u32, range: Range<usize>) -> Option<Span> {
        let mut found: Option<Span> = None;
        for segment in self.segments_in(range) {
            let (matches, is_last) = segment.tokens_of_word(word);
            if !matches.is_empty() {
                let start = found.map_or(segment.at + matches.start, |span| span.start);
                found = Some(Span::new(start, segment.at + matches.end));
            }
            if is_last {
                break;
            }
        }
        found
    }

    /// The characters of a word.
    pub fn word_to_chars(&self, word: u32, sequence: usize) -> Option<Span> {
        let tokens = self.word_to_tokens(word, sequence)?;
        let (first, start) = self.locate(tokens.start)?;
        let (last, end) = self.locate(tokens.end.checked_sub(1)?)?;
        Some(Span::new(first.offset(start).start, last.offset(end).end))
    }

    /// The sequence and the characters of a token.
    pub fn token_to_chars(&self, token: usize) -> Option<(usize, Span)> {
        let sequence = self.token_to_sequence(token)?;
        let (segment, index) = self.locate(token)?;
        Some((sequence, segment.offset(index)))
    }

    /// The sequence and the word of a token.
    pub fn token_to_word(&self, token: usize) -> Option<(usize, u32)> {
        let sequence = self.token_to_sequence(token)?;
        let (segment, index) = self.locate(token)?;
        Some((sequence, segment.word(index)?))
    }

    /// The first token of a sequence that covers a character.
    pub fn char_to_token(&self, position: usize, sequence: usize) -> Option<usize> {
        self.ranges(sequence).find_map(|range| {
            self.segments_in(range)
                .find_map(|segment| segment.find_position(position).map(|index| segment.at + index))
        })
    }

    /// The word of a sequence that covers a character.
    pub fn char_to_word(&self, position: usize, sequence: usize) -> Option<u32> {
        let token = self.char_to_token(position, sequence)?;
        self.token_to_word(token).map(|(_, word)| word)
    }
}

impl Segment {
    /// From the first to the last of its tokens of `word` that stand before any later word, and
    /// whether a later word was met.
    fn tokens_of_word(&self, word: u32) -> (Range<usize>, bool) {
        match self.run_range() {
            Some((run, range)) if run.has_ordered_words() => {
                let value = |index: usize| run.word(range.start + index);
                let first = partition_point(self.len, |index| value(index) < Some(word));
                let end = partition_point(self.len, |index| value(index) <= Some(word));
                (first..end, end < self.len)
            }
            Some(_) => self.scan_for_word(word),
            None => (0..0, false),
        }
    }

    fn scan_for_word(&self, word: u32) -> (Range<usize>, bool) {
        let mut found = 0..0;
        for index in 0..self.len {
            let here = self.word(index);
            if here > Some(word) {
                return (found, true);
            }
            if here == Some(word) {
                found = if found.is_empty() { index..index + 1 } else { found.start..index + 1 };
            }
        }
        (found, false)
    }
}
