//! The macros that write what all classes of parts have in common.

/// One concrete class of parts.
///
/// `data` names the core's type of the part, `get` finds it in the core's enum, `put` makes the enum
/// of it. Fields are read and written on a copy of the data, then the cell is swapped.
macro_rules! part_class {
    (
        $(#[$meta:meta])*
        $class:ident, $name:literal, $base:ident, $module:literal;
        data $data:ty, get $get:expr, put $put:expr;
        $(text $text:literal;)?
        new $sig:tt $args:tt $build:block
        $(newargs $newargs:expr;)?
        $(fields {
            $( $(#[$field_meta:meta])* $field:ident / $setter:ident : $fty:ty => $read:expr, $write:expr; )*
        })?
        $(extra { $($extra:tt)* })?
    ) => {
        $(#[$meta])*
        #[pyclass(extends = $base, module = $module, name = $name, frozen)]
        pub(crate) struct $class;

        #[pymethods]
        impl $class {
            #[new]
            #[pyo3(signature = $sig $(, text_signature = $text)?)]
            fn new $args -> PyResult<PyClassInitializer<Self>> {
                #[allow(unused_braces, reason = "the macro's caller writes a block")]
                let build = || -> PyResult<$data> { $build };
                let part = ($put)(build()?);
                Ok(PyClassInitializer::from($base::of(part)).add_subclass($class))
            }
            $(
                fn __getnewargs__(&self) -> impl for<'py> IntoPyObject<'py> {
                    $newargs
                }
            )?
            $($(
                $(#[$field_meta])*
                #[getter($field)]
                fn $field(slf: PyRef<'_, Self>) -> PyResult<$fty> {
                    let data: $data = slf.as_super().data($name, $get)?;
                    let read: fn(&$data) -> $fty = $read;
                    Ok(read(&data))
                }

                #[setter($field)]
                fn $setter(slf: PyRef<'_, Self>, value: $fty) -> PyResult<()> {
                    let write: fn(&mut $data, $fty) -> PyResult<()> = $write;
                    slf.as_super().edit_data($name, $get, $put, |data| write(data, value.clone()))
                }
            )*)?
            $($($extra)*)?
        }
    };
}

/// A concrete class of parts without any settings.
macro_rules! unit_class {
    ($(#[$meta:meta])* $class:ident, $name:literal, $base:ident, $module:literal, $part:expr) => {
        $(#[$meta])*
        #[pyclass(extends = $base, module = $module, name = $name, frozen)]
        pub(crate) struct $class;

        #[pymethods]
        impl $class {
            #[new]
            fn new() -> PyClassInitializer<Self> {
                PyClassInitializer::from($base::of($part)).add_subclass($class)
            }
        }
    };
}

/// What the base class of every stage does the same way: cells, pickling, printing, copying.
macro_rules! part_base {
    ($base:ident, $core:ty, $label:literal) => {
        impl $base {
            /// An object over a new cell.
            pub(crate) fn of(part: $core) -> Self {
                Self { cell: $crate::cell::Cell::of(part) }
            }

            /// An object over an existing cell.
            pub(crate) fn over(cell: $crate::cell::Shared<$core>) -> Self {
                Self { cell }
            }

            /// A copy of the data of a concrete class.
            fn data<D>(&self, class: &str, get: impl Fn(&$core) -> Option<D>) -> PyResult<D> {
                match &*self.cell.node() {
                    $crate::cell::Node::Leaf(part) => get(part),
                    $crate::cell::Node::Sequence(_) => None,
                }
                .ok_or_else(|| $crate::macros::replaced(class))
            }

            /// Edit the data of a concrete class.
            fn edit_data<D>(
                &self,
                class: &str,
                get: impl Fn(&$core) -> Option<D>,
                put: impl Fn(D) -> $core,
                edit: impl Fn(&mut D) -> PyResult<()>,
            ) -> PyResult<()> {
                self.cell.edit(|node| {
                    let data = match node {
                        $crate::cell::Node::Leaf(part) => get(part),
                        $crate::cell::Node::Sequence(_) => None,
                    };
                    let mut data = data.ok_or_else(|| $crate::macros::replaced(class))?;
                    edit(&mut data)?;
                    Ok(put(data))
                })
            }
        }

        #[pymethods]
        impl $base {
            fn __getstate__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
                let json =
                    $crate::error::guard(|| self.cell.part().to_json()).map_err(|error| {
                        $crate::error::prefixed(
                            py,
                            concat!("Error while attempting to pickle ", $label, ": "),
                            error,
                        )
                    })?;
                Ok(PyBytes::new(py, json.as_bytes()))
            }

            fn __setstate__(&self, state: &Bound<'_, PyBytes>) -> PyResult<()> {
                let text = $crate::convert::utf8(state.as_bytes())?;
                let part = $crate::error::guard(|| <$core>::from_json(text)).map_err(|error| {
                    $crate::error::prefixed(
                        state.py(),
                        concat!("Error while attempting to unpickle ", $label, ": "),
                        error,
                    )
                })?;
                self.cell.set_part(part);
                Ok(())
            }

            fn __repr__(&self) -> PyResult<String> {
                $crate::printer::Printer::repr().print(&self.cell.part())
            }

            fn __str__(&self) -> PyResult<String> {
                $crate::printer::Printer::str().print(&self.cell.part())
            }
        }
    };
}

/// What `Sequence` of a stage does: flattening, live members.
macro_rules! sequence_class {
    ($(#[$meta:meta])* $class:ident, $base:ident, $module:literal, $label:literal, $args:ident) => {
        $(#[$meta])*
        #[pyclass(extends = $base, module = $module, name = "Sequence", frozen)]
        pub(crate) struct $class;

        #[pymethods]
        impl $class {
            #[new]
            fn new($args: Vec<PyRef<'_, $base>>) -> PyClassInitializer<Self> {
                let mut cells = Vec::with_capacity($args.len());
                for member in &$args {
                    match &*member.cell.node() {
                        $crate::cell::Node::Sequence(inner) => cells.extend(inner.iter().cloned()),
                        $crate::cell::Node::Leaf(_) => cells.push(member.cell.clone()),
                    }
                }
                let base = $base::over($crate::cell::Cell::sequence(cells));
                PyClassInitializer::from(base).add_subclass($class)
            }

            fn __getnewargs__<'py>(&self, py: Python<'py>) -> (Bound<'py, pyo3::types::PyList>,) {
                (pyo3::types::PyList::empty(py),)
            }

            fn __len__(slf: PyRef<'_, Self>) -> usize {
                match &*slf.as_super().cell.node() {
                    $crate::cell::Node::Sequence(members) => members.len(),
                    $crate::cell::Node::Leaf(_) => 1,
                }
            }

            fn __getitem__(slf: PyRef<'_, Self>, index: isize) -> PyResult<Py<PyAny>> {
                let cell = match &*slf.as_super().cell.node() {
                    $crate::cell::Node::Sequence(members) => {
                        members[$crate::convert::index(index, members.len())?].clone()
                    }
                    $crate::cell::Node::Leaf(_) => return Err($crate::macros::replaced("Sequence")),
                };
                $base::to_python(slf.py(), cell)
            }

            fn __setitem__(
                slf: PyRef<'_, Self>,
                index: isize,
                value: PyRef<'_, $base>,
            ) -> PyResult<()> {
                let node = value.cell.node();
                if matches!(&*node, $crate::cell::Node::Sequence(_)) {
                    return Err($crate::error::plain(
                        slf.py(),
                        concat!($label, " should not be a sequence"),
                    ));
                }
                match &*slf.as_super().cell.node() {
                    $crate::cell::Node::Sequence(members) => {
                        members[$crate::convert::index(index, members.len())?].set(node);
                        Ok(())
                    }
                    $crate::cell::Node::Leaf(_) => Err($crate::macros::replaced("Sequence")),
                }
            }
        }
    };
}

/// Pickling and copying of a class around one value of the core that has a JSON form. The class says
/// how the value is taken (`value`) and put back (`put`).
macro_rules! pickled_class {
    ($class:ident, $core:ty, new $newargs:expr) => {
        #[pymethods]
        impl $class {
            fn __getstate__<'py>(
                &self,
                py: Python<'py>,
            ) -> PyResult<Bound<'py, pyo3::types::PyBytes>> {
                let value = self.value(py)?;
                let json = $crate::error::guard(|| Ok(value.to_json()))?;
                Ok(pyo3::types::PyBytes::new(py, json.as_bytes()))
            }

            fn __setstate__(&self, state: &Bound<'_, pyo3::types::PyBytes>) -> PyResult<()> {
                let json = $crate::convert::utf8(state.as_bytes())?;
                let value = $crate::error::guard(|| <$core>::from_json(json)).map_err(|error| {
                    let prefix =
                        concat!("Error while attempting to unpickle ", stringify!($class), ": ");
                    $crate::error::prefixed(state.py(), prefix, error)
                })?;
                self.put(value);
                Ok(())
            }

            fn __getnewargs__(&self) -> impl for<'py> IntoPyObject<'py> {
                $newargs
            }

            fn __copy__(&self, py: Python<'_>) -> PyResult<Self> {
                Ok(self.value(py)?.into())
            }

            fn __deepcopy__(
                &self,
                py: Python<'_>,
                _memo: &Bound<'_, pyo3::types::PyDict>,
            ) -> PyResult<Self> {
                self.__copy__(py)
            }
        }
    };
}

use pyo3::prelude::*;

/// The object's cell was given a part of another class meanwhile.
pub(crate) fn replaced(class: &str) -> PyErr {
    Python::attach(|py| {
        crate::error::plain(
            py,
            &format!(
                "this {class} was replaced by a part of another kind; get it from its owner again"
            ),
        )
    })
}

pub(crate) use {part_base, part_class, pickled_class, sequence_class, unit_class};
