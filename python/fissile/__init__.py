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

from . import decoders, models, normalizers, pre_tokenizers, processors, trainers
from ._rust import (
    AddedToken,
    DisallowedTokenError,
    Encoding,
    FileError,
    FissileError,
    FormatError,
    Ids,
    IncrementalEncoder,
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

TYPE_CHECKING = False  # typing's own, without importing it: that takes longer than all the rest
if TYPE_CHECKING:
    from typing import Any

    from ._types import (
        EncodeInput,
        InputSequence,
        OffsetReferential,
        Offsets,
        OffsetType,
        PreTokenizedEncodeInput,
        PreTokenizedInputSequence,
        SplitDelimiterBehavior,
        TextEncodeInput,
        TextInputSequence,
    )

_LAZY = {
    **dict.fromkeys(
        (
            "EncodeInput",
            "InputSequence",
            "OffsetReferential",
            "OffsetType",
            "Offsets",
            "PreTokenizedEncodeInput",
            "PreTokenizedInputSequence",
            "SplitDelimiterBehavior",
            "TextEncodeInput",
            "TextInputSequence",
        ),
        "_types",
    ),
    **dict.fromkeys(
        (
            "BertWordPieceTokenizer",
            "ByteLevelBPETokenizer",
            "CharBPETokenizer",
            "SentencePieceBPETokenizer",
            "SentencePieceUnigramTokenizer",
        ),
        "implementations",
    ),
}
"""Names that are imported when first used, so that importing the package stays quick."""

_PACKAGES = ("auto", "implementations", "inference", "tools")
_EXPORTING = ("auto", "inference")


def __getattr__(name: str) -> "Any":
    from importlib import import_module

    value: Any
    if name in _PACKAGES:
        value = import_module(f"{__name__}.{name}")
    elif name in _LAZY:
        value = getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
    else:
        value = getattr(_package_of(name), name)
    globals()[name] = value
    return value


def _package_of(name: str) -> "Any":
    """The package that exports a name to here."""
    from importlib import import_module

    for package in () if name.startswith("_") else _EXPORTING:
        module = import_module(f"{__name__}.{package}")
        if name in module.EXPORTS:
            return module
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    from importlib import import_module

    exports = [import_module(f"{__name__}.{package}").EXPORTS for package in _EXPORTING]
    return sorted({*globals(), *__all__, *_PACKAGES}.union(*exports))


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
    "IncrementalEncoder",
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
