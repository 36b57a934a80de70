//! The characters that a vocabulary begins with.

use fissile_core::util::hash::Map;

use crate::count::WordCounts;

/// Characters that are counted in a table: those of the byte alphabet, and of many languages.
const COMMON: usize = 0x600;

/// The characters of all words and of `initial`, ascending; of more than `limit`, the rarest are left
/// out. Characters of `initial` count as the most frequent. Of equally rare ones, those with the higher
/// code points go first (the reference lets chance decide).
pub(crate) fn alphabet<'a>(
    corpora: impl IntoIterator<Item = &'a WordCounts>,
    initial: &[char],
    limit: Option<usize>,
) -> Vec<char> {
    let mut counts: Map<char, u64> = Map::default();
    let mut common: Vec<Option<u64>> = vec![None; COMMON];
    for (word, count) in corpora.into_iter().flat_map(WordCounts::iter) {
        for character in word.chars() {
            let sum = match common.get_mut(character as usize) {
                Some(sum) => sum.get_or_insert_default(),
                None => counts.entry(character).or_default(),
            };
            *sum = sum.saturating_add(count);
        }
    }
    let common = (0..).zip(common);
    counts.extend(common.filter_map(|(code, count)| Some((char::from_u32(code)?, count?))));
    counts.extend(initial.iter().map(|&character| (character, u64::MAX)));
    let mut kept: Vec<(char, u64)> = counts.into_iter().collect();
    if let Some(limit) = limit
        && limit < kept.len()
    {
        kept.sort_unstable_by_key(|&(character, count)| (std::cmp::Reverse(count), character));
        kept.truncate(limit);
    }
    let mut alphabet: Vec<char> = kept.into_iter().map(|(character, _)| character).collect();
    alphabet.sort_unstable();
    alphabet
}
