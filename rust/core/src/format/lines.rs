//! Files of lines: the two old vocabulary formats are made of them.

use std::path::Path;

use crate::error::{Error, Result};

/// The whole file.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|cause| Error::io(path.display().to_string(), cause))
}

/// The lines of a file without their ends (`\n`, `\r\n`). What stands behind the last end is a line
/// when it is not empty. A line that is not UTF-8 is an error with its number.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = Result<&str>> {
    let mut rest = bytes;
    let mut number = 0;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        number += 1;
        let line = match memchr::memchr(b'\n', rest) {
            Some(end) => {
                let line = &rest[..end];
                rest = &rest[end + 1..];
                line.strip_suffix(b"\r").unwrap_or(line)
            }
            None => std::mem::take(&mut rest),
        };
        Some(std::str::from_utf8(line).map_err(|cause| {
            Error::format("not UTF-8")
                .in_field(format!("line {number}"))
                .expecting("UTF-8 text")
                .finding(format!("the byte 0x{:02x}", line[cause.valid_up_to()]))
        }))
    })
}
