"""From rows of a data set to a batch: padding, and what all collators share.

Example:
    >>> from fissile.auto import DataCollatorWithPadding  # doctest: +SKIP
    >>> collate = DataCollatorWithPadding(tokenizer, return_tensors="np")  # doctest: +SKIP
    >>> batch = collate([dataset[row] for row in range(8)])  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._rust import InvalidValueError
from .arrays import to_lists, to_tensors
from .batch import BatchEncoding
from .tokenizer import PreTrainedTokenizerFast

IGNORED = -100
"""The label that a loss leaves out."""


@dataclass
class DataCollatorWithPadding:
    """Pads a batch to its longest row; `label` and `label_ids` become `labels`.

    Args:
        tokenizer: Its padding token, side and inputs count.
        padding: As in the call of a tokenizer.
        max_length: As in the call of a tokenizer.
        pad_to_multiple_of: As in the call of a tokenizer.
        return_tensors: "pt" or "np"; `None` for lists.
    """

    tokenizer: PreTrainedTokenizerFast
    padding: Any = True
    max_length: int | None = None
    pad_to_multiple_of: int | None = None
    return_tensors: str | None = "pt"

    def __call__(self, features: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> BatchEncoding:
        """Make a batch of rows.

        Args:
            features: The rows, each with ids at least, or a mapping of columns.

        Returns:
            The batch.
        """
        batch = self.tokenizer.pad(
            dict(features) if isinstance(features, Mapping) else same_columns(features),
            padding=self.padding,
            max_length=self.max_length,
            pad_to_multiple_of=self.pad_to_multiple_of,
        )
        for name in ("label", "label_ids"):
            if name in batch:
                batch["labels"] = batch.pop(name)
        return batch.convert_to_tensors(self.return_tensors)


def same_columns(features: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Check that all rows have the same columns.

    Raises:
        ValueError: When there are no rows, or one lacks a column of the first.
    """
    if not features:
        raise InvalidValueError("a batch needs at least one row")
    names = list(features[0].keys())
    for place, row in enumerate(features):
        missing = [name for name in names if name not in row]
        if missing:
            raise InvalidValueError(
                f"row {place} of the batch has no {missing[0]!r}, row 0 has one"
            )
    return [{name: to_lists(row[name]) for name in names} for row in features]


def finished(data: dict[str, Any], kind: str | None) -> BatchEncoding:
    """Make a batch of columns, as tensors where they are asked for."""
    if kind is not None:
        to_tensors(data, kind)
    return BatchEncoding(data)
