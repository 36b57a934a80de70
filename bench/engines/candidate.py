"""The reference's next major version: ids only."""

from __future__ import annotations

from typing import Any

from bench.engines.base import Engine, Rows, Vocabulary


class Candidate(Engine):
    """tokenizers 1.0, a release candidate."""

    name = "tokenizers-1.0"
    distribution = "tokenizers"
    environment = "candidate"

    def import_(self) -> None:
        """Import the package."""
        import tokenizers  # noqa: F401

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Read the tokenizer.json."""
        import tokenizers

        del threads  # the environment says it
        self.tokenizer = tokenizers.Tokenizer.from_file(vocabulary.path)

    def encode_batch(self, texts: list[str]) -> Any:
        """Encodings, which hold ids."""
        return self.tokenizer.encode_batch(texts, add_special_tokens=False)

    def rows(self, result: Any) -> Rows:
        """The ids of encodings."""
        return [one.ids for one in result]

    def encode_one(self, text: str) -> list[int]:
        """The ids of one encoding."""
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def decode_batch(self, rows: Rows) -> Any:
        """One by one: it has no batches here."""
        return [self.tokenizer.decode(row) for row in rows]


def make() -> Engine:
    """The engine."""
    return Candidate()
