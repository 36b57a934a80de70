"""What a tokenizer call gives: a mapping of model inputs that still knows the text it came from.

Encodings are made when first asked for: a caller that only wants ids never pays for offsets and words.
Arrays are the business of `arrays`.

Example:
    >>> from fissile.auto.batch import BatchEncoding
    >>> batch = BatchEncoding({"input_ids": [1, 2]})
    >>> batch.input_ids, batch["input_ids"]
    ([1, 2], [1, 2])
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from .._rust import Encoding
from .arrays import to_tensors
from .notices import warn


class CharSpan(NamedTuple):
    """Characters of the original text, first and one past last."""

    start: int
    end: int


class TokenSpan(NamedTuple):
    """Tokens of an encoding, first and one past last."""

    start: int
    end: int


class BatchEncoding(UserDict[str, Any]):
    """Model inputs by name, and where every token came from.

    `batch["input_ids"]`, `batch.input_ids` and `**batch` give the inputs; `batch[0]` gives the encoding of
    the first row; the methods go from tokens to words and characters and back.

    Args:
        data: The inputs.
        encoding: The encodings they came from, or a function that makes them when they are needed.
        tensor_type: "np" or "pt" to convert at once.
        prepend_batch_axis: Put every value in a list of one before it is converted.
        n_sequences: 1 for texts, 2 for pairs; found in the encodings by default.
    """

    def __init__(
        self,
        data: dict[str, Any] | None = None,
        encoding: Encoding | Sequence[Encoding] | Callable[[], list[Encoding]] | None = None,
        tensor_type: Any = None,
        prepend_batch_axis: bool = False,
        n_sequences: int | None = None,
    ) -> None:
        super().__init__(data)
        self._source = [encoding] if isinstance(encoding, Encoding) else encoding
        self._n_sequences = n_sequences
        self.convert_to_tensors(tensor_type, prepend_batch_axis)

    # Access.

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, str):
            return self.data[item]
        if self._source is not None:
            return self._rows()[item]
        if isinstance(item, slice):
            return {key: value[item] for key, value in self.data.items()}
        raise KeyError(
            "Invalid key. Only three types of key are available: (1) string, (2) integers for backend "
            "Encoding, and (3) slices for data subsetting."
        )

    def __getattr__(self, item: str) -> Any:
        data = self.__dict__.get("data")
        if data is None or item not in data:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {item!r}")
        return data[item]

    def __getstate__(self) -> dict[str, Any]:
        return {"data": self.data, "encodings": self.encodings}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.data = state.get("data", {})
        self._source = state.get("encodings")
        self._n_sequences = None

    # Encodings.

    def _rows(self) -> Sequence[Encoding]:
        source = self._source
        if callable(source):
            source = source()
            self._source = source
        return source if source is not None else []

    def _row(self, index: int, asked: str) -> Encoding:
        rows = self._rows()
        if not rows:
            raise ValueError(f"{asked}() is not available when using Python based tokenizers")
        return rows[index]

    @property
    def encodings(self) -> Sequence[Encoding] | None:
        """The encodings, one a row; `None` when the batch was not made by a tokenizer."""
        return None if self._source is None else self._rows()

    @property
    def is_fast(self) -> bool:
        """Whether there are encodings, so that the methods below work."""
        return self._source is not None

    @property
    def n_sequences(self) -> int | None:
        """1 for texts, 2 for pairs, `None` when unknown."""
        if self._n_sequences is None and self._source is not None:
            rows = self._rows()
            self._n_sequences = rows[0].n_sequences if rows else None
        return self._n_sequences

    def tokens(self, batch_index: int = 0) -> list[str]:
        """List the texts of the tokens of a row."""
        return self._row(batch_index, "tokens").tokens

    def sequence_ids(self, batch_index: int = 0) -> list[int | None]:
        """Tell for every token of a row which sequence it belongs to, `None` for special tokens."""
        return self._row(batch_index, "sequence_ids").sequence_ids

    def sentence_ids(self, batch_index: int = 0) -> list[int | None]:
        """Another name of `sequence_ids`."""
        return self.sequence_ids(batch_index)

    def word_ids(self, batch_index: int = 0) -> list[int | None]:
        """Tell for every token of a row which word it belongs to, `None` for special tokens."""
        return self._row(batch_index, "word_ids").word_ids

    def token_to_sequence(
        self, batch_or_token_index: int, token_index: int | None = None
    ) -> int | None:
        """Find the sequence of a token; called with a token, or with a row and a token."""
        row, index = self._place(batch_or_token_index, token_index, "token_to_sequence")
        return row.token_to_sequence(_from_end(row, index))

    def token_to_word(
        self, batch_or_token_index: int, token_index: int | None = None
    ) -> int | None:
        """Find the word of a token; called with a token, or with a row and a token."""
        row, index = self._place(batch_or_token_index, token_index, "token_to_word")
        return row.token_to_word(_from_end(row, index))

    def token_to_chars(
        self, batch_or_token_index: int, token_index: int | None = None
    ) -> CharSpan | None:
        """Find the characters of a token; called with a token, or with a row and a token."""
        row, index = self._place(batch_or_token_index, token_index, "token_to_chars")
        span = row.token_to_chars(_from_end(row, index))
        return None if span is None else CharSpan(*span)

    def word_to_tokens(
        self, batch_or_word_index: int, word_index: int | None = None, sequence_index: int = 0
    ) -> TokenSpan | None:
        """Find the tokens of a word; called with a word, or with a row and a word."""
        row, index = self._place(batch_or_word_index, word_index, "word_to_tokens")
        span = row.word_to_tokens(_from_end(row, index), sequence_index)
        return None if span is None else TokenSpan(*span)

    def word_to_chars(
        self, batch_or_word_index: int, word_index: int | None = None, sequence_index: int = 0
    ) -> CharSpan | None:
        """Find the characters of a word; called with a word, or with a row and a word."""
        row, index = self._place(batch_or_word_index, word_index, "word_to_chars")
        span = row.word_to_chars(index, sequence_index)
        return None if span is None else CharSpan(*span)

    def char_to_token(
        self, batch_or_char_index: int, char_index: int | None = None, sequence_index: int = 0
    ) -> int | None:
        """Find the token that covers a character; called with a character, or a row and a character."""
        row, index = self._place(batch_or_char_index, char_index, "char_to_token")
        return row.char_to_token(index, sequence_index)

    def char_to_word(
        self, batch_or_char_index: int, char_index: int | None = None, sequence_index: int = 0
    ) -> int | None:
        """Find the word that covers a character; called with a character, or a row and a character."""
        row, index = self._place(batch_or_char_index, char_index, "char_to_word")
        return row.char_to_word(index, sequence_index)

    def _place(self, first: int, second: int | None, asked: str) -> tuple[Encoding, int]:
        """Tell the two ways of calling apart: an index alone is one into the first row."""
        return (self._row(0, asked), first) if second is None else (self._row(first, asked), second)

    # Tensors.

    def convert_to_tensors(
        self, tensor_type: Any = None, prepend_batch_axis: bool = False
    ) -> BatchEncoding:
        """Convert every value, in place.

        Args:
            tensor_type: "np" or "pt"; `None` changes nothing.
            prepend_batch_axis: Put every value in a list of one first.

        Returns:
            The batch itself.

        Raises:
            ValueError: When rows have different lengths, or the kind is not one of the two.
        """
        if tensor_type is not None:
            to_tensors(self.data, tensor_type, prepend_batch_axis)
        return self

    def to(self, device: Any, *, non_blocking: bool = False) -> BatchEncoding:
        """Send every tensor to a device, in place.

        Args:
            device: What `torch.Tensor.to` takes as a device: a name, a number, a `torch.device`.
            non_blocking: Copy asynchronously where that is possible.

        Returns:
            The batch itself.
        """
        if not (isinstance(device, (str, int)) or type(device).__name__ == "device"):
            # A dtype must not reach the ids: model wrappers call `to` on everything they are given.
            warn("Attempting to cast a BatchEncoding to type %s. This is not supported.", device)
            return self
        self.data = {
            key: value.to(device=device, non_blocking=non_blocking)
            if callable(getattr(value, "to", None))
            else value
            for key, value in self.data.items()
        }
        return self


def _from_end(row: Encoding, index: int) -> int:
    return len(row) + index if index < 0 else index
