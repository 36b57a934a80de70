"""The architectures: one a file, named as `model_type` names it in `config.json`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

from ..._rust import UnsupportedError

if TYPE_CHECKING:
    from ..config import Config

REGISTRY: dict[str, tuple[str, str]] = {
    "bart": ("bart", "Bart"),
    "bert": ("bert", "Bert"),
    "camembert": ("roberta", "Camembert"),
    "distilbert": ("distilbert", "DistilBert"),
    "gemma": ("llama", "Gemma"),
    "gpt2": ("gpt2", "GPT2"),
    "llama": ("llama", "Llama"),
    "marian": ("marian", "Marian"),
    "mistral": ("llama", "Mistral"),
    "qwen2": ("llama", "Qwen2"),
    "qwen3": ("llama", "Qwen3"),
    "roberta": ("roberta", "Roberta"),
    "t5": ("t5", "T5"),
    "xlm-roberta": ("roberta", "XLMRoberta"),
}
"""For every `model_type` the module it lives in, and what its classes' names begin with."""

TASKS = {
    "model": ("Model",),
    "sequence-classification": ("ForSequenceClassification",),
    "token-classification": ("ForTokenClassification",),
    "question-answering": ("ForQuestionAnswering",),
    "masked-lm": ("ForMaskedLM",),
    "causal-lm": ("ForCausalLM", "LMHeadModel"),
    "seq2seq-lm": ("ForConditionalGeneration", "MTModel"),
}
"""For every task the ends of class names that it goes by."""


class Architecture(NamedTuple):
    """The classes of an architecture.

    Attributes:
        model_type: Its name.
        config_class: The class of its configuration.
        classes: The classes of its models, by task.
    """

    model_type: str
    config_class: type[Config]
    classes: dict[str, Any]


def architecture(model_type: str) -> Architecture:
    """Find an architecture.

    Raises:
        UnsupportedError: When there is none of that name.
    """
    if model_type not in REGISTRY:
        raise UnsupportedError(
            f"model_type {model_type!r} is not built; there are {', '.join(sorted(REGISTRY))}"
        )
    home, name = REGISTRY[model_type]
    module = importlib.import_module(f"{__name__}.{home}")
    classes = {
        task: getattr(module, name + end)
        for task, ends in TASKS.items()
        for end in ends
        if hasattr(module, name + end)
    }
    return Architecture(model_type, getattr(module, f"{name}Config"), classes)
