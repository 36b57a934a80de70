//! Ids as Python gives them: lists, tuples, our own buffers, arrays, tensors.

use fissile_core::TokenId;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyMemoryView, PyTuple};

use crate::buffers::{Ids, Ragged};
use crate::list_ints;

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

/// Several rows of ids.
pub(crate) enum IdRows<'py> {
    /// Each an object.
    Objects(Vec<Bound<'py, PyAny>>),
    /// In one buffer.
    Ragged(Bound<'py, Ragged>),
}

/// Rows of ids, one behind the other; row `i` is `values[splits[i]..splits[i + 1]]`.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) values: Vec<TokenId>,
    pub(crate) splits: Vec<usize>,
}

impl<'py> FromPyObject<'_, 'py> for IdRows<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match object.cast::<Ragged>() {
            Ok(ragged) => Ok(Self::Ragged(ragged.to_owned())),
            Err(_) => object.extract().map(Self::Objects),
        }
    }
}

impl IdRows<'_> {
    /// Read the rows, some `ids` ids at a time; `take` may keep what it is given the last time.
    pub(crate) fn each(
        &self,
        ids: usize,
        mut take: impl FnMut(&mut Rows) -> PyResult<()>,
    ) -> PyResult<()> {
        let objects = match self {
            Self::Objects(objects) => objects,
            Self::Ragged(ragged) => return take(&mut Rows::of_ragged(ragged.get())),
        };
        let mut rows = Rows { values: Vec::new(), splits: vec![0] };
        for row in objects {
            append(row, &mut rows.values)?;
            rows.splits.push(rows.values.len());
            if rows.values.len() >= ids {
                take(&mut rows)?;
                rows.values.clear();
                rows.splits.truncate(1);
            }
        }
        take(&mut rows)
    }

    /// All rows.
    pub(crate) fn read(&self) -> PyResult<Rows> {
        let mut all = Rows::default();
        self.each(usize::MAX, |rows| {
            all = std::mem::take(rows);
            Ok(())
        })?;
        Ok(all)
    }
}

impl Rows {
    fn of_ragged(ragged: &Ragged) -> Self {
        let (values, splits) = ragged.parts();
        let splits = splits.iter().map(|&end| usize::try_from(end).unwrap_or(0)).collect();
        Self { values: values.to_vec(), splits }
    }
}

fn append(object: &Bound<'_, PyAny>, ids: &mut Vec<TokenId>) -> PyResult<()> {
    if let Ok(list) = object.cast::<PyList>() {
        if !list_ints::append(list, ids) {
            // One by one, which also says what is wrong with one of them.
            for id in list.iter() {
                ids.push(id.extract()?);
            }
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
