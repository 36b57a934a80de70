"""The twelve rows of the table of padding and truncation, on texts of 3, 7 and 14 tokens."""

from __future__ import annotations

from typing import Any

import pytest

MODEL, SPECIFIC = 12, 8

ROWS: list[tuple[str, dict[str, Any], list[int]]] = [
    ("none, none", {}, [3, 7, 14]),
    ("none, longest", {"padding": True}, [14, 14, 14]),
    ("none, longest by name", {"padding": "longest"}, [14, 14, 14]),
    ("none, model", {"padding": "max_length"}, [12, 12, 14]),
    ("none, specific", {"padding": "max_length", "max_length": SPECIFIC}, [8, 8, 14]),
    ("model, none", {"truncation": True}, [3, 7, 12]),
    ("model, longest", {"truncation": True, "padding": True}, [12, 12, 12]),
    ("model, model", {"truncation": True, "padding": "max_length"}, [12, 12, 12]),
    ("specific, none", {"truncation": True, "max_length": SPECIFIC}, [3, 7, 8]),
    ("specific, longest", {"truncation": True, "max_length": SPECIFIC, "padding": True}, [8, 8, 8]),
    (
        "specific, specific",
        {"truncation": True, "max_length": SPECIFIC, "padding": "max_length"},
        [8, 8, 8],
    ),
]


@pytest.fixture
def twelve(small: Any) -> Any:
    small.model_max_length = MODEL
    return small


@pytest.mark.parametrize(("name", "options", "lengths"), ROWS, ids=[row[0] for row in ROWS])
def test_row(twelve: Any, name: str, options: dict[str, Any], lengths: list[int]) -> None:
    texts = ["a", "a b c d e", "a b c d e f g h i j k l"]
    encoded = twelve(texts, verbose=False, **options)
    assert [len(row) for row in encoded["input_ids"]] == lengths
    assert [sum(row) for row in encoded["attention_mask"]] == [
        min(length, full) for length, full in zip(lengths, [3, 7, 14], strict=True)
    ]


def test_the_two_impossible_rows(twelve: Any) -> None:
    # One length serves both: to cut to one and fill to another there are no words.
    both = twelve("a b c d e f g h i j k l", truncation=True, padding="max_length", max_length=6)
    assert len(both["input_ids"]) == 6


@pytest.mark.parametrize("strategy", ["only_first", "only_second", "longest_first"])
def test_strategies_of_pairs(twelve: Any, strategy: str) -> None:
    encoded = twelve("a b c d e f", "g h i j k l", truncation=strategy, max_length=11)
    kinds = encoded.sequence_ids()
    counts = (kinds.count(0), kinds.count(1))
    assert (
        counts == {"only_first": (2, 6), "only_second": (6, 2), "longest_first": (4, 4)}[strategy]
    )


def test_without_a_limit_nothing_is_cut(small: Any) -> None:
    assert len(small("a " * 600, truncation=True)["input_ids"]) == 602
    assert len(small("a", padding="max_length")["input_ids"]) == 3


def test_a_warning_where_max_length_says_nothing(small: Any) -> None:
    with pytest.warns(UserWarning, match="`max_length` is ignored"):
        small(["a", "a b"], padding=True, max_length=2)
