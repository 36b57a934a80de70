//! SentencePiece's character map.
//!
//! A SentencePiece model carries its normalization as data: a trie of what is replaced, and the
//! strings to put there, one behind the other with a NUL between. The blob begins with the trie's
//! length in bytes.
//!
//! There are two ways to apply one. The field's way looks up whole graphemes of up to five bytes and
//! single characters, and takes the *shortest* key that matches even when it covers only a part:
//! the rest of the grapheme is then lost. SentencePiece itself takes the longest key at each place,
//! graphemes or not. [`Precompiled::new`] gives the first, [`Precompiled::longest_match`] the second.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use crate::error::{Error, Result};
use crate::stages::Normalize;
use crate::text::NormalizedText;
use crate::util::darts::Darts;
use crate::util::double_array::DoubleArray;

/// Graphemes of more bytes are looked up character by character only.
const MAX_GRAPHEME: usize = 5;

/// How many keys at one place SentencePiece looks at, shortest first.
const MAX_KEYS: usize = 32;
/// How many kept strings at one place, likewise.
const MAX_KEPT: usize = 64;

/// SentencePiece's precompiled character map (a double array and the strings it points to).
#[derive(Debug)]
pub struct Precompiled {
    charsmap: Vec<u8>,
    trie: Darts,
    strings: String,
    /// ASCII characters that stay as they are whatever ASCII character follows.
    stable: [bool; 128],
    matching: Matching,
}

/// How keys are looked for.
#[derive(Debug)]
enum Matching {
    /// The field's way.
    Graphemes,
    /// SentencePiece's own; the pieces in the trie are kept as they are.
    Longest { kept: Option<(Vec<String>, DoubleArray)> },
}

impl Precompiled {
    /// Read the map; every reference inside is checked here, so that normalizing cannot fail.
    ///
    /// # Errors
    ///
    /// When the map is cut short, its strings are not UTF-8, or its trie leads astray.
    pub fn new(charsmap: Vec<u8>) -> Result<Self> {
        Self::with_matching(charsmap, Matching::Graphemes)
    }

