//! The first candidates: all characters, and the substrings that come up in several words.
//!
//! A substring is a candidate when it is followed by different characters in different places (or ends
//! a word in one of them), and is then worth its length times the number of its places. All suffixes of
//! all words are sorted; the places of a substring then stand side by side.

use fissile_core::util::hash::Map;
use fissile_core::{Error, Result};

use crate::count::WordCounts;
use crate::progress::Pulse;

/// Suffixes that are looked at between two looks at who wants the work to stop.
const PAUSE: usize = 1 << 16;

/// Suffixes that are sorted between two such looks.
const AT_ONCE: usize = 1 << 22;

/// What ends each word, as the reference has it.
pub(super) const END: char = '\0';

/// The words behind each other, each with [`END`] behind it.
pub(super) struct Corpus {
    pub(super) text: Vec<char>,
    /// Where each word begins and ends.
    pub(super) words: Vec<(u32, u32)>,
    pub(super) counts: Vec<u64>,
}

impl Corpus {
    pub(super) fn new(counts: &WordCounts) -> Result<Self> {
        let mut corpus = Self { text: Vec::new(), words: Vec::new(), counts: Vec::new() };
        for (word, count) in counts.iter() {
            let start = corpus.length()?;
            corpus.text.extend(word.chars());
            let end = corpus.length()?;
            corpus.text.push(END);
            if start < end {
                corpus.words.push((start, end));
                corpus.counts.push(count);
            }
        }
        corpus.length()?;
        Ok(corpus)
    }

    fn length(&self) -> Result<u32> {
        u32::try_from(self.text.len()).map_err(|_| {
            Error::invalid("the distinct words are too long together")
                .expecting("less than 2^32 characters")
                .hinting("set a pre-tokenizer that cuts smaller words, or train on less text")
        })
    }
}

/// A candidate: where it stands in the corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: u32,
    pub(super) length: u16,
}

impl Place {
    pub(super) fn text(self, corpus: &Corpus) -> String {
        corpus.text[self.at as usize..][..usize::from(self.length)].iter().collect()
    }
}

/// The candidates, best first, behind the unknown one; and where each of them stands.
pub(super) struct Seeds {
    pub(super) places: Vec<Place>,
    pub(super) values: Vec<f64>,
    /// The start positions in the corpus of candidate `i`: `suffixes[ranges[i]]`.
    ranges: Vec<(u32, u32)>,
    suffixes: Vec<u32>,
    /// The candidates that are characters.
    characters: Map<char, u32>,
}

impl Seeds {
    /// At most `size` candidates of at most `longest` characters.
    pub(super) fn new(
        corpus: &Corpus,
        size: usize,
        longest: usize,
        pulse: &Pulse<'_>,
    ) -> Result<Self> {
        let longest = longest.min(usize::from(u16::MAX) - 1);
        let mut seeds = Self {
            places: vec![Place { at: 0, length: 0 }],
            values: vec![f64::NAN],
            ranges: vec![(0, 0)],
            suffixes: sorted_suffixes(&corpus.text, longest + 1, pulse)?,
            characters: Map::default(),
        };
        seeds.add_characters(corpus);
        let mut repeats = repeats(&corpus.text, &seeds.suffixes, longest, pulse)?;
        // Where the value is the same, the text decides; the order of suffixes is that of texts.
        repeats.sort_unstable_by_key(|repeat| {
            std::cmp::Reverse((repeat.value(), repeat.from, repeat.length))
        });
        repeats.truncate(size.saturating_sub(seeds.characters.len()).max(1));
        for repeat in repeats {
            let at = seeds.suffixes[repeat.from as usize];
            seeds.places.push(Place { at, length: repeat.length });
            seeds.values.push(repeat.value() as f64);
            seeds.ranges.push((repeat.from, repeat.to));
        }
        Ok(seeds)
    }

