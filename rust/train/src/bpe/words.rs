//! The words as symbols, and merging in them.
//!
//! Words lie behind each other in one arena and shrink in place: merging looks through a whole word,
//! which is quickest for words of ordinary length. A long one (a whole text, where there is no
//! pre-tokenizer) would be looked through thousands of times; [`Long`] remembers where its pairs stand.

use std::ops::Range;

use fissile_core::util::hash::{Map, Set};
use fissile_core::{Error, Result, TokenId};

use super::pairs::{Found, Pair, Round};
use crate::count::WordCounts;
use crate::progress::{Progress, Stage};
use crate::symbols::Symbols;

/// Words that are looked at between two looks at who wants the work to stop.
const PAUSE: usize = 1 << 12;

/// Words of more symbols are long.
const LONG: usize = 128;

/// What is put before and behind the symbols of a word.
#[derive(Clone, Copy)]
pub(crate) struct Affixes<'a> {
    /// Before all but the first.
    pub(crate) prefix: Option<&'a str>,
    /// Behind the last.
    pub(crate) suffix: Option<&'a str>,
}

impl Affixes<'_> {
    /// Give the symbols that the affixes make numbers, in order of their texts.
    pub(crate) fn number<'c>(
        self,
        corpora: impl IntoIterator<Item = &'c WordCounts>,
        symbols: &mut Symbols,
    ) -> Result<()> {
        if self.prefix.is_none() && self.suffix.is_none() {
            return Ok(());
        }
        let mut made: Set<(char, bool, bool)> = Set::default();
        for (word, _) in corpora.into_iter().flat_map(WordCounts::iter) {
            Self::each(word, |character, first, last| {
                made.insert((character, first, last));
            });
        }
        let mut buffer = String::new();
        let mut texts: Vec<String> = made
            .into_iter()
            .filter(|&(character, ..)| symbols.id(character.encode_utf8(&mut [0; 4])).is_some())
            .map(|(character, first, last)| {
                self.decorate(character, first, last, &mut buffer);
                buffer.clone()
            })
            .collect();
        texts.sort_unstable();
        texts.iter().try_for_each(|text| symbols.put(text).map(|_| ()))
    }

    /// Each character, and whether it is the first or the last of the word.
    fn each(word: &str, mut take: impl FnMut(char, bool, bool)) {
        let mut characters = word.chars().peekable();
        let mut first = true;
        while let Some(character) = characters.next() {
            take(character, first, characters.peek().is_none());
            first = false;
        }
    }

    fn decorate(self, character: char, first: bool, last: bool, text: &mut String) {
        text.clear();
        text.extend(self.prefix.filter(|_| !first));
        text.push(character);
        text.extend(self.suffix.filter(|_| last));
    }
}

/// Turns words into symbols; what a character becomes is looked up once.
pub(crate) struct Spelling<'a> {
    symbols: &'a Symbols,
    affixes: Affixes<'a>,
    known: Map<(char, bool, bool), Option<TokenId>>,
}

impl<'a> Spelling<'a> {
    pub(crate) fn new(symbols: &'a Symbols, affixes: Affixes<'a>) -> Self {
        Self { symbols, affixes, known: Map::default() }
    }

    /// Append the symbols of a word. Characters outside of the alphabet are left out.
    pub(crate) fn spell(&mut self, word: &str, out: &mut Vec<TokenId>) {
        let Self { symbols, affixes, known } = self;
        Affixes::each(word, |character, first, last| {
            let id = known.entry((character, first, last)).or_insert_with(|| {
                let mut text = character.to_string();
                symbols.id(&text)?;
                affixes.decorate(character, first, last, &mut text);
                symbols.id(&text)
            });
            out.extend(*id);
        });
    }
}

/// All words that have a pair in them.
pub(crate) struct Words {
    /// One behind the other; a word that shrank leaves a gap.
    symbols: Vec<TokenId>,
    /// How many characters each symbol is made of, where that matters.
    widths: Vec<u32>,
    places: Vec<Place>,
    counts: Vec<i64>,
    long: Long,
    /// Pairs have to be narrower than this to be counted.
    limit: usize,
}

/// Where a word's symbols lie: in the arena of the words, or in that of the long ones.
#[derive(Clone, Copy)]
struct Place {
    start: usize,
    length: u32,
    is_long: bool,
}

impl Place {
    fn range(self) -> Range<usize> {
        self.start..self.start + self.length as usize
    }
}

impl Words {
    pub(crate) fn new(
        counts: &WordCounts,
        symbols: &Symbols,
        affixes: Affixes<'_>,
        limit: Option<usize>,
        progress: &mut Progress<'_>,
    ) -> Result<Self> {
        let mut spelling = Spelling::new(symbols, affixes);
        Self::spelled(counts, limit, &Map::default(), progress, |word, out| {
            spelling.spell(word, out);
            Ok(())
        })
    }

