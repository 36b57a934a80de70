//! Count tables as files: one word a line, its count before it.
//!
//! ```text
//! fissile word counts 1
//! 25<tab>the
//! 1<tab>two\nlines
//! ```
//!
//! Words are in order, so that equal tables are equal files. Backslash, tab, line feed and carriage
//! return are written as `\\`, `\t`, `\n` and `\r`.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use fissile_core::format::write_file;
use fissile_core::{Error, Result};

use crate::count::WordCounts;

const FIRST_LINE: &str = "fissile word counts 1";

impl WordCounts {
    /// The table as text.
    pub fn to_text(&self) -> String {
        let mut order: Vec<(&str, u64)> = self.iter().collect();
        order.sort_unstable();
        let mut text = format!("{FIRST_LINE}\n");
        for (word, count) in order {
            write!(text, "{count}\t").expect("a string takes everything");
            escape(word, &mut text);
            text.push('\n');
        }
        text
    }

    /// Read what [`to_text`](Self::to_text) wrote.
    ///
    /// # Errors
    /// When a line is none of a count table; the error says which.
    pub fn from_text(text: &str) -> Result<Self> {
        Self::read(text.as_bytes(), "")
    }

    /// Write the table into a file, whole or not at all.
    ///
    /// # Errors
    /// When writing fails.
    pub fn save(&self, path: &Path) -> Result<()> {
        write_file(path, self.to_text().as_bytes())
    }

    /// Read a file that [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// When the file cannot be read, or a line is none of a count table; the error says which.
    pub fn load(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| Error::io(&name, error))?;
        Self::read(BufReader::with_capacity(1 << 20, file), &name)
    }

    fn read(mut from: impl BufRead, name: &str) -> Result<Self> {
        let mut table = Self::new();
        let mut line = String::new();
        let mut word = String::new();
        for number in 1_u64.. {
            line.clear();
            if from.read_line(&mut line).map_err(|error| Error::io(name, error))? == 0 {
                if number == 1 {
                    return Err(broken(name, number, "nothing"));
                }
                break;
            }
            let line = line.strip_suffix('\n').unwrap_or(&line);
            if number == 1 {
                if line == FIRST_LINE {
                    continue;
                }
                return Err(broken(name, number, line).expecting(FIRST_LINE));
            }
            let parts = line.split_once('\t');
            let count = parts.and_then(|(count, _)| count.parse::<u64>().ok());
            let (Some(count), Some((_, escaped))) = (count, parts) else {
                return Err(broken(name, number, line));
            };
            word.clear();
            if !unescape(escaped, &mut word) {
                return Err(broken(name, number, line).expecting(r"\\, \t, \n or \r"));
            }
            table.add(&word, count)?;
        }
        Ok(table.sorted())
    }
}

fn broken(name: &str, number: u64, line: &str) -> Error {
    let shown: String = line.chars().take(80).collect();
    let error = Error::format("this is no line of a count table")
        .in_field(format!("line {number}"))
        .expecting("a count, a tab, a word")
        .finding(shown);
    if name.is_empty() { error } else { error.in_path(name) }
}

fn escape(word: &str, out: &mut String) {
    for character in word.chars() {
        match character {
            '\\' => out.push_str(r"\\"),
            '\t' => out.push_str(r"\t"),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            other => out.push(other),
        }
    }
}

/// Whether all escapes were known ones.
fn unescape(text: &str, out: &mut String) -> bool {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let character = match (character, character == '\\') {
            (plain, false) => plain,
            (_, true) => match characters.next() {
                Some('\\') => '\\',
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                _ => return false,
            },
        };
        out.push(character);
    }
    true
}
