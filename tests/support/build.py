"""Tiny tokenizers, built of any library that has the reference's names."""

from __future__ import annotations

from types import ModuleType
from typing import Any

WORDS = [
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[PAD]",
    "my",
    "name",
    "is",
    "john",
    "pair",
    "hello",
    "world",
    "café",
    "a",
    "b",
    "c",
]


def words(library: ModuleType, *, special: bool = True) -> Any:
    """Whole words, cut at white space, framed by [CLS] and [SEP]."""
    vocab = {word: index for index, word in enumerate(WORDS)}
    tokenizer = library.Tokenizer(library.models.WordLevel(vocab, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = library.pre_tokenizers.Whitespace()
    if special:
        tokenizer.post_processor = library.processors.TemplateProcessing(
            single="[CLS] $A [SEP]",
            pair="[CLS] $A [SEP] $B:1 [SEP]:1",
            special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
        )
    return tokenizer


def letters(library: ModuleType, **options: Any) -> Any:
    """A byte-pair encoding of a few letters."""
    pieces = ["a", "b", "c", "d", "é", "ab", "abc", "cd", "abcd"]
    vocab = {piece: index for index, piece in enumerate(pieces)}
    merges = [("a", "b"), ("c", "d"), ("ab", "c"), ("ab", "cd")]
    return library.Tokenizer(library.models.BPE(vocab, merges, **options))


def byte_level(library: ModuleType) -> Any:
    """Byte-level BPE without merges: a token for every byte."""
    alphabet = sorted(library.pre_tokenizers.ByteLevel.alphabet())
    tokenizer = library.Tokenizer(
        library.models.BPE({char: index for index, char in enumerate(alphabet)}, [])
    )
    tokenizer.pre_tokenizer = library.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = library.decoders.ByteLevel()
    return tokenizer
