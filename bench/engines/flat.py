"""Engines whose fast interface is flat: ids and splits as bytes. fastokens and snaptokens share every name."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from bench.engines.base import Engine, Rows, Vocabulary, unpack


class Flat(Engine):
    """Byte-level BPE, ids only."""

    def import_(self) -> None:
        """Import the package."""
        import_module(self.distribution)

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Read the tokenizer.json."""
        del threads  # the environment says it
        self.tokenizer = import_module(self.distribution).Tokenizer.from_file(vocabulary.path)

    def encode_batch(self, texts: list[str]) -> Any:
        """Two buffers."""
        return self.tokenizer.encode_batch_flat(texts)

    def rows(self, result: Any) -> Rows:
        """The buffers as lists."""
        return unpack(*result)

    def encode_one(self, text: str) -> list[int]:
        """The ids of one encoding."""
        ids: list[int] = self.tokenizer.encode(text).ids
        return ids

    def decode_batch(self, rows: Rows) -> Any:
        """Texts."""
        return self.tokenizer.decode_batch(rows)