    /// Words as `spell` spells them. `widths` has the symbols that are wider than one character.
    pub(crate) fn spelled(
        counts: &WordCounts,
        limit: Option<usize>,
        widths: &Map<TokenId, u32>,
        progress: &mut Progress<'_>,
        mut spell: impl FnMut(&str, &mut Vec<TokenId>) -> Result<()>,
    ) -> Result<Self> {
        let mut words = Self {
            symbols: Vec::new(),
            widths: Vec::new(),
            places: Vec::new(),
            counts: Vec::new(),
            long: Long::default(),
            limit: limit.unwrap_or(usize::MAX),
        };
        let mut spelled = Vec::new();
        // Frequent words, in which most pairs stand, lie close together.
        let mut order: Vec<(&str, u64)> = counts.iter().collect();
        order.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        let total = order.len();
        for (at, (word, count)) in order.into_iter().enumerate() {
            if at.is_multiple_of(PAUSE) {
                progress.step(Stage::Symbols, at, total)?;
            }
            spelled.clear();
            spell(word, &mut spelled)?;
            if spelled.len() > 1 {
                words.push(&spelled, count)?;
            }
        }
        if limit.is_some() {
            let wide = |symbol: &TokenId| widths.get(symbol).copied().unwrap_or(1);
            words.widths = words.symbols.iter().map(wide).collect();
            words.long.widths = words.long.symbols.iter().map(wide).collect();
        }
        Ok(words)
    }

    fn push(&mut self, word: &[TokenId], count: u64) -> Result<()> {
        let count = i64::try_from(count).map_err(|_| {
            Error::invalid("a word is counted too often").finding(count.to_string())
        })?;
        let length = u32::try_from(word.len()).map_err(|_| too_long())?;
        let is_long = word.len() > LONG;
        let start = if is_long { self.long.symbols.len() } else { self.symbols.len() };
        if is_long {
            self.long.push(word)?;
        } else {
            self.symbols.extend_from_slice(word);
        }
        self.places.push(Place { start, length, is_long });
        self.counts.push(count);
        Ok(())
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// All pairs. To be called once, before any merging.
    pub(crate) fn pairs(&mut self, progress: &mut Progress<'_>) -> Result<Map<Pair, Found>> {
        let mut pairs: Map<Pair, Found> = Map::default();
        let total = self.len();
        for (word, (place, &count)) in (0..).zip(self.places.iter().zip(&self.counts)) {
            if (word as usize).is_multiple_of(PAUSE) {
                progress.step(Stage::Pairs, word as usize, total)?;
            }
            let mut add = |pair: Pair| pairs.entry(pair).or_default().add(count, word);
            if place.is_long {
                self.long.note_pairs(place.range(), add);
            } else {
                self.symbols[place.range()].windows(2).for_each(|pair| add(Pair(pair[0], pair[1])));
            }
        }
        Ok(pairs)
    }

    /// Merge the round's pair in `words`, of which the long ones come in order. Returns how many
    /// symbols fewer all words have, each as often as it occurs.
    pub(crate) fn merge(&mut self, words: &[u32], round: &mut Round) -> i64 {
        let mut long = Vec::new();
        round.merges = 0;
        for &word in words {
            let place = self.places[word as usize];
            if place.is_long {
                long.push((word, place.range(), self.counts[word as usize]));
            } else {
                self.merge_short(word, place.range(), round);
            }
        }
        if !long.is_empty() {
            self.long.merge(&long, self.limit, round);
        }
        round.merges
    }

    fn merge_short(&mut self, word: u32, range: Range<usize>, round: &mut Round) {
        let Pair(first, second) = round.pair;
        let symbols = &mut self.symbols[range.clone()];
        let length = symbols.len();
        let is_pair = |pair: &[TokenId]| pair[0] == first && pair[1] == second;
        let Some(mut read) = symbols.windows(2).position(is_pair) else { return };
        let widths = self.widths.get_mut(range).unwrap_or_default();
        let count = self.counts[word as usize];
        let mut write = read;
        while read < length {
            if read + 1 == length || !is_pair(&symbols[read..read + 2]) {
                symbols[write] = symbols[read];
                if !widths.is_empty() {
                    widths[write] = widths[read];
                }
                (read, write) = (read + 1, write + 1);
                continue;
            }
            let wide = |beside: Option<usize>| {
                beside.is_some_and(|at| {
                    (widths[at] + widths[read] + widths[read + 1]) as usize >= self.limit
                })
            };
            let has_widths = !widths.is_empty();
            if write > 0 {
                let left = symbols[write - 1];
                round.lose_left(left, count);
                if !wide(has_widths.then(|| write - 1)) {
                    round.find_left(left, count, word);
                }
            }
            if read + 2 < length {
                let right = symbols[read + 2];
                round.lose_right(right, count);
                if !wide(has_widths.then_some(read + 2)) {
                    round.find_right(right, count, word);
                }
            }
            round.merges = round.merges.saturating_add(count);
            symbols[write] = round.merged;
            if has_widths {
                widths[write] = widths[read] + widths[read + 1];
            }
            (read, write) = (read + 2, write + 1);
        }
        self.places[word as usize].length = narrow(write);
    }
}

/// Long words: symbols that know their neighbours, and where each pair stands.
#[derive(Default)]
struct Long {
    symbols: Vec<TokenId>,
    next: Vec<u32>,
    previous: Vec<u32>,
    widths: Vec<u32>,
    /// Positions of the left symbols; some of them may be outdated.
    places: Map<Pair, Vec<u32>>,
}

/// No neighbour, or no symbol any more.
const NONE: u32 = u32::MAX;

impl Long {
    fn push(&mut self, word: &[TokenId]) -> Result<()> {
        let start = narrow(self.symbols.len());
        let end = u32::try_from(self.symbols.len() + word.len()).ok().filter(|&end| end < NONE);
        let end = end.ok_or_else(too_long)?;
        self.symbols.extend_from_slice(word);
        self.next.extend((start..end).map(|at| if at + 1 == end { NONE } else { at + 1 }));
        self.previous.extend((start..end).map(|at| if at == start { NONE } else { at - 1 }));
        Ok(())
    }

