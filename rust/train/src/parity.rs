//! BPE that treats several languages alike: each merge is the best one for the language that is
//! served worst, and is made in all of them (Foroutan and others, "Parity-Aware Byte-Pair Encoding").
//!
//! Unlike [`bpe`](crate::bpe), of two equally frequent pairs the one whose texts sort last is merged
//! first, and every pair is merged wherever it stands.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::Arc;

use fissile_core::models::Bpe;
use fissile_core::models::bpe::BpeOptions;
use fissile_core::util::hash::{Map, Set};
use fissile_core::{Error, Result, TokenId};

use crate::alphabet::alphabet;
use crate::bpe::{Affixes, Bounds, BpeTrainer, Learned, Pair, PairCounts, Round, Spelling, Words};
use crate::count::WordCounts;
use crate::progress::{Progress, Stage};
use crate::symbols::Symbols;

/// Who is served next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// The language that is served worst.
    Base,
    /// The same, but none that was chosen too often of late.
    Window,
}

/// Trains BPE models on several languages.
#[derive(Debug, Clone, PartialEq)]
pub struct ParityBpeTrainer {
    /// What it shares with the ordinary trainer; `vocab_size` is not looked at.
    pub bpe: BpeTrainer,
    /// Merges at most; with `total_symbols` tokens at most.
    pub num_merges: usize,
    /// Who is served next.
    pub variant: Variant,
    /// How much the texts of each language should shrink, compared to the others.
    pub ratio: Option<Vec<f64>>,
    /// How many of the first merges are the best ones over all languages.
    pub global_merges: usize,
    /// How many merges [`Variant::Window`] looks back on.
    pub window_size: usize,
    /// How much more than its share of the window a language can have.
    pub alpha: f64,
    /// Whether `num_merges` counts all tokens.
    pub total_symbols: bool,
}

impl Default for ParityBpeTrainer {
    fn default() -> Self {
        Self {
            bpe: BpeTrainer::default(),
            num_merges: 32_000,
            variant: Variant::Base,
            ratio: None,
            global_merges: 0,
            window_size: 100,
            alpha: 2.0,
            total_symbols: false,
        }
    }
}

impl ParityBpeTrainer {
    /// Train a model on counted words, a table a language. `dev` holds tables by which the languages
    /// are compared; where there is none, the training texts are.
    ///
    /// # Errors
    /// When a setting does not fit the languages, or the listener of `progress` says so.
    pub fn train(
        &self,
        languages: &[WordCounts],
        dev: &[WordCounts],
        progress: &mut Progress<'_>,
    ) -> Result<Bpe> {
        self.check(languages.len(), dev.len())?;
        let bpe = &self.bpe;
        let alphabet =
            alphabet(languages.iter().chain(dev), &bpe.initial_alphabet, bpe.limit_alphabet);
        let mut symbols = Symbols::new(&bpe.special_tokens, &alphabet)?;
        let affixes = Affixes {
            prefix: bpe.continuing_subword_prefix.as_deref(),
            suffix: bpe.end_of_word_suffix.as_deref(),
        };
        affixes.number(languages, &mut symbols)?;
        let mut state = State::new(self, languages, dev, &symbols, affixes, progress)?;
        let merges = state.merge(self, &mut symbols, progress)?;
        Learned { symbols, merges }.to_model(BpeOptions {
            continuing_subword_prefix: bpe.continuing_subword_prefix.clone(),
            end_of_word_suffix: bpe.end_of_word_suffix.clone(),
            ..BpeOptions::default()
        })
    }

    fn check(&self, languages: usize, dev: usize) -> Result<()> {
        let invalid = |field: &str, message: String| Err(Error::invalid(message).in_field(field));
        if languages == 0 {
            return invalid("train_iterators", "No language data has been fed".to_owned());
        }
        if dev != 0 && dev != languages {
            return invalid(
                "dev_iterators",
                format!("{dev} do not match the number of languages ({languages})"),
            );
        }
        if self.variant == Variant::Window && self.window_size == 0 {
            return invalid("window_size", "must be > 0 when variant is Window".to_owned());
        }
        if self.variant == Variant::Window && !is_positive(self.alpha) {
            return invalid(
                "alpha",
                format!("must be a positive finite number, not {}", self.alpha),
            );
        }
        let Some(ratio) = &self.ratio else { return Ok(()) };
        if ratio.len() != languages {
            return invalid(
                "ratio",
                format!(
                    "ratio length ({}) does not match number of languages ({languages})",
                    ratio.len()
                ),
            );
        }
        match ratio.iter().find(|&&share| !is_positive(share)) {
            Some(share) => {
                invalid("ratio", format!("must hold positive finite numbers, not {share}"))
            }
            None => Ok(()),
        }
    }
}

