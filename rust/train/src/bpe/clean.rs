//! Merging without the reference's habits: the pair that is the most frequent at the time is merged
//! wherever it stands.

use fissile_core::Result;
use fissile_core::util::hash::Map;

use super::counts::PairCounts;
use super::pairs::{Pair, Round};
use super::queue::Queue;
use super::words::Words;
use super::{BpeTrainer, Learned};
use crate::progress::{Progress, Stage};
use crate::symbols::Symbols;

impl BpeTrainer {
    pub(super) fn merge_cleanly(
        &self,
        words: &mut Words,
        learned: &mut Learned,
        progress: &mut Progress<'_>,
    ) -> Result<()> {
        let mut counts = PairCounts::default();
        let mut queue = Queue::new();
        // Where each pair stands, or stood.
        let mut places: Map<Pair, Vec<u32>> = Map::default();
        words.pairs(progress, |pair, count, stands| {
            counts.add(pair, count);
            if self.is_short(&learned.symbols, pair) {
                queue.push(pair, count, &[]);
            }
            places.insert(pair, stands.to_vec());
        })?;
        let mut round = Round::default();
        while learned.symbols.len() < self.vocab_size {
            let Some(top) = self.next(&mut queue, &counts) else { break };
            self.name(top.pair, learned, &mut round)?;
            let mut stood = places.remove(&top.pair).unwrap_or_default();
            stood.sort_unstable();
            stood.dedup();
            words.merge(&stood, &mut round);
            let queue = |pair, count, found: &[u32]| {
                if count > 0 && self.is_short(&learned.symbols, pair) {
                    queue.push(pair, count, &[]);
                }
                places.entry(pair).or_default().extend(found);
            };
            round.end(&mut counts, queue, |_| ());
            counts.reset(top.pair);
            progress.step(Stage::Merges, learned.symbols.len(), self.vocab_size)?;
        }
        Ok(())
    }

    /// Whether a pair makes a token that is not too long.
    fn is_short(&self, symbols: &Symbols, Pair(left, right): Pair) -> bool {
        let prefix = self.continuing_subword_prefix.as_deref();
        self.max_token_length
            .is_none_or(|limit| symbols.join(left, right, prefix).chars().count() <= limit)
    }
}
