//! Unigram: begin with many candidates, and drop those that are needed least until few are left.
//!
//! [`seed`] finds the candidates, [`em`] estimates how likely each is, [`prune`] says which can go; [`extend`]
//! puts new pieces behind those of a model. The
//! steps and the constants are the reference's, with two differences that make unseen text likelier: what
//! a candidate's loss is ([`prune`]), and scores that are estimated once more when the last candidates
//! have gone. The result is the same on any number of threads, where the reference's differs from run to
//! run. `tests/reference/unigram.py` is the slow twin.

mod em;
mod extend;
mod prune;
mod seed;

use fissile_core::models::Unigram;
use fissile_core::models::unigram::UnigramOptions;
use fissile_core::util::hash::{Map, Set};
use fissile_core::util::parallel::thread_count;
use fissile_core::vocab::AddedToken;
use fissile_core::{Error, Result};

use crate::count::WordCounts;
use crate::progress::{Progress, Pulse, Stage};
use em::{Candidates, Lattices, UNKNOWN, Work};
use seed::{Corpus, Seeds};

/// What is added to the lowest score for each character that was dropped and has to come back.
const STEP_FOR_CHARACTERS: f64 = 0.0001;

/// Trains Unigram models.
#[derive(Debug, Clone, PartialEq)]
pub struct UnigramTrainer {
    /// Tokens at most, alphabet and special tokens included.
    pub vocab_size: usize,
    /// Rounds of estimation before each dropping.
    pub n_sub_iterations: u32,
    /// The share of candidates that stays at each dropping.
    pub shrinking_factor: f64,
    /// Tokens that come first.
    pub special_tokens: Vec<AddedToken>,
    /// Characters that are kept even if they do not occur.
    pub initial_alphabet: Vec<char>,
    /// What stands for the unknown; it comes first if it is no special token.
    pub unk_token: Option<String>,
    /// Characters of a token at most.
    pub max_piece_length: usize,
    /// Candidates at most.
    pub seed_size: usize,
    /// Texts that become tokens whatever the corpus says.
    pub seed_tokens: Vec<String>,
}

impl Default for UnigramTrainer {
    fn default() -> Self {
        Self {
            vocab_size: 8000,
            n_sub_iterations: 2,
            shrinking_factor: 0.75,
            special_tokens: Vec::new(),
            initial_alphabet: Vec::new(),
            unk_token: None,
            max_piece_length: 16,
            seed_size: 1_000_000,
            seed_tokens: Vec::new(),
        }
    }
}

impl UnigramTrainer {
    /// Train a model on counted words.
    ///
    /// # Errors
    /// When the vocabulary is too small for the characters or the special tokens, a setting is no
    /// sensible one, or the listener of `progress` says so.
    pub fn train(&self, counts: &WordCounts, progress: &mut Progress<'_>) -> Result<Unigram> {
        let first = (Stage::Seeds, 0, counts.len());
        progress.tell(first.0, first.1, first.2)?;
        progress.during(first, |pulse| self.train_on(counts, pulse))
    }

    fn train_on(&self, counts: &WordCounts, pulse: &Pulse<'_>) -> Result<Unigram> {
        let required = self.required(counts);
        self.check(required.len())?;
        let corpus = Corpus::new(counts)?;
        let seeds = Seeds::new(&corpus, self.seed_size, self.max_piece_length, pulse)?;
        let mut candidates = Candidates::of(&seeds);
        let mut lattices = Lattices::new(&corpus, &seeds, pulse)?;
        drop(seeds);
        pulse.tell(Stage::Seeds, counts.len(), counts.len())?;
        let mut work = Work { threads: thread_count(None), pulse, round: 0, rounds: 1 };
        self.shrink(&mut candidates, &mut lattices, &mut work)?;
        self.choose(&mut candidates, &mut lattices, (&corpus, &required), &work)?;
        pulse.tell(Stage::Expectation, work.rounds, work.rounds)?;
        self.model(&candidates, &corpus, &required)
    }

    fn check(&self, characters: usize) -> Result<()> {
        if characters > self.vocab_size {
            return Err(Error::invalid("The vocabulary is not large enough to contain all chars")
                .in_field("vocab_size")
                .expecting(format!("at least {characters}"))
                .finding(self.vocab_size.to_string())
                .hinting("raise vocab_size, or normalize rare characters away"));
        }
        if self.special_tokens.len() + usize::from(self.unk_comes_first()) > self.vocab_size {
            return Err(Error::invalid("the vocabulary has no room for the special tokens")
                .in_field("vocab_size")
                .finding(self.vocab_size.to_string()));
        }
        if !(0.0..1.0).contains(&self.shrinking_factor) {
            return Err(Error::invalid("the vocabulary would never shrink")
                .in_field("shrinking_factor")
                .expecting("at least 0 and less than 1")
                .finding(self.shrinking_factor.to_string()));
        }
        Ok(())
    }

