//! Which pieces of bytes are tokens as they stand.
//!
//! The vocabulary knows that too, by the tokens' texts; from bytes to text and through its tables that
//! is five places in memory a piece. Here it is one, and a second where there is such a token.

#![allow(clippy::cast_possible_truncation, reason = "hashes and slots are cut to their parts")]

use crate::text::byte_alphabet::char_to_byte;
use crate::token::TokenId;
use crate::util::pages::Pages;
use crate::vocab::Vocab;

/// Longest piece that is kept, in bytes.
pub(super) const MAX_PIECE: usize = 15;

const INDEX_BITS: u32 = 24;
const INDEX_MASK: u64 = (1 << INDEX_BITS) - 1;
const FREE: u64 = 0;

/// The bytes of a piece, and their number in the last place; never zero.
type Key = [u64; 2];

/// The tokens of at most [`MAX_PIECE`] bytes, by their bytes.
#[derive(Clone)]
pub(super) struct WholePieces {
    /// A part of the hash above, the token's index below plus one; [`FREE`] where there is none.
    slots: Pages<u64>,
    keys: Pages<Key>,
    ids: Vec<TokenId>,
}

impl WholePieces {
    /// `None` if they are too many to number.
    pub(super) fn new(vocab: &Vocab) -> Option<Self> {
        let tokens: Vec<_> =
            vocab.iter().filter_map(|(token, id)| Some((bytes_of(token)?, id))).collect();
        if tokens.len() as u64 >= INDEX_MASK {
            return None;
        }
        let slots = Pages::zeroed((tokens.len() * 2).next_power_of_two().max(2));
        let mut this = Self {
            slots,
            keys: Pages::zeroed(tokens.len()),
            ids: tokens.iter().map(|&(_, id)| id).collect(),
        };
        for (index, (key, _)) in tokens.iter().enumerate() {
            this.keys.as_mut_slice()[index] = *key;
            let (tag, mut at) = place(*key);
            let slots = this.slots.as_mut_slice();
            let mask = slots.len() - 1;
            while slots[at & mask] != FREE {
                at += 1;
            }
            slots[at & mask] = tag | (index as u64 + 1);
        }
        Some(this)
    }

    /// The token that a piece of at most [`MAX_PIECE`] bytes is.
    pub(super) fn id(&self, piece: &[u8]) -> Option<TokenId> {
        let key = key_of(piece);
        let (tag, mut at) = place(key);
        let slots = self.slots.as_slice();
        loop {
            let slot = slots[at & (slots.len() - 1)];
            if slot == FREE {
                return None;
            }
            let index = (slot & INDEX_MASK) as usize - 1;
            if slot & !INDEX_MASK == tag && self.keys.as_slice()[index] == key {
                return Some(self.ids[index]);
            }
            at += 1;
        }
    }
}

/// The bytes that a token's text stands for; `None` if it is too long or no such text.
fn bytes_of(token: &str) -> Option<Key> {
    let mut bytes = [0; MAX_PIECE];
    let mut len = 0;
    for c in token.chars() {
        *bytes.get_mut(len)? = char_to_byte(c)?;
        len += 1;
    }
    (len > 0).then(|| key_of(&bytes[..len]))
}

fn key_of(piece: &[u8]) -> Key {
    let mut bytes = [0; 16];
    bytes[..piece.len()].copy_from_slice(piece);
    bytes[15] = piece.len() as u8;
    let key = u128::from_le_bytes(bytes);
    [key as u64, (key >> 64) as u64]
}

/// The part of the hash that a slot keeps, and where the slot is looked for first.
fn place([low, high]: Key) -> (u64, usize) {
    let product =
        u128::from(low ^ 0x9e37_79b9_7f4a_7c15) * u128::from(high ^ 0xd1b5_4a32_d192_ed03);
    let hash = ((product >> 64) as u64 ^ product as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash & !INDEX_MASK, (hash >> 20) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::byte_alphabet::byte_to_char;

    #[test]
    fn short_pieces_are_found_by_their_bytes() {
        let text = |bytes: &[u8]| bytes.iter().map(|&byte| byte_to_char(byte)).collect::<String>();
        let pieces: Vec<Vec<u8>> = (0..=u8::MAX)
            .map(|byte| vec![byte])
            .chain((1..=20).map(|len| vec![0; len]))
            .chain([b" word".to_vec(), "день".into(), vec![255; 15]])
            .collect();
        let tokens = (1000..).zip(&pieces).map(|(id, piece)| (text(piece), id));
        let vocab = Vocab::from_pairs(tokens.chain([("<|end of text|>".to_owned(), 7)]));
        let whole = WholePieces::new(&vocab).unwrap();
        for piece in pieces.iter().filter(|piece| piece.len() <= MAX_PIECE) {
            assert_eq!(whole.id(piece), vocab.id(&text(piece)), "{piece:?}");
        }
        assert_eq!(whole.id(b" Word"), None);
        assert_eq!(whole.id(b"<|end of text|>"), None);
        assert_eq!(WholePieces::new(&Vocab::default()).unwrap().id(b"a"), None);
    }
}
