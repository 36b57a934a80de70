"""Columns of encodings as buffers, and blocks made of several."""

from __future__ import annotations

import pickle
from typing import Any

import fissile
import nanoarrow
import numpy as np
import pytest

from tests.support.build import byte_level, words

COLUMNS = {
    "ids": np.uint32,
    "type_ids": np.uint32,
    "offsets": np.int32,
    "word_ids": np.int32,
    "special_tokens_mask": np.uint8,
    "attention_mask": np.uint8,
}


def lists(encoding: Any, column: str) -> list[Any]:
    """A column as a list of what arrays hold."""
    values = getattr(encoding, column)
    if column == "offsets":
        return [list(pair) for pair in values]
    return [-1 if value is None else value for value in values]


def encodings() -> list[Any]:
    """Bare, framed, padded, cut, trimmed, merged, read from a pickle, empty."""
    plain, framed = words(fissile, special=False), words(fissile)
    padded = framed.encode("my name", "is john hello")
    padded.pad(12, direction="left", pad_id=3, pad_type_id=5)
    cut = plain.encode("my name is john hello")
    cut.truncate(2, stride=1)
    trimmed = byte_level(fissile)
    trimmed.post_processor = fissile.processors.ByteLevel(trim_offsets=True)
    return [
        plain.encode("my  café is  john"),
        framed.encode("my café", "is john"),
        padded,
        *[cut, *cut.overflowing],
        byte_level(fissile).encode(" é the  cat\n日本 "),
        trimmed.encode(" é the  cat\n日本 "),
        trimmed.encode(" é the  cat\n日本 "),
        fissile.Encoding.merge([plain.encode("my"), trimmed.encode(" the cat ")]),
        pickle.loads(pickle.dumps(framed.encode("my café"))),
        plain.encode_batch_fast(["my name"])[0],
        plain.encode(""),
    ]


@pytest.mark.parametrize("column", COLUMNS)
def test_buffers_say_what_lists_say(column: str) -> None:
    for encoding in encodings():
        expected = lists(encoding, column)
        buffer = getattr(encoding, f"{column}_buffer")
        array = np.asarray(buffer)
        assert array.dtype == COLUMNS[column]
        assert array.shape == ((len(encoding), 2) if column == "offsets" else (len(encoding),))
        assert not array.flags.writeable
        assert array.tolist() == expected
        assert np.from_dlpack(buffer).tolist() == expected
        assert nanoarrow.Array(buffer).to_pylist() == expected
        assert buffer[1:].numpy().tolist() == expected[1:]
        assert nanoarrow.Array(buffer[1:]).to_pylist() == expected[1:]
        assert np.from_dlpack(buffer[1:]).tolist() == expected[1:]
        assert [list(it) if column == "offsets" else it for it in buffer] == expected
        assert pickle.loads(pickle.dumps(buffer)) == buffer == type(buffer)(expected)


def test_pairs_are_tuples() -> None:
    buffer = words(fissile, special=False).encode("my name").offsets_buffer
    assert buffer.to_list() == list(buffer) == [(0, 2), (3, 7)]
    assert buffer[-1] == (3, 7)
    assert repr(buffer) == "OffsetPairs([(0, 2), (3, 7)])"
    assert pickle.loads(pickle.dumps(buffer)) == buffer
    with pytest.raises(ValueError, match="not a whole count"):
        fissile.OffsetPairs(b"1234567")


def test_what_an_encoding_keeps_is_not_copied() -> None:
    encoding = words(fissile, special=False).encode("my name is")
    for column in ("ids", "offsets", "word_ids"):
        first, again = (np.asarray(getattr(encoding, f"{column}_buffer")) for _ in range(2))
        assert np.shares_memory(first, again)
    ids = np.asarray(encoding.ids_buffer)
    encoding.pad(5)
    del encoding
    assert ids.tolist() == [4, 5, 6]


@pytest.mark.parametrize("column", COLUMNS)
def test_stacks(column: Any) -> None:
    tokenizer = words(fissile)
    rows = tokenizer.encode_batch(["my name", ("is", "john hello"), ""], padding=True)
    shape = (3, len(rows[0]), 2) if column == "offsets" else (3, len(rows[0]))
    block = fissile.Encoding.stack(rows, column)
    array = np.frombuffer(block, np.int64).reshape(shape)
    assert array.tolist() == [lists(row, column) for row in rows]
    array[0] = 7
    assert tokenizer.encode("my name").ids == rows[0].ids[:4]
    assert fissile.Encoding.stack([], column) == b""


def test_stacks_of_different_lengths() -> None:
    rows = words(fissile).encode_batch(["my name", "my"])
    with pytest.raises(ValueError, match="encoding 1 has 3 tokens, encoding 0 has 4"):
        fissile.Encoding.stack(rows, "ids")
    column: Any = "tokens"
    with pytest.raises(ValueError, match="unknown column 'tokens'"):
        fissile.Encoding.stack(rows[:1], column)


@pytest.mark.parametrize(
    ("side", "ids", "mask"),
    [
        ("right", [[5, 6, -9], [-9, -9, -9], [7, 8, 9]], [[1, 1, 0], [0, 0, 0], [1, 1, 1]]),
        ("left", [[-9, 5, 6], [-9, -9, -9], [7, 8, 9]], [[0, 1, 1], [0, 0, 0], [1, 1, 1]]),
    ],
)
def test_rows_side_by_side(side: Any, ids: list[list[int]], mask: list[list[int]]) -> None:
    ragged = fissile.Ragged([5, 6, 7, 8, 9], [0, 2, 2, 5])

    def array(block: bytearray) -> list[list[int]]:
        rows: list[list[int]] = np.frombuffer(block, np.int64).reshape(3, -1).tolist()
        return rows

    assert array(ragged.padded(3, side=side, fill=-9)) == ids
    assert array(ragged.padding_mask(3, side=side)) == mask
    with pytest.raises(ValueError, match="row 2 has 3 ids, which do not fit a width of 2"):
        ragged.padded(2)
    with pytest.raises(ValueError, match="middle"):
        ragged.padded(3, side="middle")  # type: ignore[arg-type]
    with pytest.raises(MemoryError, match="too many"):
        ragged.padded(1 << 60)
    assert fissile.Ragged([], [0, 0]).padded(0) == b""


def test_lists_of_ids_great_and_small() -> None:
    ids = [0, 1, 1023, 1024, (1 << 18) - 1, 1 << 18, (1 << 32) - 1]
    assert fissile.Ids(ids).to_list() == ids == list(fissile.Ids(ids))
    assert fissile.Ragged(ids, [0, 3, 7]).to_list() == [ids[:3], ids[3:]]
