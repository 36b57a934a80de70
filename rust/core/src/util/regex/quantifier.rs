//! `* + ? {n,m}` with their lazy and possessive forms, and what they become when they are nested.

use super::ast::{Node, Repeat};
use super::cursor::Cursor;
use crate::error::Result;

/// The largest count the dialect takes.
const MAX_COUNT: u32 = 100_000;

/// One quantifier as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quantifier {
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    pub(super) greedy: bool,
    pub(super) possessive: bool,
}

/// Read a quantifier if one comes next. A brace that opens none is left alone: it is a character.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Option<Quantifier>> {
    let (min, max) = match cursor.peek() {
        Some('*') => (0, None),
        Some('+') => (1, None),
        Some('?') => (0, Some(1)),
        Some('{') => return interval(cursor),
        _ => return Ok(None),
    };
    cursor.next();
    let greedy = !cursor.eat("?");
    let possessive = greedy && cursor.eat("+");
    Ok(Some(Quantifier { min, max, greedy, possessive }))
}

/// `{n}`, `{n,}`, `{,m}`, `{n,m}`; with `n > m` the two change places and the whole is possessive.
fn interval(cursor: &mut Cursor<'_>) -> Result<Option<Quantifier>> {
    let start = cursor.at();
    cursor.next();
    let low = count(cursor)?;
    let comma = cursor.eat(",");
    let high = if comma { count(cursor)? } else { low };
    if !cursor.eat("}") || (low.is_none() && high.is_none()) {
        cursor.go_to(start);
        return Ok(None);
    }
    let (min, max) = (low.unwrap_or(0), high);
    if let Some(max) = max.filter(|&max| min > max) {
        return Ok(Some(Quantifier { min: max, max: Some(min), greedy: true, possessive: true }));
    }
    // A fixed count has no lazy form: the question mark behind it is a quantifier of its own.
    let greedy = !comma || !cursor.eat("?");
    Ok(Some(Quantifier { min, max, greedy, possessive: false }))
}

fn count(cursor: &mut Cursor<'_>) -> Result<Option<u32>> {
    let at = cursor.at();
    let digits = cursor.digits(10, usize::MAX);
    if digits.is_empty() {
        return Ok(None);
    }
    match digits.parse() {
        Ok(count) if count <= MAX_COUNT => Ok(Some(count)),
        _ => Err(cursor.error_at(at, "too big number for repeat range")),
    }
}

/// The six simple quantifiers, in the order of the table below.
fn simple(min: u32, max: Option<u32>, greedy: bool) -> Option<usize> {
    let kind = match (min, max) {
        (0, Some(1)) => 0,
        (0, None) => 1,
        (1, None) => 2,
        _ => return None,
    };
    Some(if greedy { kind } else { kind + 3 })
}

/// What a simple quantifier on a simple quantifier means in the dialect.
#[derive(Clone, Copy)]
enum Nested {
    /// The inner one alone.
    Inner,
    Star,
    Plus,
    LazyStar,
    LazyOption,
    /// `(?:…+)??`
    PlusLazyOption,
    AsIs,
}

/// Rows: the inner quantifier, columns: the outer one; both `? * + ?? *? +?`.
const NESTED: [[Nested; 6]; 6] = {
    use Nested::{AsIs, Inner, LazyOption, LazyStar, Plus, PlusLazyOption, Star};
    [
        [Inner, Star, Star, LazyOption, LazyStar, AsIs],
        [Inner, Inner, Inner, PlusLazyOption, PlusLazyOption, Inner],
        [Star, Star, Inner, AsIs, PlusLazyOption, Inner],
        [Inner, LazyStar, LazyStar, Inner, LazyStar, LazyStar],
        [Inner, Inner, Inner, Inner, Inner, Inner],
        [AsIs, Star, Plus, LazyStar, LazyStar, Inner],
    ]
};

/// A repetition, simplified by the dialect's own rules if it repeats a repetition. The rules change what
/// matches in a few cases (`a+?*` is `a*`), so they are part of the dialect.
pub(super) fn reduced(outer: Repeat) -> Node {
    let Node::Repeat(inner) = &*outer.node else { return Node::Repeat(outer) };
    let inner_kind = simple(inner.min, inner.max, inner.greedy);
    let outer_kind = simple(outer.min, outer.max, outer.greedy);
    match (inner_kind, outer_kind) {
        (Some(i), Some(o)) => combine(NESTED[i][o], outer),
        (Some(1 | 2), None) => capped(outer),
        _ => fixed(outer),
    }
}

fn combine(rule: Nested, outer: Repeat) -> Node {
    let body = |outer: Repeat| match *outer.node {
        Node::Repeat(inner) => inner.node,
        other => Box::new(other),
    };
    let make =
        |outer, min, max, greedy| Node::Repeat(Repeat { node: body(outer), min, max, greedy });
    match rule {
        Nested::Inner => *outer.node,
        Nested::Star => make(outer, 0, None, true),
        Nested::Plus => make(outer, 1, None, true),
        Nested::LazyStar => make(outer, 0, None, false),
        Nested::LazyOption => make(outer, 0, Some(1), false),
        Nested::PlusLazyOption => {
            let plus = make(outer, 1, None, true);
            Node::Repeat(Repeat { node: Box::new(plus), min: 0, max: Some(1), greedy: false })
        }
        Nested::AsIs => Node::Repeat(outer),
    }
}

/// `(?:a*){n,m}`: the inner repetition takes everything, so more than `n` rounds are idle.
fn capped(mut outer: Repeat) -> Node {
    if outer.greedy && outer.max.is_some_and(|max| max > 1) {
        outer.max = Some(outer.min.max(1));
    }
    Node::Repeat(outer)
}

/// `(?:a{n}){m}` is `a{n*m}`.
fn fixed(outer: Repeat) -> Node {
    let Node::Repeat(inner) = &*outer.node else { return Node::Repeat(outer) };
    let is_fixed = |r: &Repeat| r.max == Some(r.min);
    match inner.min.checked_mul(outer.min) {
        Some(count) if is_fixed(inner) && is_fixed(&outer) => Node::Repeat(Repeat {
            node: inner.node.clone(),
            min: count,
            max: Some(count),
            greedy: true,
        }),
        _ => Node::Repeat(outer),
    }
}
