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
use crate::vocab::Vocab;
use crate::vocab::pair_table::{ABSENT, PairTable};

pub(super) struct Matcher {
    /// From a node and a byte to a node.
    edges: PairTable,
    nodes: Vec<Node>,
    pops: Vec<Pops>,
}

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

/// Where a word starts: the root of all tokens.
const START: u32 = 0;
/// Where it goes on behind a token: the root of those with the prefix, without it.
const INSIDE: u32 = 1;

impl Matcher {
    pub(super) fn new(vocab: &Vocab, prefix: &str) -> Self {
        let mut trie = Trie::new();
        trie.add(START, vocab.iter().map(|(token, id)| (token.as_bytes(), id)).collect());
        let inside = vocab.iter().filter_map(|(token, id)| {
            let rest = token.strip_prefix(prefix)?;
            Some((rest.as_bytes(), id))
        });
        trie.add(INSIDE, inside.collect());
        trie.link()
    }

    /// Append the tokens of `word`; `false` (and anything in `out`) if it cannot be covered.
    pub(super) fn cover(&self, word: &[u8], out: &mut PieceTokens) -> bool {
        let mut at = START;
        for &byte in word {
            loop {
                let next = self.child(at, byte);
                if next != ABSENT {
                    at = next;
                    break;
                }
                match self.fail(at, out) {
                    Some(next) => at = next,
                    None => return false,
                }
            }
        }
        // Nothing follows: cut off tokens until nothing is left.
        while at > INSIDE {
            match self.fail(at, out) {
                Some(next) => at = next,
                None => return false,
            }
        }
        true
    }

    #[inline]
    fn child(&self, at: u32, byte: u8) -> u32 {
        let (left, right) = edge_key(at, byte);
        self.edges.get(left, right)
    }

    fn fail(&self, at: u32, out: &mut PieceTokens) -> Option<u32> {
        let Node { failure, pops } = self.nodes[at as usize];
        if failure == ABSENT {
            return None;
        }
        self.write(pops, out);
        Some(failure)
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

/// An edge as a pair of numbers that the table can pack for tries of up to 2^24 nodes.
#[inline]
fn edge_key(node: u32, byte: u8) -> (u32, u32) {
    (node >> 4, (node & 0xF) << 8 | u32::from(byte))
}

/// Both tries while they grow.
struct Trie {
    edges: Vec<Edge>,
    /// For each node, the token that ends there and its length.
    tokens: Vec<Option<Pops>>,
}

#[derive(Clone, Copy)]
struct Edge {
    parent: u32,
    byte: u8,
    child: u32,
    depth: u32,
}

impl Trie {
    fn new() -> Self {
        Self { edges: Vec::new(), tokens: vec![None, None] }
    }

    /// Hang tokens under a root. Sorted, each starts with a part of the path of the one before.
    fn add(&mut self, root: u32, mut tokens: Vec<(&[u8], TokenId)>) {
        tokens.sort_unstable();
        let mut path = vec![root];
        let mut before: &[u8] = &[];
        for (token, id) in tokens {
            let shared = before.iter().zip(token).take_while(|(a, b)| a == b).count();
            path.truncate(shared + 1);
            for &byte in &token[shared..] {
                let child = u32::try_from(self.tokens.len()).expect("fewer than 2^32 nodes");
                let depth = u32::try_from(path.len()).expect("no deeper than nodes");
                self.edges.push(Edge { parent: path[path.len() - 1], byte, child, depth });
                self.tokens.push(None);
                path.push(child);
            }
            let bytes = u32::try_from(token.len()).expect("no longer than nodes");
            // The roots are no tokens: an empty token would never move on.
            if bytes > 0 {
                self.tokens[path[token.len()] as usize] = Some(Pops::One { id, bytes });
            }
            before = token;
        }
    }

    /// Find every node's failure link and pops, those of short texts first.
    fn link(mut self) -> Matcher {
        let edges = self.edges.iter().map(|edge| (edge_key(edge.parent, edge.byte), edge.child));
        let mut matcher = Matcher {
            edges: PairTable::new(edges),
            nodes: vec![Node { failure: ABSENT, pops: 0 }; self.tokens.len()],
            pops: Vec::new(),
        };
        self.edges.sort_by_key(|edge| edge.depth);
        for edge in self.edges {
            matcher.nodes[edge.child as usize] = match self.tokens[edge.child as usize] {
                Some(token) => Node { failure: INSIDE, pops: matcher.put(token) },
                None => matcher.link_like(edge.parent, edge.byte),
            };
        }
        matcher
    }
}

impl Matcher {
    /// The links of the child of `parent` at `byte`, which is no token: cut off what the parent
    /// would cut off, and on, until the rest can be followed by `byte`.
    fn link_like(&mut self, parent: u32, byte: u8) -> Node {
        let Node { mut failure, mut pops } = self.nodes[parent as usize];
        while failure != ABSENT {
            let next = self.child(failure, byte);
            if next != ABSENT {
                return Node { failure: next, pops };
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
