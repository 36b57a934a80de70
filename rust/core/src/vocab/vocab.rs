//! Token to id and back, built once.
//!
//! All texts lie behind each other in one string, in order of their ids; the way from a text to its
//! id is a hash table of positions in that order. A vocabulary of 250,000 tokens is five
//! allocations, not half a million.

use std::fmt;
use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use super::text_index::TextIndex;
use crate::token::TokenId;
use crate::util::prefetch::prefetch;
use crate::util::sections::{Sections, Stored};

/// A vocabulary: distinct strings, each with an id; ids may leave holes.
///
/// Two tokens may share an id (files with that fault exist): both are found by their text, and the
/// one that came first answers for the id.
#[derive(Clone, Default)]
pub struct Vocab {
    /// The tokens' texts, by ascending id.
    text: String,
    /// Where each text ends.
    ends: Vec<usize>,
    /// The id of each, ascending.
    ids: Vec<TokenId>,
    by_id: ById,
    by_text: TextIndex,
}

/// How an id leads to its position among the sorted ids.
#[derive(Clone, Default)]
enum ById {
    /// They are the same number.
    #[default]
    Same,
    /// Few holes: a table, with [`HOLE`] where no token is.
    Table(Vec<u32>),
    /// Many holes or shared ids: a binary search, since a table may be as long as the largest id.
    Search,
}

const HOLE: u32 = u32::MAX;

impl Vocab {
    /// From tokens and ids. A later pair with the same token wins; of two tokens with one id the
    /// first keeps the way back.
    pub fn from_pairs<S: AsRef<str>>(pairs: impl IntoIterator<Item = (S, TokenId)>) -> Self {
        let pairs = pairs.into_iter();
        let mut vocab = Self::with_capacity(pairs.size_hint().0);
        for (token, id) in pairs {
            vocab.put(token.as_ref(), id);
        }
        vocab.sort();
        vocab.by_id = ById::new(&vocab.ids);
        vocab
    }

    /// The id of a token.
    pub fn id(&self, token: &str) -> Option<TokenId> {
        self.id_of_bytes(token.as_bytes())
    }

    /// The id of the token with these bytes. Bytes that are no UTF-8 are no token.
    pub fn id_of_bytes(&self, token: &[u8]) -> Option<TokenId> {
        let at = self.by_text.find(hash(token), |at| self.bytes_at(at) == token)?;
        Some(self.id_at(at))
    }

    /// The ids of several tokens, looked for together so that their memory is waited for together.
    pub(crate) fn ids_of_each<const N: usize>(&self, tokens: &[&[u8]; N]) -> [Option<TokenId>; N] {
        let hashes = tokens.map(hash);
        for hash in hashes {
            self.by_text.fetch(hash);
        }
        // Most likely the one: so many bits of the hash are the same.
        let found = hashes.map(|hash| self.by_text.find(hash, |_| true));
        for &at in found.iter().flatten() {
            prefetch(&self.ends[at as usize]);
        }
        for &at in found.iter().flatten() {
            self.text.as_bytes().get(self.start(at as usize)).into_iter().for_each(prefetch);
        }
        std::array::from_fn(|index| {
            let token = tokens[index];
            let at = found[index]?;
            if self.bytes_at(at) == token { Some(self.id_at(at)) } else { self.id_of_bytes(token) }
        })
    }

    fn id_at(&self, at: u32) -> TokenId {
        // Where the two are the same number, that is one cache miss less.
        if matches!(self.by_id, ById::Same) { at } else { self.ids[at as usize] }
    }

    /// The token of an id.
    pub fn token(&self, id: TokenId) -> Option<&str> {
        let at = match &self.by_id {
            ById::Same => id as usize,
            ById::Table(table) => *table.get(id as usize)? as usize,
            ById::Search => {
                let at = self.ids.partition_point(|&other| other < id);
                if *self.ids.get(at)? != id {
                    return None;
                }
                at
            }
        };
        let end = *self.ends.get(at)?;
        Some(&self.text[self.start(at)..end])
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The highest id plus one.
    pub fn id_bound(&self) -> usize {
        self.ids.last().map_or(0, |&id| id as usize + 1)
    }

    /// Tokens and ids, by ascending id, holes left out. Tokens that share an id come in the order in
    /// which they were given.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, TokenId)> + Clone {
        self.ids.iter().enumerate().map(|(at, &id)| (&self.text[self.start(at)..self.ends[at]], id))
    }

