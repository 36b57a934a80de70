"""Columns, batches and streams of the package `datasets`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import fissile
import pytest
from fissile.trainers import BpeTrainer

datasets = pytest.importorskip("datasets", reason="the columns are those of this package")

TEXTS = ["the cat sat on the mat", "a dog dug a hole", "naïve 東京"] * 10


def trained(texts: Any) -> str:
    made = fissile.Tokenizer(fissile.models.BPE())
    made.pre_tokenizer = fissile.pre_tokenizers.Whitespace()
    made.train_from_iterator(texts, BpeTrainer(vocab_size=60, show_progress=False))
    return made.to_str()


@pytest.fixture(scope="module")
def table() -> Any:
    return datasets.Dataset.from_dict({"text": TEXTS, "number": list(range(len(TEXTS)))})


@pytest.mark.parametrize(
    "texts",
    [
        lambda table: table["text"],
        lambda table: (table[at : at + 7]["text"] for at in range(0, len(table), 7)),
        lambda table: (batch["text"] for batch in table.iter(7)),
        lambda table: table.with_format("arrow").iter(7),
        lambda table: table.with_format("arrow")[:],
        lambda table: table.to_iterable_dataset()["text"],
        lambda table: (row["text"] for row in table.to_iterable_dataset()),
        lambda table: (batch["text"] for batch in table.to_iterable_dataset().iter(7)),
        lambda table: table.to_iterable_dataset().with_format("arrow").iter(7),
        lambda table: table.to_iterable_dataset(num_shards=3).shuffle(seed=1)["text"],
    ],
)
def test_all_of_these_are_texts(table: Any, texts: Callable[[Any], Any]) -> None:
    assert trained(texts(table)) == trained(TEXTS)


def test_a_generated_stream() -> None:
    stream = datasets.IterableDataset.from_generator(lambda: ({"text": text} for text in TEXTS))
    assert trained(row["text"] for row in stream) == trained(TEXTS)


@pytest.mark.parametrize("streaming", [False, True])
def test_rows_are_no_texts(table: Any, streaming: bool) -> None:
    """The names of the columns would be trained on."""
    rows = table.to_iterable_dataset() if streaming else table
    with pytest.raises(TypeError, match=r'row\["text"\]'):
        trained(rows)
