"""Packing: texts laid end to end, so that no place of a batch is spent on padding.

Three ways: `blocks` cuts one long row into blocks of a fixed length, for pre-training; `flatten` lays a
batch into one row and says where texts begin, for attention that can tell them apart; `fit` lays whole
texts into rows of at most some length, as few as it finds.

Every token knows its place in its own text (`position_ids`) and every text its borders (`cu_seq_lens_q`),
so that attention never reaches from one text into another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._rust import InvalidValueError
from .arrays import array_kind, to_lists
from .batch import BatchEncoding
from .collate import IGNORED, same_columns


def blocks(
    rows: Iterable[Sequence[int]],
    length: int,
    separator_id: int | None = None,
    drop_last: bool = True,
) -> list[list[int]]:
    """Lay rows of ids end to end and cut them into blocks.

    Args:
        rows: The ids of the texts.
        length: The length of a block.
        separator_id: What is put behind every text.
        drop_last: Leave the last block out when it is shorter.

    Returns:
        The blocks.

    Example:
        >>> blocks([[1, 2, 3], [4, 5]], 2, separator_id=0)
        [[1, 2], [3, 0], [4, 5]]
    """
    _check(length)
    separator = [] if separator_id is None else [separator_id]
    made: list[list[int]] = []
    rest: list[int] = []
    for row in rows:
        rest += [*to_lists(row), *separator]
        whole = len(rest) - len(rest) % length
        made += [rest[start : start + length] for start in range(0, whole, length)]
        rest = rest[whole:]
    return made if drop_last or not rest else [*made, rest]


def fit(lengths: Sequence[int], limit: int) -> list[list[int]]:
    """Lay texts into rows, longest first, each into the fullest row that still takes it.

    Args:
        lengths: The lengths of the texts.
        limit: The length of a row.

    Returns:
        For every row the texts in it, by number, in order.

    Raises:
        ValueError: When a text is longer than a row.

    Example:
        >>> fit([3, 5, 2, 4], 7)
        [[1, 2], [0, 3]]
    """
    _check(limit)
    rows: list[list[int]] = []
    by_room: list[list[int]] = [[] for _ in range(limit + 1)]
    for number in sorted(range(len(lengths)), key=lambda number: -lengths[number]):
        length = lengths[number]
        if length > limit:
            raise InvalidValueError(
                f"text {number} has {length} tokens, a row takes {limit}: truncate it, or raise max_length"
            )
        room = next((room for room in range(length, limit + 1) if by_room[room]), None)
        if room is None:
            row, room = len(rows), limit
            rows.append([])
        else:
            row = by_room[room].pop()
        rows[row].append(number)
        by_room[room - length].append(row)
    return [sorted(row) for row in rows]


def _check(length: int) -> None:
    if length < 1:
        raise InvalidValueError(f"a block has at least one token, but the length is {length}")


@dataclass
class PackingCollator:
    """Packs a batch: into one row, or with `max_length` into rows of at most that length.

    The first label of every text is ignored: nothing before it could foretell it.

    Args:
        max_length: The length of a row; `None` for a single row that takes all.
        pad_token_id: What fills rows up to the same length, where there are several.
        return_tensors: "pt" or "np"; `None` for lists.
        return_seq_idx: Number the text of every token, `-1` for filling.
        return_flash_attn_kwargs: Give `cu_seq_lens_q`, `cu_seq_lens_k`, `max_length_q`, `max_length_k`
            over all rows laid end to end, filling left out.
        separator_id: The label of the first token of a text.
        position_ids_start: The position of the first token of a text.
    """

    max_length: int | None = None
    pad_token_id: int = 0
    return_tensors: str | None = "pt"
    return_seq_idx: bool = False
    return_flash_attn_kwargs: bool = True
    separator_id: int = IGNORED
    position_ids_start: int = 0

    def __call__(self, features: Sequence[Mapping[str, Any]]) -> BatchEncoding:
        """Make a batch of rows.

        Args:
            features: The texts, each with `input_ids`, perhaps with `labels` of the same length.

        Returns:
            `input_ids`, `labels`, `position_ids`, and what else is asked for.
        """
        texts = same_columns(features)
        lengths = [len(text["input_ids"]) for text in texts]
        for number, text in enumerate(texts):
            if len(text.get("labels", text["input_ids"])) != lengths[number]:
                raise InvalidValueError(f"text {number} has labels of another length than its ids")
        plan = (
            [list(range(len(texts)))] if self.max_length is None else fit(lengths, self.max_length)
        )
        rows = [[self._columns(texts[number], number) for number in row] for row in plan]
        width = max(sum(lengths[number] for number in row) for row in plan)
        data: dict[str, Any] = {
            name: [_joined(row, name, width, filling) for row in rows]
            for name, filling in self._fillings().items()
        }
        if self.return_flash_attn_kwargs:
            ordered = [lengths[number] for row in plan for number in row]
            data |= _borders(ordered)
        return _as_tensors(data, self.return_tensors)

    def _columns(self, text: Mapping[str, Any], number: int) -> dict[str, list[int]]:
        ids = text["input_ids"]
        start = self.position_ids_start
        return {
            "input_ids": ids,
            "labels": [self.separator_id, *text.get("labels", ids)[1:]][: len(ids)],
            "position_ids": list(range(start, start + len(ids))),
            "seq_idx": [number] * len(ids),
        }

    def _fillings(self) -> dict[str, int]:
        fillings = {"input_ids": self.pad_token_id, "labels": IGNORED, "position_ids": 0}
        return {**fillings, "seq_idx": -1} if self.return_seq_idx else fillings


def _joined(row: list[dict[str, list[int]]], name: str, width: int, filling: int) -> list[int]:
    joined = [value for text in row for value in text[name]]
    return joined + [filling] * (width - len(joined))


def _borders(lengths: Sequence[int]) -> dict[str, Any]:
    borders = [0]
    for length in lengths:
        borders.append(borders[-1] + length)
    longest = max(lengths)
    return {
        "cu_seq_lens_q": borders,
        "cu_seq_lens_k": borders,
        "max_length_q": longest,
        "max_length_k": longest,
    }


def _as_tensors(data: dict[str, Any], kind: str | None) -> BatchEncoding:
    """Convert columns; borders and text numbers have 32 bits, as attention kernels take them."""
    if kind is None:
        return BatchEncoding(data)
    short = ("cu_seq_lens_q", "cu_seq_lens_k", "seq_idx")
    made: dict[str, Any] = {}
    if array_kind(kind) == "pt":
        import torch

        for name, value in data.items():
            dtype = torch.int32 if name in short else torch.int64
            made[name] = torch.tensor(value, dtype=dtype) if isinstance(value, list) else value
    else:
        import numpy

        for name, value in data.items():
            width = numpy.int32 if name in short else numpy.int64
            made[name] = numpy.array(value, dtype=width) if isinstance(value, list) else value
    return BatchEncoding(made)
