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
    rewrite(node, &Follow::nothing()).0
}

/// Rewrite one node; gives how the node followed by its follower can begin.
fn rewrite(node: Node, follow: &Follow) -> (Node, Follow) {
    match node {
        Node::Empty => (Node::Empty, follow.clone()),
        Node::Char(c) => (Node::Char(c), begins(CharSet::single(c))),
        Node::Set(set) => {
            let first = begins(set.clone());
            (Node::Set(set), first)
        }
        Node::Concat(nodes) => {
            let mut follow = follow.clone();
            let mut rewritten = Vec::with_capacity(nodes.len());
            for node in nodes.into_iter().rev() {
                let (node, first) = rewrite(node, &follow);
                rewritten.push(node);
                follow = first;
            }
            rewritten.reverse();
            (Node::concat(rewritten), follow)
        }
        Node::Alternation(nodes) => {
            let (nodes, firsts): (Vec<_>, Vec<_>) =
                nodes.into_iter().map(|node| rewrite(node, follow)).unzip();
            let first = firsts.iter().fold(Follow::nothing(), Follow::join);
            (Node::alternation(nodes), first)
        }
        Node::Repeat(repeat) => rewrite_repeat(repeat, follow),
        Node::Capture(group, node) => {
            let (node, first) = rewrite(*node, follow);
            (Node::Capture(group, Box::new(node)), first)
        }
        Node::Atomic(node) => rewrite_atomic(*node, follow),
        other => (other, Follow { first: CharSet::full(), unknown: true }),
    }
}

fn begins(first: CharSet) -> Follow {
    Follow { first, unknown: false }
}

fn rewrite_repeat(repeat: Repeat, follow: &Follow) -> (Node, Follow) {
    // Behind the body comes the body again, or what follows the whole; the body's own start is found
    // with nothing known about what is behind it.
    let probe = rewrite((*repeat.node).clone(), follow).1;
    let inner_follow = probe.join(follow);
    let (node, first) = rewrite(*repeat.node, &inner_follow);
    let first = if repeat.min == 0 { first.join(follow) } else { first };
    (Node::Repeat(Repeat { node: Box::new(node), ..repeat }), first)
}

fn rewrite_atomic(node: Node, follow: &Follow) -> (Node, Follow) {
    if let Node::Repeat(Repeat { node: body, greedy: true, min, .. }) = &node {
        let body_set = match &**body {
            Node::Set(set) => Some(set.clone()),
            Node::Char(c) => Some(CharSet::single(*c)),
            _ => None,
        };
        if let Some(set) = body_set {
            let first = begins(set.clone());
            let first = if *min == 0 { first.join(follow) } else { first };
            if !follow.unknown && set.is_disjoint(&follow.first) {
                return (node, first);
            }
            return (Node::Atomic(Box::new(node)), first);
        }
    }
    if matches!(node, Node::Char(_) | Node::Set(_) | Node::Empty) {
        return rewrite(node, follow);
    }
    // The body is cut off from what follows, but how it begins may depend on it if it can be empty.
    let (node, first) = rewrite(node, &Follow { first: CharSet::full(), unknown: true });
    (Node::Atomic(Box::new(node)), first.join(follow))
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
