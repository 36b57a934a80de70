//! All segmentations of a text, drawn out: the n best, and one at random.
//!
//! A node is a piece at a place; a path of nodes that touch, from the start of the text to its end,
//! is a segmentation. This is the readable twin of the `viterbi` file, and the only road to more
//! than the best.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::tables::{NO_UNK, Scores, Tables};
use crate::token::TokenId;

/// A node's place in the lattice's list.
pub(super) type NodeIndex = usize;

const START: NodeIndex = 0;
const END: NodeIndex = 1;

/// More open hypotheses than these are cut down to the best few.
const MAX_OPEN: usize = 100_000;
const MIN_OPEN: usize = 512;
/// Hypotheses ever made, a bound on memory: what is found by then is the answer.
const MAX_HYPOTHESES: usize = 1 << 24;

#[derive(Debug)]
struct Node {
    id: TokenId,
    start: usize,
    end: usize,
    score: f64,
    /// The best way to reach the node's end, and the node before on it; `None` off every way.
    best: Option<(f64, NodeIndex)>,
}

/// All nodes over a text.
#[derive(Debug)]
pub(super) struct Lattice<'a> {
    text: &'a str,
    nodes: Vec<Node>,
    /// By byte position: nodes that start there, nodes that end there.
    starting: Vec<Vec<NodeIndex>>,
    ending: Vec<Vec<NodeIndex>>,
}

impl<'a> Lattice<'a> {
    fn new(text: &'a str) -> Self {
        let mut lattice = Self {
            text,
            nodes: Vec::new(),
            starting: vec![Vec::new(); text.len() + 1],
            ending: vec![Vec::new(); text.len() + 1],
        };
        // The two ends of every path. Their ids are no token's.
        for position in [0, text.len()] {
            lattice.nodes.push(Node {
                id: NO_UNK,
                start: position,
                end: position,
                score: 0.0,
                best: None,
            });
        }
        lattice.ending[0].push(START);
        lattice.starting[text.len()].push(END);
        lattice
    }

    /// Every piece at every place, and the unknown token where no piece is one character long.
    pub(super) fn of_text(text: &'a str, tables: &Tables, unk_id: Option<TokenId>) -> Self {
        let mut lattice = Self::new(text);
        for (start, character) in text.char_indices() {
            let char_length = character.len_utf8();
            let mut covers_char = false;
            for (length, id) in tables.trie.prefixes(&text.as_bytes()[start..]) {
                lattice.insert(start, length, score(tables, id), id);
                covers_char |= length == char_length;
            }
            if let (false, Some(id)) = (covers_char, unk_id) {
                lattice.insert(start, char_length, unknown_score(tables), id);
            }
        }
        lattice
    }

    fn insert(&mut self, start: usize, length: usize, score: f64, id: TokenId) {
        let node = self.nodes.len();
        self.nodes.push(Node { id, start, end: start + length, score, best: None });
        self.starting[start].push(node);
        self.ending[start + length].push(node);
    }

    /// Where a node ends, and its id.
    pub(super) fn step(&self, node: NodeIndex) -> (u32, TokenId) {
        let node = &self.nodes[node];
        (u32::try_from(node.end).expect("the length of a piece was checked"), node.id)
    }

    /// The best path, or `None` when no path leads through.
    pub(super) fn viterbi(&mut self) -> Option<Vec<NodeIndex>> {
        self.nodes[START].best = Some((0.0, START));
        for position in 0..=self.text.len() {
            for right in 0..self.starting[position].len() {
                let right = self.starting[position][right];
                self.nodes[right].best = self.best_before(position, self.nodes[right].score);
            }
        }
        let (_, mut node) = self.nodes[END].best?;
        let mut path = Vec::new();
        while node != START {
            path.push(node);
            node = self.nodes[node].best.expect("a node on a path was reached").1;
        }
        path.reverse();
        Some(path)
    }

    /// The best of the nodes that end at `position`, the first of equals, as a way to a node that
    /// starts there and has this score.
    fn best_before(&self, position: usize, score: f64) -> Option<(f64, NodeIndex)> {
        let mut best: Option<(f64, NodeIndex)> = None;
        for &left in &self.ending[position] {
            let Some((until_left, _)) = self.nodes[left].best else { continue };
            let sum = until_left + score;
            if best.is_none_or(|(best, _)| sum > best) {
                best = Some((sum, left));
            }
        }
        best
    }

