"""What models give back: values by attribute, by name, and by place.

`outputs.logits`, `outputs["logits"]` and `outputs[0]` are the same value; what was not asked for is `None`
as an attribute and absent otherwise. `loss, logits = outputs` unpacks values, as a named tuple would.

Example:
    >>> outputs = TokenClassifierOutput(logits=[[1.0]])
    >>> outputs.logits, outputs["logits"], outputs[0], outputs.loss
    ([[1.0]], [[1.0]], [[1.0]], None)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from .._rust import InvalidValueError


class ModelOutput:
    """The values that a model gives, in a fixed order.

    Args:
        **values: Values by name; all of them have to be among `FIELDS`.
    """

    FIELDS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **values: Any) -> None:
        unknown = sorted(set(values) - set(self.FIELDS))
        if unknown:
            raise InvalidValueError(f"{type(self).__name__} has no {unknown}; it has {self.FIELDS}")
        for name in self.FIELDS:
            setattr(self, name, values.get(name))

    def keys(self) -> list[str]:
        """List the names of the values that are there."""
        return [name for name in self.FIELDS if getattr(self, name) is not None]

    def values(self) -> list[Any]:
        """List the values that are there."""
        return list(self.to_tuple())

    def items(self) -> list[tuple[str, Any]]:
        """List names and values."""
        return [(name, getattr(self, name)) for name in self.keys()]

    def get(self, name: str, default: Any = None) -> Any:
        """Look a value up by name."""
        value = self[name] if name in self else None  # noqa: SIM401 - this is what get is made of
        return default if value is None else value

    def to_tuple(self) -> tuple[Any, ...]:
        """Give the values that are there as a tuple."""
        return tuple(getattr(self, name) for name in self.keys())

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{type(self).__name__} has no {name!r}; it has {self.FIELDS}")

    def __getitem__(self, key: int | slice | str) -> Any:
        if not isinstance(key, str):
            return self.to_tuple()[key]
        if key not in self:
            raise KeyError(key)
        return getattr(self, key)

    def __setitem__(self, key: str, value: Any) -> None:
        if key not in self.FIELDS:
            raise KeyError(key)
        setattr(self, key, value)

    def __contains__(self, key: object) -> bool:
        return key in self.FIELDS and getattr(self, str(key)) is not None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.to_tuple())

    def __len__(self) -> int:
        return len(self.keys())

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.FIELDS)
        return f"{type(self).__name__}({inside})"


_STATES = ("hidden_states", "attentions")
_DECODER = (
    "past_key_values",
    "decoder_hidden_states",
    "decoder_attentions",
    "cross_attentions",
    "encoder_last_hidden_state",
    "encoder_hidden_states",
    "encoder_attentions",
)


class BaseModelOutput(ModelOutput):
    """The hidden states of an encoder."""

    FIELDS = ("last_hidden_state", *_STATES)


class BaseModelOutputWithPooling(ModelOutput):
    """The hidden states of an encoder, and one vector a text."""

    FIELDS = ("last_hidden_state", "pooler_output", *_STATES)


class BaseModelOutputWithPast(ModelOutput):
    """The hidden states of a decoder, and its cache."""

    FIELDS = ("last_hidden_state", "past_key_values", *_STATES)


class DecoderOutput(ModelOutput):
    """The hidden states of a decoder that looks at an encoder, and its cache."""

    FIELDS = ("last_hidden_state", "past_key_values", *_STATES, "cross_attentions")


class Seq2SeqModelOutput(ModelOutput):
    """The hidden states of decoder and encoder."""

    FIELDS = ("last_hidden_state", *_DECODER)


class SequenceClassifierOutput(ModelOutput):
    """Logits over labels, one row a text."""

    FIELDS = ("loss", "logits", *_STATES)


class SequenceClassifierOutputWithPast(ModelOutput):
    """Logits over labels, one row a text, and the cache of the decoder."""

    FIELDS = ("loss", "logits", "past_key_values", *_STATES)


class Seq2SeqSequenceClassifierOutput(ModelOutput):
    """Logits over labels, one row a text, and the states of decoder and encoder."""

    FIELDS = ("loss", "logits", *_DECODER)


class TokenClassifierOutput(ModelOutput):
    """Logits over labels, one row a token."""

    FIELDS = ("loss", "logits", *_STATES)


class QuestionAnsweringModelOutput(ModelOutput):
    """Logits of answers beginning and ending, one of each a token."""

    FIELDS = ("loss", "start_logits", "end_logits", *_STATES)


class Seq2SeqQuestionAnsweringModelOutput(ModelOutput):
    """Logits of answers beginning and ending, and the states of decoder and encoder."""

    FIELDS = ("loss", "start_logits", "end_logits", *_DECODER)


class MaskedLMOutput(ModelOutput):
    """Logits over the vocabulary, one row a token."""

    FIELDS = ("loss", "logits", *_STATES)


class CausalLMOutput(ModelOutput):
    """Logits over the vocabulary for the token after each, and the cache."""

    FIELDS = ("loss", "logits", "past_key_values", *_STATES)


class Seq2SeqLMOutput(ModelOutput):
    """Logits over the vocabulary for the token after each, and the states of decoder and encoder."""

    FIELDS = ("loss", "logits", *_DECODER)
