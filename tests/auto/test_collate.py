"""Collators: padding, packing, masking."""

from __future__ import annotations

import itertools
from types import ModuleType
from typing import Any

import pytest
from fissile import (
    DataCollatorForLanguageModeling,
    DataCollatorForWholeWordMask,
    DataCollatorWithPadding,
    PackingCollator,
)
from fissile.auto.packing import blocks, fit

numpy = pytest.importorskip("numpy")

TEXTS = ["the unbelievable tokenization of words", "a", "some more of it and the rest"]


def rows_of(tokenizer: Any) -> list[dict[str, Any]]:
    encoded = tokenizer(TEXTS)
    return [
        {"input_ids": encoded["input_ids"][i], "word_ids": encoded.word_ids(i)}
        for i in range(len(TEXTS))
    ]


def test_padding_collator(small: Any) -> None:
    rows = [{**small(text), "label": number} for number, text in enumerate(TEXTS)]
    batch = DataCollatorWithPadding(small, return_tensors="np", pad_to_multiple_of=8)(rows)
    assert batch["labels"].tolist() == [0, 1, 2]
    assert batch["input_ids"].shape[1] % 8 == 0
    lists = DataCollatorWithPadding(small, return_tensors=None)(rows)
    assert isinstance(lists["input_ids"], list)


def test_rows_have_to_be_alike(small: Any) -> None:
    collate = DataCollatorWithPadding(small, return_tensors="np")
    with pytest.raises(ValueError, match="row 1 of the batch has no 'label'"):
        collate([{"input_ids": [1], "label": 1}, {"input_ids": [1]}])
    with pytest.raises(ValueError, match="at least one row"):
        collate([])
    with pytest.raises(ValueError, match="includes input_ids"):
        collate([{"label": 1}])


def test_blocks_keep_every_token_in_order() -> None:
    rows = [[1, 2, 3], [], [4, 5], [6, 7, 8, 9, 10]]
    whole = [token for row in rows for token in [*row, 0]]
    for length in range(1, 9):
        made = blocks(rows, length, separator_id=0, drop_last=False)
        assert [token for block in made for token in block] == whole
        full = blocks(rows, length, separator_id=0)
        assert all(len(block) == length for block in full)
        assert len(full) == len(whole) // length
    with pytest.raises(ValueError, match="at least one token"):
        blocks(rows, 0)


def test_fit_takes_every_text_once_and_fills_no_row_over() -> None:
    generator = numpy.random.default_rng(3)
    lengths = generator.integers(0, 40, 300).tolist()
    rows = fit(lengths, 40)
    assert sorted(number for row in rows for number in row) == list(range(300))
    assert all(sum(lengths[number] for number in row) <= 40 for row in rows)
    assert len(rows) <= 1.25 * sum(lengths) / 40 + 1
    with pytest.raises(ValueError, match="text 1 has 9 tokens, a row takes 8"):
        fit([1, 9], 8)


@pytest.mark.parity
def test_flattening_is_that_of_transformers(transformers: ModuleType) -> None:
    features = [{"input_ids": [1, 2, 3]}, {"input_ids": [4, 5]}, {"input_ids": [6], "labels": [6]}]
    for rows in (features[:2], [{**row, "labels": row["input_ids"]} for row in features]):
        expected = transformers.DataCollatorWithFlattening(
            return_tensors="np", return_flash_attn_kwargs=True, return_seq_idx=True
        )(rows)
        found = PackingCollator(return_tensors="np", return_seq_idx=True)(rows)
        assert set(found) == set(expected)
        for name, value in expected.items():
            assert numpy.array_equal(found[name], value)
            assert getattr(found[name], "dtype", None) == getattr(value, "dtype", None)


def test_packed_rows_are_told_apart() -> None:
    texts = [[1, 2, 3], [4, 5], [6]]
    batch = PackingCollator(max_length=4, return_tensors="np", return_seq_idx=True)(
        [{"input_ids": ids} for ids in texts]
    )
    assert batch["input_ids"].tolist() == [[1, 2, 3, 6], [4, 5, 0, 0]]
    assert batch["position_ids"].tolist() == [[0, 1, 2, 0], [0, 1, 0, 0]]
    assert batch["labels"].tolist() == [[-100, 2, 3, -100], [-100, 5, -100, -100]]
    assert batch["seq_idx"].tolist() == [[0, 0, 0, 2], [1, 1, -1, -1]]
    ordered = batch["input_ids"][batch["seq_idx"] >= 0]
    borders = batch["cu_seq_lens_q"].tolist()
    parts = [ordered[a:b].tolist() for a, b in itertools.pairwise(borders)]
    assert sorted(parts) == sorted(texts)


def test_masked_tokens_are_the_labels(small: Any) -> None:
    rows = rows_of(small)
    for collator in (DataCollatorForLanguageModeling, DataCollatorForWholeWordMask):
        batch = collator(small, mlm_probability=0.5, return_tensors="np", seed=7)(rows)
        plain = small.pad({"input_ids": [row["input_ids"] for row in rows]}, return_tensors="np")
        chosen = batch["labels"] != -100
        assert 0 < chosen.sum() < chosen.size
        assert (batch["labels"][chosen] == plain["input_ids"][chosen]).all()
        assert (batch["input_ids"][~chosen] == plain["input_ids"][~chosen]).all()
        special = numpy.isin(plain["input_ids"], [0, 2, 3])
        assert not (chosen & special).any()
        again = collator(small, mlm_probability=0.5, return_tensors="np", seed=7)(rows)
        assert (again["input_ids"] == batch["input_ids"]).all()


def test_shares_of_what_masked_tokens_become(small: Any) -> None:
    collate = DataCollatorForLanguageModeling(
        small, mlm_probability=1.0, return_tensors="np", seed=1
    )
    word = small.convert_tokens_to_ids("a")
    batch = collate([{"input_ids": [word] * 20_000}])
    ids = batch["input_ids"][0]
    assert abs((ids == small.mask_token_id).mean() - 0.8) < 0.02
    assert abs((ids == word).mean() - 0.1) < 0.02


def test_words_are_masked_whole(small: Any) -> None:
    rows = rows_of(small)
    batch = DataCollatorForWholeWordMask(
        small, mlm_probability=0.5, mask_replace_prob=1.0, random_replace_prob=0.0,
        return_tensors="np", seed=2,
    )(rows)  # fmt: skip
    for row, labels in zip(rows, batch["labels"], strict=True):
        words: dict[int, set[bool]] = {}
        for word, label in zip(row["word_ids"], labels.tolist(), strict=False):
            if word is not None:
                words.setdefault(word, set()).add(label != -100)
        assert all(len(chosen) == 1 for chosen in words.values())
    with pytest.raises(ValueError, match="no 'word_ids'"):
        DataCollatorForWholeWordMask(small, return_tensors="np")([{"input_ids": [1, 2]}])


def test_next_token_labels(small: Any) -> None:
    batch = DataCollatorForLanguageModeling(small, mlm=False, return_tensors="np")(
        [{"input_ids": [5, 6, 7]}, {"input_ids": [5]}]
    )
    assert batch["labels"].tolist() == [[5, 6, 7], [5, -100, -100]]


def test_a_mask_token_is_needed(small: Any) -> None:
    small.mask_token = None
    with pytest.raises(ValueError, match="mlm=False"):
        DataCollatorForLanguageModeling(small)
    with pytest.raises(ValueError, match="between 0 and 1"):
        DataCollatorForLanguageModeling(small, mlm=False, mlm_probability=1.5)
