"""Decoders and streams."""

from __future__ import annotations

import copy
import itertools
import random
from collections.abc import Callable
from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.parity.outcome import PANIC, attempt
from tests.support import hostile
from tests.support.build import byte_level, words

DECODERS: dict[str, Callable[[ModuleType], Any]] = {
    "BPEDecoder": lambda lib: lib.decoders.BPEDecoder(),
    "BPEDecoder of another suffix": lambda lib: lib.decoders.BPEDecoder("a"),
    "ByteFallback": lambda lib: lib.decoders.ByteFallback(),
    "ByteLevel": lambda lib: lib.decoders.ByteLevel(),
    "CTC": lambda lib: lib.decoders.CTC("a", "|", True),
    "CTC as is": lambda lib: lib.decoders.CTC(cleanup=False),
    "Fuse": lambda lib: lib.decoders.Fuse(),
    "Metaspace": lambda lib: lib.decoders.Metaspace(),
    "Metaspace never": lambda lib: lib.decoders.Metaspace("_", "never"),
    "Replace": lambda lib: lib.decoders.Replace("a", "bb"),
    "Replace a pattern": lambda lib: lib.decoders.Replace(lib.Regex(r"\s+"), "_"),
    "Strip": lambda lib: lib.decoders.Strip(" ", 1, 2),
    "WordPiece": lambda lib: lib.decoders.WordPiece(),
    "WordPiece as is": lambda lib: lib.decoders.WordPiece("@@", False),
    "Sequence": lambda lib: lib.decoders.Sequence(
        [
            lib.decoders.Replace("▁", " "),
            lib.decoders.ByteFallback(),
            lib.decoders.Fuse(),
            lib.decoders.Strip(" ", 1, 0),
        ]
    ),
}


def token_lists(count: int) -> list[list[str]]:
    """Lists of tokens as decoders meet them, and worse."""
    random_ = random.Random(5)
    pieces = [
        *hostile.WORDS,
        "a",
        "|",
        "<pad>",
        " .",
        " n't",
        " do not",
        "<0xE2>",
        "<0x82>",
        "<0xAC>",
        "<0xGG>",
        "▁a",
        "",
    ]
    pieces += hostile.strings(100)
    return [[random_.choice(pieces) for _ in range(random_.randint(0, 8))] for _ in range(count)]


@pytest.mark.parametrize("name", DECODERS)
@pytest.mark.usefixtures("silence")
def test_equal_to_the_reference(oracle: ModuleType, name: str) -> None:
    ours, theirs = DECODERS[name](fissile), DECODERS[name](oracle)
    for tokens in token_lists(800):
        expected = attempt(lambda given=tokens: theirs.decode(given))
        assert expected == PANIC or ours.decode(tokens) == expected, ascii(tokens)
    assert str(ours) == str(theirs)


@pytest.mark.parametrize(
    ("name", "tokens", "text"),
    [
        ("ByteLevel", ["Ġmy", "ĠÃ©"], " my é"),
        ("ByteFallback", ["<0xE2>", "<0x82>", "<0xAC>", "a", "<0xFF>"], "€a\ufffd"),
        ("WordPiece", ["my", "na", "##me", "is", "!"], "my name is!"),
        ("Metaspace", ["▁my", "▁na", "me"], "my name"),
        ("BPEDecoder", ["my</w>", "na", "me</w>"], "my name"),
        ("CTC as is", ["<pad>", "h", "h", "e", "<pad>", "e"], "hee"),
        ("Strip", [" a  ", "b "], "ab"),
    ],
)
def test_known(library: ModuleType, name: str, tokens: list[str], text: str) -> None:
    assert DECODERS[name](library).decode(tokens) == text


def test_attributes(library: ModuleType) -> None:
    module = library.decoders
    word_piece = module.WordPiece()
    word_piece.prefix, word_piece.cleanup = "@", False
    assert word_piece.decode(["a", "@b", "."]) == "ab ."
    ctc = module.CTC()
    ctc.pad_token, ctc.word_delimiter_token, ctc.cleanup = "p", "d", True
    assert ctc.decode(["a", "p", "d", "b"]) == "a b"
    strip = module.Strip("_", 1, 1)
    assert (strip.content, strip.start, strip.stop) == ("_", 1, 1)
    suffix = module.BPEDecoder()
    suffix.suffix = "x"
    assert suffix.decode(["ax", "b"]) == "a b"


def test_no_decoder_joins_with_spaces(library: ModuleType) -> None:
    assert words(library).decode([4, 5]) == "my name"


def steps(library: ModuleType, tokenizer: Any, ids: list[int], **options: Any) -> list[str | None]:
    """What a stream gives, id by id."""
    stream = library.decoders.DecodeStream(**options)
    return [stream.step(tokenizer, token) for token in ids]


def test_stream(library: ModuleType) -> None:
    tokenizer = byte_level(library)
    ids = tokenizer.encode("é€a").ids
    assert steps(library, tokenizer, ids) == [None, "é", None, None, "€", "a"]
    stream = library.decoders.DecodeStream(ids=ids[:1])
    assert stream.step(tokenizer, ids[1]) == "é"
    assert stream.step(tokenizer, ids[2:5]) == "€"


def test_streams_are_copied(library: ModuleType) -> None:
    tokenizer = byte_level(library)
    ids = tokenizer.encode("é").ids
    stream = library.decoders.DecodeStream()
    stream.step(tokenizer, ids[0])
    for other in (copy.copy(stream), copy.deepcopy(stream)):
        assert other.step(tokenizer, ids[1]) == "é"


def test_streams_equal_the_references(oracle: ModuleType, texts: list[str]) -> None:
    ours, theirs = byte_level(fissile), byte_level(oracle)
    for text in texts[:20]:
        ids = ours.encode(text[:150]).ids
        assert steps(fissile, ours, ids) == steps(oracle, theirs, ids)


def test_streams_skip_special_tokens(library: ModuleType) -> None:
    tokenizer = words(library)
    tokenizer.add_special_tokens(["[CLS]"])
    assert steps(library, tokenizer, [1, 4, 1, 5], skip_special_tokens=True) == [
        None,
        "my",
        None,
        " name",
    ]


def test_unknown_ids_are_silent(library: ModuleType) -> None:
    assert steps(library, words(library), [4, 99_999, 5]) == ["my", None, " name"]


def test_long_streams_are_quick() -> None:
    """Nothing quadratic: the pytest timeout would tell."""
    tokenizer = byte_level(fissile)
    start = tokenizer.encode("é").ids[0]
    stream = fissile.decoders.DecodeStream()
    for token in itertools.repeat(start, 50_000):
        stream.step(tokenizer, token)
