"""sentencepiece: reads .model files, has ids of its own for some texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.engines.base import Engine, Rows, Vocabulary


class SentencePiece(Engine):
    """Lists of its ids; where the tokenizer.json numbers pieces otherwise, they are mapped by name unseen."""

    name = "sentencepiece"
    distribution = "sentencepiece"

    def import_(self) -> None:
        """Import the package."""
        import sentencepiece  # noqa: F401

    def supports(self, vocabulary: Vocabulary) -> str | None:
        """What has a .model file beside it."""
        return None if vocabulary.model else "needs a SentencePiece file"

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Read the .model."""
        import sentencepiece

        self.threads = threads
        self.tokenizer = sentencepiece.SentencePieceProcessor(model_file=vocabulary.model)
        self.path = vocabulary.path

    def _numbers(self) -> list[int]:
        """The id in the tokenizer.json of each piece."""
        vocab = json.loads(Path(self.path).read_text(encoding="utf-8"))["model"]["vocab"]
        if isinstance(vocab, list):
            vocab = {piece: number for number, (piece, _) in enumerate(vocab)}
        size = self.tokenizer.get_piece_size()
        return [vocab.get(self.tokenizer.id_to_piece(number), -1) for number in range(size)]

    def encode_batch(self, texts: list[str]) -> Any:
        """Lists."""
        return self.tokenizer.encode(texts, num_threads=self.threads)

    def rows(self, result: Any) -> Rows:
        """Lists in the numbers of the tokenizer.json."""
        numbers = self._numbers()
        return [[numbers[one] for one in row] for row in result]

    def encode_one(self, text: str) -> list[int]:
        """A list."""
        ids: list[int] = self.tokenizer.encode(text)
        return ids

    def decode_batch(self, rows: Rows) -> Any:
        """Texts."""
        return self.tokenizer.decode(rows, num_threads=self.threads)


def make() -> Engine:
    """The engine."""
    return SentencePiece()
