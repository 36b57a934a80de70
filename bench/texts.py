"""The texts of the bench: each corpus cut into the parts that workers read, none of them twice."""

from __future__ import annotations

import hashlib
import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.environments import CACHE
from tests.support import corpora, hostile, places

SHORTEST, LONGEST = 1000, 4000
# Names of ours to names that a machine without the large corpora has.
SMALL = {"en": "natural", "multi": "natural", "code": "code"}


def _sources(name: str) -> list[Path]:
    """The files of a corpus: the shared folder, what `make corpora` assembled, the small ones."""
    shared = places.shared()
    for folder in (shared / "corpora" if shared else None, places.CACHE / "corpora"):
        if folder and (path := folder / f"{name}.txt.xz").exists():
            return [path]
    return sorted((places.CORPORA / SMALL[name]).glob("*.*"))


def _documents(path: Path) -> list[str]:
    """The documents of a file, packed or not."""
    data = path.read_bytes()
    text = (lzma.decompress(data) if path.suffix == ".xz" else data).decode("utf-8")
    return text.split(corpora.SEPARATOR)


def documents(name: str) -> Iterator[str]:
    """All documents of a corpus."""
    for path in _sources(name):
        yield from _documents(path)


def _pieces(document: str) -> Iterator[str]:
    """Texts of 1 to 4 KB, as near to whole documents as may be."""
    start = 0
    while start < len(document):
        end = start + LONGEST
        while len(document[start:end].encode()) > LONGEST:
            end = start + (end - start) * 3 // 4
        text = document[start:end]
        if len(text.encode()) >= SHORTEST:
            yield text
        start = end


def _take(pieces: list[str], megabytes: float) -> list[str]:
    """Remove so much from the end of a list."""
    taken, room = [], megabytes * 1e6
    while pieces and room > 0:
        taken.append(pieces.pop())
        room -= len(taken[-1].encode())
    return taken


def _short(pieces: list[str], characters: int, count: int) -> list[str]:
    """So many texts of so many characters, beginning at words where there are any."""
    found: list[str] = []
    while pieces and len(found) < count:
        words = pieces.pop()
        for start in range(0, len(words) - characters, characters * 4):
            found.append(words[start : start + characters])
    return found[:count]


def parts(name: str, definitions: dict[str, Any]) -> tuple[Path, Path]:
    """Two files of a corpus: the texts that are timed, by job, and those that are checked."""
    sizes, calls = definitions["sizes"], definitions["calls"]
    mark = hashlib.sha256(json.dumps([sizes, calls]).encode() + Path(__file__).read_bytes())
    for path in _sources(name):
        mark.update(f"{path.name} {path.stat().st_size}".encode())
    stem = CACHE / "texts" / f"{name}-{mark.hexdigest()[:12]}"
    timed, checked = stem.with_suffix(".timed.json"), stem.with_suffix(".checked.json")
    if timed.exists() and checked.exists():
        return timed, checked
    whole = list(documents(name))
    random.Random(0).shuffle(whole)
    pieces = list(dict.fromkeys(piece for text in whole for piece in _pieces(text)))
    wanted = 2 * sizes["batch"] + sizes["document"] + sizes["full"] + 4 * sizes["short"]
    if sum(map(len, pieces)) / 1e6 < wanted:  # short documents are needed too, several in one text
        pieces = list(dict.fromkeys(_pieces("\n".join(whole))))
    random.Random(1).shuffle(pieces)
    there = sum(len(piece.encode()) for piece in pieces) / 1e6
    to_compare = _take(pieces, min(sizes["check"], there / 10))
    # A small corpus is shared out in proportion.
    share = min(1.0, 0.9 * there / wanted)
    short = int(sizes["short"] * 1e6 / calls["characters"] * share)
    found = {
        "first": _take(pieces, sizes["batch"] * share),
        "second": _take(pieces, sizes["batch"] * share),
        "full": _take(pieces, sizes["full"] * share),
        "document": ["\n".join(_take(pieces, sizes["document"] * share))],
        "calls": _short(pieces, calls["characters"], 2 * calls["count"]),
        "short": _short(pieces, calls["characters"], short),
    }
    timed.parent.mkdir(parents=True, exist_ok=True)
    timed.write_text(json.dumps(found), encoding="utf-8")
    checked.write_text(json.dumps(to_compare), encoding="utf-8")
    return timed, checked


def to_check(names: list[str], definitions: dict[str, Any]) -> Path:
    """One file with the texts whose ids are compared: some of each corpus, and hostile ones."""
    found = {name: json.loads(parts(name, definitions)[1].read_text()) for name in names}
    found["hostile"] = hostile.strings(500)
    path = CACHE / "texts" / f"check-{'-'.join(names)}.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    return path


def long(name: str, megabytes: float = 60.0) -> Path:
    """One file with many texts of a corpus, in other order than the parts."""
    path = CACHE / "texts" / f"{name}-long.json"
    if not path.exists():
        pieces = list(dict.fromkeys(piece for text in documents(name) for piece in _pieces(text)))
        random.Random(2).shuffle(pieces)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_take(pieces, megabytes)), encoding="utf-8")
    return path
