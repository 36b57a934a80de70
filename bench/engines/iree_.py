"""iree-tokenizer: all models, offsets in bytes."""

from __future__ import annotations

from typing import Any

from bench.engines.base import Engine, Rows, Vocabulary, cut


class Iree(Engine):
    """Arrays of ids and lengths."""

    name = "iree"
    distribution = "iree-tokenizer"

    def import_(self) -> None:
        """Import the package."""
        import iree.tokenizer  # noqa: F401

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Read the tokenizer.json."""
        from iree.tokenizer import Tokenizer

        del threads  # it has none
        self.tokenizer = Tokenizer.from_file(vocabulary.path)

    def encode_batch(self, texts: list[str]) -> Any:
        """Two arrays."""
        return self.tokenizer.encode_batch_to_array(texts)

    def rows(self, result: Any) -> Rows:
        """The arrays as lists."""
        return cut(result[0].tolist(), result[1].tolist())

    def encode_one(self, text: str) -> list[int]:
        """A list."""
        ids: list[int] = self.tokenizer.encode(text)
        return ids

    def encode_full(self, texts: list[str]) -> Any:
        """One by one: batches have no offsets. Bytes, not characters."""
        found = [self.tokenizer.encode_rich(text) for text in texts]
        return [(one.ids, one.offsets, one.type_ids) for one in found]

    def decode_batch(self, rows: Rows) -> Any:
        """Texts."""
        return self.tokenizer.decode_batch(rows)


def make() -> Engine:
    """The engine."""
    return Iree()
