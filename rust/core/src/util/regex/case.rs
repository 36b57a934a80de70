//! Ignoring case, the way the dialect does it: one character for one, and one for several (`ß`, `ss`).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::ast::Node;
use super::charset::CharSet;
use super::fold_table::MULTI_FOLDS;

/// From a folded sequence to the characters that fold to it.
static UNFOLDS: LazyLock<HashMap<&'static str, Vec<char>>> = LazyLock::new(|| {
    let mut map: HashMap<&'static str, Vec<char>> = HashMap::new();
    for &(character, fold) in MULTI_FOLDS {
        map.entry(fold).or_default().push(character);
    }
    map
});

/// The set, and every character that differs from one of its characters by case only.
pub(crate) fn fold_set(set: &CharSet) -> CharSet {
    let mut class = set.to_class();
    class.case_fold_simple();
    let mut folded = CharSet::from_class(&class);
    for group in UNFOLDS.values().filter(|group| group.len() > 1) {
        if group.iter().any(|&c| set.contains(u32::from(c))) {
            folded.union(&CharSet::from_ranges(group.iter().map(|&c| (c.into(), c.into()))));
        }
    }
    // A set may hold code points that are no characters; they stay.
    folded.union(set);
    folded
}

/// A set under "ignore case", with the sequences that some of its characters are equal to.
pub(crate) fn class_node(inner: &CharSet, negated: bool) -> Node {
    let folded = fold_set(inner);
    if negated {
        return Node::Set(folded.negate());
    }
    let mut choices = vec![Node::Set(folded.clone())];
    for (fold, unfolds) in UNFOLDS.iter() {
        if unfolds.iter().any(|&c| folded.contains(u32::from(c))) {
            choices.push(sequence(fold));
        }
    }
    // The map has no order of its own.
    choices[1..].sort_by_key(|node| format!("{node:?}"));
    Node::alternation(choices)
}

/// A string under "ignore case". Inside a look-behind only single characters are exchanged.
pub(crate) fn string_node(text: &[char], in_look_behind: bool) -> Node {
    let simple: Vec<char> = text.iter().map(|&c| fold_char(c)).collect();
    let mut nodes = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let (node, length) = if in_look_behind {
            (single(text[at]), 1)
        } else {
            sequence_at(&simple[at..]).unwrap_or_else(|| (character(text[at]), 1))
        };
        nodes.push(node);
        at += length;
    }
    Node::concat(nodes)
}

/// A sequence at the front that one character can stand for, with its length.
fn sequence_at(folded: &[char]) -> Option<(Node, usize)> {
    for length in [3, 2] {
        if folded.len() < length {
            continue;
        }
        let key: String = folded[..length].iter().collect();
        if let Some((fold, unfolds)) = UNFOLDS.get_key_value(key.as_str()) {
            return Some((one_or_several(unfolds, fold), length));
        }
    }
    None
}

/// One character and what it is equal to.
fn character(c: char) -> Node {
    match MULTI_FOLDS.iter().find(|&&(from, _)| from == c) {
        Some(&(_, fold)) => one_or_several(&UNFOLDS[fold], fold),
        None => single(c),
    }
}

fn single(c: char) -> Node {
    set_or_char(&fold_set(&CharSet::single(c)))
}

fn one_or_several(unfolds: &[char], fold: &str) -> Node {
    let singles = CharSet::from_ranges(unfolds.iter().map(|&c| (c.into(), c.into())));
    Node::alternation(vec![set_or_char(&singles), sequence(fold)])
}

fn sequence(fold: &str) -> Node {
    Node::concat(fold.chars().map(single).collect())
}

fn set_or_char(set: &CharSet) -> Node {
    let mut ranges = set.char_ranges();
    match (ranges.next(), ranges.next()) {
        (Some((a, b)), None) if a == b => Node::Char(a),
        _ => Node::Set(set.clone()),
    }
}

/// The character's simple case folding.
fn fold_char(c: char) -> char {
    let mut class = CharSet::single(c).to_class();
    class.case_fold_simple();
    // The class holds all that are equal; any fixed choice serves to compare, but the table is
    // written with lower-case letters, so prefer the one that is its own lower case.
    let mut first = None;
    for range in class.iter() {
        for candidate in range.start()..=range.end() {
            if candidate.to_lowercase().eq([candidate])
                && !MULTI_FOLDS.iter().any(|&(from, _)| from == candidate)
            {
                let better =
                    first.is_none_or(|old: char| is_fold_target(candidate) && !is_fold_target(old));
                if better {
                    first = Some(candidate);
                }
            }
        }
    }
    first.unwrap_or(c)
}

/// Whether the character occurs in a folded sequence.
fn is_fold_target(c: char) -> bool {
    MULTI_FOLDS.iter().any(|(_, fold)| fold.contains(c))
}
