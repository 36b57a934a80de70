//! Expectation and maximisation: how often each candidate is expected to be used, given the scores, and
//! the scores, given how often.
//!
//! For every word all candidates at all positions are known from the start ([`Lattices`]); rounds only
//! drop some. Probabilities are summed as they are rather than as logarithms, which is many times
//! quicker; where a long word would bring them down to nothing, they are scaled up on the way.

use std::ops::Range;

use fissile_core::Result;
use fissile_core::util::parallel::{chunks_by_weight, map_chunks};

use super::seed::{Corpus, Place, Seeds};
use crate::progress::{Pulse, Stage};

/// The candidate that stands for the unknown.
pub(super) const UNKNOWN: u32 = 0;

/// How much less likely than the least likely candidate the unknown is, as a logarithm.
const UNKNOWN_PENALTY: f64 = 10.0;

/// Probabilities below this are scaled up, by as much.
const TINY: f64 = 1.0 / SCALE;
const SCALE: f64 = SCALE_ROOT * SCALE_ROOT;
const SCALE_ROOT: f64 = (1_u128 << 126) as f64;

/// Candidates that are expected less often are dropped.
const LEAST_EXPECTED: f64 = 0.5;

/// Numbers that the partial sums of one round may hold together.
const PARTIAL_SUMS: usize = 1 << 23;

/// Candidates with their scores.
pub(super) struct Candidates {
    pub(super) places: Vec<Place>,
    pub(super) scores: Vec<f64>,
}

