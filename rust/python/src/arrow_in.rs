//! Arrow's C data interface: columns of texts and of whole numbers taken in, without a copy and without
//! Python objects.
//!
//! Anything with `__arrow_c_stream__` or `__arrow_c_array__` will do: tables, record batches, chunked
//! arrays, arrays, of whichever library. What a producer hands over is believed in so far as a C
//! interface leaves no choice; offsets and texts are checked all the same.

#![allow(unsafe_code, reason = "a C interface: raw pointers are its language")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::null_mut;
use std::sync::Arc;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use crate::arrow::{Array, Schema};

#[repr(C)]
struct Stream {
    get_schema: Option<unsafe extern "C" fn(*mut Stream, *mut Schema) -> c_int>,
    get_next: Option<unsafe extern "C" fn(*mut Stream, *mut Array) -> c_int>,
    get_last_error: Option<unsafe extern "C" fn(*mut Stream) -> *const c_char>,
    release: Option<unsafe extern "C" fn(*mut Stream)>,
    private_data: *mut c_void,
}

/// Batches of columns, one after the other.
pub(crate) struct Batches {
    schema: OwnedSchema,
    source: Source,
}

enum Source {
    Stream(OwnedStream),
    One(Option<OwnedArray>),
}

/// A schema that is released at the end.
struct OwnedSchema(Box<Schema>);

impl Drop for OwnedSchema {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            // SAFETY: the structure was moved here and not released yet.
            unsafe { release(&raw mut *self.0) };
        }
    }
}

struct OwnedStream(Box<Stream>);

impl Drop for OwnedStream {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            // SAFETY: the structure was moved here and not released yet.
            unsafe { release(&raw mut *self.0) };
        }
    }
}

struct OwnedArray(Box<Array>);

impl Drop for OwnedArray {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            // SAFETY: the structure was moved here and not released yet.
            unsafe { release(&raw mut *self.0) };
        }
    }
}

// SAFETY: the interface says that arrays are immutable and may be read and released on any thread.
unsafe impl Send for OwnedArray {}
// SAFETY: as above.
unsafe impl Sync for OwnedArray {}

/// Whether an object can be read here.
pub(crate) fn is_arrow(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(object.hasattr("__arrow_c_stream__")? || object.hasattr("__arrow_c_array__")?)
}

impl Batches {
    /// The batches of an Arrow object.
    pub(crate) fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        if object.hasattr("__arrow_c_stream__")? {
            return Self::of_stream(&object.call_method0("__arrow_c_stream__")?);
        }
        let pair = object.call_method0("__arrow_c_array__")?.cast_into::<PyTuple>()?;
        let (schema, array) = (pair.get_item(0)?, pair.get_item(1)?);
        let schema = pointer::<Schema>(&schema, c"arrow_schema")?;
        let array = pointer::<Array>(&array, c"arrow_array")?;
        // SAFETY: the capsules hold structures of these kinds; marking them released in place hands
        // them over, as the interface says.
        let (schema, array) = unsafe {
            let taken = (schema.read(), array.read());
            (*schema).release = None;
            (*array).release = None;
            taken
        };
        let array = Some(OwnedArray(Box::new(array)));
        Ok(Self { schema: OwnedSchema(Box::new(schema)), source: Source::One(array) })
    }

    fn of_stream(capsule: &Bound<'_, PyAny>) -> PyResult<Self> {
        let stream = pointer::<Stream>(capsule, c"arrow_array_stream")?;
        // SAFETY: as in `of`.
        let mut stream = unsafe {
            let taken = stream.read();
            (*stream).release = None;
            OwnedStream(Box::new(taken))
        };
        let mut schema = OwnedSchema(Box::new(Schema::empty()));
        let get = stream.0.get_schema.ok_or_else(released)?;
        // SAFETY: the stream is not released; the schema is a place to write to.
        let code = unsafe { get(&raw mut *stream.0, &raw mut *schema.0) };
        stream.check(code)?;
        Ok(Self { schema, source: Source::Stream(stream) })
    }

    /// The next batch; none at the end.
    fn next(&mut self) -> PyResult<Option<OwnedArray>> {
        match &mut self.source {
            Source::One(array) => Ok(array.take()),
            Source::Stream(stream) => stream.next(),
        }
    }

    /// The one column of texts, or the one called "text".
    pub(crate) fn text_column(self) -> PyResult<TextColumn> {
        let columns = self.schema.0.columns();
        let texts: Vec<&Column> = columns.iter().filter(|column| column.is_text()).collect();
        let named = texts.iter().find(|column| column.name.as_deref() == Some("text"));
        let column = match (texts.as_slice(), named) {
            ([only], _) => *only,
            (_, Some(named)) => *named,
            _ => return Err(no_column("one column of texts, or one called 'text'", &columns)),
        };
        Ok(TextColumn { column: column.clone(), batches: self })
    }

    /// The first column of texts and the first of whole numbers, read to the end.
    pub(crate) fn counts(
        mut self,
        mut take: impl FnMut(&str, u64) -> PyResult<()>,
    ) -> PyResult<()> {
        let columns = self.schema.0.columns();
        let words = columns.iter().find(|column| column.is_text());
        let counts = columns.iter().find(|column| column.is_integer());
        let (Some(words), Some(counts)) = (words, counts) else {
            return Err(no_column("a column of words and one of counts", &columns));
        };
        let (words, counts) = (words.clone(), counts.clone());
        while let Some(array) = self.next()? {
            let array = Arc::new(array);
            let (words, counts) = (words.of(&array)?, counts.of(&array)?);
            for at in 0..words.length {
                if let (Some(word), Some(count)) = (words.text(at)?, counts.integer(at)?) {
                    take(word, count)?;
                }
            }
        }
        Ok(())
    }
}

