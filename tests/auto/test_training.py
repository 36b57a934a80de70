"""New tokenizers from old ones, trained on texts of every shape, beside transformers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.auto.conftest import SMALL
from tests.support.corpora import corpus_names, documents

pytestmark = pytest.mark.parity

SIZE = 700
FILE = str(SMALL / "byte_level_roberta.json")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Some of every corpus, with a special token in one of them."""
    found = [text[:2_000] for name in corpus_names() for text in documents(name, 15)]
    return [*found, "an <ent> and a <mask>, twice: <ent>"]


def _generator(texts: list[str]) -> Iterator[str]:
    yield from texts


def _batches(texts: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), 7):
        yield texts[start : start + 7]


def _column(texts: list[str]) -> Any:
    datasets = pytest.importorskip("datasets")
    return datasets.Dataset.from_dict({"text": texts})["text"]


def _column_in_batches(texts: list[str]) -> Iterator[Any]:
    datasets = pytest.importorskip("datasets")
    rows = datasets.Dataset.from_dict({"text": texts})
    return (rows[start : start + 7]["text"] for start in range(0, len(texts), 7))


def _stream(texts: list[str]) -> Iterator[str]:
    datasets = pytest.importorskip("datasets")
    rows = datasets.Dataset.from_dict({"text": texts}).to_iterable_dataset()
    return (row["text"] for row in rows)


def _saved(tokenizer: Any, folder: Path) -> Any:
    tokenizer.save_pretrained(folder)
    return json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("shape", [_generator, _batches, _column, _column_in_batches, _stream])
@pytest.mark.parametrize("specials", [None, ["<ent>", "<other>"]])
def test_bpe_of_any_iterator_is_that_of_transformers(
    transformers: ModuleType,
    texts: list[str],
    shape: Callable[[list[str]], Any],
    specials: list[str] | None,
    tmp_path: Path,
) -> None:
    ours, theirs = (
        library.PreTrainedTokenizerFast(tokenizer_file=FILE, mask_token="<mask>")
        .train_new_from_iterator(shape(texts), SIZE, new_special_tokens=specials)
        for library in (fissile, transformers)
    )  # fmt: skip
    assert len(ours) == len(theirs) == SIZE
    mine, wanted = _saved(ours, tmp_path / "ours"), _saved(theirs, tmp_path / "theirs")
    assert mine["model"] == wanted["model"]
    assert mine["added_tokens"] == wanted["added_tokens"]
    assert ours.special_tokens_map == theirs.special_tokens_map
    for text in texts[-20:]:
        assert dict(ours(text)) == dict(theirs(text))