    /// Remember where the pairs of a word stand, and give them out.
    fn note_pairs(&mut self, word: Range<usize>, mut give: impl FnMut(Pair)) {
        let start = word.start;
        for (at, pair) in (narrow(start)..).zip(self.symbols[word].windows(2)) {
            let pair = Pair(pair[0], pair[1]);
            self.places.entry(pair).or_default().push(at);
            give(pair);
        }
    }

    /// Merge the round's pair in some words: their numbers, where they lie, and their counts.
    fn merge(&mut self, words: &[(u32, Range<usize>, i64)], limit: usize, round: &mut Round) {
        let mut places = self.places.remove(&round.pair).unwrap_or_default();
        places.sort_unstable();
        let mut elsewhere = Vec::new();
        let mut words = words.iter().peekable();
        for at in places {
            while words.next_if(|(_, range, _)| range.end <= at as usize).is_some() {}
            match words.peek() {
                Some((word, range, count)) if range.start <= at as usize => {
                    self.merge_at(at, *word, *count, limit, round);
                }
                _ => elsewhere.push(at),
            }
        }
        if !elsewhere.is_empty() {
            self.places.insert(round.pair, elsewhere);
        }
    }

    fn merge_at(&mut self, at: u32, word: u32, count: i64, limit: usize, round: &mut Round) {
        let (here, second) = (at as usize, self.next[at as usize]);
        let Pair(first, behind) = round.pair;
        // A place is outdated when one of its symbols has been merged.
        if self.symbols[here] != first || second == NONE || self.symbols[second as usize] != behind
        {
            return;
        }
        let (left, right) = (self.previous[here], self.next[second as usize]);
        round.merges = round.merges.saturating_add(count);
        self.symbols[here] = round.merged;
        self.symbols[second as usize] = NONE;
        self.next[here] = right;
        if right != NONE {
            self.previous[right as usize] = at;
        }
        if !self.widths.is_empty() {
            self.widths[here] += self.widths[second as usize];
        }
        if left != NONE {
            let symbol = self.symbols[left as usize];
            round.lose_left(symbol, count);
            self.places.entry(Pair(symbol, round.merged)).or_default().push(left);
            if self.is_narrow(left, at, limit) {
                round.find_left(symbol, count, word);
            }
        }
        if right != NONE {
            let symbol = self.symbols[right as usize];
            round.lose_right(symbol, count);
            self.places.entry(Pair(round.merged, symbol)).or_default().push(at);
            if self.is_narrow(at, right, limit) {
                round.find_right(symbol, count, word);
            }
        }
    }

    fn is_narrow(&self, left: u32, right: u32, limit: usize) -> bool {
        let width = |at: u32| self.widths.get(at as usize).copied().unwrap_or_default() as usize;
        width(left) + width(right) < limit
    }
}

/// A length or position in the words; [`Words::push`] has seen to it that all of them fit.
fn narrow(value: usize) -> u32 {
    u32::try_from(value).expect("checked when the word came in")
}

fn too_long() -> Error {
    Error::invalid("the texts that are not cut into words are too long together")
        .expecting("less than 2^32 characters")
        .hinting("set a pre-tokenizer, or train on less text")
}
