"""The contract of an engine.

An engine runs in a process of its own, perhaps in an environment of its own: importing its file must not
import the engine. What the clock sees is `encode_batch` and the like, in the fastest form that the engine
offers; what turns the result into lists (`rows`) runs when no clock does.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib import metadata
from itertools import accumulate, pairwise
from typing import Any

Rows = list[list[int]]


class UnsupportedError(Exception):
    """The engine does not do this; the message says why."""


@dataclass(frozen=True)
class Vocabulary:
    """A vocabulary as engines get it: a tokenizer.json, and perhaps other files beside it."""

    name: str
    family: str
    path: str
    model: str | None = None  # a SentencePiece file that says the same
    ranks: str | None = None  # a tiktoken file that says the same


class Engine:
    """What an engine can do; what it does not override it cannot do."""

    name = ""
    distribution = ""
    environment = "peers"

    def version(self) -> str:
        """The installed version."""
        return metadata.version(self.distribution)

    def import_(self) -> None:
        """Import the engine."""
        raise NotImplementedError

    def supports(self, vocabulary: Vocabulary) -> str | None:
        """Why a vocabulary is out of reach, where that is known before trying to load it."""
        del vocabulary
        return None

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Read a vocabulary; `threads` is what batches may use."""
        raise NotImplementedError

    def encode_batch(self, texts: list[str]) -> Any:
        """The ids of texts, without special tokens, in the fastest form there is."""
        raise NotImplementedError

    def rows(self, result: Any) -> Rows:
        """What `encode_batch` gave, as lists."""
        return list(result)

    def encode_one(self, text: str) -> list[int]:
        """The ids of one text as a list."""
        raise NotImplementedError

    def call(self, text: str) -> list[int]:
        """The ids by the call that the reference has: `encode(text).ids`."""
        raise UnsupportedError("has another interface")

    def encode_full(self, texts: list[str]) -> Any:
        """Ids, offsets, words and masks of texts, read."""
        raise UnsupportedError("no offsets")

    def offsets(self, texts: list[str]) -> list[list[tuple[int, int]]]:
        """Offsets in characters, for engines that promise those of the reference."""
        raise UnsupportedError("no offsets as the reference has them")

    def decode_batch(self, rows: Rows) -> Any:
        """The texts of ids."""
        raise UnsupportedError("no decoding of batches")


def cut(ids: list[int], lengths: list[int]) -> Rows:
    """Rows out of all ids and the length of each row."""
    ends = [0, *accumulate(lengths)]
    return [ids[start:end] for start, end in pairwise(ends)]


def unpack(ids: bytes, splits: bytes) -> Rows:
    """Rows out of two buffers: 32-bit ids, 64-bit splits."""
    values = struct.unpack(f"<{len(ids) // 4}I", ids)
    ends = struct.unpack(f"<{len(splits) // 8}q", splits)
    return [list(values[a:b]) for a, b in pairwise(ends)]