impl OwnedStream {
    fn next(&mut self) -> PyResult<Option<OwnedArray>> {
        let mut array = OwnedArray(Box::new(Array::empty()));
        let get = self.0.get_next.ok_or_else(released)?;
        // SAFETY: the stream is not released; the array is a place to write to.
        let code = unsafe { get(&raw mut *self.0, &raw mut *array.0) };
        self.check(code)?;
        Ok(array.0.release.is_some().then_some(array))
    }

    fn check(&mut self, code: c_int) -> PyResult<()> {
        if code == 0 {
            return Ok(());
        }
        // A producer in Python may have raised something that says more.
        if let Some(error) = Python::attach(PyErr::take) {
            return Err(error);
        }
        let message = self.0.get_last_error.and_then(|get| {
            // SAFETY: the stream is not released; the text lives until the next call.
            let message = unsafe { get(&raw mut *self.0) };
            // SAFETY: as above; the interface says that it ends with a zero.
            (!message.is_null())
                .then(|| unsafe { CStr::from_ptr(message) }.to_string_lossy().into_owned())
        });
        let message = message.unwrap_or_else(|| format!("error {code}"));
        Err(PyValueError::new_err(format!("the Arrow stream failed: {message}")))
    }
}

fn released() -> PyErr {
    PyValueError::new_err("the Arrow stream was read before")
}

fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &'static CStr) -> PyResult<*mut T> {
    let capsule = capsule.cast::<PyCapsule>().map_err(|_| {
        PyTypeError::new_err("__arrow_c_stream__ and __arrow_c_array__ must give PyCapsules")
    })?;
    Ok(capsule.pointer_checked(Some(name))?.as_ptr().cast())
}

fn no_column(wanted: &str, columns: &[Column]) -> PyErr {
    let found: Vec<String> = columns
        .iter()
        .map(|column| format!("{} ({})", column.name.as_deref().unwrap_or("?"), column.format))
        .collect();
    PyTypeError::new_err(format!(
        "expected {wanted}, found {}. Hint: select or cast the columns first",
        if found.is_empty() { "no column".to_owned() } else { found.join(", ") }
    ))
}

/// Where a column is, and of which kind.
#[derive(Clone)]
struct Column {
    /// Which child of a table; none where the array itself is the column.
    child: Option<usize>,
    name: Option<String>,
    format: String,
}

