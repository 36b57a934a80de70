//! Which patterns need no backtracking: dropping the "no way back" marks that change nothing, and
//! checking that line starts can be left to the automaton.

use super::ast::{Assertion, Node, Repeat};
use super::charset::CharSet;

/// How what follows a node can begin.
#[derive(Debug, Clone)]
struct Follow {
    /// The characters it can begin with.
    first: CharSet,
    /// It may look at the text without consuming any: nothing is known.
    unknown: bool,
}

impl Follow {
    fn nothing() -> Self {
        Self { first: CharSet::empty(), unknown: false }
    }

    fn unknown() -> Self {
        Self { first: CharSet::full(), unknown: true }
    }

    fn join(mut self, other: &Self) -> Self {
        self.first.union(&other.first);
        self.unknown |= other.unknown;
        self
    }
}

/// The pattern without the atomic groups that make no difference.
///
/// `[a]++b` is `[a]+b` if what follows cannot begin with what is repeated: giving a character back
/// never helps. So it is with nothing behind it, for the longest run is tried first.
pub(super) fn without_idle_atomics(node: Node) -> Node {
    rewrite(node, &Follow::nothing())
}

fn rewrite(node: Node, follow: &Follow) -> Node {
    match node {
        Node::Concat(nodes) => {
            let mut follow = follow.clone();
            let mut rewritten = Vec::with_capacity(nodes.len());
            for node in nodes.into_iter().rev() {
                let first = first_of(&node, &follow);
                rewritten.push(rewrite(node, &follow));
                follow = first;
            }
            rewritten.reverse();
            Node::concat(rewritten)
        }
        Node::Alternation(nodes) => {
            Node::alternation(nodes.into_iter().map(|node| rewrite(node, follow)).collect())
        }
        Node::Repeat(repeat) => {
            // Behind the body comes the body again, or what follows the whole.
            let again = first_of(&repeat.node, follow).join(follow);
            let node = Box::new(rewrite(*repeat.node, &again));
            Node::Repeat(Repeat { node, ..repeat })
        }
        Node::Capture(group, node) => Node::Capture(group, Box::new(rewrite(*node, follow))),
        Node::Atomic(node) => rewrite_atomic(*node, follow),
        other => other,
    }
}

fn rewrite_atomic(node: Node, follow: &Follow) -> Node {
    match repeated_set(&node) {
        Some(set) if !follow.unknown && set.is_disjoint(&follow.first) => node,
        Some(_) => Node::Atomic(Box::new(node)),
        None if is_plain(&node) => node,
        // The body is cut off from what follows.
        None => Node::Atomic(Box::new(rewrite(node, &Follow::unknown()))),
    }
}

fn is_plain(node: &Node) -> bool {
    matches!(node, Node::Char(_) | Node::Set(_) | Node::Empty)
}

/// The characters that a node repeats greedily, if it does nothing else.
fn repeated_set(node: &Node) -> Option<CharSet> {
    match node {
        Node::Repeat(Repeat { node, greedy: true, .. }) => match &**node {
            Node::Set(set) => Some(set.clone()),
            Node::Char(c) => Some(CharSet::single(*c)),
            _ => None,
        },
        _ => None,
    }
}

/// How a node followed by its follower can begin. Apart from the rewriting, which asks it at every level: were
/// it found by rewriting, repetitions inside of repetitions would double the work with every level.
fn first_of(node: &Node, follow: &Follow) -> Follow {
    match node {
        Node::Empty => follow.clone(),
        Node::Char(c) => begins(CharSet::single(*c)),
        Node::Set(set) => begins(set.clone()),
        Node::Concat(nodes) => {
            nodes.iter().rev().fold(follow.clone(), |follow, node| first_of(node, &follow))
        }
        Node::Alternation(nodes) => {
            let firsts = nodes.iter().map(|node| first_of(node, follow));
            firsts.fold(Follow::nothing(), |all, first| all.join(&first))
        }
        Node::Repeat(repeat) => {
            let first = first_of(&repeat.node, follow);
            if repeat.min == 0 { first.join(follow) } else { first }
        }
        Node::Capture(_, node) => first_of(node, follow),
        Node::Atomic(node) if repeated_set(node).is_some() || is_plain(node) => {
            first_of(node, follow)
        }
        // How it begins may depend on what follows if it can be empty.
        Node::Atomic(node) => first_of(node, &Follow::unknown()).join(follow),
        _ => Follow::unknown(),
    }
}

fn begins(first: CharSet) -> Follow {
    Follow { first, unknown: false }
}

/// Whether every `^` is followed by a character in all matches. The dialect's `^` does not match at the
/// very end of a text, the automaton's does; where a character follows, the two agree.
pub(super) fn line_starts_are_plain(node: &Node) -> bool {
    line_start(node, false).is_some()
}

/// `behind`: whether a character must come behind the node. Gives whether one must come behind the
/// start of the node, or `None` if a line start may end a match.
fn line_start(node: &Node, behind: bool) -> Option<bool> {
    match node {
        Node::Char(_) | Node::Set(_) => Some(true),
        Node::Concat(nodes) => {
            nodes.iter().rev().try_fold(behind, |behind, node| line_start(node, behind))
        }
        Node::Alternation(nodes) => {
            let mut all = true;
            for node in nodes {
                all &= line_start(node, behind)?;
            }
            Some(all)
        }
        Node::Repeat(repeat) => {
            let inside = line_start(&repeat.node, behind)?;
            Some(behind || (repeat.min > 0 && inside))
        }
        Node::Capture(_, node) | Node::Atomic(node) => line_start(node, behind),
        Node::Assertion(Assertion::LineStart) => behind.then_some(true),
        _ => Some(behind),
    }
}

/// Whether a loop must be left to backtracking, because of how it ends at an empty round.
///
/// Both engines leave a loop whose body matched nothing, but where the body *prefers* nothing over
/// something (`a??`, `|a`), the automaton tries the something first.
pub(super) fn loop_prefers_nothing(repeat: &Repeat) -> bool {
    repeat.max != Some(1) && can_be_empty(&repeat.node) && !empty_comes_last(&repeat.node)
}

fn can_be_empty(node: &Node) -> bool {
    match node {
        Node::Char(_) | Node::Set(_) => false,
        Node::Concat(nodes) => nodes.iter().all(can_be_empty),
        Node::Alternation(nodes) => nodes.iter().any(can_be_empty),
        Node::Repeat(repeat) => repeat.min == 0 || can_be_empty(&repeat.node),
        Node::Capture(_, node) | Node::Atomic(node) => can_be_empty(node),
        _ => true,
    }
}

/// Whether matching nothing is the last thing a node tries.
fn empty_comes_last(node: &Node) -> bool {
    match node {
        Node::Empty | Node::Char(_) | Node::Set(_) => true,
        Node::Concat(nodes) => !can_be_empty(node) || nodes.iter().all(empty_comes_last),
        Node::Alternation(nodes) => nodes.split_last().is_none_or(|(last, others)| {
            !others.iter().any(can_be_empty) && empty_comes_last(last)
        }),
        Node::Repeat(repeat) => {
            !can_be_empty(node) || (repeat.greedy && empty_comes_last(&repeat.node))
        }
        Node::Capture(_, node) => empty_comes_last(node),
        _ => false,
    }
}
