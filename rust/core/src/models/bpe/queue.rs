//! Joining by a queue, the plain form: for rules of which several may be equally good.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Where the symbol of a position was swallowed by the one before.
const GONE: usize = usize::MAX;

/// Join neighbours in place until no rule is left for any: those of the lowest order first, the
/// leftmost of equals. `rule` gives the order and the result for two neighbours. Returns the positions
/// that hold a symbol in the end, ascending; each covers what lies up to the next.
pub(crate) fn join_all(
    symbols: &mut [u32],
    rule: impl Fn(u32, u32) -> Option<(u32, u32)>,
) -> Vec<usize> {
    let mut next: Vec<usize> = (1..=symbols.len()).collect();
    let mut before: Vec<usize> = (0..symbols.len()).map(|at| at.wrapping_sub(1)).collect();
    let candidate = |symbols: &[u32], left: usize, right: usize| {
        let pair = (*symbols.get(left)?, *symbols.get(right)?);
        let (order, result) = rule(pair.0, pair.1)?;
        Some(Reverse((order, left, right, pair, result)))
    };
    let mut queue: BinaryHeap<_> =
        (1..symbols.len()).filter_map(|at| candidate(symbols, at - 1, at)).collect();
    while let Some(Reverse((_, left, right, pair, result))) = queue.pop() {
        if next[left] != right || (symbols[left], symbols[right]) != pair {
            continue;
        }
        symbols[left] = result;
        let behind = std::mem::replace(&mut next[right], GONE);
        next[left] = behind;
        if let Some(back) = before.get_mut(behind) {
            *back = left;
        }
        queue.extend(candidate(symbols, before[left], left));
        queue.extend(candidate(symbols, left, behind));
    }
    (0..symbols.len()).filter(|&at| next[at] != GONE).collect()
}