    /// The `n` best paths, best first.
    pub(super) fn nbest(&mut self, n: usize) -> Vec<Vec<NodeIndex>> {
        let mut paths = Vec::new();
        let Some(best) = self.viterbi() else { return paths };
        match n {
            0 => {}
            1 => paths.push(best),
            _ => NBest::new(self, n).run(&mut paths),
        }
        paths
    }

    /// One of the `n` best paths, each as likely as its probability to the power of `theta` says.
    pub(super) fn sample_nbest(
        &mut self,
        n: usize,
        theta: f64,
        random: &mut fastrand::Rng,
    ) -> Option<Vec<NodeIndex>> {
        let mut paths = self.nbest(n);
        let logits: Vec<f64> = paths
            .iter()
            .map(|path| theta * path.iter().map(|&node| self.nodes[node].score).sum::<f64>())
            .collect();
        if paths.is_empty() {
            return None;
        }
        Some(paths.swap_remove(pick(&logits, random)))
    }

    /// A path drawn from all of them, backwards, by the sums of what leads to each node.
    pub(super) fn sample(
        &mut self,
        theta: f64,
        random: &mut fastrand::Rng,
    ) -> Option<Vec<NodeIndex>> {
        // Marks what can be reached: nothing else may be drawn.
        self.viterbi()?;
        let sums = self.forward_sums(theta);
        let mut path = Vec::new();
        let mut position = self.text.len();
        while position > 0 {
            let lefts: Vec<NodeIndex> = self.reached(position).collect();
            let logits: Vec<f64> =
                lefts.iter().map(|&left| sums[left] + theta * self.nodes[left].score).collect();
            let node = lefts[pick(&logits, random)];
            path.push(node);
            position = self.nodes[node].start;
        }
        path.reverse();
        Some(path)
    }

    fn reached(&self, position: usize) -> impl Iterator<Item = NodeIndex> + '_ {
        self.ending[position].iter().copied().filter(|&node| self.nodes[node].best.is_some())
    }

    /// For every node the logarithm of the sum over all ways to its start. The reference smooths
    /// what came before once more at every node, and so does this.
    fn forward_sums(&self, theta: f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.nodes.len()];
        for position in 0..=self.text.len() {
            let mut total: Option<f64> = None;
            for left in self.reached(position) {
                let way = theta * (self.nodes[left].score + sums[left]);
                total = Some(total.map_or(way, |total| log_sum_exp(total, way)));
            }
            for &right in &self.starting[position] {
                sums[right] = total.unwrap_or(0.0);
            }
        }
        sums
    }
}

fn score(tables: &Tables, id: TokenId) -> f64 {
    match &tables.scores {
        Scores::Double { of, .. } => of[id as usize],
        Scores::Single { of, .. } => f64::from(of[id as usize]),
    }
}

fn unknown_score(tables: &Tables) -> f64 {
    match tables.scores {
        Scores::Double { unknown, .. } => unknown,
        Scores::Single { unknown, .. } => f64::from(unknown),
    }
}

/// log(exp(x) + exp(y)), without overflow.
fn log_sum_exp(x: f64, y: f64) -> f64 {
    let (low, high) = if x > y { (y, x) } else { (x, y) };
    if high > low + 50.0 { high } else { high + (low - high).exp().ln_1p() }
}

/// An index, drawn with probabilities in proportion to the exponentials of `logits`; the first when
/// they give no distribution.
fn pick(logits: &[f64], random: &mut fastrand::Rng) -> usize {
    let highest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logits.iter().map(|logit| (logit - highest).exp()).collect();
    let mut rest = random.f64() * weights.iter().sum::<f64>();
    for (index, weight) in weights.iter().enumerate() {
        rest -= weight;
        if rest < 0.0 {
            return index;
        }
    }
    0
}

/// A path from some node to the end of the text, while the n best are searched.
struct Hypothesis {
    node: NodeIndex,
    /// The hypothesis this one puts a node in front of.
    next: Option<usize>,
    /// The score from the end to this node.
    behind: f64,
}

/// A hypothesis in the queue, by the best score that a whole path through it can have.
struct Open {
    bound: f64,
    hypothesis: usize,
}

