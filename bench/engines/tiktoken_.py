"""tiktoken, its vocabularies built from ours: its own are downloads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.engines.base import Engine, Rows, UnsupportedError, Vocabulary

GPT2 = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


def byte_of() -> dict[str, int]:
    """The byte that each character of a byte-level vocabulary stands for."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {
        chr(256 + number): byte for number, byte in enumerate(others)
    }


def pattern(part: dict[str, Any]) -> str:
    """The pattern that a pre-tokenizer cuts by."""
    if part["type"] == "Sequence":
        found = [pattern(one) for one in part["pretokenizers"]]
        patterns = [one for one in found if one]
        if len(patterns) > 1:
            raise UnsupportedError("cuts by one pattern only")
        return patterns[0] if patterns else ""
    if part["type"] == "Split":
        return str(part["pattern"].get("Regex", ""))
    return GPT2 if part["type"] == "ByteLevel" and part.get("use_regex", True) else ""


class Tiktoken(Engine):
    """`encode_ordinary`."""

    name = "tiktoken"
    distribution = "tiktoken"

    def import_(self) -> None:
        """Import the package."""
        import tiktoken  # noqa: F401

    def supports(self, vocabulary: Vocabulary) -> str | None:
        """Byte-level BPE alone."""
        return None if vocabulary.family == "byte-level" else "byte-level BPE only"

    def load(self, vocabulary: Vocabulary, threads: int) -> None:
        """Make an `Encoding` of the vocabulary in the tokenizer.json."""
        import tiktoken

        file = json.loads(Path(vocabulary.path).read_text(encoding="utf-8"))
        bytes_ = byte_of()
        added = {entry["content"] for entry in file["added_tokens"]}
        ranks = {
            bytes(bytes_[char] for char in token): rank
            for token, rank in file["model"]["vocab"].items()
            if token not in added
        }
        self.threads = threads
        self.tokenizer = tiktoken.Encoding(
            vocabulary.name,
            pat_str=pattern(file["pre_tokenizer"]),
            mergeable_ranks=ranks,
            special_tokens={},
        )

    def encode_batch(self, texts: list[str]) -> Any:
        """Lists; its pool of threads only where there are several."""
        if self.threads > 1:
            return self.tokenizer.encode_ordinary_batch(texts, num_threads=self.threads)
        return [self.tokenizer.encode_ordinary(text) for text in texts]

    def encode_one(self, text: str) -> list[int]:
        """A list."""
        ids: list[int] = self.tokenizer.encode_ordinary(text)
        return ids

    def decode_batch(self, rows: Rows) -> Any:
        """Texts, one by one: its batches start threads."""
        return [self.tokenizer.decode(row) for row in rows]


def make() -> Engine:
    """The engine."""
    return Tiktoken()
