//! The one error type of the crate.
//!
//! An [`Error`] says what went wrong and, where it is known, in which place, what was expected, what
//! was found and what to do about it. The kinds are few: they decide which exception a caller sees.

use std::fmt;

/// Shorthand used all over the crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure an [`Error`] is.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A value that the caller gave cannot be used.
    InvalidValue,
    /// A file or document is not what its format demands.
    Format,
    /// Reading or writing failed.
    Io(std::io::Error),
    /// A model cannot represent the input (a missing unknown token, say).
    Model,
    /// A well-formed request for something that is not built or not allowed.
    Unsupported,
    /// Decoding a stream contradicted the text already given out.
    StreamPrefix,
    /// A token that the caller forbade stands in the text.
    DisallowedToken,
    /// A regular expression gave up (its step limit was reached).
    PatternLimit,
    /// The caller asked to stop.
    Interrupted,
    /// A part written outside this crate failed; the cause is kept for whoever can read it.
    External(Box<dyn std::error::Error + Send + Sync>),
}

/// A failure, with everything known about it.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    path: Option<String>,
    field: Option<String>,
    expected: Option<String>,
    found: Option<String>,
    hint: Option<String>,
}

impl Error {
    /// An error of the given kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            path: None,
            field: None,
            expected: None,
            found: None,
            hint: None,
        }))
    }

    /// A value given by the caller is unusable.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidValue, message)
    }

    /// A document does not follow its format.
    pub fn format(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Format, message)
    }

    /// A model cannot go on.
    pub fn model(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Model, message)
    }

    /// Something that is not built or not allowed was asked for.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }

    /// A failure in code outside this crate (a part written in Python, say).
    pub fn external(cause: Box<dyn std::error::Error + Send + Sync>) -> Self {
        let message = cause.to_string();
        Self::new(ErrorKind::External(cause), message)
    }

    /// Reading or writing `path` failed.
    pub fn io(path: impl Into<String>, cause: std::io::Error) -> Self {
        let message = cause.to_string();
        Self::new(ErrorKind::Io(cause), message).in_path(path)
    }

    /// Name the file.
    #[must_use]
    pub fn in_path(mut self, path: impl Into<String>) -> Self {
        self.0.path = Some(path.into());
        self
    }

    /// Name the place inside the document or the argument (`model.vocab`, `stride`).
    #[must_use]
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// Put one more step in front of the place: `vocab` becomes `model.vocab`.
    #[must_use]
    pub fn under(mut self, outer: &str) -> Self {
        self.0.field = Some(match self.0.field.take() {
            Some(inner) if inner.starts_with('[') => format!("{outer}{inner}"),
            Some(inner) => format!("{outer}.{inner}"),
            None => outer.to_owned(),
        });
        self
    }

    /// Say what would have been right.
    #[must_use]
    pub fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.0.expected = Some(expected.into());
        self
    }

    /// Say what was there instead.
    #[must_use]
    pub fn finding(mut self, found: impl Into<String>) -> Self {
        self.0.found = Some(found.into());
        self
    }

    /// Say what to do about it.
    #[must_use]
    pub fn hinting(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// The kind.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Give up the error for its kind (to reach an external cause).
    pub fn into_kind(self) -> ErrorKind {
        self.0.kind
    }

    /// The bare message, without place, expectation and hint.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The file, where one is known.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// The place inside the document or the argument.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// What would have been right.
    pub fn expected(&self) -> Option<&str> {
        self.0.expected.as_deref()
    }

    /// What was there instead.
    pub fn found(&self) -> Option<&str> {
        self.0.found.as_deref()
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(path) = &inner.path {
            write!(f, "{path}: ")?;
        }
        if let Some(field) = &inner.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&inner.message)?;
        match (&inner.expected, &inner.found) {
            (Some(expected), Some(found)) => write!(f, " (expected {expected}, found {found})")?,
            (Some(expected), None) => write!(f, " (expected {expected})")?,
            (None, Some(found)) => write!(f, " (found {found})")?,
            (None, None) => {}
        }
        if let Some(hint) = &inner.hint {
            write!(f, ". Hint: {hint}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.0.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Io(cause) => Some(cause),
            ErrorKind::External(cause) => Some(&**cause),
            _ => None,
        }
    }
}
