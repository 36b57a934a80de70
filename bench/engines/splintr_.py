"""splintr: all models, ids only."""

from __future__ import annotations

from typing import Any

from bench.engines.base import Engine, Rows, Vocabulary, unpack


class Splintr(Engine):
    """Its flat interface: ids and splits as bytes, always framed as the file says."""

    name = "splintr"
    distribution = "splintr-rs"

    def import_(self) -> None:
        """Import the package."""
        import splintr  # noqa: F401

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Read the tokenizer.json."""
        import splintr

        del threads  # the environment says it
        self.tokenizer = splintr.from_json(vocabulary.path)
        framed, bare = self.tokenizer.encode("a"), self.tokenizer.encode_raw("a")
        self.before = next(i for i in range(len(framed)) if framed[i : i + len(bare)] == bare)
        self.after = len(framed) - len(bare) - self.before

    def encode_batch(self, texts: list[str]) -> Any:
        """Two buffers."""
        return self.tokenizer.encode_batch_flat(texts)

    def rows(self, result: Any) -> Rows:
        """The buffers as lists, without the frame."""
        return [row[self.before : len(row) - self.after] for row in unpack(*result)]

    def encode_one(self, text: str) -> list[int]:
        """A list."""
        ids: list[int] = self.tokenizer.encode_raw(text)
        return ids

    def decode_batch(self, rows: Rows) -> Any:
        """Texts."""
        return self.tokenizer.decode_batch(rows)


def make() -> Engine:
    """The engine."""
    return Splintr()
