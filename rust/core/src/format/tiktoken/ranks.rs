//! Ranks: what a byte-level vocabulary is to tiktoken. A token's rank is its id and, at the same time,
//! when it is made: of all neighbours that together are a token, those of the lowest rank are joined.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, Result};
use crate::format::lines::lines;
use crate::util::hash::{Map, Set};

/// Higher ranks are refused: they come from broken files.
const MAX_RANK: u32 = 1 << 27;

/// Tokens and their ranks, by ascending rank; every single byte is one.
#[derive(Debug)]
pub(in crate::format) struct Ranks {
    tokens: Vec<(Vec<u8>, u32)>,
}

impl Ranks {
    /// Check and sort. `place` names an entry in messages.
    pub(in crate::format) fn new(
        mut tokens: Vec<(Vec<u8>, u32)>,
        place: impl Fn(usize) -> String,
    ) -> Result<Self> {
        let mut seen = Set::with_capacity_and_hasher(tokens.len(), Default::default());
        for (index, (token, rank)) in tokens.iter().enumerate() {
            let error = if token.is_empty() {
                Error::format("an empty token")
            } else if *rank >= MAX_RANK {
                Error::format("a rank too high to be true").finding(rank.to_string())
            } else if !seen.insert(token.as_slice()) {
                Error::format("a token that was there before").finding(shown(token))
            } else {
                continue;
            };
            return Err(error.in_field(place(index)));
        }
        if let Some(byte) = (0..=255u8).find(|&byte| !seen.contains([byte].as_slice())) {
            return Err(Error::format(format!("the byte 0x{byte:02X} is no token"))
                .expecting("ranks for all 256 bytes"));
        }
        drop(seen);
        tokens.sort_unstable_by_key(|&(_, rank)| rank);
        if let Some(pair) = tokens.windows(2).find(|pair| pair[0].1 == pair[1].1) {
            return Err(Error::format(format!("two tokens of rank {}", pair[0].1))
                .finding(format!("{} and {}", shown(&pair[0].0), shown(&pair[1].0))));
        }
        Ok(Self { tokens })
    }

    /// Read a rank file: a token in base64, a space and its rank on every line.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        let mut tokens = Vec::with_capacity(bytes.len() / 16);
        let mut numbers = Vec::with_capacity(bytes.len() / 16);
        for (number, line) in (1usize..).zip(lines(bytes)) {
            let line = line?;
            if line.is_empty() {
                continue;
            }
            let entry = parse_line(line).map_err(|error| error.in_field(line_name(number)))?;
            tokens.push(entry);
            numbers.push(number);
        }
        Self::new(tokens, |index| line_name(numbers[index]))
    }

    /// Tokens and ranks, by ascending rank.
    pub(in crate::format) fn iter(&self) -> impl ExactSizeIterator<Item = (&[u8], u32)> {
        self.tokens.iter().map(|(token, rank)| (token.as_slice(), *rank))
    }

    /// How many tokens there are.
    pub(in crate::format) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// A number that tells these ranks from others.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hash = Fnv::new();
        for (token, rank) in self.iter() {
            hash.add(&rank.to_le_bytes());
            hash.add(&(token.len() as u64).to_le_bytes());
            hash.add(token);
        }
        hash.0
    }

    /// The file that [`parse`](Self::parse) reads.
    pub(super) fn write(&self) -> String {
        let mut text = String::with_capacity(self.len() * 18);
        for (token, rank) in self.iter() {
            STANDARD.encode_string(token, &mut text);
            text.push(' ');
            text.push_str(&rank.to_string());
            text.push('\n');
        }
        text
    }

    /// The one merge that makes each token: its bytes, merged by lower ranks only, leave two parts.
    ///
    /// No other pair of neighbours can ever make it. Whatever stands around a token's bytes, as long as
    /// nothing was merged over their two ends, inside of them happens what happens to them alone; and
    /// the token is made when all lower ranks have been. A token whose bytes leave more than two
    /// parts is never made; only a whole piece can be it.
    pub(in crate::format) fn merges(&self) -> Vec<Merge<'_>> {
        let mut merger = Merger::new(&self.tokens);
        let mut merges = Vec::with_capacity(self.tokens.len());
        for (index, (token, _)) in (0u32..).zip(&self.tokens) {
            if token.len() == 1 {
                continue;
            }
            if let Some((left, right)) = merger.two_parts(token) {
                merger.pairs.insert((left, right), index);
                let text = |index: u32| self.tokens[index as usize].0.as_slice();
                merges.push(Merge { left: text(left), right: text(right) });
            }
        }
        merges
    }
}

/// Two tokens that together make a third.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::format) struct Merge<'a> {
    pub(in crate::format) left: &'a [u8],
    pub(in crate::format) right: &'a [u8],
}

fn line_name(number: usize) -> String {
    format!("line {number}")
}

fn shown(token: &[u8]) -> String {
    format!("b\"{}\"", token.escape_ascii())
}

