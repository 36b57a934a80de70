"""tokie: all models, offsets in bytes by a second call."""

from __future__ import annotations

from typing import Any

from bench.engines.base import Engine, Rows, Vocabulary, cut


class Tokie(Engine):
    """Its flat interface: ids and lengths as arrays."""

    name = "tokie"
    distribution = "tokie"

    def import_(self) -> None:
        """Import the package."""
        import tokie  # noqa: F401

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Read the tokenizer.json."""
        import tokie

        del threads  # the environment says it
        self.tokenizer = tokie.Tokenizer.from_json(vocabulary.path)
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def encode_batch(self, texts: list[str]) -> Any:
        """Two arrays."""
        return self.tokenizer.encode_batch_flat(texts, add_special_tokens=False)

    def rows(self, result: Any) -> Rows:
        """The arrays as lists."""
        return cut(result[0].tolist(), result[1].tolist())

    def encode_one(self, text: str) -> list[int]:
        """The ids of one encoding."""
        ids: list[int] = self.tokenizer.encode(text, False).ids
        return ids

    def encode_full(self, texts: list[str]) -> Any:
        """One by one: batches have no offsets. Bytes, not characters."""
        found = [self.tokenizer.encode_with_offsets(text, False) for text in texts]
        return [(one.ids, one.offsets, one.special_tokens_mask) for one in found]

    def decode_batch(self, rows: Rows) -> Any:
        """Texts."""
        return self.tokenizer.decode_batch(rows)


def make() -> Engine:
    """The engine."""
    return Tokie()