impl Candidates {
    pub(super) fn of(seeds: &Seeds) -> Self {
        let total: f64 = seeds.values[1..].iter().sum();
        let scores = seeds.values.iter().map(|value| value.ln() - total.ln()).collect();
        Self { places: seeds.places.clone(), scores }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The lowest score; infinite where there is none.
    pub(super) fn lowest(&self) -> f64 {
        self.scores[1..].iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The score of what no candidate covers.
    pub(super) fn unknown_score(&self) -> f64 {
        self.lowest() - UNKNOWN_PENALTY
    }

    /// Keep the candidates in `order`, which begins with the unknown one, and give them their places in
    /// it as numbers.
    pub(super) fn rearrange(&mut self, order: &[u32], lattices: &mut Lattices) {
        if order.len() == self.len() && order.is_sorted() {
            return;
        }
        let mut numbers = vec![DROPPED; self.len()];
        for (new, &old) in (0..).zip(order) {
            numbers[old as usize] = new;
        }
        lattices.renumber(&numbers);
        self.places = order.iter().map(|&id| self.places[id as usize]).collect();
        self.scores = order.iter().map(|&id| self.scores[id as usize]).collect();
    }

    /// New scores, of how often each candidate is expected. All stay, however rarely they are expected.
    pub(super) fn settle(&mut self, expected: &[f64]) {
        let often = |&expected: &f64| expected.max(LEAST_EXPECTED);
        let total: f64 = expected[1..].iter().map(often).sum();
        for (score, expected) in self.scores.iter_mut().zip(expected).skip(1) {
            *score = often(expected).ln() - total.ln();
        }
    }

    /// New scores, of how often each candidate is expected. Candidates that nobody expects go.
    pub(super) fn maximise(&mut self, expected: &[f64], lattices: &mut Lattices) {
        let order: Vec<u32> = (0..)
            .zip(expected)
            .filter(|&(id, &often)| id == UNKNOWN || often >= LEAST_EXPECTED)
            .map(|(id, _)| id)
            .collect();
        self.rearrange(&order, lattices);
        let often = |id: &u32| expected[*id as usize];
        let total = digamma(order[1..].iter().map(often).sum());
        for (score, id) in self.scores.iter_mut().zip(&order).skip(1) {
            *score = digamma(often(id)) - total;
        }
    }
}

const DROPPED: u32 = u32::MAX;

/// All candidates at all positions of all words.
pub(super) struct Lattices {
    words: Vec<(u32, u32)>,
    counts: Vec<f64>,
    /// Where the candidates of each position end in `ids`; those of the next begin there.
    ends: Vec<u32>,
    ids: Vec<u32>,
    lengths: Vec<u16>,
    /// The length of the longest candidate.
    longest: usize,
}

impl Lattices {
    pub(super) fn new(corpus: &Corpus, seeds: &Seeds, pulse: &Pulse<'_>) -> Result<Self> {
        let (ends, ids) = seeds.by_position(corpus, pulse)?;
        let lengths = ids.iter().map(|&id| seeds.places[id as usize].length).collect();
        let longest = seeds.places.iter().map(|place| place.length).max().unwrap_or(1);
        Ok(Self {
            words: corpus.words.clone(),
            counts: corpus.counts.iter().map(|&count| count as f64).collect(),
            ends,
            ids,
            lengths,
            longest: usize::from(longest).max(1),
        })
    }

    /// The candidates at a position, and how long they are.
    #[inline]
    pub(super) fn at(&self, position: usize) -> impl Iterator<Item = (u32, usize)> + '_ {
        let range = self.ends[position] as usize..self.ends[position + 1] as usize;
        let lengths = self.lengths[range.clone()].iter().map(|&length| usize::from(length));
        self.ids[range].iter().copied().zip(lengths)
    }

    /// Words (where they begin and end) with their counts.
    pub(super) fn words(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        let words = self.words[range.clone()].iter().zip(&self.counts[range]);
        words.map(|(&(start, end), &count)| (start as usize, end as usize, count))
    }

    /// Cut the words into a number of runs that depends on nothing but the data, so that sums come out
    /// the same on any number of threads.
    pub(super) fn chunks(&self, sums: usize) -> Vec<Range<usize>> {
        let parts = (PARTIAL_SUMS / sums.max(1)).clamp(2, 64);
        let total: usize = self.words.iter().map(|(start, end)| (end - start) as usize).sum();
        let weights = self.words.iter().map(|(start, end)| (end - start) as usize);
        chunks_by_weight(weights, total / parts + 1)
    }

    fn renumber(&mut self, numbers: &[u32]) {
        let mut kept = 0;
        let mut from = 0;
        for end in &mut self.ends[1..] {
            let to = *end as usize;
            for at in from..to {
                let number = numbers[self.ids[at] as usize];
                if number != DROPPED {
                    self.ids[kept] = number;
                    self.lengths[kept] = self.lengths[at];
                    kept += 1;
                }
            }
            from = to;
            *end = u32::try_from(kept).expect("fewer than before");
        }
        self.ids.truncate(kept);
        self.lengths.truncate(kept);
    }

    /// How often each candidate is expected in all words.
    pub(super) fn expect(&self, candidates: &Candidates, work: &Work<'_>) -> Result<Vec<f64>> {
        let mut chances: Vec<f64> = candidates.scores.iter().map(|score| score.exp()).collect();
        chances[UNKNOWN as usize] = candidates.unknown_score().exp();
        self.sum(candidates.len(), work, |words, expected| {
            let mut sums = Sums::default();
            for (start, end, count) in self.words(words) {
                sums.expect(self, &chances, start..end, count, expected, work.pulse)?;
            }
            Ok(())
        })
    }

    /// Sums over all words of what `add` adds for some of them, one for each of `length` candidates.
    /// All threads work; the sums are the same for any number of them.
    pub(super) fn sum(
        &self,
        length: usize,
        work: &Work<'_>,
        add: impl Fn(Range<usize>, &mut [f64]) -> Result<()> + Sync,
    ) -> Result<Vec<f64>> {
        let mut sum = vec![0.0; length];
        for wave in self.chunks(length).chunks(work.threads.max(1)) {
            let parts = map_chunks(wave, work.threads, |words| {
                let mut part = vec![0.0; length];
                add(words, &mut part)?;
                Ok(part)
            })?;
            for part in parts {
                sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
            }
            work.pulse.check()?;
        }
        Ok(sum)
    }
}

/// How the work is done: on how many threads, and who is told.
pub(super) struct Work<'a> {
    pub(super) threads: usize,
    pub(super) pulse: &'a Pulse<'a>,
    pub(super) round: usize,
    pub(super) rounds: usize,
}

