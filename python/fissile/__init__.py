"""fissile: a tokenizer toolkit."""

from enum import Enum
from typing import Union

from . import decoders, models, normalizers, pre_tokenizers, processors, trainers
from ._rust import (
    AddedToken,
    DisallowedTokenError,
    Encoding,
    FileError,
    FissileError,
    FormatError,
    Ids,
    InvalidValueError,
    NormalizedString,
    PreTokenizedString,
    Ragged,
    Regex,
    RowSplits,
    Token,
    Tokenizer,
    UnsupportedError,
    __version__,
)

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

    ORIGINAL = "original"
    NORMALIZED = "normalized"


class OffsetType(Enum):
    """The unit of offsets."""

    BYTE = "byte"
    CHAR = "char"


class SplitDelimiterBehavior(Enum):
    """What happens to a delimiter when a text is split at it."""

    REMOVED = "removed"
    ISOLATED = "isolated"
    MERGED_WITH_PREVIOUS = "merged_with_previous"
    MERGED_WITH_NEXT = "merged_with_next"
    CONTIGUOUS = "contiguous"


__all__ = [
    "AddedToken",
    "DisallowedTokenError",
    "EncodeInput",
    "Encoding",
    "FileError",
    "FissileError",
    "FormatError",
    "Ids",
    "InputSequence",
    "InvalidValueError",
    "NormalizedString",
    "OffsetReferential",
    "OffsetType",
    "Offsets",
    "PreTokenizedEncodeInput",
    "PreTokenizedInputSequence",
    "PreTokenizedString",
    "Ragged",
    "Regex",
    "RowSplits",
    "SplitDelimiterBehavior",
    "TextEncodeInput",
    "TextInputSequence",
    "Token",
    "Tokenizer",
    "UnsupportedError",
    "__version__",
    "decoders",
    "models",
    "normalizers",
    "pre_tokenizers",
    "processors",
    "trainers",
]
