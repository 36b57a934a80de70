"""The tokenizer that model code calls: `AutoTokenizer` and what belongs to it.

    >>> from fissile import AutoTokenizer  # doctest: +SKIP
    >>> tokenizer = AutoTokenizer.from_pretrained("path/to/model")  # doctest: +SKIP
    >>> tokenizer(texts, padding=True, truncation=True, return_tensors="np")  # doctest: +SKIP

Nothing here imports NumPy, Torch, jinja2 or huggingface_hub before it is asked for what needs them.
"""

from __future__ import annotations

import importlib
from typing import Any

EXPORTS = {
    "AutoTokenizer": "load",
    "BatchEncoding": "batch",
    "CharSpan": "batch",
    "DataCollatorForLanguageModeling": "masking",
    "DataCollatorForWholeWordMask": "masking",
    "DataCollatorWithPadding": "collate",
    "PackingCollator": "packing",
    "PreTrainedTokenizerBase": "tokenizer",
    "PreTrainedTokenizerFast": "tokenizer",
    "TokenSpan": "batch",
    "TokenizersBackend": "tokenizer",
    **dict.fromkeys(
        (
            name + fast
            for name in (
                "AlbertTokenizer",
                "BartTokenizer",
                "BertTokenizer",
                "CLIPTokenizer",
                "CamembertTokenizer",
                "DPRContextEncoderTokenizer",
                "DPRQuestionEncoderTokenizer",
                "DebertaTokenizer",
                "DebertaV2Tokenizer",
                "DistilBertTokenizer",
                "ElectraTokenizer",
                "GPT2Tokenizer",
                "GPTNeoXTokenizer",
                "GemmaTokenizer",
                "LEDTokenizer",
                "LlamaTokenizer",
                "LxmertTokenizer",
                "MPNetTokenizer",
                "MobileBertTokenizer",
                "MvpTokenizer",
                "Qwen2Tokenizer",
                "RobertaTokenizer",
                "T5Tokenizer",
                "XLMRobertaTokenizer",
                "XLNetTokenizer",
            )
            for fast in ("", "Fast")
        ),
        "classes",
    ),
}
"""Public names, and the module that each lives in."""


def __getattr__(name: str) -> Any:
    if name not in EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{EXPORTS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(EXPORTS))


__all__ = list(EXPORTS)
