"""Which tokens the assistant generated: spans of text, found in the rendered text and in its tokens."""

from __future__ import annotations

from collections.abc import Sequence

from .controls import END, START
from .template import SPAN_END, SPAN_START

Span = tuple[int, int]


def take_out(text: str) -> tuple[str, list[Span]]:
    """Take the marks of spans out of a text.

    Args:
        text: The text; marks of control tokens stay in it, and count nothing.

    Returns:
        The text without marks, and the spans in it.
    """
    if SPAN_START not in text:
        return text.replace(SPAN_END, ""), []
    kept: list[str] = []
    spans: list[Span] = []
    opened: list[int] = []
    place = 0
    for char in text:
        if char == SPAN_START:
            opened.append(place)
        elif char == SPAN_END:
            if opened:
                spans.append((opened.pop(), place))
        else:
            kept.append(char)
            place += char not in (START, END)
    return "".join(kept), spans


def assistant_mask(offsets: Sequence[Span], spans: Sequence[Span]) -> list[int]:
    """Mark tokens that lie in a span with 1.

    What truncation cut off is not missed, and padding is never marked: a token counts by the characters
    it covers.

    Args:
        offsets: The characters of every token; none for padding.
        spans: The spans, in the same text.

    Returns:
        1 and 0, one for each token.
    """
    mask = [0] * len(offsets)
    for start, end in spans:
        inside = [
            place
            for place, (first, last) in enumerate(offsets)
            if first < end and last > start and last > first
        ]
        if inside:
            reach = range(inside[0], inside[-1] + 1)
            mask[reach.start : reach.stop] = [1] * len(reach)
    return mask
