"""An encoding as a web page: every token coloured over its text, annotations underneath."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from typing import Any

from fissile import Encoding, Tokenizer

_UNKNOWN = re.compile("unk|oov", flags=re.IGNORECASE)


@dataclass
class Annotation:
    """A labelled stretch of a text.

    Args:
        start: First character inside.
        end: First character behind.
        label: What it is.
    """

    start: int
    end: int
    label: str


@dataclass
class _Char:
    """What is known of one character: its tokens (several when bytes are split), its annotation."""

    index: int
    tokens: list[int]
    annotation: int | None = None

    @property
    def token(self) -> int | None:
        return self.tokens[0] if self.tokens else None


class EncodingVisualizer:
    """Shows how a tokenizer cuts a text.

    Args:
        tokenizer: The tokenizer.
        default_to_notebook: Show in a notebook rather than return the page.
        annotation_converter: Makes an `Annotation` of whatever is passed as one.

    Raises:
        ImportError: When a notebook is asked for and IPython is missing.

    Example:
        >>> from fissile import Tokenizer, models
        >>> tokenizer = Tokenizer(models.WordLevel({"hi": 0, "<unk>": 1}, unk_token="<unk>"))
        >>> page = EncodingVisualizer(tokenizer, default_to_notebook=False)("hi")
        >>> 'class="token even-token"' in page
        True
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        default_to_notebook: bool = True,
        annotation_converter: Callable[[Any], Annotation] | None = None,
    ) -> None:
        if default_to_notebook:
            _notebook()
        self.tokenizer = tokenizer
        self.default_to_notebook = default_to_notebook
        self.annotation_converter = annotation_converter

    def __call__(
        self,
        text: str,
        annotations: Iterable[Any] | None = None,
        default_to_notebook: bool | None = None,
    ) -> str | None:
        """The page for a text, or None when it was shown in the notebook.

        Args:
            text: The text to encode.
            annotations: Stretches to label.
            default_to_notebook: Instead of the visualizer's own setting.
        """
        in_notebook = self.default_to_notebook
        if default_to_notebook is not None:
            in_notebook = default_to_notebook
        show = _notebook() if in_notebook else None
        marks = list(annotations or [])
        if self.annotation_converter is not None:
            marks = [self.annotation_converter(mark) for mark in marks]
        page = _page(text, self.tokenizer.encode(text), marks)
        if show is None:
            return page
        show(page)
        return None

    @staticmethod
    def calculate_label_colors(annotations: Iterable[Annotation]) -> dict[str, str]:
        """A colour (HSL) for each label, the same for the same set of labels."""
        labels = sorted({annotation.label for annotation in annotations})
        if not labels:
            return {}
        step = max(int(255 / len(labels)), 20)
        return {label: f"hsl({10 + step * i},32%,64%)" for i, label in enumerate(labels)}


def _notebook() -> Callable[[str], None]:
    try:
        from IPython.display import HTML, display
    except ImportError as error:
        raise ImportError(
            "showing an encoding in a notebook needs IPython; "
            "pass default_to_notebook=False to get the page as a string"
        ) from error
    return lambda page: display(HTML(page))


def _page(text: str, encoding: Encoding, annotations: list[Annotation]) -> str:
    colours = EncodingVisualizer.calculate_label_colors(annotations)
    body = []
    for mark, chars in groupby(_chars(text, encoding, annotations), key=lambda c: c.annotation):
        spans = "".join(
            _span(list(group), text, encoding) for _, group in groupby(chars, key=lambda c: c.token)
        )
        if mark is not None:
            label = annotations[mark].label
            style, shown = html.escape(colours[label]), html.escape(label)
            spans = f'<span class="annotation" style="color:{style}" data-label="{shown}">{spans}</span>'
        body.append(spans)
    style = resources.files(__package__).joinpath("visualizer.css").read_text(encoding="utf-8")
    return (
        f"<html><head><style>{style}</style></head><body>"
        f'<div class="tokenized-text" dir="auto">{"".join(body)}</div></body></html>'
    )


def _chars(text: str, encoding: Encoding, annotations: list[Annotation]) -> list[_Char]:
    chars = [_Char(index, []) for index in range(len(text))]
    for token, (start, end) in enumerate(encoding.offsets):
        for char in chars[start:end]:
            char.tokens.append(token)
    for index, annotation in enumerate(annotations):
        for char in chars[annotation.start : annotation.end]:
            char.annotation = index
    return chars


def _span(chars: list[_Char], text: str, encoding: Encoding) -> str:
    first, last = chars[0], chars[-1]
    shown = html.escape(text[first.index : last.index + 1])
    if first.token is None:
        return f'<span class="non-token">{shown}</span>'
    classes = ["token", "odd-token" if first.token % 2 else "even-token"]
    if len(first.tokens) > 1:
        classes.append("multi-token")
    data = ""
    name = encoding.tokens[first.token]
    if _UNKNOWN.search(name):
        classes.append("special-token")
        data = f' data-stok="{html.escape(name)}"'
    return f'<span class="{" ".join(classes)}"{data}>{shown}</span>'