impl Column {
    fn is_text(&self) -> bool {
        matches!(self.format.as_str(), "u" | "U" | "vu")
    }

    fn is_integer(&self) -> bool {
        matches!(self.format.as_str(), "c" | "C" | "s" | "S" | "i" | "I" | "l" | "L")
    }

    /// This column of a batch.
    fn of(&self, array: &Arc<OwnedArray>) -> PyResult<Values> {
        let outer = &array.0;
        let (array_of, skip) = match self.child {
            None => (&raw const **outer, 0),
            Some(at) if usize::try_from(outer.n_children).is_ok_and(|children| at < children) => {
                // SAFETY: there are that many children, which live as long as the array.
                (unsafe { *outer.children.add(at) }.cast_const(), outer.offset)
            }
            Some(_) => return Err(PyValueError::new_err("an Arrow batch lacks a column")),
        };
        // SAFETY: the array lives as long as `array`, which the values keep.
        let inner = unsafe { &*array_of };
        let length = if self.child.is_none() { inner.length } else { outer.length };
        let whole = |number: i64| {
            usize::try_from(number).map_err(|_| PyValueError::new_err("an Arrow batch is broken"))
        };
        let wanted = if self.format == "vu" { 3 } else { 2 + i64::from(self.is_text()) };
        if inner.n_buffers < wanted {
            return Err(PyValueError::new_err("an Arrow column lacks a buffer"));
        }
        Ok(Values {
            array: array_of,
            start: whole(inner.offset)? + whole(skip)?,
            length: whole(length)?,
            format: self.format.clone(),
            _owner: array.clone(),
        })
    }
}

impl Schema {
    fn columns(&self) -> Vec<Column> {
        let column = |schema: &Self, child| Column {
            child,
            name: text_at(schema.name),
            format: text_at(schema.format).unwrap_or_default(),
        };
        let own = column(self, None);
        if own.format != "+s" {
            return vec![own];
        }
        let children = usize::try_from(self.n_children).unwrap_or(0);
        // SAFETY: there are that many children, which live as long as the schema.
        (0..children).map(|at| column(unsafe { &**self.children.add(at) }, Some(at))).collect()
    }
}