    /// The same map applied as SentencePiece applies it: the longest key at each place, and none
    /// inside the strings of `kept`, which are found first.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn longest_match(charsmap: Vec<u8>, kept: Vec<String>) -> Result<Self> {
        let kept = if kept.is_empty() {
            None
        } else {
            let trie = DoubleArray::build(kept.iter().map(|piece| (piece.as_bytes(), 0)))?;
            Some((kept, trie))
        };
        Self::with_matching(charsmap, Matching::Longest { kept })
    }

    fn with_matching(charsmap: Vec<u8>, matching: Matching) -> Result<Self> {
        let (units, strings) = parse(&charsmap)?;
        // An index just behind the last string reads as an empty one.
        let trie = Darts::new(units, |value| strings.is_char_boundary(value))
            .map_err(|cause| damaged(&cause))?;
        let mut map = Self { charsmap, trie, strings, stable: [false; 128], matching };
        map.stable = std::array::from_fn(|byte| map.is_stable(u8::try_from(byte).expect("ASCII")));
        Ok(map)
    }

    /// The map's bytes, as they were given.
    pub fn charsmap(&self) -> &[u8] {
        &self.charsmap
    }

    /// For a map applied by longest match, the strings that are kept; `None` for the field's way.
    pub fn longest_match_kept(&self) -> Option<&[String]> {
        match &self.matching {
            Matching::Graphemes => None,
            Matching::Longest { kept } => {
                Some(kept.as_ref().map_or(&[], |(kept, _)| kept.as_slice()))
            }
        }
    }

    /// `text` normalized, without an alignment.
    pub fn normalize_plain<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.leaves_unchanged(text) {
            return Cow::Borrowed(text);
        }
        let mut normalized = String::with_capacity(text.len() + text.len() / 8);
        self.for_each_part(text, |old, new| normalized.push_str(new.unwrap_or(old)));
        Cow::Owned(normalized)
    }

    /// Whether `text` certainly stays as it is. Cheap on ASCII; may say no where nothing changes.
    pub fn leaves_unchanged(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let mut at = self.stable_run(bytes, 0);
        while at < bytes.len() {
            // A key that begins here changes something, or would if it were not cut by a grapheme.
            if self.trie.prefixes(&bytes[at..self.reach(at, bytes)]).next().is_some() {
                return false;
            }
            at += char_length(bytes[at]);
            at += self.stable_run(bytes, at);
        }
        true
    }

    /// No key that is looked for from `at` on ends behind this.
    fn reach(&self, at: usize, bytes: &[u8]) -> usize {
        match self.matching {
            Matching::Graphemes => bytes.len().min(at + MAX_GRAPHEME),
            Matching::Longest { .. } => bytes.len(),
        }
    }

    /// How many bytes from `at` on are stable ASCII with no other character behind.
    fn stable_run(&self, bytes: &[u8], at: usize) -> usize {
        let run = bytes[at..]
            .iter()
            .take_while(|&&byte| byte < 0x80 && self.stable[usize::from(byte)])
            .count();
        // A combining mark may still join the last of them.
        let joined = run > 0 && bytes.get(at + run).is_some_and(|&byte| byte >= 0x80);
        run - usize::from(joined)
    }

    fn is_stable(&self, byte: u8) -> bool {
        if self.keeps_any_at(byte) {
            return false;
        }
        let Some((base, ends)) = self.trie.step(self.trie.root(), byte) else { return true };
        !ends && (1..0x80).all(|next| self.trie.step(base, next).is_none())
    }

    /// Whether a kept string begins with `byte`.
    fn keeps_any_at(&self, byte: u8) -> bool {
        match &self.matching {
            Matching::Longest { kept: Some((_, trie)) } => trie.step(trie.root(), byte).is_some(),
            _ => false,
        }
    }

    /// Cut `text` into parts in order, each with what replaces it or `None` where it stays.
    fn for_each_part<'a>(&'a self, text: &'a str, mut part: impl FnMut(&'a str, Option<&'a str>)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let run = self.stable_run(bytes, at);
            if run > 0 {
                part(&text[at..at + run], None);
                at += run;
                continue;
            }
            at += match &self.matching {
                Matching::Graphemes => {
                    let rough = &text[at..rough_end(&self.stable, bytes, at)];
                    self.by_graphemes(rough, &mut part);
                    rough.len()
                }
                Matching::Longest { kept } => {
                    let (old, new) = self.longest_part(&text[at..], kept.as_ref());
                    part(old, new);
                    old.len()
                }
            };
        }
    }

    fn by_graphemes<'a>(&'a self, text: &'a str, part: &mut impl FnMut(&'a str, Option<&'a str>)) {
        for grapheme in text.graphemes(true) {
            if grapheme.len() <= MAX_GRAPHEME
                && let Some(new) = self.shortest(grapheme)
            {
                part(grapheme, Some(new));
                continue;
            }
            for (start, character) in grapheme.char_indices() {
                let old = &grapheme[start..start + character.len_utf8()];
                part(old, self.shortest(old));
            }
        }
    }

    /// The first part of `text` when the longest key counts.
    fn longest_part<'a>(
        &'a self,
        text: &'a str,
        kept: Option<&(Vec<String>, DoubleArray)>,
    ) -> (&'a str, Option<&'a str>) {
        if let Some((length, _)) =
            kept.and_then(|(_, trie)| trie.prefixes(text.as_bytes()).take(MAX_KEPT).last())
        {
            return (&text[..length], None);
        }
        match self.longest(text) {
            Some((length, new)) => (&text[..length], Some(new)),
            None => (&text[..char_length(text.as_bytes()[0])], None),
        }
    }

    /// What replaces the shortest key that `text` begins with.
    fn shortest(&self, text: &str) -> Option<&str> {
        let (_, value) = self.trie.prefixes(text.as_bytes()).next()?;
        Some(self.string(value))
    }

    /// The length of the longest key that `text` begins with, and what replaces it.
    fn longest(&self, text: &str) -> Option<(usize, &str)> {
        let (length, value) = self.trie.prefixes(text.as_bytes()).take(MAX_KEYS).last()?;
        // Half a character is no key here: the text would fall apart.
        (value < self.strings.len() && text.is_char_boundary(length))
            .then(|| (length, self.string(value)))
    }

    fn string(&self, start: usize) -> &str {
        let rest = &self.strings[start..];
        let end = memchr::memchr(0, rest.as_bytes()).unwrap_or(rest.len());
        &rest[..end]
    }
}