    /// Whether two tokens have the same id.
    pub fn has_shared_ids(&self) -> bool {
        self.ids.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// Write it down.
    pub(crate) fn store(&self, sections: &mut Sections) {
        let ends: Vec<u64> = self.ends.iter().map(|&end| end as u64).collect();
        sections.row(self.text.as_bytes());
        sections.row(&ends);
        sections.row(&self.ids);
        self.by_text.store(sections);
    }

    /// Read what [`store`](Self::store) wrote; `None` if it cannot be that.
    pub(crate) fn restore(stored: &mut Stored<'_>) -> Option<Self> {
        let text = stored.row()?;
        simdutf8::basic::from_utf8(&text).ok()?;
        let text = String::from_utf8(text).ok()?;
        let ends: Vec<u64> = stored.row()?;
        let ends: Vec<usize> =
            ends.into_iter().map(usize::try_from).collect::<Result<_, _>>().ok()?;
        let ids: Vec<TokenId> = stored.row()?;
        let by_text = TextIndex::restore(stored, ends.len())?;
        let is_sound = ends.len() == ids.len()
            && ends.is_sorted()
            && ends.last().copied().unwrap_or(0) == text.len()
            && ends.iter().all(|&end| text.is_char_boundary(end))
            && ids.is_sorted();
        is_sound.then(|| Self { by_id: ById::new(&ids), text, ends, ids, by_text })
    }

    fn with_capacity(tokens: usize) -> Self {
        // A hint that is far off must not reserve memory for tokens that never come.
        let tokens = tokens.min(1 << 20);
        Self {
            text: String::with_capacity(tokens * 8),
            ends: Vec::with_capacity(tokens),
            ids: Vec::with_capacity(tokens),
            by_id: ById::Same,
            by_text: TextIndex::with_capacity(tokens),
        }
    }

    fn put(&mut self, token: &str, id: TokenId) {
        let hash_of = hash(token.as_bytes());
        let known = self.by_text.find(hash_of, |at| self.bytes_at(at) == token.as_bytes());
        if let Some(at) = known {
            self.ids[at as usize] = id;
            return;
        }
        let next = self.ids.len();
        if self.by_text.is_full() {
            let mut larger = TextIndex::with_capacity(2 * next + 1);
            (0..).zip(0..next).for_each(|(at, _)| larger.insert(hash(self.bytes_at(at)), at));
            self.by_text = larger;
        }
        self.by_text.insert(hash_of, u32::try_from(next).expect("fewer than 2^32 tokens"));
        self.text.push_str(token);
        self.ends.push(self.text.len());
        self.ids.push(id);
    }

    /// Bring the tokens into the order of their ids.
    fn sort(&mut self) {
        if self.ids.is_sorted() {
            return;
        }
        let mut order: Vec<usize> = (0..self.ids.len()).collect();
        order.sort_by_key(|&at| self.ids[at]);
        let mut text = String::with_capacity(self.text.len());
        let mut ends = Vec::with_capacity(order.len());
        let mut moved = vec![0_u32; order.len()];
        for (new, &old) in (0_u32..).zip(&order) {
            text.push_str(&self.text[self.start(old)..self.ends[old]]);
            ends.push(text.len());
            moved[old] = new;
        }
        self.ids = order.iter().map(|&old| self.ids[old]).collect();
        (self.text, self.ends) = (text, ends);
        self.by_text.renumber(|at| moved[at as usize]);
    }

    fn start(&self, at: usize) -> usize {
        if at == 0 { 0 } else { self.ends[at - 1] }
    }

    fn bytes_at(&self, at: u32) -> &[u8] {
        slice_at(self.text.as_bytes(), &self.ends, at)
    }
}

impl ById {
    fn new(ids: &[TokenId]) -> Self {
        let Some(&last) = ids.last() else { return Self::Same };
        let distinct = ids.windows(2).all(|pair| pair[0] < pair[1]);
        if distinct && last as usize + 1 == ids.len() {
            return Self::Same;
        }
        if !distinct || last as usize / 2 > ids.len() {
            return Self::Search;
        }
        let mut table = vec![HOLE; last as usize + 1];
        for (at, &id) in (0..).zip(ids) {
            table[id as usize] = at;
        }
        Self::Table(table)
    }
}

impl fmt::Debug for Vocab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vocab").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl PartialEq for Vocab {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Vocab {}

fn slice_at<'a>(text: &'a [u8], ends: &[usize], at: u32) -> &'a [u8] {
    let at = at as usize;
    let start = if at == 0 { 0 } else { ends[at - 1] };
    &text[start..ends[at]]
}

fn hash(token: &[u8]) -> u64 {
    let mut hasher = FixedState::with_seed(0).build_hasher();
    hasher.write(token);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sound_vocabulary_is_restored() {
        let vocab = Vocab::from_pairs([("é", 0), ("ab", 1), ("", 5)]);
        let restore = |change: &dyn Fn(&mut Vocab)| {
            let mut changed = vocab.clone();
            change(&mut changed);
            let mut sections = Sections::default();
            changed.store(&mut sections);
            let bytes = sections.into_whole();
            Vocab::restore(&mut Stored::new(&mut &*bytes, bytes.len()))
        };
        let restored = restore(&|_| ()).expect("it is sound");
        assert_eq!(restored, vocab);
        assert_eq!(
            (restored.id("é"), restored.token(5), restored.id("b")),
            (Some(0), Some(""), None)
        );
        assert!(restore(&|vocab| vocab.text.push('c')).is_none());
        assert!(restore(&|vocab| vocab.ends[0] = 1).is_none());
        assert!(restore(&|vocab| vocab.ends[0] = 5).is_none());
        assert!(restore(&|vocab| vocab.ends.truncate(2)).is_none());
        assert!(restore(&|vocab| vocab.ids.swap(0, 2)).is_none());
        assert!(restore(&|vocab| vocab.by_text = TextIndex::default()).is_none());
    }
}
