"""toktok: four vocabularies compiled in, of which two are ours."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from bench.engines.base import Engine, Rows, Vocabulary

BUNDLED = {"cl100k": "cl100k_base", "o200k": "o200k_base"}


class Toktok(Engine):
    """Its encoder is private, its public interface counts; the arrays are the fastest that gives ids."""

    name = "toktok"
    distribution = "toktok-rs"

    def import_(self) -> None:
        """Import the package."""
        import toktok  # noqa: F401

    def supports(self, vocabulary: Vocabulary) -> str | None:
        """What it was compiled with."""
        return None if vocabulary.name in BUNDLED else "compiled vocabularies only"

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Take the compiled vocabulary."""
        import toktok

        self.threads = threads
        self.tokenizer = toktok._encoding(BUNDLED[vocabulary.name])

    def encode_batch(self, texts: list[str]) -> Any:
        """Two arrays."""
        return self.tokenizer.encode_batch_to_numpy(texts, self.threads)

    def rows(self, result: Any) -> Rows:
        """The arrays as lists."""
        ids, splits = result[0].tolist(), result[1].tolist()
        return [ids[a:b] for a, b in pairwise(splits)]

    def encode_one(self, text: str) -> list[int]:
        """A list."""
        ids: list[int] = self.tokenizer.encode_ordinary(text)
        return ids

    def encode_full(self, texts: list[str]) -> Any:
        """One by one: batches have no offsets."""
        return [self.tokenizer.encode_with_offsets(text, "char") for text in texts]

    def decode_batch(self, rows: Rows) -> Any:
        """Texts."""
        return self.tokenizer.decode_batch(rows)


def make() -> Engine:
    """The engine."""
    return Toktok()