impl Normalize for Precompiled {
    fn normalize(&self, text: &mut NormalizedText) -> Result<()> {
        if self.leaves_unchanged(text.get()) {
            return Ok(());
        }
        if text.is_exact() {
            self.normalize_exact(text);
            return Ok(());
        }
        let mut changes = Vec::with_capacity(text.len());
        let mut is_changed = false;
        self.for_each_part(text.get(), |old, new| match new {
            Some(new) => {
                is_changed = true;
                push_change(&mut changes, old, new);
            }
            None => changes.extend(old.chars().map(|character| (character, 0))),
        });
        if is_changed {
            text.transform(changes, 0);
        }
        Ok(())
    }
}

impl Precompiled {
    /// What replaces a part comes from all of it.
    fn normalize_exact(&self, text: &mut NormalizedText) {
        let mut aligned = Vec::with_capacity(text.len());
        let (mut is_changed, mut at) = (false, 0);
        self.for_each_part(text.get(), |old, new| {
            let part = at..at + old.len();
            at = part.end;
            match new {
                Some(new) => {
                    is_changed = true;
                    aligned.extend(new.chars().map(|character| (character, part.clone())));
                }
                None => aligned.extend(old.char_indices().map(|(index, character)| {
                    let start = part.start + index;
                    (character, start..start + character.len_utf8())
                })),
            }
        });
        if is_changed {
            text.transform_aligned(aligned);
        }
    }
}

/// Where the part from `at` on ends that has to be cut into graphemes: between two ASCII characters,
/// the second stable. No grapheme reaches over such a place.
fn rough_end(stable: &[bool; 128], bytes: &[u8], at: usize) -> usize {
    let ends = |&end: &usize| {
        let (before, behind) = (bytes[end - 1], bytes[end]);
        before < 0x80
            && behind < 0x80
            && stable[usize::from(behind)]
            && (before, behind) != (b'\r', b'\n')
    };
    (at + 1..bytes.len()).find(ends).unwrap_or(bytes.len())
}

/// Note that `old` becomes `new`: characters beyond the old count are insertions, and what is missing
/// is charged to the last character noted so far (there may be none: then it is not charged at all).
fn push_change(changes: &mut Vec<(char, isize)>, old: &str, new: &str) {
    let (before, after) = (old.chars().count(), new.chars().count());
    let replaced = new.chars().take(before).map(|character| (character, 0));
    let inserted = new.chars().skip(before).map(|character| (character, 1));
    changes.extend(replaced.chain(inserted));
    if let (true, Some((_, change))) = (after < before, changes.last_mut()) {
        *change -= isize::try_from(before - after).expect("a short string");
    }
}

/// The units of the trie, and the strings behind them.
fn parse(charsmap: &[u8]) -> Result<(Vec<u32>, String)> {
    let cut_short = || damaged(&Error::format("the map is cut short"));
    let (length, rest) = charsmap.split_first_chunk::<4>().ok_or_else(cut_short)?;
    // A length that is no multiple of four leaves its last bytes to the strings.
    let length = u32::from_le_bytes(*length) as usize / 4 * 4;
    let (units, strings) = rest.split_at_checked(length).ok_or_else(cut_short)?;
    let strings = std::str::from_utf8(strings)
        .map_err(|error| damaged(&Error::format(format!("the strings are not UTF-8: {error}"))))?;
    let units = units
        .chunks_exact(4)
        .map(|unit| u32::from_le_bytes(unit.try_into().expect("four bytes")))
        .collect();
    Ok((units, strings.to_owned()))
}

fn damaged(cause: &Error) -> Error {
    Error::format("Cannot parse precompiled_charsmap")
        .in_field("precompiled_charsmap")
        .finding(cause.to_string())
}

/// Bytes of the character that begins with `byte`.
fn char_length(byte: u8) -> usize {
    match byte {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}
