"""gigatoken: byte-level and SentencePiece BPE, ids only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.engines.base import Engine, Rows, Vocabulary


class Gigatoken(Engine):
    """Its own interface: awkward arrays."""

    name = "gigatoken"
    distribution = "gigatoken"

    def import_(self) -> None:
        """Import the package."""
        import gigatoken  # noqa: F401

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Read the tokenizer.json."""
        import gigatoken

        self.parallel = threads > 1
        self.tokenizer = gigatoken.Tokenizer.from_json(Path(vocabulary.path).read_bytes())

    def encode_batch(self, texts: list[str]) -> Any:
        """One flat array with the ends of its rows."""
        return self.tokenizer.encode_batch(texts, parallel=self.parallel)

    def rows(self, result: Any) -> Rows:
        """The array as lists."""
        rows: Rows = result.to_list()
        return rows

    def encode_one(self, text: str) -> list[int]:
        """An array as a list."""
        ids: list[int] = self.tokenizer.encode(text).tolist()
        return ids

    def decode_batch(self, rows: Rows) -> Any:
        """Bytes, one by one: the way that is fastest here."""
        decode = self.tokenizer.decode
        return [decode(row).decode("utf-8", "replace") for row in rows]


def make() -> Engine:
    """The engine."""
    return Gigatoken()
