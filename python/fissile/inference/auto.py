"""`AutoModel` and its kin: the model of a folder, of the class that its configuration asks for.

Example:
    >>> from fissile import AutoModel  # doctest: +SKIP
    >>> model = AutoModel.from_pretrained("path/to/model")  # doctest: +SKIP
    >>> model(**batch).last_hidden_state  # doctest: +SKIP
"""

from __future__ import annotations

from os import PathLike
from typing import Any, ClassVar, NoReturn

from .._rust import UnsupportedError
from .config import Config, read_config
from .files import find_files
from .models import architecture


class _AutoModel:
    """A choice of classes by architecture."""

    TASKS: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} is made by from_pretrained(folder) or from_config(config)"
        )

    @classmethod
    def from_pretrained(cls, folder: str | PathLike[str], **options: Any) -> Any:
        """Read a model; see `Model.from_pretrained` for the options.

        Args:
            folder: The folder, or the name of a repository in the local cache.
            **options: Options of loading, and fields of the configuration.

        Returns:
            The model, in evaluation mode.
        """
        config = options.get("config")
        if config is None:
            files, _ = find_files(folder, options)
            model_type = read_config(files).get("model_type")
        else:
            model_type = config.model_type
        return cls._class(str(model_type)).from_pretrained(folder, **options)

    @classmethod
    def from_config(cls, config: Config, **options: Any) -> Any:
        """Make a model with random weights; see `Model.from_config`."""
        return cls._class(config.model_type).from_config(config, **options)

    @classmethod
    def _class(cls, model_type: str) -> Any:
        found = architecture(model_type).classes
        for task in cls.TASKS:
            if task in found:
                return found[task]
        raise UnsupportedError(
            f"{cls.__name__}: {model_type} has no such head; it has {', '.join(sorted(found))}"
        )


class AutoModel(_AutoModel):
    """The body of a model: hidden states."""

    TASKS = ("model",)


class AutoModelForSequenceClassification(_AutoModel):
    """A model that labels texts."""

    TASKS = ("sequence-classification",)


class AutoModelForTokenClassification(_AutoModel):
    """A model that labels tokens."""

    TASKS = ("token-classification",)


class AutoModelForQuestionAnswering(_AutoModel):
    """A model that marks answers."""

    TASKS = ("question-answering",)


class AutoModelForMaskedLM(_AutoModel):
    """A model that fills masks."""

    TASKS = ("masked-lm",)


class AutoModelForCausalLM(_AutoModel):
    """A model that goes on writing."""

    TASKS = ("causal-lm",)


class AutoModelForSeq2SeqLM(_AutoModel):
    """A model that reads one text and writes another."""

    TASKS = ("seq2seq-lm",)


class AutoModelWithLMHead(_AutoModel):
    """A model that scores its vocabulary, in whatever way it was trained to."""

    TASKS = ("seq2seq-lm", "causal-lm", "masked-lm")
