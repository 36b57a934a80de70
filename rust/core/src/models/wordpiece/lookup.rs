//! Longest match by asking the vocabulary for every stretch, the longest first.
//!
//! The obvious way, in time quadratic in the word; but there is nothing to build before the first one.

use super::super::piece_tokens::PieceTokens;
use crate::vocab::Vocab;

/// Append the tokens of `word`; `false` (and anything in `out`) if it cannot be covered.
#[allow(clippy::cast_possible_truncation, reason = "the word is short")]
pub(super) fn cover(vocab: &Vocab, prefix: &str, word: &str, out: &mut PieceTokens) -> bool {
    let mut stretch = String::with_capacity(prefix.len() + word.len());
    let mut start = 0;
    while start < word.len() {
        let inside = if start == 0 { "" } else { prefix };
        stretch.clear();
        stretch.push_str(inside);
        stretch.push_str(&word[start..]);
        let id = loop {
            if let Some(id) = vocab.id(&stretch) {
                break id;
            }
            if stretch.pop().is_none() || stretch.len() <= inside.len() {
                return false;
            }
        };
        let end = start + stretch.len() - inside.len();
        out.push(id, start as u32, end as u32);
        start = end;
    }
    true
}
