//! The words as symbols, and merging in them.
//!
//! Words lie behind each other in one arena, each with its length and its count before it, and shrink in
//! place: merging looks through a whole word, which is quickest for words of ordinary length, and waits for
//! memory once a word. A long one (a whole text, where there is no pre-tokenizer) would be looked through
//! thousands of times; [`Long`] remembers where its pairs stand.

use fissile_core::util::hash::{Map, Set};
use fissile_core::{Error, Result, TokenId};

use super::long::{Long, LongWord};
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
    /// Of the first characters there are, where nothing is put before or behind one.
    table: Vec<Option<TokenId>>,
    known: Map<(char, bool, bool), Option<TokenId>>,
}

/// The characters with a place in a table: those of the byte alphabet, and of many languages.
const IN_TABLE: u32 = 0x600;

impl<'a> Spelling<'a> {
    pub(crate) fn new(symbols: &'a Symbols, affixes: Affixes<'a>) -> Self {
        let plain = affixes.prefix.is_none() && affixes.suffix.is_none();
        let characters = (0..IN_TABLE).filter(|_| plain).filter_map(char::from_u32);
        let table = characters.map(|c| symbols.id(c.encode_utf8(&mut [0; 4]))).collect();
        Self { symbols, affixes, table, known: Map::default() }
    }

    /// Append the symbols of a word. Characters outside of the alphabet are left out.
    pub(crate) fn spell(&mut self, word: &str, out: &mut Vec<TokenId>) {
        let Self { symbols, affixes, table, known } = self;
        Affixes::each(word, |character, first, last| {
            if let Some(id) = table.get(character as usize) {
                out.extend(*id);
                return;
            }
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

/// All words that have a pair in them. A word's number is where it begins in the arena.
pub(crate) struct Words {
    /// Of each word the length and two halves of the count, then the symbols (of a long one: its number
    /// among those); a word that shrank leaves a gap.
    arena: Vec<u32>,
    /// How many characters each symbol is made of, where that matters; the others are nothing.
    widths: Vec<u32>,
    /// How many there are.
    length: usize,
    long: Long,
    /// Pairs have to be narrower than this to be counted.
    limit: usize,
}

/// What lies before the symbols of a word.
const HEAD: usize = 3;

/// The length of a word that is long.
const IS_LONG: u32 = u32::MAX;

/// Memory is asked for so many words before it is needed.
const AHEAD: usize = 8;

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
            arena: Vec::new(),
            widths: Vec::new(),
            length: 0,
            long: Long::default(),
            limit: limit.unwrap_or(usize::MAX),
        };
        let mut spelled = Vec::new();
        // Frequent words, in which most pairs stand, lie close together.
        let mut order: Vec<(u64, u32)> = counts.iter().map(|(_, count)| count).zip(0..).collect();
        order.sort_unstable_by_key(|&(count, at)| (std::cmp::Reverse(count), at));
        let total = order.len();
        for (at, (count, word)) in order.into_iter().enumerate() {
            if at.is_multiple_of(PAUSE) {
                progress.step(Stage::Symbols, at, total)?;
            }
            spelled.clear();
            spell(counts.word(word as usize), &mut spelled)?;
            if spelled.len() > 1 {
                words.push(&spelled, count)?;
            }
        }
        if limit.is_some() {
            let wide = |symbol: &TokenId| widths.get(symbol).copied().unwrap_or(1);
            words.widths = words.arena.iter().map(wide).collect();
            words.long.measure(wide);
        }
        Ok(words)
    }

    fn push(&mut self, word: &[TokenId], count: u64) -> Result<()> {
        i64::try_from(count).map_err(|_| {
            Error::invalid("a word is counted too often").finding(count.to_string())
        })?;
        u32::try_from(self.arena.len()).map_err(|_| too_long())?;
        let halves = [count as u32, (count >> 32) as u32];
        if word.len() > LONG {
            let number = self.long.push(word)?;
            self.arena.extend([IS_LONG, halves[0], halves[1], number]);
        } else {
            self.arena.extend([word.len() as u32, halves[0], halves[1]]);
            self.arena.extend_from_slice(word);
        }
        self.length += 1;
        Ok(())
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The length of a word, or [`IS_LONG`], and its count.
    #[inline]
    fn head(&self, word: u32) -> (u32, i64) {
        let at = word as usize;
        let count = u64::from(self.arena[at + 1]) | u64::from(self.arena[at + 2]) << 32;
        (self.arena[at], count.cast_signed())
    }

    /// All pairs. To be called once, before any merging.
    pub(crate) fn pairs(&mut self, progress: &mut Progress<'_>) -> Result<Map<Pair, Found>> {
        let mut pairs: Map<Pair, Found> = Map::default();
        let mut word = 0;
        for at in 0..self.length {
            if at.is_multiple_of(PAUSE) {
                progress.step(Stage::Pairs, at, self.length)?;
            }
            let (length, count) = self.head(word);
            let mut add = |pair: Pair| pairs.entry(pair).or_default().add(count, word);
            let symbols = word as usize + HEAD;
            if length == IS_LONG {
                self.long.note_pairs(self.arena[symbols], add);
                word += HEAD as u32 + 1;
            } else {
                let symbols = &self.arena[symbols..symbols + length as usize];
                symbols.windows(2).for_each(|pair| add(Pair(pair[0], pair[1])));
                word += HEAD as u32 + length;
            }
        }
        Ok(pairs)
    }

    /// Merge the round's pair in `words`, of which the long ones come in order. Returns how many
    /// symbols fewer all words have, each as often as it occurs.
    pub(crate) fn merge(&mut self, words: &[u32], round: &mut Round) -> i64 {
        let mut long = Vec::new();
        round.merges = 0;
        let mut touched = 0;
        for (at, &word) in words.iter().enumerate() {
            if let Some(&soon) = words.get(at + AHEAD) {
                touched ^= self.arena[soon as usize];
            }
            let (length, count) = self.head(word);
            if length == IS_LONG {
                let number = self.arena[word as usize + HEAD];
                long.push(LongWord { word, number, count });
            } else {
                self.merge_short(word, length as usize, count, round);
            }
        }
        std::hint::black_box(touched);
        if !long.is_empty() {
            self.long.merge(&long, self.limit, round);
        }
        round.merges
    }

    fn merge_short(&mut self, word: u32, length: usize, count: i64, round: &mut Round) {
        let Pair(first, second) = round.pair;
        let range = word as usize + HEAD..word as usize + HEAD + length;
        let symbols = &mut self.arena[range.clone()];
        let is_pair = |pair: &[TokenId]| pair[0] == first && pair[1] == second;
        let Some(mut read) = symbols.windows(2).position(is_pair) else { return };
        let widths = self.widths.get_mut(range).unwrap_or_default();
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
        self.arena[word as usize] = write as u32;
    }
}

/// What cannot be numbered.
pub(super) fn too_long() -> Error {
    Error::invalid("the texts that are not cut into words are too long together")
        .expecting("less than 2^32 characters")
        .hinting("set a pre-tokenizer, or train on less text")
}