impl Work<'_> {
    /// Tell how far the work has come.
    pub(super) fn tell(&self) -> Result<()> {
        self.pulse.tell(Stage::Expectation, self.round.min(self.rounds), self.rounds)
    }
}

/// Positions that are looked at between two looks at who wants the work to stop.
const PAUSE: usize = 1 << 14;

/// The sums over all ways to segment a word, up to and from each of its positions.
#[derive(Default)]
struct Sums {
    before: Vec<f64>,
    behind: Vec<f64>,
    /// How often `before` was scaled up when each position was reached.
    scalings: Vec<i32>,
}

impl Sums {
    /// Add how often each candidate is expected in one word that occurs `count` times.
    fn expect(
        &mut self,
        lattices: &Lattices,
        chances: &[f64],
        word: Range<usize>,
        count: f64,
        expected: &mut [f64],
        pulse: &Pulse<'_>,
    ) -> Result<()> {
        self.sum_before(lattices, chances, word.clone(), pulse)?;
        let length = word.len();
        let all = self.before[length];
        let scaled = self.scalings[length];
        let mut scalings = 0;
        self.behind.clear();
        self.behind.resize(length + 1, 0.0);
        self.behind[length] = 1.0;
        for at in (0..length).rev() {
            if at.is_multiple_of(PAUSE) {
                pulse.check()?;
            }
            let surplus = scaled - self.scalings[at] - scalings;
            let scale = if surplus == 0 { 1.0 } else { SCALE.powi(surplus) };
            let share = count * self.before[at] / all * scale;
            let mut sum = 0.0;
            each(lattices, word.start + at, |id, wide| {
                let chance = chances[id as usize] * self.behind[at + wide];
                expected[id as usize] += share * chance;
                sum += chance;
            });
            self.behind[at] = sum;
            if sum < TINY {
                let reach = (at + lattices.longest).min(length);
                self.behind[at..=reach].iter_mut().for_each(|sum| *sum *= SCALE);
                scalings += 1;
            }
        }
        Ok(())
    }

    fn sum_before(
        &mut self,
        lattices: &Lattices,
        chances: &[f64],
        word: Range<usize>,
        pulse: &Pulse<'_>,
    ) -> Result<()> {
        let length = word.len();
        self.before.clear();
        self.before.resize(length + 1, 0.0);
        self.scalings.clear();
        self.before[0] = 1.0;
        let mut scalings = 0;
        for at in 0..length {
            if at.is_multiple_of(PAUSE) {
                pulse.check()?;
            }
            if self.before[at] < TINY {
                let reach = (at + lattices.longest).min(length);
                self.before[at..=reach].iter_mut().for_each(|sum| *sum *= SCALE);
                scalings += 1;
            }
            self.scalings.push(scalings);
            let here = self.before[at];
            each(lattices, word.start + at, |id, wide| {
                self.before[at + wide] += here * chances[id as usize];
            });
        }
        self.scalings.push(scalings);
        Ok(())
    }
}

/// The candidates at a position; the unknown one where the character itself is none.
#[inline]
pub(super) fn each(lattices: &Lattices, position: usize, mut take: impl FnMut(u32, usize)) {
    let mut covered = false;
    for (id, length) in lattices.at(position) {
        covered |= length == 1;
        take(id, length);
    }
    if !covered {
        take(UNKNOWN, 1);
    }
}

/// The logarithmic derivative of the gamma function: in place of the logarithm it takes some off of
/// what is rare, and so works against having many candidates.
fn digamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 7.0 {
        shift -= 1.0 / x;
        x += 1.0;
    }
    x -= 0.5;
    let square = 1.0 / (x * x);
    let fourth = square * square;
    shift + x.ln() + square / 24.0 - fourth * 7.0 / 960.0 + fourth * square * 31.0 / 8064.0
        - fourth * fourth * 127.0 / 30720.0
}
