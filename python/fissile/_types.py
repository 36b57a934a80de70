"""Names of types, and words that calls take, apart from `fissile` itself: `enum` and `typing` are slow to import."""

from enum import Enum
from typing import Union

Offsets = tuple[int, int]
TextInputSequence = str
PreTokenizedInputSequence = Union[list[str], tuple[str, ...]]
TextEncodeInput = Union[
    TextInputSequence,
    tuple[TextInputSequence, TextInputSequence],
    list[TextInputSequence],
]
PreTokenizedEncodeInput = Union[
    PreTokenizedInputSequence,
    tuple[PreTokenizedInputSequence, PreTokenizedInputSequence],
    list[PreTokenizedInputSequence],
]
InputSequence = Union[TextInputSequence, PreTokenizedInputSequence]
EncodeInput = Union[TextEncodeInput, PreTokenizedEncodeInput]


class OffsetReferential(Enum):
    """Which text offsets refer to."""

    __module__ = "fissile"

    ORIGINAL = "original"
    NORMALIZED = "normalized"


class OffsetType(Enum):
    """The unit of offsets."""

    __module__ = "fissile"

    BYTE = "byte"
    CHAR = "char"


class SplitDelimiterBehavior(Enum):
    """What happens to a delimiter when a text is split at it."""

    __module__ = "fissile"

    REMOVED = "removed"
    ISOLATED = "isolated"
    MERGED_WITH_PREVIOUS = "merged_with_previous"
    MERGED_WITH_NEXT = "merged_with_next"
    CONTIGUOUS = "contiguous"
