"""Padding: to the longest, to a length, to a multiple, on both sides."""

from __future__ import annotations

from types import ModuleType

import fissile
import pytest

from tests.support.build import words

TEXTS = ["my", "my name is"]


def test_settings(library: ModuleType) -> None:
    tokenizer = words(library)
    assert tokenizer.padding is None
    tokenizer.enable_padding()
    assert tokenizer.padding == {
        "length": None,
        "pad_to_multiple_of": None,
        "pad_id": 0,
        "pad_token": "[PAD]",
        "pad_type_id": 0,
        "direction": "right",
    }
    tokenizer.enable_padding(**tokenizer.padding)
    tokenizer.no_padding()
    assert tokenizer.padding is None


def test_to_the_longest(library: ModuleType) -> None:
    tokenizer = words(library)
    tokenizer.enable_padding(pad_id=3)
    assert [e.ids for e in tokenizer.encode_batch(TEXTS)] == [[1, 4, 2, 3, 3], [1, 4, 5, 6, 2]]
    assert tokenizer.encode("my").ids == [1, 4, 2]


def test_left_and_multiple(library: ModuleType) -> None:
    tokenizer = words(library)
    tokenizer.enable_padding(direction="left", pad_id=3, pad_type_id=1, pad_to_multiple_of=4)
    encoding = tokenizer.encode_batch(TEXTS)[0]
    assert encoding.ids == [3] * 5 + [1, 4, 2]
    assert encoding.type_ids == [1] * 5 + [0] * 3
    assert encoding.attention_mask == [0] * 5 + [1] * 3
    assert encoding.sequence_ids == [None] * 6 + [0, None]


def test_to_a_length(library: ModuleType) -> None:
    tokenizer = words(library)
    tokenizer.enable_padding(length=4)
    assert [len(e) for e in tokenizer.encode_batch(TEXTS)] == [4, 5]
    tokenizer.enable_truncation(4)
    assert [len(e) for e in tokenizer.encode_batch(TEXTS)] == [4, 4]


def test_overflow_is_filled_too(library: ModuleType) -> None:
    tokenizer = words(library)
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(pad_id=3)
    encoding = tokenizer.encode_batch(["my", "my name is"])[1]
    assert [part.ids for part in encoding.overflowing] == [[1, 6, 2, 3]]


def test_old_name_of_length() -> None:
    tokenizer = words(fissile)
    with pytest.warns(DeprecationWarning, match="length"):
        tokenizer.enable_padding(max_length=6)
    assert tokenizer.padding["length"] == 6


def test_argument_of_the_call() -> None:
    tokenizer = words(fissile)
    assert [len(e) for e in tokenizer.encode_batch(TEXTS, padding=True)] == [5, 5]
    assert len(tokenizer.encode("my", padding={"length": 7, "pad_id": 3})) == 7
    rows = tokenizer.encode_ids_batch(TEXTS, padding={"pad_id": 3, "direction": "left"}).to_list()
    assert rows == [[3, 3, 1, 4, 2], [1, 4, 5, 6, 2]]
    tokenizer.enable_padding(length=9)
    assert [len(e) for e in tokenizer.encode_batch(TEXTS, padding=False)] == [3, 5]
    assert tokenizer.padding["length"] == 9
