"""Real text, cut into documents.

Three sources, best first: the shared folder, what `make corpora` assembled, the small texts of `corpora/`.
"""

from __future__ import annotations

import functools
import lzma
from collections.abc import Iterator
from pathlib import Path

from tests.support.places import CACHE, CORPORA, shared

SEPARATOR = "\n\x1e\n"
# A longer document is cut at line ends, so that a few manuals do not stand for a whole corpus; every
# fiftieth stays whole.
LONGEST = 4_000
KEPT_WHOLE = 50


def _sources() -> dict[str, list[Path]]:
    """Name of a corpus to its files."""
    folder = shared()
    if folder is not None:
        return {
            path.name.split(".")[0]: [path]
            for path in sorted((folder / "corpora").glob("*.txt.xz"))
        }
    assembled = sorted((CACHE / "corpora").glob("*.txt.xz"))
    if assembled:
        return {path.name.split(".")[0]: [path] for path in assembled}
    return {
        name: sorted((CORPORA / name).glob("*.*"))
        for name in ("natural", "code", "edge")
        if (CORPORA / name).is_dir()
    }


def corpus_names() -> list[str]:
    """The corpora that this machine has."""
    return list(_sources())


def _read(path: Path) -> str:
    data = path.read_bytes()
    return (lzma.decompress(data) if path.suffix == ".xz" else data).decode("utf-8")


def _cut(text: str) -> Iterator[str]:
    """The text in parts of at most `LONGEST` characters, at line ends where there are any."""
    start = 0
    while len(text) - start > LONGEST:
        end = text.rfind("\n", start + 1, start + LONGEST) + 1
        end = end if end > start else start + LONGEST
        yield text[start:end]
        start = end
    yield text[start:]


@functools.cache
def _documents(name: str) -> tuple[str, ...]:
    whole: list[str] = []
    for path in _sources()[name]:
        text = _read(path)
        whole += text.split(SEPARATOR) if SEPARATOR in text else [text]
    cut: list[str] = []
    for index, document in enumerate(whole):
        cut += [document] if index % KEPT_WHOLE == 0 else _cut(document)
    return tuple(document for document in cut if document)


def documents(name: str, count: int | None = None) -> list[str]:
    """`count` documents of a corpus, spread evenly over it; all of them without a count."""
    every = _documents(name)
    if count is None or count >= len(every):
        return list(every)
    return [every[index * len(every) // count] for index in range(count)]
