"""Normalizers, each against the reference on real and hostile text, with golden values beside."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.support import hostile

Build = Callable[[ModuleType], Any]

NORMALIZERS: dict[str, Build] = {
    "NFC": lambda lib: lib.normalizers.NFC(),
    "NFD": lambda lib: lib.normalizers.NFD(),
    "NFKC": lambda lib: lib.normalizers.NFKC(),
    "NFKD": lambda lib: lib.normalizers.NFKD(),
    "Lowercase": lambda lib: lib.normalizers.Lowercase(),
    "Strip": lambda lib: lib.normalizers.Strip(),
    "Strip left": lambda lib: lib.normalizers.Strip(True, False),
    "StripAccents": lambda lib: lib.normalizers.StripAccents(),
    "Nmt": lambda lib: lib.normalizers.Nmt(),
    "ByteLevel": lambda lib: lib.normalizers.ByteLevel(),
    "Prepend": lambda lib: lib.normalizers.Prepend("▁"),
    "Replace": lambda lib: lib.normalizers.Replace(" ", "▁"),
    "Replace a pattern": lambda lib: lib.normalizers.Replace(lib.Regex(r"\s+|[aeiou]"), "_"),
    "Bert": lambda lib: lib.normalizers.BertNormalizer(),
    "Bert cased": lambda lib: lib.normalizers.BertNormalizer(True, False, True, False),
    "Bert as is": lambda lib: lib.normalizers.BertNormalizer(False, False, False, False),
    "Sequence": lambda lib: lib.normalizers.Sequence(
        [lib.normalizers.NFD(), lib.normalizers.StripAccents(), lib.normalizers.Replace("a", "")]
    ),
    "Sequence of nothing": lambda lib: lib.normalizers.Sequence([]),
}


@pytest.mark.parametrize("name", NORMALIZERS)
def test_equal_to_the_reference(oracle: ModuleType, name: str, texts: list[str]) -> None:
    ours, theirs = NORMALIZERS[name](fissile), NORMALIZERS[name](oracle)
    for text in [*texts, *hostile.strings(600)]:
        assert ours.normalize_str(text) == theirs.normalize_str(text), ascii(text)
        mine, reference = fissile.NormalizedString(text), oracle.NormalizedString(text)
        ours.normalize(mine)
        theirs.normalize(reference)
        assert (mine.normalized, mine.original) == (reference.normalized, reference.original)
    assert str(ours) == str(theirs)
    assert repr(ours) == repr(theirs)


@pytest.mark.parametrize(
    ("name", "text", "normalized"),
    [
        ("NFC", "e\u0301", "é"),
        ("NFKC", "ﬁ①Ａ", "fi1A"),
        ("NFKC", "\u32ff", "\u32ff"),  # Unicode 9.0 does not know the Reiwa era
        ("Lowercase", "ΑΣ İ", "ας i̇".replace("ς", "σ")),
        ("StripAccents", "e\u0301a\u0327", "ea"),
        ("Strip", " \u3000x\n", "x"),
        ("Strip left", " x ", "x "),
        ("ByteLevel", "é a", "Ã©Ġa"),
        ("Prepend", "", ""),
        ("Prepend", "x", "▁x"),
        ("Bert", "Ünïcode\t中文\x00", "unicode  中  文 "),
        ("Bert cased", "Ünï", "Uni"),
    ],
)
def test_known(library: ModuleType, name: str, text: str, normalized: str) -> None:
    assert NORMALIZERS[name](library).normalize_str(text) == normalized


def test_attributes(library: ModuleType) -> None:
    bert = library.normalizers.BertNormalizer()
    assert (bert.clean_text, bert.handle_chinese_chars, bert.strip_accents, bert.lowercase) == (
        True,
        True,
        None,
        True,
    )
    bert.strip_accents = False
    assert bert.normalize_str("É") == "é"
    strip = library.normalizers.Strip()
    strip.left = False
    assert (strip.normalize_str(" a "), strip.right) == (" a", True)
    prepend = library.normalizers.Prepend("x")
    prepend.prepend = "y"
    assert prepend.normalize_str("a") == "ya"
    replace = library.normalizers.Replace("a", "b")
    replace.content = "c"
    assert replace.normalize_str("a") == "c"


def test_sequences_are_edited_in_place(library: ModuleType) -> None:
    sequence = library.normalizers.Sequence(
        [library.normalizers.NFC(), library.normalizers.Sequence([library.normalizers.Lowercase()])]
    )
    assert len(sequence) == 2
    assert isinstance(sequence[1], library.normalizers.Lowercase)
    sequence[1] = library.normalizers.Replace("A", "_")
    assert sequence.normalize_str("Aa") == "_a"
    sequence[1].content = "-"
    assert sequence.normalize_str("Aa") == "-a"
    with pytest.raises(IndexError):
        sequence[2]
    with pytest.raises(IndexError):
        sequence[7] = library.normalizers.NFC()


def test_names(library: ModuleType) -> None:
    module = library.normalizers
    assert module.NORMALIZERS.keys() == {"nfc", "nfd", "nfkc", "nfkd"}
    assert isinstance(module.unicode_normalizer_from_str("nfkd"), module.NFKD)
    assert module.NFC.__module__ == f"{library.__name__}.normalizers"