impl Ord for Open {
    /// Higher bounds first, then older hypotheses.
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound.total_cmp(&other.bound).then_with(|| other.hypothesis.cmp(&self.hypothesis))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Open {}

/// A best-first search backwards: the scores of Viterbi tell what a path can reach at best.
struct NBest<'a, 'b> {
    lattice: &'a Lattice<'b>,
    n: usize,
    hypotheses: Vec<Hypothesis>,
    open: BinaryHeap<Open>,
}

impl<'a, 'b> NBest<'a, 'b> {
    fn new(lattice: &'a Lattice<'b>, n: usize) -> Self {
        let hypotheses = vec![Hypothesis { node: END, next: None, behind: 0.0 }];
        let open = BinaryHeap::from([Open { bound: 0.0, hypothesis: 0 }]);
        Self { lattice, n, hypotheses, open }
    }

    fn run(mut self, paths: &mut Vec<Vec<NodeIndex>>) {
        while let Some(Open { hypothesis, .. }) = self.open.pop() {
            if self.hypotheses[hypothesis].node == START {
                paths.push(self.path(hypothesis));
                if paths.len() == self.n {
                    return;
                }
            } else if self.hypotheses.len() < MAX_HYPOTHESES {
                self.extend(hypothesis);
                self.shrink();
            }
        }
    }

    fn extend(&mut self, next: usize) {
        let Hypothesis { node, behind, .. } = self.hypotheses[next];
        for left in self.lattice.reached(self.lattice.nodes[node].start) {
            let Node { score, best, .. } = &self.lattice.nodes[left];
            let (until_left, _) = best.expect("only reached nodes are looked at");
            self.open.push(Open { bound: until_left + behind, hypothesis: self.hypotheses.len() });
            self.hypotheses.push(Hypothesis {
                node: left,
                next: Some(next),
                behind: score + behind,
            });
        }
    }

    /// Long texts with repetitions have too many equal ways: keep the best.
    fn shrink(&mut self) {
        if self.open.len() > MAX_OPEN {
            let kept = MIN_OPEN.min(self.n.saturating_mul(10));
            self.open = std::iter::from_fn(|| self.open.pop()).take(kept).collect();
        }
    }

    fn path(&self, hypothesis: usize) -> Vec<NodeIndex> {
        let mut path = Vec::new();
        let mut at = self.hypotheses[hypothesis].next;
        while let Some(index) = at {
            let Hypothesis { node, next, .. } = self.hypotheses[index];
            if node != END {
                path.push(node);
            }
            at = next;
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lattice: &Lattice<'_>, path: &[NodeIndex]) -> Vec<String> {
        let slice = |&node: &NodeIndex| {
            lattice.text[lattice.nodes[node].start..lattice.nodes[node].end].to_owned()
        };
        path.iter().map(slice).collect()
    }

    fn lattice() -> Lattice<'static> {
        let mut lattice = Lattice::new("ABC");
        let nodes = [(0, 1, 0.0), (1, 1, 0.0), (2, 1, 0.0), (0, 2, 2.0), (1, 2, 5.0), (0, 3, 10.0)];
        for (id, (start, length, score)) in (3..).zip(nodes) {
            lattice.insert(start, length, score, id);
        }
        lattice
    }

    #[test]
    fn n_best_come_in_order() {
        let mut lattice = lattice();
        let paths = lattice.nbest(10);
        let found: Vec<_> = paths.iter().map(|path| texts(&lattice, path)).collect();
        assert_eq!(found, [vec!["ABC"], vec!["A", "BC"], vec!["AB", "C"], vec!["A", "B", "C"]]);
        assert_eq!(lattice.nbest(2), paths[..2]);
        assert_eq!(lattice.nbest(1), paths[..1]);
        assert!(lattice.nbest(0).is_empty());
    }

    #[test]
    fn sampling_follows_the_scores() {
        let mut lattice = Lattice::new("AB");
        for (id, (start, length, score)) in
            [(0, 1, 0.0), (1, 1, 0.0), (0, 2, 1.0)].iter().enumerate()
        {
            lattice.insert(*start, *length, *score, u32::try_from(id).unwrap());
        }
        let mut random = fastrand::Rng::with_seed(1);
        let whole =
            (0..4000).filter(|_| lattice.sample(1.0, &mut random).unwrap().len() == 1).count();
        // e / (1 + e) of 4000 is 2924; the standard deviation is 28.
        assert!((2780..3070).contains(&whole), "{whole}");
    }

    #[test]
    fn no_way_through_is_no_path() {
        let mut lattice = Lattice::new("AB");
        lattice.insert(0, 1, 0.0, 1);
        assert_eq!(lattice.viterbi(), None);
        assert!(lattice.nbest(3).is_empty());
        assert_eq!(lattice.sample(1.0, &mut fastrand::Rng::with_seed(1)), None);
    }
}
