"""Tokenizers that the laws are tried on, each loaded once."""

from __future__ import annotations

import functools
from typing import Any

import fissile
import pytest

from tests.support.vocabularies import JSON, of_kind

# The small ones of every kind, and real ones that any machine has.
NAMES = [
    "byte_level_roberta",
    "byte_fallback",
    "metaspace_pieces",
    "suffixed_words",
    "word_pieces",
    "whole_words",
    "unigram",
    "unigram_bytes",
    "minilm",
    "deepseek",
]


@functools.cache
def load(name: str) -> Any:
    """A tokenizer without settings."""
    for vocabulary in of_kind(JSON):
        if vocabulary.name == name:
            tokenizer = fissile.Tokenizer.from_file(vocabulary.path)
            tokenizer.no_truncation()
            tokenizer.no_padding()
            return tokenizer
    pytest.skip(f"{name} is not on this machine")


@pytest.fixture(params=NAMES)
def tokenizer(request: pytest.FixtureRequest) -> Any:
    """Each of them."""
    return load(request.param)
