//! What a normalizer has to know about a character before it touches it. Not the transformations themselves.

use crate::tables::properties::PROPERTIES;

/// Combining class in the low byte, flags above it; `scripts/tables.py` sets the same bits.
#[derive(Clone, Copy)]
pub(super) struct Properties(u16);

/// Changes under NFD.
const DECOMPOSES: u16 = 1 << 8;
/// Changes under NFKD.
const DECOMPOSES_COMPATIBLY: u16 = 1 << 9;
/// May reorder or compose with what stands before it: its canonical decomposition starts with a mark or the second
/// half of a composition. A character without this flag starts a segment that nothing before it can influence.
const JOINS: u16 = 1 << 10;
/// The same for its compatibility decomposition.
const JOINS_COMPATIBLY: u16 = 1 << 11;
/// Never occurs in NFC.
const NEVER_COMPOSED: u16 = 1 << 12;
/// Never occurs in NFKC.
const NEVER_COMPOSED_COMPATIBLY: u16 = 1 << 13;
/// Is itself the second half of a composition.
const SECOND: u16 = 1 << 14;

impl Properties {
    #[inline]
    pub(super) fn of(character: char) -> Self {
        Self(PROPERTIES.get_latin_first(character))
    }

    /// The canonical combining class.
    #[inline]
    pub(super) fn class(self) -> u8 {
        self.0.to_le_bytes()[0]
    }

    #[inline]
    pub(super) fn is_second(self) -> bool {
        self.0 & SECOND != 0
    }
}

/// A normalization form, as the flags to ask about.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// Whether decomposed characters are composed again.
    pub(super) composes: bool,
    /// Whether the form folds compatibility characters.
    pub(super) compatible: bool,
    /// Every character that starts with a lower UTF-8 byte is left alone and joins nothing.
    pub(super) first_lead: u8,
    decomposes: u16,
    changes: u16,
    joins: u16,
}

impl Form {
    pub(super) const NFC: Self = Self {
        composes: true,
        compatible: false,
        first_lead: 0xCC,
        decomposes: DECOMPOSES,
        changes: NEVER_COMPOSED,
        joins: JOINS,
    };
    pub(super) const NFD: Self =
        Self { composes: false, first_lead: 0xC3, changes: DECOMPOSES, ..Self::NFC };
    pub(super) const NFKC: Self = Self {
        composes: true,
        compatible: true,
        first_lead: 0xC2,
        decomposes: DECOMPOSES_COMPATIBLY,
        changes: NEVER_COMPOSED_COMPATIBLY,
        joins: JOINS_COMPATIBLY,
    };
    pub(super) const NFKD: Self =
        Self { composes: false, changes: DECOMPOSES_COMPATIBLY, ..Self::NFKC };

    /// Whether the form changes the character wherever it stands.
    #[inline]
    pub(super) fn changes(self, properties: Properties) -> bool {
        properties.0 & self.changes != 0
    }

    /// Whether the character has a decomposition, be it composed again later or not.
    #[inline]
    pub(super) fn decomposes(self, properties: Properties) -> bool {
        properties.0 & self.decomposes != 0
    }

    /// Whether the character may reorder or compose with what stands before it.
    #[inline]
    pub(super) fn joins(self, properties: Properties) -> bool {
        properties.0 & self.joins != 0
    }

    /// Whether a text with the character needs a closer look.
    #[inline]
    pub(super) fn is_unstable(self, properties: Properties) -> bool {
        properties.0 & (self.changes | self.joins) != 0
    }
}
