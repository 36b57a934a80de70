//! Units that do not fit the table: longer, or of many tokens. Bounded by bytes; emptied when full.

use crate::cache::UnitTokens;
use crate::util::hash::Map;

/// Longer units are rare and rarely come back.
const MAX_UNIT: usize = 256;
const MAX_BYTES: usize = 16 << 20;

/// Units and what they encode to.
#[derive(Default)]
pub(crate) struct LongUnits {
    units: Map<Box<[u8]>, UnitTokens>,
    bytes: usize,
}

impl LongUnits {
    pub(crate) fn get(&self, unit: &[u8], salt: bool) -> Option<&UnitTokens> {
        if unit.len() > MAX_UNIT { None } else { self.units.get(&*keyed(unit, salt)) }
    }

    pub(crate) fn insert(&mut self, unit: &[u8], salt: bool, tokens: &UnitTokens) {
        if unit.len() > MAX_UNIT {
            return;
        }
        // Starting over costs one miss per unit met again, and there is no bookkeeping on a hit.
        if self.bytes > MAX_BYTES {
            self.units.clear();
            self.bytes = 0;
        }
        self.bytes += 128 + unit.len() + tokens.ids.len() * 16;
        self.units.insert(keyed(unit, salt).into(), tokens.clone());
    }
}

fn keyed(unit: &[u8], salt: bool) -> std::borrow::Cow<'_, [u8]> {
    if salt {
        // No text holds the byte 0xFF, so a salted key equals no plain one.
        let mut key = Vec::with_capacity(unit.len() + 1);
        key.push(0xff);
        key.extend_from_slice(unit);
        key.into()
    } else {
        unit.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_within_its_bound() {
        let mut cache = LongUnits::default();
        let tokens = UnitTokens { ids: vec![7; 20], ..UnitTokens::default() };
        for i in 0..100_000u32 {
            cache.insert(&i.to_le_bytes(), i % 2 == 0, &tokens);
            assert!(cache.bytes <= MAX_BYTES + 1024);
        }
        assert_eq!(cache.get(&99_999u32.to_le_bytes(), false), Some(&tokens));
        assert_eq!(cache.get(&99_999u32.to_le_bytes(), true), None);
    }
}
