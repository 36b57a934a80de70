//! Numbers as buffers: read by NumPy, Torch and Arrow without copying, and by Python as sequences.
//!
//! CPython's own buffer protocol is closed to extension modules built for the stable ABI of 3.10, so
//! three open ones are offered instead: NumPy's array interface, DLPack, and Arrow's C data interface.

use std::sync::atomic::{AtomicUsize, Ordering};

use fissile_core::encoding::Column;
use fissile_core::tokenizer::RaggedIds;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyByteArray, PyBytes, PyCapsule, PyDict, PyList, PySlice};

use crate::convert::{direction, index};
use crate::error::IntoPyResult;
use crate::numbers::{Number, View};
use crate::{arrow, dlpack, raw, rectangle};

macro_rules! buffer_class {
    ($(#[$meta:meta])* $class:ident, $number:ty) => {
        $(#[$meta])*
        #[pyclass(module = "fissile", frozen, sequence)]
        pub(crate) struct $class {
            view: View<$number>,
        }

        impl From<Vec<$number>> for $class {
            fn from(numbers: Vec<$number>) -> Self {
                Self { view: numbers.into() }
            }
        }

        impl From<Column<$number>> for $class {
            fn from(column: Column<$number>) -> Self {
                Self { view: column.into() }
            }
        }

        impl $class {
            /// The numbers.
            #[allow(dead_code, reason = "not every class of buffers is an argument somewhere")]
            pub(crate) fn as_slice(&self) -> &[$number] {
                self.view.as_slice()
            }
        }

        impl From<View<$number>> for $class {
            fn from(view: View<$number>) -> Self {
                Self { view }
            }
        }

        impl FromPyObject<'_, '_> for $class {
            type Error = PyErr;

            /// Another such buffer (whose numbers are shared), bytes, or a sequence of numbers.
            fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
                if let Ok(other) = object.cast::<Self>() {
                    return Ok(other.get().view.clone().into());
                }
                let Ok(bytes) = object.cast::<PyBytes>() else {
                    return Ok(object.extract::<Vec<$number>>()?.into());
                };
                let chunks = bytes.as_bytes().as_chunks::<{ size_of::<$number>() }>();
                if !chunks.1.is_empty() {
                    return Err(whole_numbers(bytes.as_bytes().len(), size_of::<$number>()));
                }
                let numbers = chunks.0.iter().map(|chunk| <$number>::of_bytes(chunk));
                Ok(numbers.collect::<Vec<_>>().into())
            }
        }

        #[pymethods]
        impl $class {
            #[new]
            #[pyo3(signature = (values, /))]
            fn new(values: Self) -> Self {
                values
            }

            fn __getnewargs__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyBytes>,) {
                let numbers = self.view.as_slice();
                let mut bytes = Vec::with_capacity(size_of_val(numbers));
                for number in numbers {
                    number.put_bytes(&mut bytes);
                }
                (PyBytes::new(py, &bytes),)
            }

            fn __len__(&self) -> usize {
                self.view.as_slice().len()
            }

            fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                let (py, numbers) = (key.py(), self.view.as_slice());
                let Ok(slice) = key.cast::<PySlice>() else {
                    let at = index(key.extract()?, numbers.len())?;
                    return numbers[at].to_python(py);
                };
                let range = slice.indices(isize::try_from(numbers.len())?)?;
                let part = if range.step == 1 {
                    let start = range.start.unsigned_abs();
                    Self::from(self.view.part(start, start + range.slicelength))
                } else {
                    let at = |step: usize| {
                        range.start + range.step * isize::try_from(step).unwrap_or_default()
                    };
                    let picked = (0..range.slicelength).map(|step| numbers[at(step).unsigned_abs()]);
                    Self::from(picked.collect::<Vec<_>>())
                };
                Ok(Bound::new(py, part)?.into_any())
            }

            fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Ok(self.to_list(py)?.try_iter()?.into_any())
            }

            fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
                match other.cast::<Self>() {
                    Ok(other) => self.view.as_slice() == other.get().view.as_slice(),
                    Err(_) => other
                        .extract::<Vec<$number>>()
                        .is_ok_and(|other| self.view.as_slice() == other),
                }
            }

            fn __repr__(&self) -> String {
                const SHOWN: usize = 12;
                let numbers = self.view.as_slice();
                let mut shown: Vec<String> =
                    numbers.iter().take(SHOWN).map(|number| number.show()).collect();
                if numbers.len() > SHOWN {
                    shown.push(format!("... {} in all", numbers.len()));
                }
                format!(concat!(stringify!($class), "([{}])"), shown.join(", "))
            }

            /// The numbers as a list.
            fn to_list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
                <$number>::list(py, self.view.as_slice())
            }

            /// The numbers as a read-only NumPy array over the same memory.
            fn numpy<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
                slf.py().import("numpy")?.call_method1("asarray", (slf,))
            }

            /// NumPy's array interface.
            #[getter]
            fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
                self.view.array_interface(py)
            }

            /// DLPack's export.
            #[pyo3(signature = (*, stream=None, max_version=None, dl_device=None, copy=None))]
            fn __dlpack__<'py>(
                &self,
                py: Python<'py>,
                stream: Option<Bound<'py, PyAny>>,
                max_version: Option<(u32, u32)>,
                dl_device: Option<(i32, i32)>,
                copy: Option<bool>,
            ) -> PyResult<Bound<'py, PyCapsule>> {
                let _ = stream;
                dlpack::check_device(dl_device)?;
                dlpack::export(py, &self.view, max_version, copy.unwrap_or_default())
            }

            /// DLPack's device: always the CPU.
            fn __dlpack_device__(&self) -> (i32, i32) {
                dlpack::CPU
            }

            /// Arrow's export.
            #[pyo3(signature = (requested_schema=None))]
            fn __arrow_c_array__<'py>(
                &self,
                py: Python<'py>,
                requested_schema: Option<Bound<'py, PyAny>>,
            ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
                let _ = requested_schema;
                arrow::export_numbers(py, &self.view)
            }
        }
    };
}

