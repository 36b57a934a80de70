//! The big tables of a document found while its members are, in one pass.
//!
//! A vocabulary and its merges are nearly all of a `tokenizer.json`. Their strings are found here by the
//! rules of [`Cursor`] and stay where they are; whatever it does not take is left to the full
//! reader, which also knows how to say what is wrong.

use std::borrow::Cow;

use super::cursor::{Cursor, Span};
use super::document::{Document, Member, Members, Opened};
use crate::token::TokenId;

/// More members than an object has that we know: such a one is left to the full reader.
const MANY: usize = 100;

/// A table whose rows have been found.
pub(crate) struct Table<'a> {
    text: &'a str,
    unescaped: String,
    rows: Rows,
}

enum Rows {
    /// `{"token": id, …}`
    Entries(Vec<(Span, TokenId)>),
    /// `["a b", …]`
    Lines(Vec<Span>),
    /// `[["a", "b"], …]`
    Pairs(Vec<(Span, Span)>),
    /// `[["piece", score], …]`
    Scores(Vec<(Span, f64)>),
}

impl Table<'_> {
    /// The tokens and ids of an object of such.
    pub(super) fn entries(&self) -> Option<impl ExactSizeIterator<Item = (&str, TokenId)>> {
        let Rows::Entries(rows) = &self.rows else { return None };
        Some(rows.iter().map(|&(token, id)| (self.string(token), id)))
    }

    /// The strings of a list of such.
    pub(super) fn lines(&self) -> Option<impl ExactSizeIterator<Item = &str>> {
        let Rows::Lines(rows) = &self.rows else { return None };
        Some(rows.iter().map(|&line| self.string(line)))
    }

    /// Whether it is a list of pairs of strings.
    pub(super) fn has_pairs(&self) -> bool {
        matches!(self.rows, Rows::Pairs(_))
    }

    /// How many pairs of strings it has.
    pub(super) fn pairs(&self) -> &[(Span, Span)] {
        if let Rows::Pairs(rows) = &self.rows { rows } else { &[] }
    }

    /// The two strings of a row.
    #[inline]
    pub(super) fn pair(&self, row: usize) -> (&str, &str) {
        let (left, right) = self.pairs()[row];
        (self.string(left), self.string(right))
    }

    /// The pieces and scores of a list of such.
    pub(super) fn scores(&self) -> Option<impl ExactSizeIterator<Item = (&str, f64)>> {
        let Rows::Scores(rows) = &self.rows else { return None };
        Some(rows.iter().map(|&(piece, score)| (self.string(piece), score)))
    }

    #[inline]
    fn string(&self, span: Span) -> &str {
        span.of(self.text, &self.unescaped)
    }
}

/// The members of `document`, and those of its member `inner` with the rows of their tables; `None` where
/// a name comes twice, and of what [`Cursor`] does not take.
pub(super) fn members<'a>(
    document: Document<'a>,
    inner: &str,
) -> Option<Vec<(Cow<'a, str>, Opened<'a>)>> {
    let mut cursor = Cursor::new(document.text());
    let mut members: Vec<(Cow<'a, str>, Opened<'a>)> = Vec::new();
    each_member(&mut cursor, |cursor, name| {
        let opened = if name == inner {
            Opened::Members(inner_members(cursor, document)?)
        } else {
            Opened::Unread(document.part(cursor.value()?))
        };
        members.push((Cow::Borrowed(name), opened));
        Some(())
    })?;
    cursor.is_done().then_some(members)
}

fn inner_members<'a>(cursor: &mut Cursor<'a>, document: Document<'a>) -> Option<Members<'a>> {
    let mut members: Members<'a> = Vec::new();
    each_member(cursor, |cursor, name| {
        cursor.peek()?;
        let start = cursor.at();
        let table = matches!(name, "vocab" | "merges").then(|| table(cursor, document.text()));
        let (part, table) = if let Some(Some(table)) = table {
            (&document.text()[start..cursor.at()], Some(table))
        } else {
            cursor.go_back(start);
            (cursor.value()?, None)
        };
        members.push(Member { name: Cow::Borrowed(name), value: document.part(part), table });
        Some(())
    })?;
    Some(members)
}

/// Go through an object whose members have different names; `read` takes a value.
fn each_member<'a>(
    cursor: &mut Cursor<'a>,
    mut read: impl FnMut(&mut Cursor<'a>, &'a str) -> Option<()>,
) -> Option<()> {
    cursor.take(b'{')?;
    let mut names = Vec::new();
    loop {
        let name = cursor.plain()?;
        if names.len() == MANY || names.contains(&name) {
            return None;
        }
        names.push(name);
        cursor.take(b':')?;
        read(cursor, name)?;
        if !cursor.more(b'}')? {
            return Some(());
        }
    }
}

fn table<'a>(cursor: &mut Cursor<'a>, text: &'a str) -> Option<Table<'a>> {
    let mut unescaped = String::new();
    let rows = if cursor.peek()? == b'{' {
        Rows::Entries(entries(cursor, &mut unescaped)?)
    } else {
        cursor.take(b'[')?;
        match cursor.peek()? {
            b'"' => Rows::Lines(list(cursor, |cursor| cursor.string(&mut unescaped))?),
            b'[' => rows_of_two(cursor, &mut unescaped)?,
            _ => return None,
        }
    };
    Some(Table { text, unescaped, rows })
}

fn entries(cursor: &mut Cursor<'_>, unescaped: &mut String) -> Option<Vec<(Span, TokenId)>> {
    cursor.take(b'{')?;
    let mut entries = Vec::new();
    loop {
        let token = cursor.string(unescaped)?;
        cursor.take(b':')?;
        entries.push((token, cursor.natural()?));
        if !cursor.more(b'}')? {
            return Some(entries);
        }
    }
}

/// Rows of two, all of the kind of the first.
fn rows_of_two(cursor: &mut Cursor<'_>, unescaped: &mut String) -> Option<Rows> {
    let start = cursor.at();
    let pairs = list(cursor, |cursor| row(cursor, unescaped, Cursor::string));
    if let Some(pairs) = pairs {
        return Some(Rows::Pairs(pairs));
    }
    cursor.go_back(start);
    unescaped.clear();
    let scores = list(cursor, |cursor| row(cursor, unescaped, |cursor, _| cursor.number()));
    scores.map(Rows::Scores)
}

fn row<'a, T>(
    cursor: &mut Cursor<'a>,
    unescaped: &mut String,
    second: impl Fn(&mut Cursor<'a>, &mut String) -> Option<T>,
) -> Option<(Span, T)> {
    cursor.take(b'[')?;
    let first = cursor.string(unescaped)?;
    cursor.take(b',')?;
    let second = second(cursor, unescaped)?;
    cursor.take(b']')?;
    Some((first, second))
}

/// The items of a list that has some, behind its opening bracket.
fn list<'a, T>(
    cursor: &mut Cursor<'a>,
    mut item: impl FnMut(&mut Cursor<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    let mut items = Vec::new();
    loop {
        items.push(item(cursor)?);
        if !cursor.more(b']')? {
            return Some(items);
        }
    }
}
