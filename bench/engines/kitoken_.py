"""kitoken: all models, ids only."""

from __future__ import annotations

from typing import Any

from bench.engines.base import Engine, Rows, Vocabulary


class KitokenEngine(Engine):
    """Lists."""

    name = "kitoken"
    distribution = "kitoken"

    def import_(self) -> None:
        """Import the package."""
        import kitoken  # noqa: F401

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Read the tokenizer.json."""
        import kitoken

        del threads  # it has none
        self.tokenizer = kitoken.Kitoken.from_tokenizers_file(vocabulary.path)

    def encode_batch(self, texts: list[str]) -> Any:
        """Lists."""
        return self.tokenizer.encode_all(texts, False)

    def encode_one(self, text: str) -> list[int]:
        """A list."""
        ids: list[int] = self.tokenizer.encode(text, False)
        return ids

    def decode_batch(self, rows: Rows) -> Any:
        """Bytes."""
        return self.tokenizer.decode_all(rows, True)


def make() -> Engine:
    """The engine."""
    return KitokenEngine()
