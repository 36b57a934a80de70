"""Types of the tokens of a batch, worked out from lengths alone.

Which type a token has follows from the text it belongs to and from where the post-processor puts its
special tokens: a small probe tells that, and then the lengths of texts tell the types of a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .._rust import Encoding, Tokenizer

Frame = list[tuple[int, "int | None"]]
"""Type and owner of every run: 0 for the first text, 1 for the second, `None` for a special token."""


class RowTypes:
    """Tells the types of rows.

    Args:
        frame: The runs of a row.
        firsts: Counts the tokens of first texts, given the lengths of rows; `None` where there is one text.
    """

    def __init__(
        self, frame: Frame, firsts: Callable[[Sequence[int]], list[int]] | None = None
    ) -> None:
        self._frame = frame
        self._firsts = firsts
        self._specials = sum(owner is None for _, owner in frame)

    @classmethod
    def of_texts(cls, core: Tokenizer, add_special_tokens: bool) -> RowTypes | None:
        """Probe with a text; `None` when the types do not follow from the frame."""
        probe = core.encode(
            "a", add_special_tokens=add_special_tokens, truncation=False, padding=False
        )
        frame = _frame(probe)
        return cls(frame) if [owner for _, owner in frame if owner is not None] == [0] else None

    @classmethod
    def of_pairs(
        cls,
        core: Tokenizer,
        add_special_tokens: bool,
        firsts: Callable[[Sequence[int]], list[int]],
    ) -> RowTypes | None:
        """Probe with a pair; `None` when the types do not follow from the frame."""
        probe = core.encode("a", "a", False, add_special_tokens, truncation=False, padding=False)
        frame = _frame(probe)
        owners = sorted(owner for _, owner in frame if owner is not None)
        return cls(frame, firsts) if owners == [0, 1] else None

    def _counts(self, lengths: Sequence[int]) -> list[tuple[int, int]]:
        """The tokens of the first text of every row, and those of the second."""
        lengths = [int(length) for length in lengths]
        texts = [length - self._specials for length in lengths]
        if self._firsts is None:
            return [(text, 0) for text in texts]
        firsts = self._firsts(lengths)
        return [(first, text - first) for first, text in zip(firsts, texts, strict=True)]

    def rows(self, lengths: Sequence[int]) -> list[list[int]]:
        """The types of a batch as lists."""
        if not any(kind for kind, _ in self._frame):
            return [[0] * length for length in lengths]
        rows = []
        for counts in self._counts(lengths):
            row: list[int] = []
            for kind, owner in self._frame:
                row += [kind] * (1 if owner is None else counts[owner])
            rows.append(row)
        return rows

    def flat(self, lengths: Any) -> Any:
        """The types of a batch, its rows end to end, as an array; 0 where all are."""
        import numpy

        kinds = [kind for kind, _ in self._frame]
        if not any(kinds):
            return 0
        counts = numpy.array(self._counts(lengths), dtype=numpy.int64)
        runs: Any = numpy.ones((len(counts), len(kinds)), dtype=numpy.int64)
        for place, (_, owner) in enumerate(self._frame):
            if owner is not None:
                runs[:, place] = counts[:, owner]
        return numpy.repeat(numpy.tile(numpy.array(kinds), len(counts)), runs.ravel())


def _frame(probe: Encoding) -> Frame:
    frame: Frame = []
    for kind, owner in zip(probe.type_ids, probe.sequence_ids, strict=True):
        if owner is None or not frame or frame[-1] != (kind, owner):
            frame.append((kind, owner))
    return frame
