//! Longest match, again and again, in time linear in the word.
//!
//! The obvious way restarts behind every token it has found and so reads long stretches many times.
//! This one walks a trie and never steps back: every node knows which tokens the greedy match would
//! have cut off the front of its text (its *pops*) by the time the walk gets stuck there, and the
//! node that stands for what is left behind them (its *failure link*). The method is `LinMaxMatch` of
//! "Fast `WordPiece` Tokenization" (Song et al., 2021, arXiv 2012.15524), with two differences:
//!
//! * Tokens for the start of a word and tokens for its inside are two tries, so that a word which
//!   really contains the prefix is no special case.
//! * Pops are shared, since lists written out at every node would be quadratic in the longest token.

use super::super::piece_tokens::PieceTokens;
use crate::token::TokenId;
use crate::util::double_array::DoubleArray;
use crate::vocab::Vocab;

pub(super) struct Matcher {
    /// Both tries under one root.
    edges: DoubleArray,
    /// For each slot of that.
    nodes: Vec<Node>,
    pops: Vec<Pops>,
    /// Where a word starts: the root of all tokens.
    start: usize,
    /// Where it goes on behind a token: the root of those with the prefix, without it.
    inside: usize,
}

/// In place of a node where there is none.
const ABSENT: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Node {
    /// Where to go on from here, or [`ABSENT`] where the word cannot be covered.
    failure: u32,
    /// What to write on the way there: a position in `pops`. Means nothing without a failure link.
    pops: u32,
}

/// A list of tokens.
#[derive(Clone, Copy)]
enum Pops {
    One {
        id: TokenId,
        bytes: u32,
    },
    /// Two lists, one behind the other.
    Both(u32, u32),
}

/// What leads from the root to the two tries.
const START: u8 = 0;
const INSIDE: u8 = 1;

impl Matcher {
    /// `None` when the vocabulary is too large for a trie.
    pub(super) fn new(vocab: &Vocab, prefix: &str) -> Option<Self> {
        let mut keys = Keys::default();
        keys.push(START, "", 0);
        keys.push(INSIDE, "", 0);
        for (token, id) in vocab.iter() {
            keys.push(START, token, id);
            if let Some(rest) = token.strip_prefix(prefix) {
                keys.push(INSIDE, rest, id);
            }
        }
        let edges = DoubleArray::build(keys.iter().map(|(key, _)| key).zip(0..)).ok()?;
        let root = |byte| edges.next_slot(0, byte).unwrap_or_default();
        let matcher = Self {
            start: root(START),
            inside: root(INSIDE),
            nodes: vec![Node { failure: ABSENT, pops: 0 }; edges.len()],
            pops: Vec::new(),
            edges,
        };
        Some(matcher.linked(&keys))
    }

    /// Append the tokens of `word`; `false` (and anything in `out`) if it cannot be covered.
    pub(super) fn cover(&self, word: &[u8], out: &mut PieceTokens) -> bool {
        let mut at = self.start;
        for &byte in word {
            at = loop {
                if let Some(next) = self.edges.next_slot(at, byte) {
                    break next;
                }
                match self.fail(at, out) {
                    Some(next) => at = next,
                    None => return false,
                }
            }
        }
        // Nothing follows: cut off tokens until nothing is left.
        while at != self.inside && at != self.start {
            match self.fail(at, out) {
                Some(next) => at = next,
                None => return false,
            }
        }
        true
    }

    fn fail(&self, at: usize, out: &mut PieceTokens) -> Option<usize> {
        let Node { failure, pops } = self.nodes[at];
        if failure == ABSENT {
            return None;
        }
        self.write(pops, out);
        Some(failure as usize)
    }

    fn write(&self, pops: u32, out: &mut PieceTokens) {
        let mut list = pops;
        let mut rest = Vec::new();
        loop {
            match self.pops[list as usize] {
                Pops::Both(first, second) => {
                    rest.push(second);
                    list = first;
                }
                Pops::One { id, bytes } => {
                    let start = out.ends.last().copied().unwrap_or(0);
                    out.push(id, start, start + bytes);
                    match rest.pop() {
                        Some(next) => list = next,
                        None => return,
                    }
                }
            }
        }
    }
}

/// Tokens under the byte of their trie, one behind the other.
#[derive(Default)]
struct Keys {
    bytes: Vec<u8>,
    ends: Vec<(usize, TokenId)>,
}

impl Keys {
    fn push(&mut self, trie: u8, token: &str, id: TokenId) {
        self.bytes.push(trie);
        self.bytes.extend_from_slice(token.as_bytes());
        self.ends.push((self.bytes.len(), id));
    }

    fn iter(&self) -> impl Iterator<Item = (&[u8], TokenId)> {
        let mut start = 0;
        self.ends.iter().map(move |&(end, id)| {
            let key = &self.bytes[start..end];
            start = end;
            (key, id)
        })
    }
}

/// An edge of a trie, as far below its root as `depth` says.
#[derive(Clone, Copy)]
struct Edge {
    parent: u32,
    child: u32,
    depth: u32,
    byte: u8,
}

#[allow(clippy::cast_possible_truncation, reason = "a double array has fewer than 2^28 slots")]
impl Matcher {
    /// Find every node's failure link and pops, those of short texts first.
    fn linked(mut self, keys: &Keys) -> Self {
        let (edges, tokens) = self.walk_all(keys);
        for edge in edges {
            let child = edge.child as usize;
            self.nodes[child] = match tokens[child] {
                (0, _) => self.link_like(edge.parent as usize, edge.byte),
                (bytes, id) => {
                    Node { failure: self.inside as u32, pops: self.put(Pops::One { id, bytes }) }
                }
            };
        }
        self
    }

    /// All edges below the two roots by depth, and for each slot the token that ends there: its length, 0 for none,
    /// and its id.
    fn walk_all(&self, keys: &Keys) -> (Vec<Edge>, Vec<(u32, TokenId)>) {
        let mut tokens = vec![(0, 0); self.edges.len()];
        let mut is_met = vec![false; self.edges.len()];
        let mut edges = Vec::new();
        for (key, id) in keys.iter() {
            let mut at = if key[0] == START { self.start } else { self.inside };
            for (depth, &byte) in (1..).zip(&key[1..]) {
                let next = self.edges.next_slot(at, byte).unwrap_or_default();
                if !std::mem::replace(&mut is_met[next], true) {
                    edges.push(Edge { parent: at as u32, child: next as u32, depth, byte });
                }
                at = next;
            }
            // The roots are no tokens: an empty token would never move on.
            tokens[at] = (key.len() as u32 - 1, id);
        }
        edges.sort_by_key(|edge| edge.depth);
        (edges, tokens)
    }

    /// The links of the child of `parent` at `byte`, which is no token: cut off what the parent
    /// would cut off, and on, until the rest can be followed by `byte`.
    fn link_like(&mut self, parent: usize, byte: u8) -> Node {
        let Node { mut failure, mut pops } = self.nodes[parent];
        while failure != ABSENT {
            if let Some(next) = self.edges.next_slot(failure as usize, byte) {
                return Node { failure: next as u32, pops };
            }
            let link = self.nodes[failure as usize];
            if link.failure != ABSENT {
                pops = self.put(Pops::Both(pops, link.pops));
            }
            failure = link.failure;
        }
        Node { failure: ABSENT, pops: 0 }
    }

    fn put(&mut self, pops: Pops) -> u32 {
        self.pops.push(pops);
        u32::try_from(self.pops.len() - 1).expect("no more lists than bytes of tokens")
    }
}
