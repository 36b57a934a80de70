//! tiktoken's patterns are written for another regex engine than those of `tokenizer.json`. Where the
//! same signs mean something else, they are rewritten:
//!
//! | sign | there | here it would be | becomes |
//! |---|---|---|---|
//! | `X{1,3}+` | possessive | the repetition repeated | `(?>X{1,3})` |
//! | `X{3}?` | exactly three | three or none | `X{3}` |
//! | `^`, `$` | ends of the text | ends of a line | `\A`, `\z` |
//! | `(?s)` | `.` takes line ends | an unknown flag | `(?m)` |

use crate::error::{Error, Result};

/// The pattern in the dialect of [`Regex`](crate::util::regex::Regex).
pub(in crate::format) fn translate(pattern: &str) -> Result<String> {
    let mut translation = Translation {
        rest: pattern,
        out: String::with_capacity(pattern.len()),
        atom: 0,
        groups: vec![],
    };
    while !translation.rest.is_empty() {
        translation.step()?;
    }
    Ok(translation.out)
}

struct Translation<'a> {
    rest: &'a str,
    out: String,
    /// Where the last thing that a quantifier can follow begins in `out`.
    atom: usize,
    /// Where the open groups begin in `out`.
    groups: Vec<usize>,
}

impl Translation<'_> {
    fn step(&mut self) -> Result<()> {
        let first = self.rest.chars().next().expect("there is a rest");
        match first {
            '\\' => self.copy_atom(escape_length(self.rest)),
            '[' => self.copy_atom(class_length(self.rest)),
            '(' => self.open_group()?,
            ')' => {
                self.copy(1);
                self.atom = self.groups.pop().unwrap_or(self.atom);
            }
            '{' => self.interval(),
            '^' => self.replace(1, r"\A"),
            '$' => self.replace(1, r"\z"),
            '*' | '+' | '?' | '|' => self.copy(1),
            other => self.copy_atom(other.len_utf8()),
        }
        Ok(())
    }

    fn copy(&mut self, length: usize) {
        let (head, rest) = self.rest.split_at(length);
        self.out.push_str(head);
        self.rest = rest;
    }

    fn copy_atom(&mut self, length: usize) {
        self.atom = self.out.len();
        self.copy(length);
    }

    fn replace(&mut self, length: usize, by: &str) {
        self.atom = self.out.len();
        self.out.push_str(by);
        self.rest = &self.rest[length..];
    }

    fn interval(&mut self) {
        let Some(length) = interval_length(self.rest) else { return self.copy_atom(1) };
        let exact = !self.rest[..length].contains(',');
        self.copy(length);
        match self.rest.as_bytes().first() {
            Some(b'+') => {
                self.out.insert_str(self.atom, "(?>");
                self.replace_quantifier();
            }
            Some(b'?') if exact => self.rest = &self.rest[1..],
            _ => {}
        }
    }

    fn replace_quantifier(&mut self) {
        self.out.push(')');
        self.rest = &self.rest[1..];
    }

    fn open_group(&mut self) -> Result<()> {
        self.groups.push(self.out.len());
        if let Some(rest) = self.rest.strip_prefix("(?P<") {
            self.out.push_str("(?<");
            self.rest = rest;
            return Ok(());
        }
        let Some(after) = self.rest.strip_prefix("(?") else {
            self.copy(1);
            return Ok(());
        };
        let flags =
            after.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(after.len());
        for flag in after[..flags].chars() {
            if !matches!(flag, 'i' | 's' | 'x' | 'u' | '-') {
                return Err(Error::unsupported(format!("the flag `{flag}` in a pattern"))
                    .in_field("pattern")
                    .finding(format!("(?{}", &after[..flags])));
            }
        }
        self.out.push_str("(?");
        self.out.extend(after[..flags].chars().filter(|&flag| flag != 'u').map(
            |flag| match flag {
                's' => 'm',
                other => other,
            },
        ));
        self.rest = &after[flags..];
        // What follows the flags (`:`, `=`, `!`, `>`, `<`) is no atom.
        let sign = self.rest.find(|c: char| !":=!><".contains(c)).unwrap_or(self.rest.len());
        self.copy(sign);
        Ok(())
    }
}

/// The length of a backslash and what belongs to it.
fn escape_length(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    let Some((_, letter)) = chars.next() else { return text.len() };
    if matches!(letter, 'p' | 'P' | 'x' | 'u' | 'U' | 'k' | 'g')
        && let (true, Some(end)) = (text[2..].starts_with('{'), text.find('}'))
    {
        return end + 1;
    }
    1 + letter.len_utf8()
}

/// The length of a class in brackets, with the classes inside of it.
fn class_length(text: &str) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        match rest.as_bytes()[0] {
            b'\\' => at += escape_length(rest),
            b'[' => {
                depth += 1;
                at += 1;
                at += usize::from(text[at..].starts_with('^'));
                // A bracket right at the beginning stands for itself.
                at += usize::from(text[at..].starts_with(']'));
            }
            b']' => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    text.len()
}

/// The length of `{2}`, `{2,}` or `{2,3}`, if that is what stands here.
fn interval_length(text: &str) -> Option<usize> {
    let end = text.find('}')?;
    let (low, high) = text[1..end].split_once(',').unwrap_or((&text[1..end], ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!low.is_empty() && digits(low) && digits(high)).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::translate;

    #[test]
    fn signs_that_differ_are_rewritten() {
        for (there, here) in [
            (r"\p{N}{1,3}+|\s++$|^a", r"(?>\p{N}{1,3})|\s++\z|\Aa"),
            (r"[^\]$^]{2}+b{3}?c{2,}?", r"(?>[^\]$^]{2})b{3}c{2,}?"),
            (r"'(?i:[sdmt]|ll){1,2}+(?!\S)", r"'(?>(?i:[sdmt]|ll){1,2})(?!\S)"),
            (r"(?s:.)(?P<x>a)\{1}[[:alpha:]]{2,}+", r"(?m:.)(?<x>a)\{1}(?>[[:alpha:]]{2,})"),
            (r"a{,2}+{x", r"a{,2}+{x"),
        ] {
            assert_eq!(translate(there).unwrap(), here);
        }
        assert!(translate("(?m)^a").is_err());
        for odd in ["\\", "[", "(", "(?", ")", "[[", "\\p{", "a{", "(?P<", "[\\", "{1}+", "é{2}+"]
        {
            let _ = translate(odd);
        }
    }
}
