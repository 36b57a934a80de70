//! What the names of character properties mean: `\p{…}`, `[:…:]`, `\w`, `\d`, `\s`.
//!
//! The tables are those of the syntax crate, cut to Unicode 16 by the `Age` property, so that a newer
//! crate does not change what a pattern matches.

use std::sync::{LazyLock, Mutex, PoisonError};

use regex_syntax::hir::{Class, HirKind};

use super::charset::CharSet;
use crate::util::hash::Map;

/// The Latin-1 numerals that count as word characters in `\w` and `\b`, though not in `[\w]`.
const LATIN1_NUMERALS: &str = "²³¹¼½¾";

/// The set behind a property name, spelled as the syntax crate knows it.
fn table(name: &str) -> Option<CharSet> {
    let hir = regex_syntax::Parser::new().parse(&format!(r"\p{{{name}}}")).ok()?;
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => Some(CharSet::from_class(class)),
        HirKind::Literal(literal) => Some(CharSet::of(std::str::from_utf8(&literal.0).ok()?)),
        _ => None,
    }
}

/// Properties that hold code points without a character, set aside for the future: the age of those
/// says nothing.
const RESERVING: [&str; 8] = [
    "di",
    "defaultignorablecodepoint",
    "extpict",
    "extendedpictographic",
    "odi",
    "otherdefaultignorablecodepoint",
    "patsyn",
    "patternsyntax",
];

/// The sets that were asked for, by name: reading one off the tables takes longer than using it. There
/// are only so many names.
static KNOWN: LazyLock<Mutex<Map<String, CharSet>>> = LazyLock::new(Mutex::default);

fn pinned(name: &str) -> Option<CharSet> {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(set) = known.get(name) {
        return Some(set.clone());
    }
    let mut set = table(name)?;
    if !RESERVING.contains(&name) {
        set = set.intersect(&table("age=16.0")?);
    }
    known.insert(name.to_owned(), set.clone());
    Some(set)
}

fn known(name: &str) -> CharSet {
    pinned(name).expect("the syntax crate knows the standard properties")
}

/// The characters that had a meaning in Unicode 16.
fn assigned() -> CharSet {
    known("assigned")
}

/// White space: `\s`.
pub(crate) fn space() -> CharSet {
    known("white_space")
}

/// Decimal digits: `\d`.
pub(crate) fn digit() -> CharSet {
    known("nd")
}

/// Hexadecimal digits: `\h`.
pub(crate) fn hex_digit() -> CharSet {
    CharSet::from_ranges([(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)])
}

/// Word characters as a class sees them: `[\w]`, `[:word:]`.
pub(crate) fn word_in_class() -> CharSet {
    union(&["alphabetic", "m", "nd", "pc"])
}

/// Word characters outside of classes: `\w`, and what `\b` goes by.
pub(crate) fn word() -> CharSet {
    let mut set = word_in_class();
    set.union(&CharSet::of(LATIN1_NUMERALS));
    set
}

/// The first 128 code points.
pub(crate) fn ascii() -> CharSet {
    CharSet::from_ranges([(0, 0x7F)])
}

fn union(names: &[&str]) -> CharSet {
    let mut set = CharSet::empty();
    for name in names {
        set.union(&known(name));
    }
    set
}

fn graph() -> CharSet {
    let mut hidden = space();
    hidden.union(&known("cc"));
    assigned().intersect(&hidden.negate())
}

fn print() -> CharSet {
    let mut set = graph();
    set.union(&known("zs"));
    set
}

fn blank() -> CharSet {
    let mut set = known("zs");
    set.union(&CharSet::single('\t'));
    set
}

/// The set of a POSIX bracket, `None` for an unknown name.
pub(crate) fn posix(name: &str) -> Option<CharSet> {
    Some(match name {
        "alnum" => union(&["alphabetic", "nd"]),
        "alpha" => known("alphabetic"),
        "ascii" => ascii(),
        "blank" => blank(),
        "cntrl" => known("cc"),
        "digit" => digit(),
        "graph" => graph(),
        "lower" => known("lowercase"),
        "print" => print(),
        "punct" => union(&["p", "s"]),
        "space" => space(),
        "upper" => known("uppercase"),
        "xdigit" => hex_digit(),
        "word" => word_in_class(),
        _ => return None,
    })
}

/// The set of a property name (loosely spelled: case, blanks, hyphens and underscores do not count).
/// `None` for a name that is not known.
pub(crate) fn by_name(name: &str) -> Option<CharSet> {
    let bare: String = name
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    if bare.is_empty() || !bare.chars().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    match bare.as_str() {
        // The general category, where the POSIX bracket takes symbols too.
        "punct" => Some(known("p")),
        "any" => Some(CharSet::full()),
        "assigned" => Some(assigned()),
        "cn" | "unassigned" | "unknown" | "zzzz" => Some(unassigned(&bare)),
        "c" | "other" => {
            let mut set = unassigned("cn");
            set.union(&union(&["cc", "cf", "co"]));
            Some(set)
        }
        "cs" | "surrogate" => Some(CharSet::from_ranges([(0xD800, 0xDFFF)])),
        other => posix(other).or_else(|| pinned(other)),
    }
}

fn unassigned(name: &str) -> CharSet {
    let mut set = assigned();
    set.union(&CharSet::from_ranges([(0xD800, 0xDFFF)]));
    let mut set = set.negate();
    if matches!(name, "unknown" | "zzzz") {
        // The script of nothing in particular is also that of private use.
        set.union(&known("co"));
    }
    set
}
