"""Which class a name in a file means, those included that programs register."""

from __future__ import annotations

from .._rust import UnsupportedError
from . import classes
from .numbering import ANY, FOLLOWS_FROM_FILE, renumbered
from .tokenizer import PreTrainedTokenizerFast

__all__ = ["ANY", "by_name", "check_sentencepiece", "of_model", "register"]

_registered: dict[str, type[PreTrainedTokenizerFast]] = {}


def by_name(name: str) -> type[PreTrainedTokenizerFast]:
    """Find a class by the name that a file gives it; a name that nobody knows takes the file as it is."""
    plain = name.removesuffix("Fast")
    if plain in _registered:
        return _registered[plain]
    found: type[PreTrainedTokenizerFast] = getattr(classes, plain, PreTrainedTokenizerFast)
    return found


def of_model(model: str) -> type[PreTrainedTokenizerFast] | None:
    """Find the class that was registered for a model."""
    return _registered.get(f"model:{model}")


def register(model: str, cls: type[PreTrainedTokenizerFast], exist_ok: bool = False) -> None:
    """Make a class known by its name, and as that of a model.

    Raises:
        ValueError: When the model has one.
    """
    if f"model:{model}" in _registered and not exist_ok:
        raise ValueError(
            f"{model!r} is already used by a tokenizer; pass exist_ok=True to replace it"
        )
    _registered[f"model:{model}"] = cls
    _registered[cls.__name__.removesuffix("Fast")] = cls


def check_sentencepiece(name: str) -> None:
    """Refuse a class whose models number the pieces of a SentencePiece file in a way of their own.

    Raises:
        UnsupportedError: When the ids would be wrong.
    """
    plain = name.removesuffix("Fast")
    if plain not in FOLLOWS_FROM_FILE and plain not in _registered:
        raise UnsupportedError(renumbered(plain))
