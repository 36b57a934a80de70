//! How parts print: `repr` almost in full, `str` cut short.
//!
//! The format is the field's: `Name(field=value, …)`, lists and maps cut after so many elements. What
//! each part prints stands in [`parts`](crate::printer_parts).

use std::fmt::Write;

use pyo3::prelude::*;

use crate::error::guard;

/// A part that can be printed.
pub(crate) trait Print {
    /// Print it.
    fn print(&self, out: &mut Printer) -> fissile_core::Result<()>;
}

/// A text under construction and the limits it keeps.
pub(crate) struct Printer {
    text: String,
    /// Elements of a list or map from which on `...` stands.
    max_elements: usize,
    /// Bytes of a string from which on `...` stands.
    max_string: usize,
}

#[allow(clippy::unnecessary_wraps, reason = "all ways to print chain alike")]
impl Printer {
    /// The limits of `repr`.
    pub(crate) fn repr() -> Self {
        Self { text: String::new(), max_elements: 100, max_string: usize::MAX }
    }

    /// The limits of `str`.
    pub(crate) fn str() -> Self {
        Self { text: String::new(), max_elements: 6, max_string: 100 }
    }

    /// The printed text of one value.
    pub(crate) fn print(mut self, value: &impl Print) -> PyResult<String> {
        guard(|| value.print(&mut self))?;
        Ok(self.text)
    }

    /// A bare word.
    pub(crate) fn word(&mut self, word: &str) -> fissile_core::Result<()> {
        self.text.push_str(word);
        Ok(())
    }

    /// A number.
    pub(crate) fn number(&mut self, number: impl std::fmt::Display) -> fissile_core::Result<()> {
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{number}");
        Ok(())
    }

    /// `True` or `False`.
    pub(crate) fn bool(&mut self, value: bool) -> fissile_core::Result<()> {
        self.word(if value { "True" } else { "False" })
    }

    /// A string in quotes; nothing in it is escaped.
    pub(crate) fn string(&mut self, text: &str) -> fissile_core::Result<()> {
        self.text.push('"');
        if text.len() > self.max_string {
            let mut end = self.max_string;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            self.text.push_str(&text[..end]);
            self.text.push_str("...");
        } else {
            self.text.push_str(text);
        }
        self.text.push('"');
        Ok(())
    }

    /// `None`, or the value.
    pub(crate) fn option<T>(
        &mut self,
        value: Option<T>,
        print: impl FnOnce(&mut Self, T) -> fissile_core::Result<()>,
    ) -> fissile_core::Result<()> {
        match value {
            Some(value) => print(self, value),
            None => self.word("None"),
        }
    }

    /// `Name(field=value, …)`.
    pub(crate) fn object(
        &mut self,
        name: &str,
        fields: impl FnOnce(&mut Fields<'_>) -> fissile_core::Result<()>,
    ) -> fissile_core::Result<()> {
        self.text.push_str(name);
        self.text.push('(');
        fields(&mut Fields { out: self, first: true })?;
        self.text.push(')');
        Ok(())
    }

    /// `[…]`.
    pub(crate) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        print: impl FnMut(&mut Self, T) -> fissile_core::Result<()>,
    ) -> fissile_core::Result<()> {
        self.elements(('[', ']'), items, print)
    }

    /// `(…)`.
    pub(crate) fn tuple<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        print: impl FnMut(&mut Self, T) -> fissile_core::Result<()>,
    ) -> fissile_core::Result<()> {
        self.elements(('(', ')'), items, print)
    }

    /// `{"key":value, …}`.
    pub(crate) fn map<'a, T>(
        &mut self,
        items: impl IntoIterator<Item = (&'a str, T)>,
        mut print: impl FnMut(&mut Self, T) -> fissile_core::Result<()>,
    ) -> fissile_core::Result<()> {
        self.elements(('{', '}'), items, |out, (key, value)| {
            out.string(key)?;
            out.word(":")?;
            print(out, value)
        })
    }

    fn elements<T>(
        &mut self,
        (open, close): (char, char),
        items: impl IntoIterator<Item = T>,
        mut print: impl FnMut(&mut Self, T) -> fissile_core::Result<()>,
    ) -> fissile_core::Result<()> {
        self.text.push(open);
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            if index + 1 >= self.max_elements {
                self.text.push_str("...");
                break;
            }
            print(self, item)?;
        }
        self.text.push(close);
        Ok(())
    }
}

/// The fields of an object under construction.
pub(crate) struct Fields<'a> {
    out: &'a mut Printer,
    first: bool,
}

impl Fields<'_> {
    /// One field, printed by `print`.
    pub(crate) fn field(
        &mut self,
        name: &str,
        print: impl FnOnce(&mut Printer) -> fissile_core::Result<()>,
    ) -> fissile_core::Result<&mut Self> {
        if !std::mem::take(&mut self.first) {
            self.out.text.push_str(", ");
        }
        self.out.text.push_str(name);
        self.out.text.push('=');
        print(self.out)?;
        Ok(self)
    }

    /// A field that is a string.
    pub(crate) fn string(&mut self, name: &str, value: &str) -> fissile_core::Result<&mut Self> {
        self.field(name, |out| out.string(value))
    }

    /// A field that is `True` or `False`.
    pub(crate) fn bool(&mut self, name: &str, value: bool) -> fissile_core::Result<&mut Self> {
        self.field(name, |out| out.bool(value))
    }

    /// A field that is a number.
    pub(crate) fn number(
        &mut self,
        name: &str,
        value: impl std::fmt::Display,
    ) -> fissile_core::Result<&mut Self> {
        self.field(name, |out| out.number(value))
    }

    /// A field that is a bare word.
    pub(crate) fn word(&mut self, name: &str, value: &str) -> fissile_core::Result<&mut Self> {
        self.field(name, |out| out.word(value))
    }

    /// A field that is a string or `None`.
    pub(crate) fn optional(
        &mut self,
        name: &str,
        value: Option<&str>,
    ) -> fissile_core::Result<&mut Self> {
        self.field(name, |out| out.option(value, Printer::string))
    }
}
