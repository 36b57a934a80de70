//! Which candidates can go: those whose loss makes the texts least unlikely.

use fissile_core::Result;

use super::em::{Candidates, Lattices, UNKNOWN, Work, each};
use super::seed::Place;

/// Candidates that are looked at between two looks at who wants the work to stop.
const PAUSE: u32 = 1 << 12;

/// Drop candidates until `size` are left, or all that can go are gone.
pub(super) fn prune(
    candidates: &mut Candidates,
    lattices: &mut Lattices,
    size: usize,
    work: &Work<'_>,
) -> Result<()> {
    let used = uses(candidates, lattices, work)?;
    let total: f64 = used.iter().sum();
    let unknown = candidates.unknown_score();
    let mut path = Path::default();
    let mut kept = vec![UNKNOWN];
    let mut losses: Vec<(f64, u32)> = Vec::new();
    for id in 1..candidates.len() as u32 {
        if id % PAUSE == 0 {
            work.pulse.check()?;
        }
        let often = used[id as usize];
        match path.without(id, candidates, lattices, unknown) {
            // A single character.
            None => kept.push(id),
            Some(score) if score > candidates.scores[id as usize] => {
                if often > 0.0 {
                    kept.push(id);
                }
            }
            Some(_) if often > 0.0 => {
                losses.push((loss(often, total, &path.ids, &used), id));
            }
            Some(_) => {}
        }
    }
    losses.sort_by(|a, b| b.0.total_cmp(&a.0));
    let room = size.saturating_sub(kept.len());
    kept.extend(losses.into_iter().take(room).map(|(_, id)| id));
    candidates.rearrange(&kept, lattices);
    Ok(())
}

/// How much less likely all texts would be, as a logarithm, were each use of a candidate replaced.
///
/// With more uses in all, every share falls. The published formula leaves out what that takes from the
/// other candidates; with it, vocabularies are kept that segment unseen text into fewer tokens and
/// make it likelier (`bench/train_quality.py` measures it).
fn loss(often: f64, total: f64, instead: &[u32], used: &[f64]) -> f64 {
    let total_without = total + often * (instead.len() as f64 - 1.0);
    let share = |uses: f64| (uses / total_without).ln();
    let then: f64 = instead.iter().map(|&id| share(used[id as usize] + often)).sum();
    let others = (total - often) * (total_without / total).ln();
    often * ((often / total).ln() - then) + others
}

/// How often each candidate is used when every word is segmented the best way.
fn uses(candidates: &Candidates, lattices: &Lattices, work: &Work<'_>) -> Result<Vec<f64>> {
    let unknown = candidates.unknown_score();
    lattices.sum(candidates.len(), work, |words, used| {
        let mut path = Path::default();
        for (start, end, count) in lattices.words(words) {
            path.find(candidates, lattices, (start, end), None, unknown);
            work.pulse.check()?;
            path.ids.iter().for_each(|&id| used[id as usize] += count);
        }
        Ok(())
    })
}

/// The best way to segment a stretch of the corpus.
#[derive(Default)]
struct Path {
    ids: Vec<u32>,
    /// The best score up to each position, with the candidate that ends there and its length.
    best: Vec<(f64, u32, usize)>,
}

impl Path {
    /// The best way to segment a candidate without itself, and its score.
    fn without(
        &mut self,
        id: u32,
        candidates: &Candidates,
        lattices: &Lattices,
        unknown: f64,
    ) -> Option<f64> {
        let Place { at, length } = candidates.places[id as usize];
        if length < 2 {
            return None;
        }
        let start = at as usize;
        let stretch = (start, start + usize::from(length));
        Some(self.find(candidates, lattices, stretch, Some(id), unknown))
    }

    fn find(
        &mut self,
        candidates: &Candidates,
        lattices: &Lattices,
        (start, end): (usize, usize),
        but: Option<u32>,
        unknown: f64,
    ) -> f64 {
        let Self { ids, best } = self;
        best.clear();
        best.resize(end - start + 1, (f64::NEG_INFINITY, UNKNOWN, 0));
        best[0].0 = 0.0;
        for at in 0..end - start {
            let here = best[at].0;
            each(lattices, start + at, |id, length| {
                if at + length > end - start || Some(id) == but {
                    return;
                }
                let score = if id == UNKNOWN { unknown } else { candidates.scores[id as usize] };
                let there = &mut best[at + length];
                if here + score > there.0 {
                    *there = (here + score, id, length);
                }
            });
        }
        ids.clear();
        let mut at = end - start;
        while at > 0 {
            ids.push(best[at].1);
            at -= best[at].2;
        }
        ids.reverse();
        best[end - start].0
    }
}