fn whole_numbers(found: usize, size: usize) -> PyErr {
    PyValueError::new_err(format!("{found} bytes are not a whole count of numbers of {size} bytes"))
}

buffer_class! {
    /// Ids of one text: a read-only sequence of unsigned 32-bit integers.
    ///
    /// `numpy.asarray(ids)`, `torch.from_dlpack(ids)` and `pyarrow.array(ids)` read it without copying.
    ///
    /// Args:
    ///     values: The ids, or their bytes (four each, the little end first).
    Ids, u32
}

buffer_class! {
    /// Where the rows of a `Ragged` begin: a read-only sequence of signed 64-bit integers.
    ///
    /// Args:
    ///     values: The positions, or their bytes (eight each, the little end first).
    RowSplits, i64
}

buffer_class! {
    /// The word of each token: a read-only sequence of signed 32-bit integers, -1 for tokens of no word.
    ///
    /// Args:
    ///     values: The numbers, or their bytes (four each, the little end first).
    WordIds, i32
}

buffer_class! {
    /// A mask over tokens: a read-only sequence of unsigned 8-bit integers.
    ///
    /// Args:
    ///     values: The numbers, or their bytes.
    Mask, u8
}

buffer_class! {
    /// Where each token stands in its text: a read-only sequence of pairs of signed 32-bit integers.
    ///
    /// Args:
    ///     values: The pairs, or their bytes (eight each, the little end first).
    OffsetPairs, [i32; 2]
}

/// Ids of several texts in one buffer: row `i` is `values[row_splits[i]:row_splits[i + 1]]`.
///
/// Indexing and iterating give the rows, as NumPy arrays over the same memory where NumPy is
/// installed, as `Ids` where it is not.
///
/// Args:
///     values: The ids of all rows.
///     row_splits: Where rows begin, and the end of the last: one more than there are rows.
#[pyclass(module = "fissile", frozen, sequence)]
pub(crate) struct Ragged {
    values: View<u32>,
    splits: View<i64>,
}

impl From<RaggedIds> for Ragged {
    fn from(ids: RaggedIds) -> Self {
        Self { values: ids.values.into(), splits: ids.splits.into() }
    }
}

impl Ragged {
    /// The ids of all rows, and where rows begin and end.
    pub(crate) fn parts(&self) -> (&[u32], &[i64]) {
        (self.values.as_slice(), self.splits.as_slice())
    }

    fn rows(&self) -> usize {
        self.splits.as_slice().len().saturating_sub(1)
    }

    fn view(&self, row: usize) -> View<u32> {
        let bound = |at: usize| usize::try_from(self.splits.as_slice()[at]).unwrap_or_default();
        self.values.part(bound(row), bound(row + 1))
    }

    fn row<'py>(&self, py: Python<'py>, row: usize) -> PyResult<Bound<'py, PyAny>> {
        let ids = Bound::new(py, Ids::from(self.view(row)))?.into_any();
        asarray(py).map_or(Ok(ids.clone()), |asarray| asarray.call1((ids,)))
    }
}

/// An iterator over the rows of a `Ragged`.
#[pyclass(module = "fissile", frozen)]
struct Rows {
    ragged: Py<Ragged>,
    next: AtomicUsize,
}

#[pymethods]
impl Rows {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (ragged, row) = (self.ragged.get(), self.next.fetch_add(1, Ordering::Relaxed));
        (row < ragged.rows()).then(|| ragged.row(py, row)).transpose()
    }
}

