//! Byte-pair encoding: merge the most frequent pair of neighbours, again and again.
//!
//! The result is that of the reference, byte for byte, in all that it does the same way every time. A
//! few of its habits are needed for that, and are kept on purpose:
//!
//! * A pair is queued with the words in which it came up in one round. When it comes up again later, in
//!   other words, it is queued once more, with those; each time it is merged in its own words only, and
//!   each time a merge is written down (the last one counts in the model).
//! * The count of a pair stays when the pair is merged.
//! * `max_token_length` bounds what is counted behind the first round only: two characters are always
//!   merged, and a count can fall below zero, which makes it the highest of all.
//!
//! Where the reference leaves things to chance (which symbol with a prefix or suffix is numbered first,
//! which of two equally rare characters is left out), the order of texts decides here.
//!
//! [`BpeTrainer::clean`] leaves these habits out. [`words`] holds the words and merges in them, [`pairs`]
//! gathers what a round changes, [`queue`] says which pair is next, [`clean`] is the loop without the
//! habits, [`start`] begins with merges that are there already.

mod cells;
mod clean;
mod counts;
mod first;
mod long;
mod pairs;
mod queue;
mod start;
mod words;

use fissile_core::models::Bpe;
use fissile_core::models::bpe::BpeOptions;
use fissile_core::vocab::AddedToken;
use fissile_core::{Result, TokenId};

use crate::alphabet::alphabet;
use crate::count::WordCounts;
use crate::progress::{Progress, Stage};
use crate::symbols::Symbols;
pub(crate) use counts::PairCounts;
pub(crate) use pairs::{Pair, Round};
use queue::{Queue, Queued};
pub(crate) use start::{gap, numbered};
pub(crate) use words::{Affixes, Bounds, Spelling, Words};

/// Trains BPE models.
#[derive(Debug, Clone, PartialEq)]
pub struct BpeTrainer {
    /// Tokens at most, alphabet and special tokens included (which all stay, however many there are).
    pub vocab_size: usize,
    /// How often a pair has to occur to be merged.
    pub min_frequency: u64,
    /// Tokens that come first.
    pub special_tokens: Vec<AddedToken>,
    /// Characters at most; words lose the others.
    pub limit_alphabet: Option<usize>,
    /// Characters that are kept even if they do not occur.
    pub initial_alphabet: Vec<char>,
    /// Put before every symbol but the first of a word.
    pub continuing_subword_prefix: Option<String>,
    /// Put behind the last symbol of a word.
    pub end_of_word_suffix: Option<String>,
    /// Pairs that would make longer tokens are not counted.
    pub max_token_length: Option<usize>,
    /// Texts that become tokens whatever the corpus says, spelled in the characters of the words.
    pub seed_tokens: Vec<String>,
    /// Always merge the pair that is most frequent at the time, wherever it stands, and make no longer
    /// tokens than `max_token_length`: the textbook's way, without the reference's habits.
    pub clean: bool,
}

impl Default for BpeTrainer {
    fn default() -> Self {
        Self {
            vocab_size: 30_000,
            min_frequency: 0,
            special_tokens: Vec::new(),
            limit_alphabet: None,
            initial_alphabet: Vec::new(),
            continuing_subword_prefix: None,
            end_of_word_suffix: None,
            max_token_length: None,
            seed_tokens: Vec::new(),
            clean: false,
        }
    }
}

/// Tokens and merges, as they were learned.
pub(crate) struct Learned {
    pub(crate) symbols: Symbols,
    pub(crate) merges: Vec<(TokenId, TokenId)>,
}

impl Learned {
    /// The model. What is not learned (dropout, the unknown token, …) is as in `options`.
    pub(crate) fn to_model(&self, options: BpeOptions) -> Result<Bpe> {
        let text = |id: TokenId| self.symbols.text(id);
        let merges = self.merges.iter().map(|&(left, right)| (text(left), text(right)));
        Bpe::from_merges(self.symbols.to_vocab(), merges, options)
    }
}

impl BpeTrainer {
    /// Train a model on counted words. What is not learned (dropout, the unknown token, …) is taken
    /// from `options`.
    ///
    /// # Errors
    /// When the listener of `progress` says so, or there are more symbols than numbers.
    pub fn train(
        &self,
        words: &WordCounts,
        options: &BpeOptions,
        progress: &mut Progress<'_>,
    ) -> Result<Bpe> {
        self.learn(words, progress)?.to_model(BpeOptions {
            continuing_subword_prefix: self.continuing_subword_prefix.clone(),
            end_of_word_suffix: self.end_of_word_suffix.clone(),
            ..options.clone()
        })
    }

