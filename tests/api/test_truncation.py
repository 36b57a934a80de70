"""Truncation: strategies, strides, directions, and what does not fit."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.support.build import words

TEXT, OTHER = "my name is john", "hello world a b"


def test_settings(library: ModuleType) -> None:
    tokenizer = words(library)
    assert tokenizer.truncation is None
    tokenizer.enable_truncation(6)
    assert tokenizer.truncation == {
        "max_length": 6,
        "stride": 0,
        "strategy": "longest_first",
        "direction": "right",
    }
    tokenizer.enable_truncation(**tokenizer.truncation)
    tokenizer.no_truncation()
    assert tokenizer.truncation is None


@pytest.mark.parametrize(
    ("settings", "ids", "overflow"),
    [
        ({"max_length": 4}, [1, 4, 5, 2], [[1, 6, 7, 2]]),
        ({"max_length": 4, "stride": 1}, [1, 4, 5, 2], [[1, 5, 6, 2], [1, 6, 7, 2]]),
        ({"max_length": 4, "direction": "left"}, [1, 6, 7, 2], [[1, 4, 5, 2]]),
        ({"max_length": 99}, [1, 4, 5, 6, 7, 2], []),
    ],
)
def test_one(
    library: ModuleType, settings: dict[str, Any], ids: list[int], overflow: list[Any]
) -> None:
    tokenizer = words(library)
    tokenizer.enable_truncation(**settings)
    encoding = tokenizer.encode(TEXT)
    assert encoding.ids == ids
    assert [part.ids for part in encoding.overflowing] == overflow


@pytest.mark.parametrize(
    ("strategy", "ids"),
    [
        ("longest_first", [1, 4, 5, 2, 9, 10, 12, 2]),
        ("only_first", [1, 4, 2, 9, 10, 12, 13, 2]),
        ("only_second", [1, 4, 5, 6, 7, 2, 9, 2]),
    ],
)
def test_pair(library: ModuleType, strategy: str, ids: list[int]) -> None:
    tokenizer = words(library)
    tokenizer.enable_truncation(8, strategy=strategy)
    assert tokenizer.encode(TEXT, OTHER).ids == ids


def test_only_second_needs_a_second(library: ModuleType) -> None:
    tokenizer = words(library)
    tokenizer.enable_truncation(4, strategy="only_second")
    with pytest.raises(Exception, match="Second sequence not provided"):
        tokenizer.encode(TEXT)


def test_too_short_for_the_strategy(library: ModuleType) -> None:
    tokenizer = words(library)
    tokenizer.enable_truncation(6, strategy="only_first")
    with pytest.raises(Exception, match="too short"):
        tokenizer.encode("my", OTHER)


def test_no_room_for_special_tokens() -> None:
    tokenizer = words(fissile)
    for length in (0, 1):
        tokenizer.enable_truncation(length)
        with pytest.raises(ValueError, match="2 special tokens"):
            tokenizer.encode(TEXT)
        with pytest.raises(ValueError, match="2 special tokens"):
            tokenizer.encode_ids(TEXT)
        assert len(tokenizer.encode(TEXT, add_special_tokens=False)) == length
    tokenizer.enable_truncation(2)
    assert tokenizer.encode(TEXT).ids == tokenizer.encode_ids(TEXT).to_list() == [1, 2]
    with pytest.raises(ValueError, match="3 special tokens"):
        tokenizer.encode(TEXT, OTHER)


def test_argument_of_the_call() -> None:
    tokenizer = words(fissile)
    assert tokenizer.encode(TEXT, truncation=4).ids == [1, 4, 5, 2]
    cut = {"max_length": 4, "direction": "left"}
    assert tokenizer.encode_batch([TEXT], truncation=cut)[0].ids == [1, 6, 7, 2]
    assert tokenizer.encode_ids(TEXT, truncation=cut).to_list() == [1, 6, 7, 2]
    assert tokenizer.count(TEXT, truncation=4) == 4
    tokenizer.enable_truncation(3)
    assert len(tokenizer.encode(TEXT)) == 3
    assert len(tokenizer.encode(TEXT, truncation=False)) == 6
    assert len(tokenizer.encode(TEXT, truncation=5)) == 5
    assert tokenizer.truncation["max_length"] == 3


def test_a_stride_that_does_not_fit_says_so() -> None:
    tokenizer = words(fissile)
    with pytest.raises(ValueError, match="stride"):
        tokenizer.enable_truncation(4, stride=4)
    with pytest.raises(ValueError, match="stride"):
        tokenizer.encode(TEXT, truncation={"max_length": 4, "stride": 2})
