"""Models on torch: run batches of tokens, on CPU and GPU.

    >>> from fissile import AutoModel, AutoTokenizer  # doctest: +SKIP
    >>> tokenizer = AutoTokenizer.from_pretrained("path/to/model")  # doctest: +SKIP
    >>> model = AutoModel.from_pretrained("path/to/model")  # doctest: +SKIP
    >>> model(**tokenizer(texts, padding=True, return_tensors="pt")).last_hidden_state  # doctest: +SKIP

Needs torch and safetensors: `pip install 'fissile[torch]'`. Nothing else in fissile imports this package.
"""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

EXPORTS = {
    "AutoConfig": "config",
    "AutoModel": "auto",
    "AutoModelForCausalLM": "auto",
    "AutoModelForMaskedLM": "auto",
    "AutoModelForQuestionAnswering": "auto",
    "AutoModelForSeq2SeqLM": "auto",
    "AutoModelForSequenceClassification": "auto",
    "AutoModelForTokenClassification": "auto",
    "AutoModelWithLMHead": "auto",
    "TextIteratorStreamer": "generation.stream",
    "TextStreamer": "generation.stream",
    "pipeline": "pipelines",
}
"""Public names, and the module that each lives in."""


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Importing torch makes objects by the million, which all stay: to look for garbage is an eighth of it.

    What was made goes to the oldest generation at once, where it would have got to: otherwise the first
    collection of young objects walks through all of it. The next full collection looks at everything.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            if not gc.get_freeze_count():  # Thawing would thaw what a program keeps frozen, too.
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def __getattr__(name: str) -> Any:
    if name not in EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        # What is asked for needs it sooner or later: better told now than in the middle of something.
        with _nothing_collected():
            importlib.import_module("torch")
        importlib.import_module("safetensors")
        value = getattr(importlib.import_module(f"{__name__}.{EXPORTS[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name not in ("torch", "safetensors"):
            raise
        raise ImportError(
            f"fissile.{name} needs {error.name}, which is not installed: pip install 'fissile[torch]'"
        ) from error
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(EXPORTS))


__all__ = list(EXPORTS)
