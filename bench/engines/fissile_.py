"""fissile itself."""

from __future__ import annotations

from typing import Any

from bench.engines.base import Engine, Rows, Vocabulary

# What an encoding shows as buffers, where it does: then that is what is read.
BUFFERS = ("ids_buffer", "offsets_buffer", "word_ids_buffer", "special_tokens_mask_buffer")


class Fissile(Engine):
    """The extension in `python/fissile`."""

    name = "fissile"
    distribution = "fissile"

    def version(self) -> str:
        """What the extension says."""
        import fissile

        return str(fissile.__version__)

    def import_(self) -> None:
        """Import the package."""
        import fissile  # noqa: F401

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Read the tokenizer.json."""
        import fissile

        self.threads = threads
        self.tokenizer = fissile.Tokenizer.from_file(vocabulary.path)

    def encode_batch(self, texts: list[str]) -> Any:
        """Ids in one buffer."""
        return self.tokenizer.encode_ids_batch(
            texts, add_special_tokens=False, num_threads=self.threads
        )

    def rows(self, result: Any) -> Rows:
        """The buffer as lists."""
        rows: Rows = result.to_list()
        return rows

    def encode_one(self, text: str) -> list[int]:
        """Ids alone, as a list."""
        ids: list[int] = self.tokenizer.encode_ids(text, add_special_tokens=False).to_list()
        return ids

    def call(self, text: str) -> list[int]:
        """As programs written for the reference do it."""
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def encode_full(self, texts: list[str]) -> Any:
        """Encodings, and from each what it shows as buffers; lists where it shows none."""
        found = self.tokenizer.encode_batch(
            texts, add_special_tokens=False, num_threads=self.threads
        )
        if found and all(hasattr(found[0], name) for name in BUFFERS):
            return [[getattr(one, name) for name in BUFFERS] for one in found]
        return [(one.ids, one.offsets, one.word_ids, one.special_tokens_mask) for one in found]

    def offsets(self, texts: list[str]) -> list[list[tuple[int, int]]]:
        """Offsets in characters."""
        return [one.offsets for one in self.tokenizer.encode_batch(texts, add_special_tokens=False)]

    def decode_batch(self, rows: Rows) -> Any:
        """Texts."""
        return self.tokenizer.decode_batch(rows, num_threads=self.threads)


def make() -> Engine:
    """The engine."""
    return Fissile()
