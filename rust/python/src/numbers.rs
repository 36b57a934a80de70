//! The numbers in buffers: their types as other libraries call them, and views of shared ones.

use std::any::Any;
use std::sync::Arc;

use fissile_core::encoding::Column;
use fissile_core::tokenizer::Numbers;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

/// What a buffer can hold: a number, or a pair of numbers.
pub(crate) trait Number: Copy + Send + Sync + 'static {
    /// NumPy's name of the number's type.
    const TYPESTR: &'static str;
    /// DLPack's type code and bits.
    const DLPACK: (u8, u8);
    /// Arrow's name of the number's type.
    const ARROW: &'static std::ffi::CStr;
    /// Arrow's name of the list that a pair is.
    const ARROW_LIST: Option<&'static std::ffi::CStr> = None;
    /// How many numbers.
    const LANES: usize = 1;

    /// As a Python object.
    fn to_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>>;

    /// Several of them as a list.
    fn list<'py>(py: Python<'py>, numbers: &[Self]) -> PyResult<Bound<'py, PyList>>;

    /// As it is shown.
    fn show(self) -> String;

    /// Append its bytes, the little end first.
    fn put_bytes(self, out: &mut Vec<u8>);

    /// From as many bytes as it has, the little end first.
    fn of_bytes(bytes: &[u8]) -> Self;
}

macro_rules! number {
    ($type:ty, $little:literal, $big:literal, $dlpack:expr, $arrow:literal) => {
        impl Number for $type {
            const TYPESTR: &'static str =
                if cfg!(target_endian = "little") { $little } else { $big };
            const DLPACK: (u8, u8) = $dlpack;
            const ARROW: &'static std::ffi::CStr = $arrow;

            #[inline]
            fn to_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                Ok(self.into_pyobject(py)?.into_any())
            }

            fn list<'py>(py: Python<'py>, numbers: &[Self]) -> PyResult<Bound<'py, PyList>> {
                PyList::new(py, numbers)
            }

            fn show(self) -> String {
                self.to_string()
            }

            fn put_bytes(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn of_bytes(bytes: &[u8]) -> Self {
                let mut own = [0; size_of::<$type>()];
                own.copy_from_slice(bytes);
                Self::from_le_bytes(own)
            }
        }
    };
}

number! { u8, "|u1", "|u1", (1, 8), c"C" }
number! { u32, "<u4", ">u4", (1, 32), c"I" }
number! { i32, "<i4", ">i4", (0, 32), c"i" }
number! { i64, "<i8", ">i8", (0, 64), c"l" }

impl Number for [i32; 2] {
    const TYPESTR: &'static str = i32::TYPESTR;
    const DLPACK: (u8, u8) = i32::DLPACK;
    const ARROW: &'static std::ffi::CStr = i32::ARROW;
    const ARROW_LIST: Option<&'static std::ffi::CStr> = Some(c"+w:2");
    const LANES: usize = 2;

    fn to_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(PyTuple::new(py, self)?.into_any())
    }

    fn list<'py>(py: Python<'py>, numbers: &[Self]) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, numbers.iter().map(|pair| (pair[0], pair[1])))
    }

    fn show(self) -> String {
        format!("({}, {})", self[0], self[1])
    }

    fn put_bytes(self, out: &mut Vec<u8>) {
        for number in self {
            number.put_bytes(out);
        }
    }

    fn of_bytes(bytes: &[u8]) -> Self {
        [i32::of_bytes(&bytes[..4]), i32::of_bytes(&bytes[4..])]
    }
}

/// Whatever keeps numbers in a row.
trait Holds<T>: Any + Send + Sync {
    fn numbers(&self) -> &[T];
}

impl<T: Number> Holds<T> for Vec<T> {
    fn numbers(&self) -> &[T] {
        self
    }
}

impl Holds<u32> for Numbers {
    fn numbers(&self) -> &[u32] {
        self
    }
}

impl<T: Number> Holds<T> for Column<T> {
    fn numbers(&self) -> &[T] {
        self.as_slice()
    }
}

/// A part of shared numbers.
#[derive(Clone)]
pub(crate) struct View<T: 'static> {
    data: Arc<dyn Holds<T>>,
    start: usize,
    end: usize,
}

impl<T: Number> From<Vec<T>> for View<T> {
    fn from(numbers: Vec<T>) -> Self {
        let end = numbers.len();
        Self { data: Arc::new(numbers), start: 0, end }
    }
}

impl From<Numbers> for View<u32> {
    fn from(numbers: Numbers) -> Self {
        let end = numbers.len();
        Self { data: Arc::new(numbers), start: 0, end }
    }
}

impl<T: Number> From<Column<T>> for View<T> {
    fn from(column: Column<T>) -> Self {
        let end = column.as_slice().len();
        Self { data: Arc::new(column), start: 0, end }
    }
}

impl<T: Number> View<T> {
    /// A part of this view.
    pub(crate) fn part(&self, start: usize, end: usize) -> Self {
        Self { data: self.data.clone(), start: self.start + start, end: self.start + end }
    }

    /// The numbers.
    pub(crate) fn as_slice(&self) -> &[T] {
        &self.whole()[self.start..self.end]
    }

    /// All numbers that whoever keeps them has.
    pub(crate) fn whole(&self) -> &[T] {
        self.data.numbers()
    }

    /// Where the view begins among all numbers.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// Who keeps the numbers alive.
    pub(crate) fn owner(&self) -> Arc<dyn Any + Send + Sync> {
        self.data.clone()
    }

    /// NumPy's array interface.
    pub(crate) fn array_interface<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        let length = self.as_slice().len();
        if T::LANES == 1 {
            dict.set_item("shape", (length,))?;
        } else {
            dict.set_item("shape", (length, T::LANES))?;
        }
        dict.set_item("typestr", T::TYPESTR)?;
        // Read-only: the numbers are shared.
        dict.set_item("data", (self.as_slice().as_ptr() as usize, true))?;
        dict.set_item("version", 3)?;
        Ok(dict)
    }
}