fn parse_line(line: &str) -> Result<(Vec<u8>, u32)> {
    let wrong = |what: &str| Error::format(what).expecting("a token in base64, a space, its rank");
    let (token, rank) = line.split_once(' ').ok_or_else(|| wrong("a line without a space"))?;
    let token = STANDARD.decode(token).map_err(|error| wrong("no base64").finding(error.to_string()))?;
    let digits = !rank.is_empty() && rank.bytes().all(|byte| byte.is_ascii_digit());
    match rank.parse() {
        Ok(rank) if digits => Ok((token, rank)),
        _ => Err(wrong("no rank").finding(format!("{rank:?}"))),
    }
}

/// The FNV-1a hash: short, and the same everywhere.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// Longer tokens are merged with a queue rather than by looking at all pairs again and again.
const SCANNED: usize = 64;

/// Merges bytes by the pairs known so far. Tokens are numbered by ascending rank.
struct Merger {
    bytes: [u32; 256],
    pairs: Map<(u32, u32), u32>,
    parts: Vec<u32>,
}

impl Merger {
    fn new(tokens: &[(Vec<u8>, u32)]) -> Self {
        let mut bytes = [0; 256];
        for (index, (token, _)) in (0u32..).zip(tokens) {
            if let [byte] = token[..] {
                bytes[usize::from(byte)] = index;
            }
        }
        let pairs = Map::with_capacity_and_hasher(tokens.len(), Default::default());
        Self { bytes, pairs, parts: Vec::new() }
    }

    /// The two parts that merging leaves of `token`, or `None` where it leaves more.
    fn two_parts(&mut self, token: &[u8]) -> Option<(u32, u32)> {
        self.parts.clear();
        self.parts.extend(token.iter().map(|&byte| self.bytes[usize::from(byte)]));
        if self.parts.len() > SCANNED {
            self.merge_by_queue();
        }
        self.merge_by_scan();
        match self.parts[..] {
            [left, right] => Some((left, right)),
            _ => None,
        }
    }

    fn merge_by_scan(&mut self) {
        while self.parts.len() > 2 {
            let pairs = self.parts.windows(2).enumerate();
            let merges = pairs
                .filter_map(|(at, pair)| Some((*self.pairs.get(&(pair[0], pair[1]))?, at)));
            let Some((merged, at)) = merges.min() else { return };
            self.parts[at] = merged;
            self.parts.remove(at + 1);
        }
    }

    fn merge_by_queue(&mut self) {
        const GONE: u32 = u32::MAX;
        let mut next: Vec<usize> = (1..=self.parts.len()).collect();
        let mut before: Vec<usize> = (0..self.parts.len()).map(|at| at.wrapping_sub(1)).collect();
        let lookup = |parts: &[u32], left: usize, right: usize| {
            let pair = (*parts.get(left)?, *parts.get(right)?);
            Some(Reverse((*self.pairs.get(&pair)?, left, right, pair)))
        };
        let mut queue: BinaryHeap<_> =
            (1..self.parts.len()).filter_map(|at| lookup(&self.parts, at - 1, at)).collect();
        while let Some(Reverse((merged, left, right, pair))) = queue.pop() {
            if next[left] != right || (self.parts[left], self.parts[right]) != pair {
                continue;
            }
            self.parts[left] = merged;
            self.parts[right] = GONE;
            let behind = next[right];
            next[left] = behind;
            if let Some(back) = before.get_mut(behind) {
                *back = left;
            }
            queue.extend(lookup(&self.parts, before[left], left));
            queue.extend(lookup(&self.parts, left, behind));
        }
        self.parts.retain(|&part| part != GONE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranks(tokens: &[&[u8]]) -> Ranks {
        let bytes = (0..=255u8).map(|byte| vec![byte]);
        let tokens = bytes.chain(tokens.iter().map(|token| token.to_vec()));
        Ranks::new(tokens.zip(0..).collect(), |index| index.to_string()).unwrap()
    }

    #[test]
    fn a_token_has_one_merge_or_none() {
        let ranks = ranks(&[b"ab", b"bc", b"abc", b"xyz"]);
        let merges = ranks.merges();
        let texts: Vec<_> = merges.iter().map(|merge| (merge.left, merge.right)).collect();
        assert_eq!(texts, [(&b"a"[..], &b"b"[..]), (b"b", b"c"), (b"ab", b"c")]);
    }

    #[test]
    fn queue_and_scan_agree() {
        let mut random = fastrand::Rng::with_seed(3);
        let words: Vec<Vec<u8>> =
            (0..60).map(|_| (0..random.usize(2..5)).map(|_| random.u8(b'a'..b'd')).collect()).collect();
        let mut words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
        words.sort_unstable_by_key(|word| (word.len(), *word));
        words.dedup();
        let ranks = ranks(&words);
        let mut merger = Merger::new(&ranks.tokens);
        for (index, (token, _)) in (0..).zip(&ranks.tokens).skip(256) {
            if let Some(pair) = merger.two_parts(token) {
                merger.pairs.insert(pair, index);
            }
        }
        for _ in 0..50 {
            let text: Vec<u32> = (0..200).map(|_| u32::from(random.u8(b'a'..b'd'))).collect();
            merger.parts.clone_from(&text);
            merger.merge_by_scan();
            let scanned = std::mem::replace(&mut merger.parts, text);
            merger.merge_by_queue();
            assert_eq!(merger.parts, scanned);
        }
    }
}