    fn add_characters(&mut self, corpus: &Corpus) {
        let mut counts: Map<char, (u64, u32)> = Map::default();
        for (&(start, end), &count) in corpus.words.iter().zip(&corpus.counts) {
            for at in start..end {
                let (sum, _) = counts.entry(corpus.text[at as usize]).or_insert((0, at));
                *sum = sum.saturating_add(count);
            }
        }
        counts.remove(&END);
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts
            .sort_unstable_by_key(|&(character, (count, _))| std::cmp::Reverse((count, character)));
        for ((character, (count, at)), id) in counts.into_iter().zip(1..) {
            self.places.push(Place { at, length: 1 });
            self.values.push(count as f64);
            self.ranges.push((0, 0));
            self.characters.insert(character, id);
        }
    }

    /// For each position of the corpus the candidates that begin there: where each position's begin
    /// in the list, and the list.
    pub(super) fn by_position(
        &self,
        corpus: &Corpus,
        pulse: &Pulse<'_>,
    ) -> Result<(Vec<u32>, Vec<u32>)> {
        let character = |at: usize| self.characters.get(&corpus.text[at]);
        let mut ends = vec![0_u32; corpus.text.len() + 1];
        for at in 0..corpus.text.len() {
            ends[at + 1] = u32::from(character(at).is_some());
        }
        for &(from, to) in &self.ranges {
            pulse.check()?;
            for &at in &self.suffixes[from as usize..to as usize] {
                ends[at as usize + 1] += 1;
            }
        }
        let mut sum = 0_u32;
        for end in &mut ends {
            sum = sum.checked_add(*end).ok_or_else(|| {
                Error::invalid("the texts repeat themselves too much to train on")
                    .hinting("train on less text, or with a smaller max_piece_length")
            })?;
            *end = sum;
        }
        let mut ids = vec![0_u32; sum as usize];
        let mut next = ends.clone();
        let mut put = |at: usize, id: u32| {
            ids[next[at] as usize] = id;
            next[at] += 1;
        };
        for at in 0..corpus.text.len() {
            if let Some(&id) = character(at) {
                put(at, id);
            }
        }
        for (&(from, to), id) in self.ranges.iter().zip(0..) {
            pulse.check()?;
            for &at in &self.suffixes[from as usize..to as usize] {
                put(at as usize, id);
            }
        }
        Ok((ends, ids))
    }
}

/// A substring that stands in several places: the suffixes that begin with it.
struct Repeat {
    from: u32,
    to: u32,
    length: u16,
}

impl Repeat {
    fn value(&self) -> u64 {
        u64::from(self.to - self.from) * u64::from(self.length)
    }
}

/// The start positions of all suffixes of all words, ordered by their first `depth` characters.
fn sorted_suffixes(text: &[char], depth: usize, pulse: &Pulse<'_>) -> Result<Vec<u32>> {
    let mut keyed: Vec<(u64, u32)> =
        (0..).zip(text).filter(|(_, c)| **c != END).map(|(at, _)| (key(text, at, 0), at)).collect();
    let mut open = vec![(0, keyed.len(), 0)];
    while let Some((from, to, done)) = open.pop() {
        pulse.check()?;
        let group = &mut keyed[from..to];
        if done > 0 {
            for (key_of, at) in group.iter_mut() {
                *key_of = key(text, *at, done);
            }
        }
        sort(group, pulse)?;
        if done + KEY_CHARS >= depth {
            continue;
        }
        let mut start = from;
        for run in keyed[from..to].chunk_by(|a, b| a.0 == b.0) {
            // Suffixes that end within the key are the same to the end.
            let goes_on = run[0].0 & LAST_CHAR != 0;
            if run.len() > 1 && goes_on {
                open.push((start, start + run.len(), done + KEY_CHARS));
            }
            start += run.len();
        }
    }
    Ok(keyed.into_iter().map(|(_, at)| at).collect())
}

/// Sort, in parts that take no time to speak of: larger ones are cut in two first.
fn sort(group: &mut [(u64, u32)], pulse: &Pulse<'_>) -> Result<()> {
    pulse.check()?;
    if group.len() <= AT_ONCE {
        group.sort_unstable();
        return Ok(());
    }
    let (low, _, high) = group.select_nth_unstable(group.len() / 2);
    sort(low, pulse)?;
    sort(high, pulse)
}

/// Characters that fit into a key: a character has 21 bits.
const KEY_CHARS: usize = 3;

