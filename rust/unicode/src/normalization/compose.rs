//! The composition of two characters. Not for which two of a text may compose: see `segments.rs`.

use super::hangul;
use crate::tables::composition::{FIRSTS, ROW_STARTS, ROWS};

/// The character that two characters compose to, if any.
#[inline]
pub(super) fn compose(first: char, second: char) -> Option<char> {
    let row = usize::from(FIRSTS.get(first));
    if row == 0 {
        return hangul::compose(first, second);
    }
    let row = &ROWS[usize::from(ROW_STARTS[row])..usize::from(ROW_STARTS[row + 1])];
    let at = row.binary_search_by_key(&second, |&(second, _)| second).ok()?;
    Some(row[at].1)
}