fn text_at(text: *const c_char) -> Option<String> {
    // SAFETY: the interface says that texts end with a zero and live as long as the schema.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// The values of a column of one batch.
pub(crate) struct Values {
    array: *const Array,
    start: usize,
    pub(crate) length: usize,
    format: String,
    _owner: Arc<OwnedArray>,
}

// SAFETY: what `array` points to belongs to the owner, which can be read on any thread.
unsafe impl Send for Values {}
// SAFETY: as above.
unsafe impl Sync for Values {}

impl Values {
    /// The start of a buffer, as values of some type; null where there is none.
    fn buffer<T>(&self, at: usize) -> *const T {
        // SAFETY: `Column::of` checked that there are that many buffers.
        unsafe { (*(*self.array).buffers.add(at)).cast() }
    }

    /// # Safety
    /// The buffer must have a value at `index`, and not be null.
    unsafe fn read<T>(&self, at: usize, index: usize) -> T {
        // SAFETY: the caller says so; alignment is not relied on.
        unsafe { self.buffer::<T>(at).add(index).read_unaligned() }
    }

    fn is_null(&self, index: usize) -> bool {
        let validity = self.buffer::<u8>(0);
        // SAFETY: the bitmap has a bit for each value up to the end of the array.
        !validity.is_null() && unsafe { *validity.add(index / 8) } >> (index % 8) & 1 == 0
    }

    /// The text at a place; none where it is null.
    pub(crate) fn text(&self, at: usize) -> PyResult<Option<&str>> {
        let index = self.start + at;
        if self.is_null(index) {
            return Ok(None);
        }
        let bytes = match self.format.as_str() {
            "vu" => self.view(index),
            "U" => {
                // SAFETY: there is one offset more than there are values.
                let ends = unsafe { (self.read::<i64>(1, index), self.read::<i64>(1, index + 1)) };
                self.slice(2, ends.0, ends.1)
            }
            _ => {
                // SAFETY: as above.
                let ends = unsafe { (self.read::<i32>(1, index), self.read::<i32>(1, index + 1)) };
                self.slice(2, ends.0.into(), ends.1.into())
            }
        };
        let bytes =
            bytes.ok_or_else(|| PyValueError::new_err("an Arrow text has broken offsets"))?;
        let text = std::str::from_utf8(bytes);
        text.map(Some).map_err(|_| PyValueError::new_err("an Arrow text is not valid UTF-8"))
    }

    fn slice(&self, buffer: usize, start: i64, end: i64) -> Option<&[u8]> {
        let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
        let data = self.buffer::<u8>(buffer);
        if start >= end || data.is_null() {
            return (start == end).then_some(&[]);
        }
        // SAFETY: the interface says that the buffer reaches as far as the offsets.
        Some(unsafe { std::slice::from_raw_parts(data.add(start), end - start) })
    }

    /// A text of a column of views: short ones lie in the view itself.
    fn view(&self, index: usize) -> Option<&[u8]> {
        let view = self.buffer::<[u8; 16]>(1);
        if view.is_null() {
            return None;
        }
        // SAFETY: there is a view for each value up to the end of the array.
        let view: &[u8; 16] = unsafe { &*view.add(index) };
        let number = |at: usize| {
            let bytes = [view[at], view[at + 1], view[at + 2], view[at + 3]];
            usize::try_from(i32::from_le_bytes(bytes)).ok()
        };
        let length = number(0)?;
        if length <= 12 {
            return Some(&view[4..4 + length]);
        }
        let (buffer, start) = (number(8)?, i64::try_from(number(12)?).ok()?);
        // SAFETY: the array lives; its buffers are validity, views, data …, sizes of the data.
        let data = usize::try_from(unsafe { (*self.array).n_buffers }).ok()?.checked_sub(3)?;
        if buffer >= data {
            return None;
        }
        self.slice(2 + buffer, start, start + i64::try_from(length).ok()?)
    }

    /// The number at a place; none where it is null.
    fn integer(&self, at: usize) -> PyResult<Option<u64>> {
        let index = self.start + at;
        if self.is_null(index) {
            return Ok(None);
        }
        // SAFETY: there is a value of the format's type for each place up to the end of the array.
        let value: i128 = unsafe {
            match self.format.as_str() {
                "c" => self.read::<i8>(1, index).into(),
                "C" => self.read::<u8>(1, index).into(),
                "s" => self.read::<i16>(1, index).into(),
                "S" => self.read::<u16>(1, index).into(),
                "i" => self.read::<i32>(1, index).into(),
                "I" => self.read::<u32>(1, index).into(),
                "l" => self.read::<i64>(1, index).into(),
                _ => self.read::<u64>(1, index).into(),
            }
        };
        let count = u64::try_from(value);
        count.map(Some).map_err(|_| PyValueError::new_err(format!("a count below zero: {value}")))
    }
}

/// The texts of a column, batch by batch.
pub(crate) struct TextColumn {
    column: Column,
    batches: Batches,
}

impl TextColumn {
    /// The texts of the next batch; none at the end.
    pub(crate) fn next(&mut self) -> PyResult<Option<Values>> {
        match self.batches.next()? {
            Some(array) => self.column.of(&Arc::new(array)).map(Some),
            None => Ok(None),
        }
    }
}

impl Schema {
    fn empty() -> Self {
        Self {
            format: null_mut(),
            name: null_mut(),
            metadata: null_mut(),
            flags: 0,
            n_children: 0,
            children: null_mut(),
            dictionary: null_mut(),
            release: None,
            private_data: null_mut(),
        }
    }
}

impl Array {
    fn empty() -> Self {
        Self {
            length: 0,
            null_count: 0,
            offset: 0,
            n_buffers: 0,
            n_children: 0,
            buffers: null_mut(),
            children: null_mut(),
            dictionary: null_mut(),
            release: None,
            private_data: null_mut(),
        }
    }
}
