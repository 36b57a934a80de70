"""The small texts are what their manifest says, and the generated ones are what the seed gives."""

from __future__ import annotations

import hashlib

import pytest

from corpora import make
from tests.parity.allowed import tomllib
from tests.support import hostile
from tests.support.places import CORPORA

FILES = tomllib.loads((CORPORA / "manifest.toml").read_text(encoding="utf-8"))["file"]


def test_every_file_is_listed() -> None:
    assert {entry["path"] for entry in FILES} == {
        f"{path.parent.name}/{path.name}" for path in CORPORA.glob("*/*.txt")
    }


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["path"])
def test_is_what_the_manifest_says(entry: dict[str, str]) -> None:
    data = (CORPORA / entry["path"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    data.decode("utf-8")


@pytest.mark.parametrize("name", make.EDGE)
def test_is_what_the_seed_gives(name: str) -> None:
    assert (CORPORA / "edge" / name).read_bytes() == make.edge_text(name).encode("utf-8")


def test_hostile_strings_are_many_and_different() -> None:
    strings = hostile.strings(2_000, special=["<s>", "[CLS]"])
    assert len(strings) == 2_000
    assert len(set(strings)) > 1_990
    assert any("<s>" in text for text in strings)
    assert not any("\ud800" <= char <= "\udfff" for text in strings for char in text)


def test_code_points_are_all_there() -> None:
    parts = 16
    seen: set[str] = set()
    for part in range(parts):
        for text in hostile.code_points(part, parts):
            seen.update(text)
    assert len(seen) == 0x110000 - 0x800
