"""snaptokens: byte-level BPE, ids only."""

from __future__ import annotations

from typing import Any

from bench.engines.base import Engine, Rows, Vocabulary, unpack


class Snaptokens(Engine):
    """Its flat interface: ids and splits as bytes."""

    name = "snaptokens"
    distribution = "snaptokens"

    def import_(self) -> None:
        """Import the package."""
        import snaptokens  # noqa: F401

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Read the tokenizer.json."""
        import snaptokens

        del threads  # the environment says it
        self.tokenizer = snaptokens.Tokenizer.from_file(vocabulary.path)

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


def make() -> Engine:
    """The engine."""
    return Snaptokens()
