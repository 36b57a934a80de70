"""The reference: Hugging Face tokenizers 0.23."""

from __future__ import annotations

from typing import Any

from bench.engines.base import Engine, Rows, Vocabulary


class Reference(Engine):
    """What all others are held against."""

    name = "tokenizers"
    distribution = "tokenizers"

    def import_(self) -> None:
        """Import the package."""
        import tokenizers  # noqa: F401

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Read the tokenizer.json."""
        import tokenizers

        del threads  # the environment says it
        self.tokenizer = tokenizers.Tokenizer.from_file(vocabulary.path)

    def encode_batch(self, texts: list[str]) -> Any:
        """Encodings without offsets: the faster of its two ways."""
        return self.tokenizer.encode_batch_fast(texts, add_special_tokens=False)

    def rows(self, result: Any) -> Rows:
        """The ids of encodings."""
        return [one.ids for one in result]

    def encode_one(self, text: str) -> list[int]:
        """The ids of one encoding."""
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    call = encode_one

    def encode_full(self, texts: list[str]) -> Any:
        """Encodings, and from each its lists: it has no arrays."""
        found = self.tokenizer.encode_batch(texts, add_special_tokens=False)
        return [(one.ids, one.offsets, one.word_ids, one.special_tokens_mask) for one in found]

    def offsets(self, texts: list[str]) -> list[list[tuple[int, int]]]:
        """Offsets in characters."""
        return [one.offsets for one in self.tokenizer.encode_batch(texts, add_special_tokens=False)]

    def decode_batch(self, rows: Rows) -> Any:
        """Texts."""
        return self.tokenizer.decode_batch(rows)


def make() -> Engine:
    """The engine."""
    return Reference()
