//! Which ASCII characters the tokens of a model hold side by side.

/// A set of pairs of ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AsciiPairs {
    /// For each left character a bit for each right one.
    rows: [u128; 128],
    /// Whether the space is with every letter behind it.
    pub(super) space_holds_letters: bool,
    /// Whether no character that is seen is with a space behind it.
    pub(super) nothing_holds_space: bool,
}

impl AsciiPairs {
    /// From some pairs.
    pub(crate) fn new(pairs: impl Iterator<Item = (u8, u8)>) -> Self {
        let mut set =
            Self { rows: [0; 128], space_holds_letters: false, nothing_holds_space: false };
        for (left, right) in pairs {
            set.rows[usize::from(left & 127)] |= 1 << (right & 127);
        }
        let mut ascii = 0..128;
        set.space_holds_letters =
            ascii.clone().all(|byte: u8| !byte.is_ascii_alphabetic() || set.holds(b' ', byte));
        set.nothing_holds_space =
            ascii.all(|byte: u8| !byte.is_ascii_graphic() || !set.holds(byte, b' '));
        set
    }

    /// Whether a pair is among them.
    #[inline]
    pub(super) fn holds(&self, left: u8, right: u8) -> bool {
        self.rows[usize::from(left & 127)] >> (right & 127) & 1 == 1
    }
}
