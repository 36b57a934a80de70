//! Ranks: what a byte-level vocabulary is to tiktoken. A token's rank is its id and, at the same time,
//! when it is made: of all neighbours that together are a token, those of the lowest rank are joined.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, Result};
use crate::format::derive::one_merge_each;
use crate::format::lines::lines;
use crate::util::hash::Set;

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
        let mut seen =
            Set::with_capacity_and_hasher(tokens.len(), foldhash::fast::FixedState::default());
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
            // Whisper's file gives a rank to the empty token. No text contains it.
            if !entry.0.is_empty() {
                tokens.push(entry);
                numbers.push(number);
            }
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

    /// The merge that makes each token, by ascending rank; without those that none makes, which only
    /// a whole piece can be.
    pub(in crate::format) fn merges(&self) -> Vec<Merge<'_>> {
        let mut bytes = [0; 256];
        for (index, (token, _)) in (0u32..).zip(&self.tokens) {
            if let [byte] = token[..] {
                bytes[usize::from(byte)] = index;
            }
        }
        let merges = one_merge_each(
            self.tokens.len(),
            |token| token,
            |index, out| {
                out.extend(self.tokens[index].0.iter().map(|&byte| bytes[usize::from(byte)]));
                true
            },
        );
        let text = |index: u32| self.tokens[index as usize].0.as_slice();
        let merge = |(left, right)| Merge { left: text(left), right: text(right) };
        merges.into_iter().flatten().map(merge).collect()
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
    let token = match token {
        "=" => Vec::new(),
        _ => {
            STANDARD.decode(token).map_err(|error| wrong("no base64").finding(error.to_string()))?
        }
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_come_in_order_of_rank() {
        let bytes = (0..=255u8).map(|byte| vec![byte]);
        let words: [&[u8]; 4] = [b"abc", b"bc", b"ab", b"xyz"];
        let tokens = bytes.chain(words.iter().map(|token| token.to_vec()));
        let ranks = Ranks::new(tokens.zip(0..).collect(), |index| index.to_string()).unwrap();
        let merges = ranks.merges();
        let texts: Vec<_> = merges.iter().map(|merge| (merge.left, merge.right)).collect();
        assert_eq!(texts, [(&b"a"[..], &b"bc"[..]), (b"b", b"c"), (b"a", b"b")]);
    }
}
