"""Columns of texts in, lists of ids out, without Python objects in between."""

from __future__ import annotations

from typing import Any

import fissile
import pytest

from tests.support.build import words

pa = pytest.importorskip("pyarrow", reason="Arrow columns are made with pyarrow")

TEXTS = ["my name", "", "is john hello and a text of more than twelve bytes"]


def columns() -> dict[str, Any]:
    table = pa.table({"other": TEXTS[::-1], "text": TEXTS})
    return {
        "array": pa.array(TEXTS),
        "large": pa.array(TEXTS, pa.large_string()),
        "views": pa.array(TEXTS, pa.string_view()),
        "slice": pa.array(["left out", *TEXTS, "too"]).slice(1, 3),
        "chunks": pa.chunked_array([TEXTS[:1], [], TEXTS[1:]]),
        "table": table,
        "part of a table": pa.table({"text": ["left out", *TEXTS]}).slice(1),
        "batch": table.to_batches()[0],
        "column": table.column("text"),
    }


@pytest.mark.parametrize("name", columns())
def test_a_column_is_its_texts(name: str) -> None:
    tokenizer, column = words(fissile), columns()[name]
    expected = tokenizer.encode_ids_batch(TEXTS)
    assert tokenizer.encode_ids_batch(column) == expected
    assert tokenizer.count_batch(column) == [len(row) for row in expected.to_list()]
    found = [encoding.offsets for encoding in tokenizer.encode_batch(column)]
    assert found == [encoding.offsets for encoding in tokenizer.encode_batch(TEXTS)]
    fast = tokenizer.encode_batch_fast(column, add_special_tokens=False, num_threads=2)
    assert [it.ids for it in fast] == [tokenizer.encode(text).ids[1:-1] for text in TEXTS]


def test_ids_are_an_arrow_list() -> None:
    tokenizer = words(fissile)
    ids = pa.array(tokenizer.encode_ids_batch(pa.array(TEXTS)))
    assert ids.type == pa.large_list(pa.uint32())
    assert ids.to_pylist() == [tokenizer.encode(text).ids for text in TEXTS]
    ids.validate(full=True)
    offsets = pa.array(tokenizer.encode(TEXTS[2]).offsets_buffer)
    offsets.validate(full=True)
    assert [tuple(pair) for pair in offsets.to_pylist()] == tokenizer.encode(TEXTS[2]).offsets


def test_a_column_of_a_data_set() -> None:
    datasets = pytest.importorskip("datasets")
    rows = datasets.Dataset.from_dict({"number": [1, 2, 3], "text": TEXTS}).with_format("arrow")
    tokenizer = words(fissile)

    def tokenize(table: Any) -> Any:
        ids = pa.array(tokenizer.encode_ids_batch(table))
        return table.append_column("input_ids", ids)

    made = rows.map(tokenize, batched=True).with_format(None)
    assert made["input_ids"][:] == [tokenizer.encode(text).ids for text in TEXTS]


def test_bad_columns() -> None:
    tokenizer = words(fissile)
    with pytest.raises(ValueError, match="no text in a row") as caught:
        tokenizer.encode_ids_batch(pa.array(["my", None]))
    assert caught.value.field == "[1]"  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match=r"expected one column of texts.*number \(l\)"):
        tokenizer.encode_batch(pa.table({"number": [1]}))
    with pytest.raises(TypeError, match="holds texts, not words"):
        tokenizer.encode_batch(pa.array(TEXTS), is_pretokenized=True)
    assert len(tokenizer.encode_ids_batch(pa.array([], pa.string()))) == 0
