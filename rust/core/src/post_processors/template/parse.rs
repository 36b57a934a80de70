//! The template language: pieces between single spaces, each `$A`, `$1`, `$B:1`, `[SEP]` or `[SEP]:1`.

use crate::error::{Error, Result};
use crate::post_processors::template::TemplatePiece;

/// Read a template written as one string: `[CLS] $A [SEP]`.
///
/// # Errors
/// When a piece cannot be read; see [`parse_piece`].
pub fn parse_template(text: &str) -> Result<Vec<TemplatePiece>> {
    text.split(' ').map(parse_piece).collect()
}

/// Read one piece of a template: `$A`, `$1`, `[SEP]:1`.
///
/// `$` alone is sequence A, a number behind it is the type id of sequence A, and what does not start
/// with `$` is the name of a special token.
///
/// # Errors
/// When there is more than one colon, no number behind it, or an unknown sequence behind `$`.
pub fn parse_piece(text: &str) -> Result<TemplatePiece> {
    let broken = || {
        Error::invalid(format!("Cannot build Piece from string \"{text}\""))
            .hinting("write `$A`, `$B:1`, `$0` or `[SEP]:1`")
    };
    match text.split_once(':') {
        None => parse_id(text, None),
        Some((id, type_id)) => type_id.parse().ok().and_then(|type_id| parse_id(id, Some(type_id))),
    }
    .ok_or_else(broken)
}

fn parse_id(id: &str, type_id: Option<u32>) -> Option<TemplatePiece> {
    let Some(sequence) = id.strip_prefix('$') else {
        return Some(TemplatePiece::Special { id: id.to_owned(), type_id: type_id.unwrap_or(0) });
    };
    let (second, default_type) = match sequence {
        "" | "A" | "a" => (false, 0),
        "B" | "b" => (true, 0),
        number => (false, number.parse().ok()?),
    };
    Some(TemplatePiece::Sequence { second, type_id: type_id.unwrap_or(default_type) })
}