/// `numpy.asarray`, if there is a NumPy.
fn asarray(py: Python<'_>) -> Option<&Bound<'_, PyAny>> {
    static ASARRAY: PyOnceLock<Option<Py<PyAny>>> = PyOnceLock::new();
    let found = ASARRAY.get_or_init(py, || {
        py.import("numpy").and_then(|numpy| numpy.getattr("asarray")).ok().map(Bound::unbind)
    });
    found.as_ref().map(|function| function.bind(py))
}

/// Check that every row is a part of the values.
fn check_splits(splits: &[i64], values: usize) -> PyResult<()> {
    let is_ordered = splits.windows(2).all(|pair| pair[0] <= pair[1]);
    let begins = splits.first().is_some_and(|first| *first >= 0);
    let ends =
        splits.last().is_some_and(|last| usize::try_from(*last).is_ok_and(|last| last <= values));
    if is_ordered && begins && ends {
        return Ok(());
    }
    Err(PyValueError::new_err(format!(
        "row_splits has to be one or more positions within 0..={values} that never step back"
    )))
}

#[pymethods]
impl Ragged {
    #[new]
    fn new(values: Ids, row_splits: RowSplits) -> PyResult<Self> {
        check_splits(row_splits.as_slice(), values.as_slice().len())?;
        Ok(Self { values: values.view, splits: row_splits.view })
    }

    fn __getnewargs__(&self) -> (Ids, RowSplits) {
        (self.values(), self.row_splits())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.values.as_slice() == other.values.as_slice()
            && self.splits.as_slice() == other.splits.as_slice()
    }

    fn __len__(&self) -> usize {
        self.rows()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, row: isize) -> PyResult<Bound<'py, PyAny>> {
        self.row(py, index(row, self.rows())?)
    }

    fn __iter__(slf: Py<Self>) -> Rows {
        Rows { ragged: slf, next: AtomicUsize::new(0) }
    }

    /// All ids.
    #[getter]
    fn values(&self) -> Ids {
        self.values.clone().into()
    }

    /// Where rows begin; one more than there are rows.
    #[getter]
    fn row_splits(&self) -> RowSplits {
        self.splits.clone().into()
    }

    /// The rows as a list of lists.
    fn to_list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let rows = (0..self.rows()).map(|row| u32::list(py, self.view(row).as_slice()));
        PyList::new(py, rows.collect::<PyResult<Vec<_>>>()?)
    }

    /// The ids of all rows, one behind the other, as raw numbers.
    #[pyo3(signature = (*, dtype="uint32", end=None))]
    fn tobytes<'py>(
        &self,
        py: Python<'py>,
        dtype: &str,
        end: Option<u32>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let width = raw::Width::named(dtype).into_py()?;
        let (values, splits) = self.parts();
        let rows = splits.windows(2).map(|bounds| {
            let [start, end] = [bounds[0], bounds[1]].map(|at| usize::try_from(at).unwrap_or(0));
            &values[start..end]
        });
        Ok(PyBytes::new(py, &raw::of_rows(rows, width, end).into_py()?))
    }

    /// The rows side by side, filled up to one width.
    #[pyo3(signature = (width, *, side="right", fill=0))]
    fn padded<'py>(
        &self,
        py: Python<'py>,
        width: usize,
        side: &str,
        fill: i64,
    ) -> PyResult<Bound<'py, PyByteArray>> {
        let (side, values) = (direction(side, "")?, self.values.as_slice());
        rectangle::of_rows(py, self.splits.as_slice(), width, side, |row, out| {
            row.with_fill(out, fill, |out, range| rectangle::widen(out, &values[range]));
        })
    }

    /// Which places of `padded` hold an id.
    #[pyo3(signature = (width, *, side="right"))]
    fn padding_mask<'py>(
        &self,
        py: Python<'py>,
        width: usize,
        side: &str,
    ) -> PyResult<Bound<'py, PyByteArray>> {
        let side = direction(side, "")?;
        rectangle::of_rows(py, self.splits.as_slice(), width, side, |row, out| {
            row.with_fill(out, 0, |out, _| rectangle::fill(out, 1));
        })
    }

    fn __repr__(&self) -> String {
        format!("Ragged({} rows, {} ids)", self.rows(), self.values.as_slice().len())
    }

    /// DLPack's export of all ids.
    #[pyo3(signature = (*, stream=None, max_version=None, dl_device=None, copy=None))]
    fn __dlpack__<'py>(
        &self,
        py: Python<'py>,
        stream: Option<Bound<'py, PyAny>>,
        max_version: Option<(u32, u32)>,
        dl_device: Option<(i32, i32)>,
        copy: Option<bool>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = stream;
        dlpack::check_device(dl_device)?;
        dlpack::export(py, &self.values, max_version, copy.unwrap_or_default())
    }

    /// DLPack's device: always the CPU.
    #[expect(clippy::unused_self, reason = "a method in the protocol")]
    fn __dlpack_device__(&self) -> (i32, i32) {
        dlpack::CPU
    }

    /// Arrow's export, as a large list of unsigned 32-bit integers.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        let _ = requested_schema;
        arrow::export_lists(py, &self.splits, &self.values)
    }
}
