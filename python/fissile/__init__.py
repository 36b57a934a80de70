"""fissile: a tokenizer toolkit.

Text into tokens and back, exact, fast and safe; a drop-in for the library the field grew up with:

    >>> from fissile import Tokenizer, models, pre_tokenizers
    >>> tokenizer = Tokenizer(models.WordLevel({"hello": 0, "world": 1}, unk_token="hello"))
    >>> tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    >>> tokenizer.encode("hello world").ids
    [0, 1]

`Tokenizer.from_file` takes a tokenizer file of any format. `fissile.compat` lets programs written for
`tokenizers` run on fissile as they are.
"""

import importlib
from enum import Enum
from typing import Any, Union

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
    Mask,
    NormalizedString,
    OffsetPairs,
    PreTokenizedString,
    Ragged,
    Regex,
    RowSplits,
    Token,
    Tokenizer,
    UnsupportedError,
    WordIds,
    __version__,
)
from .auto import EXPORTS as _AUTO
from .inference import EXPORTS as _INFERENCE

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


_LAZY = {
    "BertWordPieceTokenizer": "fissile.implementations",
    "ByteLevelBPETokenizer": "fissile.implementations",
    "CharBPETokenizer": "fissile.implementations",
    "SentencePieceBPETokenizer": "fissile.implementations",
    "SentencePieceUnigramTokenizer": "fissile.implementations",
    "auto": None,
    "implementations": None,
    "inference": None,
    "tools": None,
    **dict.fromkeys(_AUTO, "fissile.auto"),
    **dict.fromkeys(_INFERENCE, "fissile.inference"),
}
"""Names that are imported when first used, so that importing the package stays quick."""


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _LAZY[name]
    if home is None:
        value: Any = importlib.import_module(f"{__name__}.{name}")
    else:
        value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_LAZY))


__all__ = [
    "AddedToken",
    "AlbertTokenizer",
    "AlbertTokenizerFast",
    "AutoTokenizer",
    "BartTokenizer",
    "BartTokenizerFast",
    "BatchEncoding",
    "BertTokenizer",
    "BertTokenizerFast",
    "BertWordPieceTokenizer",
    "ByteLevelBPETokenizer",
    "CLIPTokenizer",
    "CLIPTokenizerFast",
    "CamembertTokenizer",
    "CamembertTokenizerFast",
    "CharBPETokenizer",
    "CharSpan",
    "DPRContextEncoderTokenizer",
    "DPRContextEncoderTokenizerFast",
    "DPRQuestionEncoderTokenizer",
    "DPRQuestionEncoderTokenizerFast",
    "DataCollatorForLanguageModeling",
    "DataCollatorForWholeWordMask",
    "DataCollatorWithPadding",
    "DebertaTokenizer",
    "DebertaTokenizerFast",
    "DebertaV2Tokenizer",
    "DebertaV2TokenizerFast",
    "DisallowedTokenError",
    "DistilBertTokenizer",
    "DistilBertTokenizerFast",
    "ElectraTokenizer",
    "ElectraTokenizerFast",
    "EncodeInput",
    "Encoding",
    "FileError",
    "FissileError",
    "FormatError",
    "GPT2Tokenizer",
    "GPT2TokenizerFast",
    "GPTNeoXTokenizer",
    "GPTNeoXTokenizerFast",
    "GemmaTokenizer",
    "GemmaTokenizerFast",
    "Ids",
    "InputSequence",
    "InvalidValueError",
    "LEDTokenizer",
    "LEDTokenizerFast",
    "LlamaTokenizer",
    "LlamaTokenizerFast",
    "LxmertTokenizer",
    "LxmertTokenizerFast",
    "MPNetTokenizer",
    "MPNetTokenizerFast",
    "Mask",
    "MobileBertTokenizer",
    "MobileBertTokenizerFast",
    "MvpTokenizer",
    "MvpTokenizerFast",
    "NormalizedString",
    "OffsetPairs",
    "OffsetReferential",
    "OffsetType",
    "Offsets",
    "PackingCollator",
    "PreTokenizedEncodeInput",
    "PreTokenizedInputSequence",
    "PreTokenizedString",
    "PreTrainedTokenizerBase",
    "PreTrainedTokenizerFast",
    "Qwen2Tokenizer",
    "Qwen2TokenizerFast",
    "Ragged",
    "Regex",
    "RobertaTokenizer",
    "RobertaTokenizerFast",
    "RowSplits",
    "SentencePieceBPETokenizer",
    "SentencePieceUnigramTokenizer",
    "SplitDelimiterBehavior",
    "T5Tokenizer",
    "T5TokenizerFast",
    "TextEncodeInput",
    "TextInputSequence",
    "Token",
    "TokenSpan",
    "Tokenizer",
    "TokenizersBackend",
    "UnsupportedError",
    "WordIds",
    "XLMRobertaTokenizer",
    "XLMRobertaTokenizerFast",
    "XLNetTokenizer",
    "XLNetTokenizerFast",
    "__version__",
    "auto",
    "decoders",
    "implementations",
    "models",
    "normalizers",
    "pre_tokenizers",
    "processors",
    "tools",
    "trainers",
]