/// The last character of a key.
const LAST_CHAR: u64 = (1 << 21) - 1;

/// The characters `skip..skip + 3` of the suffix at `at`, which ends at the end of its word.
fn key(text: &[char], at: u32, skip: usize) -> u64 {
    let mut key = 0;
    let mut rest = text[at as usize + skip..].iter();
    let mut ended = false;
    for _ in 0..KEY_CHARS {
        let character = if ended { END } else { rest.next().copied().unwrap_or(END) };
        ended |= character == END;
        key = key << 21 | u64::from(u32::from(character));
    }
    key
}

/// All substrings of 2 to `longest` characters that are followed by different characters.
fn repeats(
    text: &[char],
    suffixes: &[u32],
    longest: usize,
    pulse: &Pulse<'_>,
) -> Result<Vec<Repeat>> {
    let mut repeats = Vec::new();
    // Open substrings: how long, and the first suffix that begins with it.
    let mut open: Vec<(usize, u32)> = Vec::new();
    for rank in 1..=suffixes.len() {
        if rank % PAUSE == 0 {
            pulse.check()?;
        }
        let shared = match suffixes.get(rank) {
            Some(&at) => shared_start(text, suffixes[rank - 1], at, longest + 1),
            None => 0,
        };
        let rank = rank as u32;
        let mut from = rank - 1;
        while let Some(&(length, begun)) = open.last()
            && length > shared
        {
            open.pop();
            from = begun;
            let last = text[suffixes[begun as usize] as usize + length - 1];
            if (2..=longest).contains(&length) && last != END {
                repeats.push(Repeat { from, to: rank, length: length as u16 });
            }
        }
        if shared > 0 && open.last().is_none_or(|&(length, _)| length < shared) {
            open.push((shared, from));
        }
    }
    Ok(repeats)
}

/// How many characters two suffixes share at their start, at most `limit`; where both words end, so do
/// they, the end included.
fn shared_start(text: &[char], a: u32, b: u32, limit: usize) -> usize {
    let pairs = text[a as usize..].iter().zip(&text[b as usize..]).take(limit);
    let mut shared = 0;
    for (x, y) in pairs {
        if x != y {
            break;
        }
        shared += 1;
        if *x == END {
            break;
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::{Progress, Stage};

    fn seeds(corpus: &Corpus) -> Seeds {
        Progress::silent()
            .during((Stage::Seeds, 0, 0), |pulse| Seeds::new(corpus, 1000, 16, pulse))
            .unwrap()
    }

    #[test]
    fn seeds_are_the_characters_and_what_repeats() {
        // The reference's own example.
        let counts: WordCounts = [("This is a", 1), ("こんにちは友達", 1)].into_iter().collect();
        let corpus = Corpus::new(&counts).unwrap();
        let seeds = seeds(&corpus);
        let texts: Vec<_> = seeds.places[1..].iter().map(|place| place.text(&corpus)).collect();
        let wanted =
            ["s", "i", " ", "達", "友", "ん", "は", "に", "ち", "こ", "h", "a", "T", "is ", "s "];
        assert_eq!(texts, wanted);
        assert_eq!(seeds.values[1..5], [2.0, 2.0, 2.0, 1.0]);
        assert_eq!(seeds.values[14..], [6.0, 4.0]);
    }

    #[test]
    fn every_position_knows_what_begins_there() {
        let counts: WordCounts = [("abab", 3), ("ba", 1), ("abc", 2)].into_iter().collect();
        let corpus = Corpus::new(&counts).unwrap();
        let seeds = seeds(&corpus);
        let (ends, ids) = Progress::silent()
            .during((Stage::Seeds, 0, 0), |pulse| seeds.by_position(&corpus, pulse))
            .unwrap();
        for at in 0..corpus.text.len() {
            let here = &ids[ends[at] as usize..ends[at + 1] as usize];
            for (place, id) in seeds.places.iter().zip(0..).skip(1) {
                let text: Vec<char> = place.text(&corpus).chars().collect();
                assert_eq!(here.contains(&id), corpus.text[at..].starts_with(&text), "{text:?}");
            }
        }
    }
}
