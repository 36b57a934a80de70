"""Ids are read from lists, tuples, buffers and arrays of any integers; what is no id is refused."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
import pytest
from fissile import Ids, Ragged, Tokenizer, models

WORDS = ["so", "it", "is"]


@pytest.fixture
def tokenizer() -> Tokenizer:
    return Tokenizer(models.WordLevel({word: id for id, word in enumerate(WORDS)}, "so"))


@pytest.mark.parametrize("count", [0, 3, 100])
@pytest.mark.parametrize(
    "form",
    [
        list,
        tuple,
        Ids,
        iter,
        lambda ids: memoryview(array("H", ids)),
        *(
            lambda ids, dtype=dtype: np.array(ids, dtype=dtype)
            for dtype in ("uint8", "int16", "uint32", "int32", "int64", "uint64", ">i4")
        ),
        lambda ids: np.repeat(np.array(ids, dtype="int64"), 2)[::2],
        lambda ids: [np.int64(id) for id in ids],
    ],
)
def test_all_forms_are_the_list(tokenizer: Tokenizer, form: Any, count: int) -> None:
    ids = [number % 3 for number in range(count)]
    if form is iter:
        with pytest.raises(TypeError):
            tokenizer.decode(form(ids))
        return
    assert tokenizer.decode(form(ids)) == " ".join(WORDS[id] for id in ids)
    assert tokenizer.decode_batch([form(ids)] * 3) == [tokenizer.decode(ids)] * 3


def test_rows_of_one_buffer(tokenizer: Tokenizer) -> None:
    rows = Ragged([0, 1, 2, 0], [0, 1, 1, 4])
    assert tokenizer.decode_batch(rows) == ["so", "", "it is so"]
    assert tokenizer.decode_batch(np.array([[0, 1], [2, 0]])) == ["so it", "is so"]
    assert tokenizer.decode_batch([]) == tokenizer.decode_batch(()) == []


@pytest.mark.parametrize("count", [1, 100])
@pytest.mark.parametrize("wrong", [-1, 1 << 32, 1 << 70])
def test_what_is_no_id_is_refused(tokenizer: Tokenizer, wrong: int, count: int) -> None:
    ids = [0] * count + [wrong]
    with pytest.raises(OverflowError):
        tokenizer.decode(ids)
    with pytest.raises(OverflowError):
        tokenizer.decode_batch([ids])
    if -1 <= wrong < 1 << 63:
        with pytest.raises(OverflowError):
            tokenizer.decode(np.array(ids))


@pytest.mark.parametrize("wrong", [["so"], [0.0], "so", 7, None, np.array([0.5])])
def test_what_holds_no_integers_is_refused(tokenizer: Tokenizer, wrong: Any) -> None:
    with pytest.raises(TypeError):
        tokenizer.decode(wrong)
    with pytest.raises(TypeError):
        tokenizer.decode_batch([wrong])


def test_rows_come_part_by_part(tokenizer: Tokenizer) -> None:
    rows = [[number % 3] * (number % 50) for number in range(8000)]
    expected = [" ".join([WORDS[number % 3]] * (number % 50)) for number in range(8000)]
    for threads in (1, 2, None):
        assert tokenizer.decode_batch(rows, num_threads=threads) == expected
