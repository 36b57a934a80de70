//! Ids as Python gives them: lists, tuples, our own buffers, arrays, tensors.

use fissile_core::TokenId;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyMemoryView, PyTuple};

use crate::buffers::{Ids, Ragged};

/// Ids in a row.
pub(crate) struct IdsArg(pub(crate) Vec<TokenId>);

impl FromPyObject<'_, '_> for IdsArg {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let mut ids = Vec::new();
        append(&object, &mut ids)?;
        Ok(Self(ids))
    }
}

/// Several rows of ids, one behind the other; row `i` is `values[splits[i]..splits[i + 1]]`.
pub(crate) struct IdRows {
    pub(crate) values: Vec<TokenId>,
    pub(crate) splits: Vec<usize>,
}

impl FromPyObject<'_, '_> for IdRows {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let mut rows = Self { values: Vec::new(), splits: vec![0] };
        if let Ok(list) = object.cast::<PyList>() {
            list.iter().try_for_each(|row| rows.push(&row))?;
        } else if let Ok(ragged) = object.cast::<Ragged>() {
            let (values, splits) = ragged.get().parts();
            rows.values.extend_from_slice(values);
            rows.splits = splits.iter().map(|&end| usize::try_from(end).unwrap_or(0)).collect();
        } else {
            // What a sequence is, PyO3 decides: texts are none.
            let sequences: Vec<Bound<'_, PyAny>> = object.extract()?;
            sequences.iter().try_for_each(|row| rows.push(row))?;
        }
        Ok(rows)
    }
}

impl IdRows {
    fn push(&mut self, row: &Bound<'_, PyAny>) -> PyResult<()> {
        append(row, &mut self.values)?;
        self.splits.push(self.values.len());
        Ok(())
    }
}

fn append(object: &Bound<'_, PyAny>, ids: &mut Vec<TokenId>) -> PyResult<()> {
    if let Ok(list) = object.cast::<PyList>() {
        ids.reserve(list.len());
        // One by one: extracting the list as a whole asks Python for an iterator, at twice the price.
        for id in list.iter() {
            ids.push(id.extract()?);
        }
    } else if object.is_instance_of::<PyTuple>() {
        ids.extend(object.extract::<Vec<TokenId>>()?);
    } else if let Ok(own) = object.cast::<Ids>() {
        ids.extend_from_slice(own.get().as_slice());
    } else if let Some(numbers) = from_buffer(object)? {
        ids.extend(numbers);
    } else {
        // Tensors make a list faster than they give their elements one by one.
        let list = object.call_method0("tolist");
        ids.extend(list.as_ref().unwrap_or(object).extract::<Vec<TokenId>>()?);
    }
    Ok(())
}

/// The integers of an object that shows its memory; `None` of any other, and where one of them is no id.
fn from_buffer(object: &Bound<'_, PyAny>) -> PyResult<Option<Vec<TokenId>>> {
    let Ok(view) = PyMemoryView::from(object) else { return Ok(None) };
    let format: String = view.getattr("format")?.extract()?;
    let dimensions: usize = view.getattr("ndim")?.extract()?;
    if dimensions != 1 {
        return Ok(None);
    }
    let size: usize = view.getattr("itemsize")?.extract()?;
    let bytes = view.call_method0("tobytes")?;
    let bytes = bytes.cast::<PyBytes>()?.as_bytes();
    Ok(match format.as_str() {
        "B" | "H" | "I" | "L" | "Q" | "N" => numbers(bytes, size, false),
        "b" | "h" | "i" | "l" | "q" | "n" => numbers(bytes, size, true),
        _ => None,
    })
}

fn numbers(bytes: &[u8], size: usize, is_signed: bool) -> Option<Vec<TokenId>> {
    let sign_bit =
        if is_signed { 1_u64.checked_shl(8 * u32::try_from(size).ok()? - 1)? } else { 0 };
    let number = |bytes: &[u8]| {
        let mut wide = [0; 8];
        if cfg!(target_endian = "little") {
            wide[..size].copy_from_slice(bytes);
        } else {
            wide[8 - size..].copy_from_slice(bytes);
        }
        let number = u64::from_ne_bytes(wide);
        TokenId::try_from(number).ok().filter(|_| number & sign_bit == 0)
    };
    (1..=8).contains(&size).then(|| bytes.chunks_exact(size).map(number).collect())?
}