    pub(crate) fn learn(
        &self,
        counts: &WordCounts,
        progress: &mut Progress<'_>,
    ) -> Result<Learned> {
        let mut initial = self.initial_alphabet.clone();
        initial.extend(self.seed_tokens.iter().flat_map(|token| token.chars()));
        let alphabet = alphabet([counts], &initial, self.limit_alphabet);
        let mut symbols = Symbols::new(&self.special_tokens, &alphabet)?;
        progress.tell(Stage::Symbols, 0, counts.len())?;
        let affixes = self.affixes();
        affixes.number([counts], &mut symbols)?;
        let merges = self.seed_merges(&mut symbols)?;
        let mut learned = Learned { symbols, merges };
        self.go_on(counts, &mut learned, progress)?;
        Ok(learned)
    }

    /// Learn more merges behind those that are there.
    fn go_on(
        &self,
        counts: &WordCounts,
        learned: &mut Learned,
        progress: &mut Progress<'_>,
    ) -> Result<()> {
        let bounds = Bounds {
            symbols: self.vocab_size.max(learned.symbols.len()),
            width: self.max_token_length.filter(|_| !self.clean),
        };
        let mut words = if learned.merges.is_empty() {
            Words::new(counts, &learned.symbols, self.affixes(), bounds, progress)?
        } else {
            start::merged_words(counts, learned, self.affixes(), bounds, progress)?
        };
        self.merge_words(&mut words, learned, progress)
    }

    /// Merge pairs until there are tokens enough.
    pub(crate) fn merge_words(
        &self,
        words: &mut Words,
        learned: &mut Learned,
        progress: &mut Progress<'_>,
    ) -> Result<()> {
        progress.tell(Stage::Pairs, 0, words.len())?;
        if self.clean {
            self.merge_cleanly(words, learned, progress)?;
        } else {
            self.merge(words, learned, progress)?;
        }
        progress.tell(Stage::Merges, learned.symbols.len(), learned.symbols.len())
    }

    fn affixes(&self) -> Affixes<'_> {
        Affixes {
            prefix: self.continuing_subword_prefix.as_deref(),
            suffix: self.end_of_word_suffix.as_deref(),
        }
    }

    fn merge(
        &self,
        words: &mut Words,
        learned: &mut Learned,
        progress: &mut Progress<'_>,
    ) -> Result<()> {
        let (mut pairs, mut queue) = first_pairs(words, progress)?;
        let mut round = Round::default();
        while learned.symbols.len() < self.vocab_size {
            let Some(top) = self.next(&mut queue, &pairs) else { break };
            self.name(top.pair, learned, &mut round)?;
            words.merge(queue.places(&top), &mut round);
            let queue = |pair, count, places: &[u32]| {
                if count > 0 {
                    queue.push(pair, count, places);
                }
            };
            round.end(&mut pairs, queue, |_| ());
            progress.step(Stage::Merges, learned.symbols.len(), self.vocab_size)?;
        }
        Ok(())
    }

    /// The pair that is merged next; none when none is frequent enough.
    fn next(&self, queue: &mut Queue, counts: &PairCounts) -> Option<Queued> {
        queue.pop(counts).filter(|top| top.count >= self.min_frequency.max(1))
    }

    /// Make a token of a pair, write the merge down, and begin the round.
    fn name(&self, pair: Pair, learned: &mut Learned, round: &mut Round) -> Result<()> {
        let Learned { symbols, merges } = learned;
        let prefix = self.continuing_subword_prefix.as_deref();
        let before = symbols.len();
        let token = symbols.put(&symbols.join(pair.0, pair.1, prefix))?;
        merges.push((pair.0, pair.1));
        round.begin(pair, token, before);
        Ok(())
    }
}

/// All pairs of neighbours, and the queue of them.
fn first_pairs(words: &mut Words, progress: &mut Progress<'_>) -> Result<(PairCounts, Queue)> {
    let mut pairs = PairCounts::default();
    let mut queue = Queue::new();
    words.pairs(progress, |pair, count, places| {
        pairs.add(pair, count);
        queue.push(pair, count, places);
    })?;
    Ok((pairs, queue))
}
