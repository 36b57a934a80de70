"""Parts written in Python."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.support.build import words


class Upper:
    """A normalizer."""

    def normalize(self, normalized: Any) -> None:
        normalized.uppercase()
        normalized.replace("SIR", "JOHN")


class Halves:
    """A pre-tokenizer."""

    def pre_tokenize(self, pretok: Any) -> None:
        pretok.split(lambda _, piece: [piece[:2], piece[2:]])


class Joiner:
    """A decoder."""

    def decode_chain(self, tokens: list[str]) -> list[str]:
        return ["-".join(tokens)]


class Kept:
    """A normalizer that keeps what it was lent."""

    kept: Any = None

    def normalize(self, normalized: Any) -> None:
        self.kept = normalized


class Mine(Exception):
    """An exception that nobody else raises."""


class Raising:
    """Every part, and it fails."""

    def normalize(self, normalized: Any) -> None:
        raise Mine("normalize")

    def pre_tokenize(self, pretok: Any) -> None:
        raise Mine("pre_tokenize")

    def decode_chain(self, tokens: list[str]) -> list[str]:
        raise Mine("decode_chain")


def test_normalizer(library: ModuleType) -> None:
    normalizer = library.normalizers.Normalizer.custom(Upper())
    assert normalizer.normalize_str("hello sir") == "HELLO JOHN"
    tokenizer = words(library, special=False)
    tokenizer.normalizer = normalizer
    assert tokenizer.encode("is").offsets == [(0, 2)]


def test_pre_tokenizer(library: ModuleType) -> None:
    pre_tokenizer = library.pre_tokenizers.PreTokenizer.custom(Halves())
    assert pre_tokenizer.pre_tokenize_str("isis") == [("is", (0, 2)), ("is", (2, 4))]
    tokenizer = words(library, special=False)
    tokenizer.pre_tokenizer = pre_tokenizer
    assert [e.ids for e in tokenizer.encode_batch(["isis", "myis"])] == [[6, 6], [4, 6]]


def test_decoder(library: ModuleType) -> None:
    tokenizer = words(library)
    tokenizer.decoder = library.decoders.Decoder.custom(Joiner())
    assert tokenizer.decode([4, 5]) == "my-name"


def test_in_a_sequence(library: ModuleType) -> None:
    custom = library.normalizers.Normalizer.custom(Upper())
    sequence = library.normalizers.Sequence([library.normalizers.NFC(), custom])
    assert sequence.normalize_str("e\u0301") == "É"


def test_decoder_in_a_sequence() -> None:
    """The reference panics."""
    custom = fissile.decoders.Decoder.custom(Joiner())
    sequence = fissile.decoders.Sequence([custom, fissile.decoders.Replace("-", "+")])
    assert sequence.decode(["a", "b"]) == "a+b"


def test_what_was_lent_is_taken_back(library: ModuleType) -> None:
    part = Kept()
    library.normalizers.Normalizer.custom(part).normalize_str("a")
    with pytest.raises(Exception, match="NormalizedStringRefMut"):
        part.kept.lowercase()


def test_cannot_be_saved(library: ModuleType) -> None:
    for custom in (
        library.normalizers.Normalizer.custom(Upper()),
        library.pre_tokenizers.PreTokenizer.custom(Halves()),
        library.decoders.Decoder.custom(Joiner()),
    ):
        with pytest.raises(Exception, match=r"serialize|pickle"):
            pickle.dumps(custom)
    tokenizer = words(library)
    tokenizer.pre_tokenizer = library.pre_tokenizers.PreTokenizer.custom(Halves())
    with pytest.raises(Exception, match="serialize"):
        tokenizer.to_str()


def _set(tokenizer: Any, part: str) -> Callable[[], Any]:
    if part == "normalizer":
        tokenizer.normalizer = fissile.normalizers.Normalizer.custom(Raising())
    elif part == "pre_tokenizer":
        tokenizer.pre_tokenizer = fissile.pre_tokenizers.PreTokenizer.custom(Raising())
    else:
        tokenizer.decoder = fissile.decoders.Decoder.custom(Raising())
        return lambda: tokenizer.decode([4])
    return lambda: tokenizer.encode("my name")


@pytest.mark.parametrize("part", ["normalizer", "pre_tokenizer", "decoder"])
def test_exceptions_reach_the_caller(part: str) -> None:
    tokenizer = words(fissile)
    call = _set(tokenizer, part)
    with pytest.raises(Mine):
        call()
    if part != "decoder":
        with pytest.raises(Mine):
            tokenizer.encode_batch(["my name"] * 50)
        with pytest.raises(Mine):
            tokenizer.encode_ids("my name")


def test_may_use_the_tokenizer_they_are_in() -> None:
    """The reference hangs."""
    tokenizer = words(fissile, special=False)

    class Curious:
        def normalize(self, normalized: Any) -> None:
            assert tokenizer.token_to_id("my") == 4
            normalized.lowercase()

    tokenizer.normalizer = fissile.normalizers.Normalizer.custom(Curious())
    assert tokenizer.encode("MY").ids == [4]
    assert [e.ids for e in tokenizer.encode_batch(["MY", "NAME"] * 30)] == [[4], [5]] * 30


@pytest.mark.parametrize("method", ["map", "filter", "for_each"])
def test_callbacks_of_normalized_strings(method: str) -> None:
    """The reference panics when the callback raises or gives another type."""
    normalized = fissile.NormalizedString("abc")

    def fail(_: str) -> str:
        raise Mine(method)

    with pytest.raises(Mine):
        getattr(normalized, method)(fail)
    if method != "for_each":
        with pytest.raises(TypeError):
            getattr(normalized, method)(lambda _: object())
