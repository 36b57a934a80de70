"""`NormalizedString` and `Regex`."""

from __future__ import annotations

from types import ModuleType

import fissile
import pytest

from tests.support import hostile


def test_edits(library: ModuleType) -> None:
    text = library.NormalizedString("  Héllo ")
    text.strip()
    text.nfd()
    text.filter(lambda char: not "\u0300" <= char <= "\u036f")
    text.lowercase()
    text.map(lambda char: "L" if char == "l" else char)
    text.prepend("<")
    text.append(">")
    text.replace(library.Regex("L+"), "ll")
    assert (text.normalized, text.original) == ("<hello>", "  Héllo ")
    assert str(text) == "<hello>"
    assert repr(text) == 'NormalizedString(original="  Héllo ", normalized="<hello>")'
    seen: list[str] = []
    text.for_each(seen.append)
    assert "".join(seen) == "<hello>"
    text.uppercase()
    assert text.normalized == "<HELLO>"
    text.clear()
    assert text.normalized == ""


def test_slices(library: ModuleType) -> None:
    text = library.NormalizedString("héllo")
    assert text[1].normalized == "é"
    assert text[1:3].normalized == "él"
    assert text[(0, 2)].normalized == "hé"
    assert text.slice(slice(1, 3)).original == "él"
    assert text.slice((0, 99)).normalized == "héllo"
    assert text.slice((7, 9)) is None
    assert text[99] is None


def test_negative_indices() -> None:
    text = fissile.NormalizedString("héllo")
    assert text[-1].normalized == "o"
    assert text[-2:].normalized == "lo"
    assert text[1:-1].normalized == "éll"


def test_splits(library: ModuleType) -> None:
    text = library.NormalizedString("a-b--c")
    parts = [part.normalized for part in text.split("-", "merged_with_previous")]
    assert parts == ["a-", "b-", "-", "c"]
    parts = [
        part.normalized
        for part in text.split(library.Regex("-+"), library.SplitDelimiterBehavior.ISOLATED.value)
    ]
    assert parts == ["a", "-", "b", "--", "c"]
    with pytest.raises(ValueError, match=r".+"):
        text.split("-", "sometimes")


def test_equal_to_the_reference(oracle: ModuleType) -> None:
    for text in hostile.strings(300):
        made = []
        for library in (fissile, oracle):
            normalized = library.NormalizedString(text)
            normalized.nfkd()
            normalized.replace(library.Regex(r"\s"), "··")
            normalized.uppercase()
            parts = normalized.split(library.Regex(r"\p{L}+"), "isolated")
            made.append([(part.normalized, part.original) for part in parts])
        assert made[0] == made[1], ascii(text)


def test_regex(library: ModuleType) -> None:
    assert isinstance(library.Regex(r"\p{Han}+(?=x)"), library.Regex)
    with pytest.raises(Exception, match=r".+"):
        library.Regex("(?<")
    with pytest.raises(Exception, match=r".+"):
        library.Regex("[b-a]")


def test_enums(library: ModuleType) -> None:
    assert library.OffsetReferential.ORIGINAL.value == "original"
    assert library.OffsetReferential.NORMALIZED.value == "normalized"
    assert [kind.value for kind in library.OffsetType] == ["byte", "char"]
    assert {behavior.value for behavior in library.SplitDelimiterBehavior} == {
        "removed",
        "isolated",
        "merged_with_previous",
        "merged_with_next",
        "contiguous",
    }
