//! The full decomposition of one character. Not for its order among others: see `segments.rs`.

use super::hangul;
use super::properties::Form;
use crate::tables::decomposition::{CANONICAL, COMPATIBLE, POOL, STRETCHES};

/// Hands each character of a character's full decomposition to `emit`.
///
/// Call it only for characters that decompose under the form.
#[inline]
pub(super) fn decompose(character: char, form: Form, mut emit: impl FnMut(char)) {
    if let Some((jamo, count)) = hangul::decompose(character) {
        jamo[..count].iter().for_each(|&jamo| emit(jamo));
        return;
    }
    let compatible = if form.compatible { COMPATIBLE.get(character) } else { 0 };
    let number = if compatible == 0 { CANONICAL.get(character) } else { compatible };
    let (start, length) = STRETCHES[usize::from(number)];
    let start = usize::from(start);
    POOL[start..start + usize::from(length)].iter().for_each(|&part| emit(part));
}
