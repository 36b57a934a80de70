"""Pre-tokenizers, each against the reference on real and hostile text, with golden values beside."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.support import hostile

Build = Callable[[ModuleType], Any]

BEHAVIORS = ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]

PRE_TOKENIZERS: dict[str, Build] = {
    "ByteLevel": lambda lib: lib.pre_tokenizers.ByteLevel(),
    "ByteLevel plain": lambda lib: lib.pre_tokenizers.ByteLevel(
        add_prefix_space=False, use_regex=False
    ),
    "Bert": lambda lib: lib.pre_tokenizers.BertPreTokenizer(),
    "Whitespace": lambda lib: lib.pre_tokenizers.Whitespace(),
    "WhitespaceSplit": lambda lib: lib.pre_tokenizers.WhitespaceSplit(),
    "UnicodeScripts": lambda lib: lib.pre_tokenizers.UnicodeScripts(),
    "CharDelimiterSplit": lambda lib: lib.pre_tokenizers.CharDelimiterSplit("e"),
    "Digits": lambda lib: lib.pre_tokenizers.Digits(),
    "Digits one by one": lambda lib: lib.pre_tokenizers.Digits(individual_digits=True),
    "FixedLength": lambda lib: lib.pre_tokenizers.FixedLength(4),
    "Metaspace": lambda lib: lib.pre_tokenizers.Metaspace(),
    "Metaspace first": lambda lib: lib.pre_tokenizers.Metaspace("_", "first"),
    "Metaspace whole": lambda lib: lib.pre_tokenizers.Metaspace("▁", "never", split=False),
    "Sequence": lambda lib: lib.pre_tokenizers.Sequence(
        [
            lib.pre_tokenizers.WhitespaceSplit(),
            lib.pre_tokenizers.Punctuation(),
            lib.pre_tokenizers.Digits(),
        ]
    ),
}
for behavior in BEHAVIORS:
    PRE_TOKENIZERS |= {
        f"Punctuation {behavior}": lambda lib, b=behavior: lib.pre_tokenizers.Punctuation(b),
        f"Split {behavior}": lambda lib, b=behavior: lib.pre_tokenizers.Split(
            lib.Regex(r"\d+|\p{Lu}"), b
        ),
        f"Split {behavior} inverted": lambda lib, b=behavior: lib.pre_tokenizers.Split(
            lib.Regex(r"'s|\w+"), b, invert=True
        ),
        f"Split {behavior} a string": lambda lib, b=behavior: lib.pre_tokenizers.Split(" ", b),
    }

PATTERNS = [
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"(?<=a)b|\bfoo\b|^x|y$|[[:alpha:]&&[^a-c]]+",
    r"(\w)\1",
    r"(?<name>[a-z])\k<name>",
]


@pytest.mark.parametrize("name", PRE_TOKENIZERS)
def test_equal_to_the_reference(oracle: ModuleType, name: str, texts: list[str]) -> None:
    ours, theirs = PRE_TOKENIZERS[name](fissile), PRE_TOKENIZERS[name](oracle)
    for text in [*texts, *hostile.strings(600)]:
        assert ours.pre_tokenize_str(text) == theirs.pre_tokenize_str(text), ascii(text)
    assert str(ours) == str(theirs)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns(oracle: ModuleType, pattern: str, texts: list[str]) -> None:
    ours = fissile.pre_tokenizers.Split(fissile.Regex(pattern), "isolated")
    theirs = oracle.pre_tokenizers.Split(oracle.Regex(pattern), "isolated")
    for text in [*texts, *hostile.strings(1_000)]:
        assert ours.pre_tokenize_str(text) == theirs.pre_tokenize_str(text), ascii(text)


@pytest.mark.parametrize(
    ("name", "text", "pieces"),
    [
        ("ByteLevel", "my é", [("Ġmy", (0, 2)), ("ĠÃ©", (2, 4))]),
        ("Whitespace", "don't 12", [("don", (0, 3)), ("'", (3, 4)), ("t", (4, 5)), ("12", (6, 8))]),
        ("Digits one by one", "a12", [("a", (0, 1)), ("1", (1, 2)), ("2", (2, 3))]),
        ("FixedLength", "abcdef", [("abcd", (0, 4)), ("ef", (4, 6))]),
        ("Metaspace", "my  é", [("▁my", (0, 2)), ("▁", (2, 3)), ("▁é", (3, 5))]),
        ("CharDelimiterSplit", "hello", [("h", (0, 1)), ("llo", (2, 5))]),
        ("Punctuation contiguous", "a...b", [("a", (0, 1)), ("...", (1, 4)), ("b", (4, 5))]),
        ("Split merged_with_previous", "a1b", [("a1", (0, 2)), ("b", (2, 3))]),
        ("Split merged_with_next", "a1b", [("a", (0, 1)), ("1b", (1, 3))]),
        ("Split removed", "a1b", [("a", (0, 1)), ("b", (2, 3))]),
    ],
)
def test_known(library: ModuleType, name: str, text: str, pieces: list[Any]) -> None:
    assert PRE_TOKENIZERS[name](library).pre_tokenize_str(text) == pieces


def test_attributes(library: ModuleType) -> None:
    module = library.pre_tokenizers
    byte_level = module.ByteLevel(add_prefix_space=True, unknown_option=3)
    byte_level.add_prefix_space = False
    assert (byte_level.add_prefix_space, byte_level.trim_offsets, byte_level.use_regex) == (
        False,
        True,
        True,
    )
    metaspace = module.Metaspace()
    metaspace.replacement, metaspace.prepend_scheme, metaspace.split = "_", "never", False
    assert metaspace.pre_tokenize_str("a b") == [("a_b", (0, 3))]
    digits = module.Digits()
    digits.individual_digits = True
    assert len(digits.pre_tokenize_str("12")) == 2
    split = module.Split("a", "isolated")
    assert (split.behavior.lower(), split.invert) == ("isolated", False)
    with pytest.raises(Exception, match=r".+"):
        _ = split.pattern
    assert len(module.ByteLevel.alphabet()) == 256


def test_sequences_are_edited_in_place(library: ModuleType) -> None:
    module = library.pre_tokenizers
    sequence = module.Sequence([module.Whitespace(), module.Sequence([module.Digits()])])
    assert isinstance(sequence[1], module.Digits)
    sequence[1].individual_digits = True
    assert len(sequence.pre_tokenize_str("a 12")) == 3
    sequence[0] = module.CharDelimiterSplit("-")
    assert [piece for piece, _ in sequence.pre_tokenize_str("a b-c")] == ["a b", "c"]
    with pytest.raises(IndexError):
        sequence[2]


def test_pre_tokenized_string(library: ModuleType) -> None:
    pieces = library.PreTokenizedString("Hello Wörld")
    pieces.split(lambda _, piece: piece.split(" ", "removed"))
    pieces.normalize(lambda piece: piece.lowercase())
    pieces.tokenize(lambda text: [library.Token(7, text, (0, len(text.encode())))])
    splits = pieces.get_splits()
    assert [(text, span) for text, span, _ in splits] == [("hello", (0, 5)), ("wörld", (6, 11))]
    assert [token.id for _, _, tokens in splits for token in tokens] == [7, 7]
    assert pieces.get_splits("original", "byte")[1][1] == (6, 12)
    encoding = pieces.to_encoding(type_id=1)
    assert (encoding.ids, encoding.type_ids, encoding.offsets) == (
        [7, 7],
        [1, 1],
        [(0, 5), (6, 11)],
    )