    fn shrink(
        &self,
        candidates: &mut Candidates,
        lattices: &mut Lattices,
        work: &mut Work<'_>,
    ) -> Result<()> {
        let wanted = self.vocab_size.saturating_mul(11) / 10;
        work.rounds = self.rounds(candidates.len(), wanted);
        loop {
            work.tell()?;
            for _ in 0..self.n_sub_iterations {
                let expected = lattices.expect(candidates, work)?;
                candidates.maximise(&expected, lattices);
            }
            let before = candidates.len();
            if before <= wanted {
                return Ok(());
            }
            let share = (before as f64 * self.shrinking_factor) as usize;
            prune::prune(candidates, lattices, wanted.max(share), work)?;
            if candidates.len() == before {
                return Ok(());
            }
            work.round += 1;
        }
    }

    /// How often candidates will be dropped, about.
    fn rounds(&self, candidates: usize, wanted: usize) -> usize {
        let shrinks = (wanted as f64 / candidates as f64).ln() / self.shrinking_factor.ln();
        if shrinks.is_finite() { shrinks.max(0.0) as usize + 1 } else { 1 }
    }

    /// The texts that have to be tokens: the characters, ascending, and the seed tokens behind them.
    fn required(&self, counts: &WordCounts) -> Vec<String> {
        let mut characters: Set<char> = self.initial_alphabet.iter().copied().collect();
        characters.extend(counts.iter().flat_map(|(word, _)| word.chars()));
        let mut required: Vec<String> = characters.into_iter().map(String::from).collect();
        required.sort_unstable();
        let mut known: Set<String> = required.iter().cloned().collect();
        required.extend(
            self.seed_tokens.iter().filter(|token| known.insert((*token).clone())).cloned(),
        );
        required
    }

    /// Whether the unknown token has to be put before the special ones.
    fn unk_comes_first(&self) -> bool {
        self.unk_token.is_some() && self.unk_place().is_none()
    }

    fn unk_place(&self) -> Option<usize> {
        let unk = self.unk_token.as_ref()?;
        self.special_tokens.iter().position(|token| token.content == *unk)
    }

    /// Keep what is required and as many of the other candidates, those with the most to lose, as there
    /// is room for, and give them the scores that they deserve among themselves.
    ///
    /// The reference leaves the scores as they were when there were a tenth more candidates; their
    /// shares of the text are missing then, and unseen text comes out less likely.
    fn choose(
        &self,
        candidates: &mut Candidates,
        lattices: &mut Lattices,
        (corpus, required): (&Corpus, &[String]),
        work: &Work<'_>,
    ) -> Result<()> {
        let seeds: Set<&String> = self.seed_tokens.iter().collect();
        let is_required = |id: &u32| {
            let place = candidates.places[*id as usize];
            place.length == 1 || !seeds.is_empty() && seeds.contains(&place.text(corpus))
        };
        let special = self.special_tokens.len() + usize::from(self.unk_comes_first());
        let room = self.vocab_size.saturating_sub(special + required.len());
        let all = 1..candidates.len() as u32;
        let mut kept = vec![UNKNOWN];
        kept.extend(all.clone().filter(is_required));
        kept.extend(all.filter(|id| !is_required(id)).take(room));
        kept.sort_unstable();
        candidates.rearrange(&kept, lattices);
        for _ in 0..self.n_sub_iterations {
            let expected = lattices.expect(candidates, work)?;
            candidates.settle(&expected);
        }
        Ok(())
    }

    /// The model: special tokens, then all required characters and the best of the candidates.
    fn model(
        &self,
        candidates: &Candidates,
        corpus: &Corpus,
        required: &[String],
    ) -> Result<Unigram> {
        let unk = self.unk_token.iter().filter(|_| self.unk_comes_first());
        let special = self.special_tokens.iter().map(|token| &token.content);
        let first = unk.chain(special).map(|token| (token.clone(), 0.0));
        let mut pieces: Vec<(String, f64)> = first.collect();
        let room = self.vocab_size.saturating_sub(pieces.len());
        pieces.extend(chosen(candidates, corpus, required, room));
        let unk_id = self.unk_token.as_ref().map(|_| self.unk_place().unwrap_or(0));
        Unigram::new(pieces, UnigramOptions { unk_id, ..UnigramOptions::default() })
    }
}

/// The required characters and the first of the other candidates, best first.
fn chosen(
    candidates: &Candidates,
    corpus: &Corpus,
    required: &[String],
    room: usize,
) -> Vec<(String, f64)> {
    let texts: Vec<String> = candidates.places.iter().map(|place| place.text(corpus)).collect();
    let known: Map<&str, f64> =
        (texts.iter().map(String::as_str)).zip(candidates.scores.iter().copied()).skip(1).collect();
    let lowest = candidates.lowest();
    let mut spare = if lowest.is_finite() { lowest } else { 0.0 };
    let mut pieces: Vec<(String, f64)> = Vec::new();
    let mut taken: Set<String> = Set::default();
    for text in required {
        let score = known.get(text.as_str()).copied().unwrap_or_else(|| {
            spare += STEP_FOR_CHARACTERS;
            spare - STEP_FOR_CHARACTERS
        });
        taken.insert(text.clone());
        pieces.push((text.clone(), score));
    }
    let others = texts.iter().zip(&candidates.scores).skip(1);
    let others = others.filter(|(text, _)| !taken.contains(*text));
    let others = others.take(room.saturating_sub(pieces.len()));
    pieces.extend(others.map(|(text, &score)| (text.clone(), score)));
    pieces.sort_by(|a, b| b.1.total_cmp(&a.1));
    pieces
}
