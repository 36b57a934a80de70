"""Run one mode on two engines, find what differs, and shorten the text that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.parity.modes import Mode
from tests.parity.outcome import PANIC, attempt

# How many shorter texts are tried before a difference is printed as it is.
SHRINK_BUDGET = 400
WINDOW = 200


@dataclass
class Difference:
    """A text on which two engines differ."""

    vocabulary: str
    mode: str
    text: str
    field: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        """The report's lines."""
        return (
            f"DIFFERENCE {self.vocabulary} · {self.mode} · {self.field}\n"
            f"  text     {_clipped(ascii(self.text))}\n"
            f"  expected {_clipped(repr(self.expected))}\n"
            f"  found    {_clipped(repr(self.found))}"
        )


def _clipped(text: str, length: int = 600) -> str:
    return text if len(text) <= length else f"{text[:length]}… ({len(text)} characters)"


def first_difference(expected: Any, found: Any, path: str = "") -> tuple[str, Any, Any] | None:
    """Where two values differ first: the path to it and both values there.

    Where the reference panics, any answer but a panic is better and counts as equal.
    """
    if expected == PANIC:
        return (path or "panic", "no panic", found) if found == PANIC else None
    if type(expected) is not type(found):
        return path or "type", expected, found
    if expected == found:
        return None
    for key, one, other in _inner(expected, found):
        inner = first_difference(one, other, f"{path}{key}")
        if inner:
            return inner
    if _same_shape(expected, found):
        return None
    return (path or "value", *_window(expected, found))


def _window(expected: Any, found: Any) -> tuple[Any, Any]:
    """Of two long strings the parts around their first difference; other values whole."""
    if not isinstance(expected, (str, bytes)) or len(expected) < WINDOW:
        return expected, found
    shorter = min(len(expected), len(found))
    at = next((i for i in range(shorter) if expected[i] != found[i]), shorter)
    part = slice(max(at - WINDOW // 4, 0), at + WINDOW // 2)
    return expected[part], found[part]


def _same_shape(expected: Any, found: Any) -> bool:
    """Whether two different values differ only inside."""
    if isinstance(expected, dict):
        return expected.keys() == found.keys()
    return isinstance(expected, (list, tuple)) and len(expected) == len(found)


def _inner(expected: Any, found: Any) -> list[tuple[str, Any, Any]]:
    """The parts of two values of one shape, with what leads to them."""
    if not _same_shape(expected, found):
        return []
    if isinstance(expected, dict):
        return [(f".{key}", expected[key], found[key]) for key in expected]
    pairs = zip(expected, found, strict=True)
    return [(f"[{index}]", one, other) for index, (one, other) in enumerate(pairs)]


def shrink(text: str, fails: Callable[[str], bool]) -> str:
    """A text as short as the budget allows for which `fails` holds still."""
    budget = SHRINK_BUDGET
    size = max(len(text) // 2, 1)
    while size:
        start = 0
        while start < len(text) and budget:
            shorter = text[:start] + text[start + size :]
            budget -= 1
            if fails(shorter):
                text = shorter
            else:
                start += size
        size //= 2
    return text


def differs(
    mode: Mode, reference: Any, engine: Any, texts: list[str]
) -> tuple[str, Any, Any] | None:
    """Where two tokenizers first differ on texts."""
    expected = attempt(lambda: mode.apply(reference, texts))
    found = attempt(lambda: mode.apply(engine, texts))
    return first_difference(expected, found)


def compare(
    vocabulary: str, mode: Mode, reference: Any, engine: Any, texts: list[str]
) -> list[Difference]:
    """All texts on which two tokenizers differ in a mode, the first few shortened."""
    whole = differs(mode, reference, engine, texts)
    if whole is None:
        return []
    single = [text for text in texts if differs(mode, reference, engine, [text])]
    if not single:
        return [Difference(vocabulary, mode.name, f"{len(texts)} texts together", *whole)]
    found = []
    for index, text in enumerate(single):
        if index < 2:
            text = shrink(
                text, lambda shorter: differs(mode, reference, engine, [shorter]) is not None
            )
        place = differs(mode, reference, engine, [text])
        if place:
            found.append(Difference(vocabulary, mode.name, text, *place))
    return found
