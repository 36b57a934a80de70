//! The words as symbols, and merging in them.
//!
//! Words of ordinary length lie behind each other in [`Cells`], those that occur most often first. A pair is
//! merged where it was found, and only there, unless that could be less than all of it in a word
//! ([`Round::whole`]): then the word is looked through. A long one (a whole text, where there is no
//! pre-tokenizer) would be looked through thousands of times; [`Long`] remembers where its pairs stand.

use fissile_core::util::hash::{Map, Set};
use fissile_core::{Error, Result, TokenId};

use super::cells::{Cell, Cells, LONGEST};
use super::first::First;
use super::long::{Long, LongWord};
use super::pairs::{Pair, Round};
use crate::count::WordCounts;
use crate::progress::{Progress, Stage};
use crate::symbols::Symbols;

/// Words that are looked at between two looks at who wants the work to stop.
const PAUSE: usize = 1 << 12;

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

/// What the symbols of words are bounded by.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    /// How many there will be at most.
    pub(crate) symbols: usize,
    /// Pairs have to be narrower than this to be counted.
    pub(crate) width: Option<usize>,
}

/// Cells of two bytes wherever they are enough: twice as many words are near.
enum AnyCells {
    Small(Cells<u16>),
    Large(Cells<u32>),
}

/// Do something with cells of either size.
macro_rules! with_cells {
    ($any:expr, $cells:ident => $what:expr) => {
        match $any {
            AnyCells::Small($cells) => $what,
            AnyCells::Large($cells) => $what,
        }
    };
}

/// All words that have a pair in them.
pub(crate) struct Words {
    cells: AnyCells,
    /// Where in the cells words begin that occur less often than those before.
    steps: Vec<Step>,
    /// How many words there are.
    length: usize,
    long: Long,
    /// Where in the cells long words have their places.
    long_places: Vec<u32>,
    /// Pairs have to be narrower than this to be counted.
    limit: Option<usize>,
}

/// From some cell on, words occur so often.
#[derive(Clone, Copy)]
struct Step {
    begin: u32,
    count: i64,
}

/// Memory is asked for so many places before it is needed.
const AHEAD: usize = 16;

impl Words {
    pub(crate) fn new(
        counts: &WordCounts,
        symbols: &Symbols,
        affixes: Affixes<'_>,
        bounds: Bounds,
        progress: &mut Progress<'_>,
    ) -> Result<Self> {
        let mut spelling = Spelling::new(symbols, affixes);
        Self::spelled(counts, bounds, &Map::default(), progress, |word, out| {
            spelling.spell(word, out);
            Ok(())
        })
    }

