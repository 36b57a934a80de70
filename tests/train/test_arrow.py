"""Columns of texts and of counts, read where they lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import fissile
import pytest
from fissile.trainers import BpeTrainer

pa = pytest.importorskip("pyarrow", reason="Arrow columns are made with pyarrow")

TEXTS = [
    "the cat sat on the mat",
    "",
    "the dog dug a hole as long as a text of more than twelve bytes",
]
TRAINER = BpeTrainer(vocab_size=60, show_progress=False)


def trained(texts: Any) -> str:
    made = fissile.Tokenizer(fissile.models.BPE())
    made.pre_tokenizer = fissile.pre_tokenizers.Whitespace()
    made.train_from_iterator(texts, TRAINER)
    return made.to_str()


@pytest.mark.parametrize(
    "column",
    [
        lambda: pa.array(TEXTS),
        lambda: pa.array(TEXTS, pa.large_string()),
        lambda: pa.array(TEXTS, pa.string_view()),
        lambda: pa.array(["left out", *TEXTS]).slice(1),
        lambda: pa.array(["left out", *TEXTS], pa.string_view()).slice(1),
        lambda: pa.array([TEXTS[0], None, *TEXTS[1:]]),
        lambda: pa.chunked_array([TEXTS[:1], [], TEXTS[1:]]),
        lambda: pa.table({"number": [1, 2, 3], "words": TEXTS}),
        lambda: pa.table({"other": TEXTS[::-1], "text": TEXTS}),
        lambda: pa.table({"text": ["left out", *TEXTS]}).slice(1),
        lambda: pa.record_batch({"text": ["left out", *TEXTS]}).slice(1),
        lambda: iter(pa.table({"text": TEXTS}).to_batches(max_chunksize=1)),
        lambda: [pa.array(TEXTS[:1]), TEXTS[1], TEXTS[2:]],
    ],
)
def test_columns_are_texts(column: Callable[[], Any]) -> None:
    assert trained(column()) == trained(TEXTS)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (lambda: pa.array([1, 2]), r"one column of texts.*\(l\)"),
        (lambda: pa.table({"a": TEXTS, "b": TEXTS}), r"called 'text', found a \(u\), b \(u\)"),
        (lambda: pa.table({}), "no column"),
    ],
)
def test_no_such_column(column: Callable[[], Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        trained(column())


def test_a_stream_that_fails_midway() -> None:
    schema = pa.schema([("text", pa.string())])

    def batches() -> Any:
        yield pa.record_batch({"text": TEXTS})
        raise ValueError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(schema, batches())
    with pytest.raises(Exception, match="the disk is gone"):
        trained(reader)


@pytest.mark.parametrize("kind", ["int8", "uint16", "int32", "int64", "uint64"])
def test_tables_of_counts(kind: str) -> None:
    table = pa.table(
        {"word": ["the", "a", None], "count": pa.array([7, 2, 1], getattr(pa, kind)())}
    )
    counts = fissile.trainers.WordCounts(table)
    assert counts.to_dict() == {"the": 7, "a": 2}


def test_counts_below_zero() -> None:
    with pytest.raises(ValueError, match="-1"):
        fissile.trainers.WordCounts(pa.table({"word": ["a"], "count": [-1]}))
