//! Rows side by side in one block of memory: what arrays for models are made of.
//!
//! A block is a `bytearray` of signed 64-bit numbers, row after row. NumPy and Torch take it without a copy
//! (`numpy.frombuffer`), and nobody else holds it: arrays over it can be written to.

use std::ops::Range;

use fissile_core::encoding::{self, Direction};
use pyo3::exceptions::{PyMemoryError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyByteArray;

/// The bytes of a number in a block.
const SIZE: usize = size_of::<i64>();

/// Where a row lies among all numbers, and on which side it is filled up.
pub(crate) struct Row {
    range: Range<usize>,
    side: Direction,
}

impl Row {
    /// Fill what the row leaves of `out`, and let `write` write the row itself.
    pub(crate) fn with_fill(
        self,
        out: &mut [u8],
        filling: i64,
        write: impl FnOnce(&mut [u8], Range<usize>),
    ) {
        let bytes = self.range.len() * SIZE;
        let gap = out.len() - bytes;
        let (own, rest) = match self.side {
            Direction::Right => out.split_at_mut(bytes),
            Direction::Left => {
                let (rest, own) = out.split_at_mut(gap);
                (own, rest)
            }
        };
        write(own, self.range);
        // A new block holds zeros.
        if filling != 0 {
            fill(rest, filling);
        }
    }
}

/// The same number everywhere.
pub(crate) fn fill(out: &mut [u8], number: i64) {
    for place in out.as_chunks_mut::<SIZE>().0 {
        *place = number.to_ne_bytes();
    }
}

/// Smaller numbers as 64-bit ones.
pub(crate) fn widen<T: Copy + Into<i64>>(out: &mut [u8], numbers: &[T]) {
    for (place, number) in out.as_chunks_mut::<SIZE>().0.iter_mut().zip(numbers) {
        *place = (*number).into().to_ne_bytes();
    }
}

/// A block of `rows` rows of `width` numbers, of zeros before `write` sees it.
fn block(
    py: Python<'_>,
    rows: usize,
    width: usize,
    write: impl FnOnce(&mut [u8]) -> PyResult<()>,
) -> PyResult<Bound<'_, PyByteArray>> {
    let bytes = rows.checked_mul(width).and_then(|numbers| numbers.checked_mul(SIZE));
    let bytes = bytes.filter(|bytes| isize::try_from(*bytes).is_ok()).ok_or_else(|| {
        PyMemoryError::new_err(format!("{rows} rows of {width} numbers are too many"))
    })?;
    PyByteArray::new_with(py, bytes, write)
}

/// A block out of rows that lie end to end; no row may be wider than `width`.
pub(crate) fn of_rows<'py>(
    py: Python<'py>,
    splits: &[i64],
    width: usize,
    side: Direction,
    write: impl Fn(Row, &mut [u8]),
) -> PyResult<Bound<'py, PyByteArray>> {
    let bound = |at: usize| usize::try_from(splits[at]).unwrap_or_default();
    let rows = splits.len().saturating_sub(1);
    if let Some(row) = (0..rows).find(|row| bound(row + 1) - bound(*row) > width) {
        let length = bound(row + 1) - bound(row);
        return Err(PyValueError::new_err(format!(
            "row {row} has {length} ids, which do not fit a width of {width}: truncate first"
        )));
    }
    block(py, rows, width, |bytes| {
        let places = if width == 0 { bytes.chunks_mut(1) } else { bytes.chunks_mut(width * SIZE) };
        for (row, out) in places.enumerate() {
            write(Row { range: bound(row)..bound(row + 1), side }, out);
        }
        Ok(())
    })
}

/// What can be taken of encodings.
fn write_column(encoding: &encoding::Encoding, column: &str, out: &mut [u8]) -> PyResult<()> {
    use crate::error::IntoPyResult;
    match column {
        "ids" => widen(out, encoding.id_column().as_slice()),
        "type_ids" => widen(out, encoding.type_column().as_slice()),
        "attention_mask" => widen(out, encoding.attention_column().as_slice()),
        "special_tokens_mask" => widen(out, encoding.special_column().as_slice()),
        "word_ids" => widen(out, encoding.word_column().into_py()?.as_slice()),
        "offsets" => widen(out, encoding.offset_column().into_py()?.as_slice().as_flattened()),
        _ => {
            return Err(PyValueError::new_err(format!(
                "unknown column '{column}': use one of ids, type_ids, attention_mask, \
                 special_tokens_mask, word_ids, offsets"
            )));
        }
    }
    Ok(())
}

/// A block out of a column of encodings, which have to be of one length.
pub(crate) fn of_encodings<'py>(
    py: Python<'py>,
    encodings: &[encoding::Encoding],
    column: &str,
) -> PyResult<Bound<'py, PyByteArray>> {
    let length = encodings.first().map_or(0, encoding::Encoding::len);
    if let Some(row) = encodings.iter().position(|encoding| encoding.len() != length) {
        return Err(PyValueError::new_err(format!(
            "encoding {row} has {} tokens, encoding 0 has {length}: pad them to one length first",
            encodings[row].len()
        )));
    }
    let width = length * if column == "offsets" { 2 } else { 1 };
    block(py, encodings.len(), width, |bytes| {
        let rows = bytes.chunks_mut((width * SIZE).max(1));
        encodings.iter().zip(rows).try_for_each(|(one, out)| write_column(one, column, out))
    })
}
