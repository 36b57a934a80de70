"""CLIP's vocabulary, which is shipped as merges alone, as a `tokenizer.json` like the one of its models."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from tests.support.places import CACHE

# The merges that its models know; the file has more.
MERGES = 49_152 - 256 - 2
PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
SPECIAL = ("<|startoftext|>", "<|endoftext|>")


def _alphabet() -> list[str]:
    """What stands for each byte: the printable ones as they are, in front."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    return [chr(byte) for byte in shown] + [chr(0x100 + place) for place in range(256 - len(shown))]


def _added(vocab: dict[str, int]) -> list[dict[str, Any]]:
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return [{"id": vocab[token], "content": token, **flags, "special": True} for token in SPECIAL]


def clip(packed: Path) -> Path:
    """The `tokenizer.json` made of the packed merges; it is kept in the cache."""
    lines = gzip.decompress(packed.read_bytes()).decode().split("\n")[1 : MERGES + 1]
    tokens = [*_alphabet(), *(f"{char}</w>" for char in _alphabet())]
    tokens += ["".join(line.split()) for line in lines]
    vocab = {token: number for number, token in enumerate([*tokens, *SPECIAL])}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    start, end = SPECIAL
    document = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": _added(vocab),
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "NFC"},
                {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
                {"type": "Lowercase"},
            ],
        },
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": PATTERN}, "behavior": "Removed", "invert": True},
                byte_level | {"use_regex": True},
            ],
        },
        "post_processor": {
            "type": "RobertaProcessing",
            "sep": [end, vocab[end]],
            "cls": [start, vocab[start]],
            "trim_offsets": False,
            "add_prefix_space": False,
        },
        "decoder": byte_level | {"use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": end,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "</w>",
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": vocab,
            "merges": [line.split() for line in lines],
        },
    }  # fmt: skip
    path = CACHE / "vocabularies" / "clip" / "tokenizer.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path
