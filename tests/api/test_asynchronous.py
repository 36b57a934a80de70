"""The awaitable methods."""

from __future__ import annotations

import asyncio
from types import ModuleType

import fissile
import pytest

from tests.support.build import byte_level, words


async def test_same_as_the_others(library: ModuleType) -> None:
    tokenizer = words(library)
    texts = ["my name", ("is", "john"), "hello"]
    for name in ("encode_batch", "encode_batch_fast"):
        found = await getattr(tokenizer, f"async_{name}")(texts)
        assert [e.ids for e in found] == [e.ids for e in getattr(tokenizer, name)(texts)]
    assert (await tokenizer.async_encode("my name")).tokens == tokenizer.encode("my name").tokens
    plain = await tokenizer.async_encode(["my"], is_pretokenized=True, add_special_tokens=False)
    assert plain.ids == [4]
    assert await tokenizer.async_decode_batch([[4, 5], [6]]) == ["my name", "is"]


async def test_offsets_are_characters() -> None:
    tokenizer = words(fissile)
    encoding = await tokenizer.async_encode("café my")
    assert (
        encoding.offsets == tokenizer.encode("café my").offsets == [(0, 0), (0, 4), (5, 7), (0, 0)]
    )


async def test_many_at_once() -> None:
    tokenizer = byte_level(fissile)
    texts = [f"text number {number}" for number in range(100)]
    found = await asyncio.gather(*(tokenizer.async_encode(text) for text in texts))
    assert [e.ids for e in found] == [e.ids for e in tokenizer.encode_batch(texts)]


async def test_exceptions_arrive(library: ModuleType) -> None:
    with pytest.raises(TypeError):
        await words(library).async_encode(3)
    failing = library.Tokenizer(library.models.WordPiece({"a": 0}, unk_token="[UNK]"))
    with pytest.raises(Exception, match="Missing"):
        await failing.async_encode("b")


async def test_settings_are_those_of_the_call() -> None:
    tokenizer = words(fissile)
    awaitable = tokenizer.async_encode_batch(["my name is john"] * 20)
    tokenizer.enable_truncation(3)
    assert {len(encoding) for encoding in await awaitable} == {6}


def test_needs_a_loop(library: ModuleType) -> None:
    with pytest.raises(RuntimeError):
        words(library).async_encode("my")