fn is_positive(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

/// A pair, ordered by count, then by text.
struct Candidate {
    count: i64,
    texts: (Arc<str>, Arc<str>),
    pair: Pair,
}

impl Candidate {
    fn new(pair: Pair, count: i64, symbols: &Symbols) -> Self {
        Self { count, texts: (symbols.shared(pair.0), symbols.shared(pair.1)), pair }
    }

    fn key(&self) -> (i64, &(Arc<str>, Arc<str>), Pair) {
        (self.count, &self.texts, self.pair)
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

/// Pairs by count; what is out of date is noticed when it is taken.
#[derive(Default)]
struct Heap(BinaryHeap<Candidate>);

impl Heap {
    fn push(&mut self, pair: Pair, count: i64, symbols: &Symbols) {
        if count > 0 {
            self.0.push(Candidate::new(pair, count, symbols));
        }
    }

    /// The best pair, and its count, which `count` knows.
    fn pop(&mut self, count: impl Fn(Pair) -> i64) -> Option<(Pair, u64)> {
        loop {
            let mut top = self.0.pop()?;
            let now = count(top.pair);
            if now == top.count {
                return Some((top.pair, now.cast_unsigned()));
            }
            if now > 0 {
                top.count = now;
                self.0.push(top);
            }
        }
    }
}

/// Words of one language, and where their pairs stand.
struct Text {
    words: Words,
    counts: PairCounts,
    places: Map<Pair, Vec<u32>>,
    /// How many symbols all words have together.
    length: i64,
}

impl Text {
    /// `whole` leaves out words with a character that is no symbol.
    fn new(
        counts: &WordCounts,
        symbols: &Symbols,
        affixes: Affixes<'_>,
        bounds: Bounds,
        whole: bool,
        progress: &mut Progress<'_>,
    ) -> Result<Self> {
        let mut spelling = Spelling::new(symbols, affixes);
        let mut spelled = Vec::new();
        let mut length = 0_i64;
        let mut kept = WordCounts::new();
        for (word, count) in counts.iter() {
            spelled.clear();
            spelling.spell(word, &mut spelled);
            if !whole || spelled.len() == word.chars().count() {
                let symbols = i64::try_from(spelled.len()).unwrap_or(i64::MAX);
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                length = length.saturating_add(symbols.saturating_mul(count));
                kept.add(word, count.cast_unsigned())?;
            }
        }
        let mut words = Words::new(&kept, symbols, affixes, bounds, progress)?;
        let mut counts = PairCounts::default();
        let mut places = Map::default();
        words.pairs(progress, |pair, count, found| {
            counts.add(pair, count);
            places.insert(pair, found.to_vec());
        })?;
        Ok(Self { words, counts, places, length })
    }

    /// Merge the round's pair wherever it stands; the pairs whose counts changed.
    fn merge(&mut self, round: &mut Round) -> Vec<Pair> {
        let Some(mut places) = self.places.remove(&round.pair) else { return Vec::new() };
        places.sort_unstable();
        places.dedup();
        self.length -= self.words.merge(&places, round);
        let known = &mut self.places;
        let mut changed = Vec::new();
        let note = |pair, _, found: &[u32]| known.entry(pair).or_default().extend(found);
        round.end(&mut self.counts, note, |pair| changed.push(pair));
        self.counts.reset(round.pair);
        changed
    }
}

struct State {
    languages: Vec<Text>,
    heaps: Vec<Heap>,
    dev: Vec<Text>,
    global: Heap,
    first_lengths: Vec<i64>,
    exhausted: Set<usize>,
    chosen: VecDeque<usize>,
}

impl State {
    fn new(
        trainer: &ParityBpeTrainer,
        languages: &[WordCounts],
        dev: &[WordCounts],
        symbols: &Symbols,
        affixes: Affixes<'_>,
        progress: &mut Progress<'_>,
    ) -> Result<Self> {
        let bounds = Bounds {
            symbols: symbols.len().saturating_add(trainer.num_merges),
            width: trainer.bpe.max_token_length,
        };
        let mut texts = |tables: &[WordCounts], whole| {
            tables
                .iter()
                .map(|table| Text::new(table, symbols, affixes, bounds, whole, progress))
                .collect::<Result<Vec<_>>>()
        };
        let languages = texts(languages, false)?;
        let dev = if trainer.ratio.is_some() { Vec::new() } else { texts(dev, true)? };
        let mut state = Self {
            heaps: Vec::new(),
            dev,
            global: Heap::default(),
            first_lengths: languages.iter().map(|text| text.length).collect(),
            exhausted: Set::default(),
            chosen: VecDeque::new(),
            languages,
        };
        let mut all: Set<Pair> = Set::default();
        for text in &state.languages {
            let mut heap = Heap::default();
            for &pair in text.places.keys() {
                heap.push(pair, text.counts.get(pair), symbols);
            }
            state.heaps.push(heap);
            all.extend(text.places.keys());
        }
        if trainer.global_merges > 0 {
            for pair in all {
                state.global.push(pair, sum_of(&state.languages, pair), symbols);
            }
        }
        Ok(state)
    }

    fn merge(
        &mut self,
        trainer: &ParityBpeTrainer,
        symbols: &mut Symbols,
        progress: &mut Progress<'_>,
    ) -> Result<Vec<(TokenId, TokenId)>> {
        let taken = if trainer.total_symbols { symbols.len() } else { 0 };
        let wanted = trainer.num_merges.saturating_sub(taken);
        let prefix = trainer.bpe.continuing_subword_prefix.as_deref();
        let mut merges = Vec::new();
        let mut round = Round::default();
        while merges.len() < wanted && self.exhausted.len() < self.languages.len() {
            let is_global = merges.len() < trainer.global_merges;
            let (language, best) = if is_global {
                (None, self.global.pop(|pair| sum_of(&self.languages, pair)))
            } else {
                let language = self.choose(trainer);
                let counts = &self.languages[language].counts;
                (Some(language), self.heaps[language].pop(|pair| counts.get(pair)))
            };
            let Some((pair, _)) = best.filter(|best| best.1 >= trainer.bpe.min_frequency) else {
                let Some(language) = language else { break };
                self.exhausted.insert(language);
                continue;
            };
            let before = symbols.len();
            let token = symbols.put(&symbols.join(pair.0, pair.1, prefix))?;
            merges.push((pair.0, pair.1));
            round.begin(pair, token, before);
            self.apply(&mut round, symbols, trainer.global_merges > 0);
            progress.step(Stage::Merges, merges.len(), wanted)?;
        }
        progress.tell(Stage::Merges, merges.len(), merges.len())?;
        Ok(merges)
    }

    /// Merge the round's pair in all languages.
    fn apply(&mut self, round: &mut Round, symbols: &Symbols, global: bool) {
        let mut all: Set<Pair> = Set::default();
        for (text, heap) in self.languages.iter_mut().zip(&mut self.heaps) {
            let changed = text.merge(round);
            for &pair in &changed {
                heap.push(pair, text.counts.get(pair), symbols);
            }
            if global {
                all.extend(changed);
            }
        }
        for pair in all {
            self.global.push(pair, sum_of(&self.languages, pair), symbols);
        }
        for text in &mut self.dev {
            text.merge(round);
        }
    }

    /// The language that is served next.
    fn choose(&mut self, trainer: &ParityBpeTrainer) -> usize {
        let needs = self.needs(trainer.ratio.as_deref());
        if trainer.variant == Variant::Base {
            return neediest(&needs, |language| !self.exhausted.contains(&language))
                .or_else(|| (0..needs.len()).find(|language| !self.exhausted.contains(language)))
                .unwrap_or(0);
        }
        let language = self.choose_in_window(trainer, needs);
        self.chosen.push_back(language);
        if self.chosen.len() > trainer.window_size {
            self.chosen.pop_front();
        }
        language
    }

    fn choose_in_window(&self, trainer: &ParityBpeTrainer, mut needs: Vec<f64>) -> usize {
        for &language in &self.exhausted {
            needs[language] = f64::NEG_INFINITY;
        }
        let most = trainer.alpha / needs.len() as f64;
        let mut passed_over: Set<usize> = Set::default();
        loop {
            let best = neediest(&needs, |language| !passed_over.contains(&language)).unwrap_or(0);
            let often = self.chosen.iter().filter(|&&chosen| chosen == best).count();
            let known = !passed_over.insert(best);
            if often as f64 / trainer.window_size as f64 <= most
                || known
                || passed_over.len() == needs.len()
            {
                return best;
            }
        }
    }

    /// How badly each language needs a merge.
    fn needs(&self, ratio: Option<&[f64]>) -> Vec<f64> {
        let measured = if self.dev.is_empty() { &self.languages } else { &self.dev };
        let Some(ratio) = ratio else {
            return measured.iter().map(|text| text.length as f64).collect();
        };
        let shrunk = self.first_lengths.iter().zip(measured);
        shrunk
            .zip(ratio)
            .map(|((&first, now), share)| -(first as f64 / now.length as f64 / share))
            .collect()
    }
}

/// The first of those with the highest value.
fn neediest(needs: &[f64], allowed: impl Fn(usize) -> bool) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (language, &need) in needs.iter().enumerate() {
        let most = best.map_or(f64::NEG_INFINITY, |best| needs[best]);
        if allowed(language) && need > most {
            best = Some(language);
        }
    }
    best
}

fn sum_of(languages: &[Text], pair: Pair) -> i64 {
    languages.iter().map(|text| text.counts.get(pair)).sum()
}
