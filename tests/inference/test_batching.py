"""Rows of like length run together, and every result goes back to its row."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import fissile
import pytest
import torch
from fissile.inference.batching import Batch, OutOfMemoryError, ahead, plan, run
from hypothesis import given
from hypothesis import strategies as st

CPU = torch.device("cpu")


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(1, 300))
def test_plan(lengths: list[int], budget: int) -> None:
    batches = plan(lengths, budget)
    assert sorted(row for rows in batches for row in rows) == list(range(len(lengths)))
    for rows in batches:
        widest = max(lengths[row] for row in rows)
        assert len(rows) == 1 or len(rows) * widest <= budget
    widths = [lengths[row] for rows in batches for row in rows]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("left", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_batch_and_back(left: bool, packed: bool) -> None:
    columns = {"input_ids": [[5], [1, 2, 3], [6, 7]], "token_type_ids": [[1], [0, 1, 1], [1, 1]]}
    batch = Batch(columns, [1, 2, 0], 9, CPU, left=left, packed=packed)
    ids = batch.inputs["input_ids"]
    assert [row.tolist() for row in batch.by_token(ids)] == [[1, 2, 3], [6, 7], [5]]
    if packed:
        assert batch.inputs["cu_seq_lens_q"].tolist() == [0, 3, 5, 6]
        assert batch.model_inputs()["max_length_q"] == 3
    else:
        assert ids.tolist()[2] == ([9, 9, 5] if left else [5, 9, 9])
        assert batch.inputs["attention_mask"].sum(1).tolist() == [3, 2, 1]
        assert batch.inputs["token_type_ids"].tolist()[2] == ([0, 0, 1] if left else [1, 0, 0])
    states = ids[..., None].float()
    assert batch.mean(states)[:, 0].tolist() == [2.0, 6.5, 5.0]
    assert batch.first(states)[:, 0].tolist() == [1.0, 6.0, 5.0]


def test_no_mask_where_all_are_as_long() -> None:
    batch = Batch({"input_ids": [[1, 2], [3, 4]]}, [0, 1], 0, CPU)
    assert "attention_mask" not in batch.inputs


def model() -> Any:
    return SimpleNamespace(device=CPU, dtype=torch.float32, packs=True)


def test_results_in_order() -> None:
    rows = [[row] * length for row, length in enumerate([3, 1, 7, 2, 7, 5])]
    sizes: list[int] = []

    def forward(batch: Batch) -> list[int]:
        sizes.append(len(batch.rows))
        return [int(row[0]) for row in batch.by_token(batch.inputs["input_ids"])]

    assert run({"input_ids": rows}, forward, model(), budget=14) == [0, 1, 2, 3, 4, 5]
    assert sizes[0] == 2
    sizes.clear()
    run({"input_ids": rows}, forward, model(), rows_at_most=1)
    assert sizes == [1] * 6


def test_out_of_memory_names_batch_and_budget() -> None:
    def forward(batch: Batch) -> list[int]:
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(
        OutOfMemoryError, match=r"3 texts of up to 4 tokens .*token_budget=6"
    ) as error:
        run({"input_ids": [[1] * 4] * 3}, forward, model(), budget=100)
    assert isinstance(error.value, (MemoryError, fissile.FissileError))
    with pytest.raises(OutOfMemoryError, match="one text alone"):
        run({"input_ids": [[1] * 4]}, forward, model(), budget=100)


def test_budget_that_is_none() -> None:
    with pytest.raises(fissile.InvalidValueError, match="budget of 0"):
        plan([1], 0)


def test_work_goes_ahead() -> None:
    """While one result is looked at, the next one is made."""
    made: list[int] = []
    for value in ahead(lambda item: made.append(item) or item, range(6)):
        deadline = time.monotonic() + 5
        while len(made) < min(value + 2, 6) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(made) >= min(value + 2, 6)


def test_errors_ahead_are_raised_in_their_place() -> None:
    def work(item: int) -> int:
        if item == 3:
            raise KeyError("three")
        return item

    seen: list[int] = []
    with pytest.raises(KeyError, match="three"):
        seen.extend(ahead(work, iter(range(9))))
    assert seen == [0, 1, 2]


def test_nobody_left_behind() -> None:
    """Who stops listening stops the work."""
    before = threading.active_count()

    def endless() -> Iterator[int]:
        while True:
            yield 1

    results = ahead(lambda item: item, endless())
    assert next(results) == 1
    results.close()
    assert threading.active_count() == before