    /// Words as `spell` spells them. `widths` has the symbols that are wider than one character.
    pub(crate) fn spelled(
        counts: &WordCounts,
        bounds: Bounds,
        widths: &Map<TokenId, u32>,
        progress: &mut Progress<'_>,
        mut spell: impl FnMut(&str, &mut Vec<TokenId>) -> Result<()>,
    ) -> Result<Self> {
        let limit = bounds.width;
        let is_small = bounds.symbols <= u16::WIDE as usize;
        let mut words = Self {
            cells: if is_small {
                AnyCells::Small(Cells::new(limit))
            } else {
                AnyCells::Large(Cells::new(limit))
            },
            steps: Vec::new(),
            length: 0,
            long: Long::default(),
            long_places: Vec::new(),
            limit,
        };
        // Widths are of no use without a limit.
        let has_widths = limit.is_some() && !widths.is_empty();
        let width = |symbol: &TokenId| {
            if has_widths { widths.get(symbol).copied().unwrap_or(1) } else { 1 }
        };
        let mut spelled = Vec::new();
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
                words.push(&spelled, count, width)?;
            }
        }
        if limit.is_some() {
            words.long.measure(width);
        }
        Ok(words)
    }

    fn push(
        &mut self,
        word: &[TokenId],
        count: u64,
        width: impl Fn(&TokenId) -> u32,
    ) -> Result<()> {
        let count = i64::try_from(count).map_err(|_| {
            Error::invalid("a word is counted too often").finding(count.to_string())
        })?;
        let begin = with_cells!(&self.cells, cells => cells.len());
        let begin = u32::try_from(begin).map_err(|_| too_long())?;
        if self.steps.last().is_none_or(|step| step.count != count) {
            self.steps.push(Step { begin, count });
        }
        if word.iter().map(|symbol| width(symbol) as usize).sum::<usize>() > LONGEST {
            self.long.push(word)?;
            self.long_places.push(begin);
            with_cells!(&mut self.cells, cells => cells.push_elsewhere());
        } else {
            with_cells!(&mut self.cells, cells => cells.push(word, width));
        }
        self.length += 1;
        Ok(())
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Give out all pairs, with their counts and places. To be called once, before any merging.
    pub(crate) fn pairs(
        &mut self,
        progress: &mut Progress<'_>,
        give: impl FnMut(Pair, i64, &[u32]),
    ) -> Result<()> {
        let mut first = First::new();
        self.each_pair(progress, |pair, count, place| first.count(pair, count, place))?;
        first.arrange();
        self.each_pair(progress, |pair, _, place| first.place(pair, place))?;
        self.long.note_pairs();
        first.give(give);
        Ok(())
    }

    fn each_pair(
        &self,
        progress: &mut Progress<'_>,
        take: impl FnMut(Pair, i64, u32),
    ) -> Result<()> {
        with_cells!(&self.cells, cells => self.each_pair_in(cells, progress, take))
    }

    /// All pairs in order, with the counts of their words and their places.
    fn each_pair_in(
        &self,
        cells: &Cells<impl Cell>,
        progress: &mut Progress<'_>,
        mut take: impl FnMut(Pair, i64, u32),
    ) -> Result<()> {
        let mut counted = Counted { steps: &self.steps, at: 0 };
        let (mut word, mut long) = (1, 0);
        for at in 0..self.length {
            if at.is_multiple_of(PAUSE) {
                progress.step(Stage::Pairs, at, self.length)?;
            }
            let count = counted.count(word as u32);
            if cells.is_elsewhere(word as u32) {
                self.long.each_pair(long, |pair| take(pair, count, word as u32));
                (word, long) = (word + 2, long + 1);
            } else {
                word = cells.each_pair(word, |pair, place| take(pair, count, place));
            }
        }
        Ok(())
    }

    /// Merge the round's pair at `places`, of which those in long words come in order. Returns how many
    /// symbols fewer all words have, each as often as it occurs.
    pub(crate) fn merge(&mut self, places: &[u32], round: &mut Round) -> i64 {
        round.merges = 0;
        let mut merging = Merging {
            counted: Counted { steps: &self.steps, at: 0 },
            // A symbol can be wider in one word than in another, and what is too wide has no place.
            whole: round.whole || self.limit.is_some(),
            long: Vec::new(),
            long_places: &self.long_places,
        };
        with_cells!(&mut self.cells, cells => merging.merge(cells, places, round));
        if !merging.long.is_empty() {
            self.long.merge(&merging.long, self.limit.unwrap_or(usize::MAX), round);
        }
        round.merges
    }
}

/// One round of merging.
struct Merging<'a> {
    counted: Counted<'a>,
    /// Whether words are looked through.
    whole: bool,
    /// Long words that were met.
    long: Vec<LongWord>,
    long_places: &'a [u32],
}

impl Merging<'_> {
    fn merge<C: Cell>(&mut self, cells: &mut Cells<C>, places: &[u32], round: &mut Round) {
        for (at, &place) in places.iter().enumerate() {
            if let Some(&soon) = places.get(at + AHEAD) {
                cells.expect(soon);
            }
            if cells.is_elsewhere(place) {
                let number = self.long_places.partition_point(|&other| other < place) as u32;
                let count = self.counted.count(place);
                self.long.push(LongWord { word: place, number, count });
            } else if self.whole {
                cells.merge_around(place, self.counted.count(place), round);
            } else {
                cells.merge_at(place, || self.counted.count(place), round);
            }
        }
    }
}

/// How often words occur, looked up for places that mostly come in order.
struct Counted<'a> {
    steps: &'a [Step],
    at: usize,
}

impl Counted<'_> {
    #[inline]
    fn count(&mut self, place: u32) -> i64 {
        if self.steps[self.at].begin > place {
            self.at = 0;
        }
        if self.steps.get(self.at + 1).is_some_and(|next| next.begin <= place) {
            self.at += self.steps[self.at + 1..].partition_point(|step| step.begin <= place);
        }
        self.steps[self.at].count
    }
}

/// What cannot be numbered.
pub(super) fn too_long() -> Error {
    Error::invalid("the texts that are not cut into words are too long together")
        .expecting("less than 2^32 characters")
        .hinting("set a pre-tokenizer, or train on less text")
}
