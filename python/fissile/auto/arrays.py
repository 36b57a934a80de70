"""From rows of ids to NumPy arrays and Torch tensors.

NumPy and Torch are imported when arrays are asked for, not before. Rows that come from the engine as one
buffer (`Ragged`) are padded there, and columns of encodings are put side by side there, without a Python
list in between.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any, Literal, cast

from .._rust import Encoding, InvalidValueError, Ragged

KINDS = ("np", "pt")
"""The kinds of arrays that can be asked for."""


def array_kind(kind: Any) -> str:
    """Read the name of a kind of arrays, as a string or as a member of an enumeration.

    Raises:
        ValueError: When it is not one of `KINDS`.
    """
    name = getattr(kind, "value", kind)
    if name not in KINDS:
        raise InvalidValueError(
            f"{name!r} is not a valid TensorType, please select one of {list(KINDS)}: 'np' gives NumPy "
            "arrays, 'pt' gives Torch tensors, and without `return_tensors` there are lists"
        )
    return str(name)


def to_tensors(data: MutableMapping[str, Any], kind: Any, prepend_axis: bool = False) -> None:
    """Convert every value of a mapping, in place."""
    make = _torch_tensor if array_kind(kind) == "pt" else _numpy_array
    for key, value in list(data.items()):
        value = [value] if prepend_axis else value
        try:
            data[key] = make(value)
        except (ImportError, MemoryError):
            raise
        except Exception as error:
            raise InvalidValueError(
                "Unable to create tensor, you should probably activate truncation and/or padding with "
                "'padding=True' 'truncation=True' to have batched tensors with the same length. Perhaps "
                f"your features (`{key}` in this case) have excessive nesting (inputs type `list` where "
                "type `int` is expected)."
            ) from error


def _numpy_array(value: Any) -> Any:
    import numpy

    if isinstance(value, numpy.ndarray):
        return value
    if isinstance(value, (list, tuple)):
        if _count(value) == 0:
            return numpy.asarray(value, dtype=numpy.int64)
        if isinstance(value[0], (list, tuple, numpy.ndarray)) and len({len(v) for v in value}) > 1:
            rows: Any = numpy.empty(len(value), dtype=object)
            for place, row in enumerate(value):
                rows[place] = numpy.asarray(row)
            return rows
    return numpy.asarray(value)


def _torch_tensor(value: Any) -> Any:
    try:
        import torch
    except ImportError as error:
        raise ImportError(
            "Unable to convert output to PyTorch tensors format, PyTorch is not installed."
        ) from error
    if torch.is_tensor(value):
        return value
    if isinstance(value, (list, tuple)) and value and is_numpy(value[0]):
        import numpy

        value = numpy.array(value)
    if is_numpy(value):
        return torch.from_numpy(value)
    if not _count(value):
        return torch.tensor(value, dtype=torch.int64)
    array = _integers(value)
    return torch.tensor(value) if array is None else torch.from_numpy(array)


def _integers(value: Any) -> Any:
    """Rows of integers as an array, `None` for anything else: a list takes Torch six times as long."""
    try:
        import numpy

        array = numpy.asarray(value)
    except (ImportError, ValueError):
        return None
    return array if array.dtype == numpy.int64 else None


def _count(value: Any) -> int:
    """Count the leaves, as far as to tell none from some."""
    if not isinstance(value, (list, tuple)):
        return 1
    return next((1 for item in value if _count(item)), 0)


def has_numpy() -> bool:
    """Whether there is a NumPy to make arrays with."""
    try:
        import numpy
    except ImportError:
        return False
    return bool(numpy)


def is_numpy(value: Any) -> bool:
    """Tell a NumPy array, without importing NumPy."""
    return type(value).__module__ == "numpy" and type(value).__name__ == "ndarray"


def is_torch(value: Any) -> bool:
    """Tell a Torch tensor, without importing Torch."""
    return any(
        base.__name__ == "Tensor" and base.__module__.startswith("torch")
        for base in type(value).__mro__
    )


def to_lists(value: Any) -> Any:
    """Turn arrays and tensors, and mappings and sequences of them, into plain Python values."""
    for name in ("tolist", "to_list"):
        if hasattr(value, name):
            return getattr(value, name)()
    if hasattr(value, "items"):
        return {key: to_lists(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        flat = all(type(item) is int for item in value)
        return list(value) if flat else [to_lists(item) for item in value]
    return value


def stacked(encodings: Sequence[Encoding], column: str, kind: str) -> Any:
    """One column of encodings of one length as an array, without a list in between."""
    import numpy

    shape = (len(encodings), len(encodings[0]))
    block = Encoding.stack(encodings, cast(Any, column))
    return _as_kind(_over(numpy, block, (*shape, 2) if column == "offsets" else shape), kind)


def _over(numpy: Any, block: bytearray, shape: tuple[int, ...]) -> Any:
    """The array over a block."""
    # NumPy takes no empty buffer.
    empty = not len(block)
    flat = numpy.empty(0, numpy.int64) if empty else numpy.frombuffer(block, numpy.int64)
    return flat.reshape(shape)


def _as_kind(array: Any, kind: str) -> Any:
    return array if kind == "np" else _torch_tensor(array)


class PaddedRows:
    """Rows of ids in one rectangle, with the mask that tells ids from filling.

    Args:
        rows: The ids.
        width: How wide the rectangle is; no row is longer.
        left: Fill on the left.
        pad_id: What it is filled with.
        kind: "np" or "pt".
    """

    def __init__(self, rows: Ragged, width: int, left: bool, pad_id: int, kind: str) -> None:
        import numpy

        self._numpy = numpy
        self._kind = kind
        self._rows = rows
        self._shape = (len(rows), width)
        self._side: Literal["left", "right"] = "left" if left else "right"
        ids = rows.padded(width, side=self._side, fill=pad_id)
        self.ids = _as_kind(_over(numpy, ids, self._shape), kind)
        self.lengths = _as_kind(numpy.full(len(rows), width), kind)

    def _mask(self) -> Any:
        mask = self._rows.padding_mask(self._shape[1], side=self._side)
        return _over(self._numpy, mask, self._shape)

    def mask(self) -> Any:
        """1 for ids, 0 for filling."""
        return _as_kind(self._mask(), self._kind)

    def types(self, pad_type: int, flat: Any = 0) -> Any:
        """`flat` for ids, row by row (or one type for all), `pad_type` for filling."""
        types: Any = self._numpy.full(self._shape, pad_type, dtype=self._numpy.int64)
        if not (isinstance(flat, int) and flat == pad_type):
            types[self._mask().astype(bool)] = flat
        return _as_kind(types, self._kind)
