"""Collators: padding, packing, masking."""

from __future__ import annotations

import itertools
from types import ModuleType
from typing import Any

import fissile
import pytest
from fissile import (
    DataCollatorForLanguageModeling,
    DataCollatorForWholeWordMask,
    DataCollatorWithPadding,
    PackingCollator,
)
from fissile.auto.packing import blocks, fit

from tests.auto.conftest import SMALL

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


def beside(transformers: ModuleType) -> tuple[Any, Any]:
    """The same tokenizer in both libraries."""
    found = []
    for library in (fissile, transformers):
        tokenizer = library.PreTrainedTokenizerFast(tokenizer_file=str(SMALL / "word_pieces.json"))
        tokenizer.add_special_tokens({"pad_token": "[PAD]", "mask_token": "[MASK]"})
        found.append(tokenizer)
    return found[0], found[1]


def same(found: Any, expected: Any) -> None:
    """Equal columns, of the same kind and type."""
    assert list(found) == list(expected)
    for name, value in expected.items():
        assert type(found[name]) is type(value)
        assert getattr(found[name], "dtype", None) == getattr(value, "dtype", None)
        assert numpy.array_equal(numpy.asarray(found[name]), numpy.asarray(value)), name


@pytest.mark.parity
@pytest.mark.parametrize("kind", ["pt", "np"])
@pytest.mark.parametrize("side", ["right", "left"])
def test_padding_is_that_of_transformers(transformers: ModuleType, kind: str, side: str) -> None:
    pytest.importorskip("torch")
    ours, theirs = beside(transformers)
    made = []
    for library, tokenizer in ((fissile, ours), (transformers, theirs)):
        tokenizer.padding_side = side
        rows = [
            {**tokenizer(text, return_token_type_ids=True), key: number, "weight": number / 2}
            for key in ("label",)
            for number, text in enumerate(TEXTS)
        ]
        lists = [{"input_ids": tokenizer(text)["input_ids"], "label_ids": 1} for text in TEXTS]
        for options in (
            {},
            {"pad_to_multiple_of": 8},
            {"padding": "max_length", "max_length": 20},
        ):
            for features in (rows, lists, {"input_ids": [[1, 2], [3]], "label": [0, 1]}):
                collate = library.DataCollatorWithPadding(tokenizer, return_tensors=kind, **options)
                made.append(collate(features))
    half = len(made) // 2
    for found, expected in zip(made[:half], made[half:], strict=True):
        same(found, expected)


@pytest.mark.parity
@pytest.mark.parametrize("kind", ["pt", "np"])
def test_next_token_batches_are_those_of_transformers(transformers: ModuleType, kind: str) -> None:
    pytest.importorskip("torch")
    ours, theirs = beside(transformers)
    made = []
    for library, tokenizer in ((fissile, ours), (transformers, theirs)):
        collate = library.DataCollatorForLanguageModeling(
            tokenizer, mlm=False, return_tensors=kind, pad_to_multiple_of=4
        )
        made.append(collate([tokenizer(text) for text in TEXTS]))
    same(made[0], made[1])


@pytest.mark.parity
def test_masking_treats_the_same_tokens_as_transformers(transformers: ModuleType) -> None:
    torch = pytest.importorskip("torch")
    ours, theirs = beside(transformers)
    for tokenizer in (ours, theirs):
        tokenizer.add_special_tokens({"cls_token": "[CLS]", "sep_token": "[SEP]"})
    for special in (True, False):
        made = []
        for library, tokenizer in ((fissile, ours), (transformers, theirs)):
            collate = library.DataCollatorForLanguageModeling(
                tokenizer, mlm_probability=1.0, mask_replace_prob=1.0, random_replace_prob=0.0
            )
            rows = [tokenizer(text, return_special_tokens_mask=special) for text in TEXTS]
            made.append(collate(rows))
        # With nothing left to chance: every token that may be masked is, special ones are not.
        found, expected = made
        assert set(found) == set(expected)
        for name in expected:
            assert torch.equal(found[name], expected[name]), name


@pytest.mark.parity
@pytest.mark.parametrize("kind", ["pt", "np"])
def test_flattening_is_that_of_transformers(transformers: ModuleType, kind: str) -> None:
    pytest.importorskip("torch")
    features = [{"input_ids": [1, 2, 3]}, {"input_ids": [4, 5]}, {"input_ids": [6], "labels": [6]}]
    for rows in (features[:2], [{**row, "labels": row["input_ids"]} for row in features]):
        expected = transformers.DataCollatorWithFlattening(
            return_tensors=kind, return_flash_attn_kwargs=True, return_seq_idx=True
        )(rows)
        found = PackingCollator(return_tensors=kind, return_seq_idx=True)(rows)
        assert set(found) == set(expected)
        for name, value in expected.items():
            assert numpy.array_equal(numpy.asarray(found[name]), numpy.asarray(value))
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


def test_workers_of_a_loader_choose_for_themselves(small: Any) -> None:
    torch = pytest.importorskip("torch")
    row = small(" ".join(TEXTS))
    collate = DataCollatorForLanguageModeling(small, mlm_probability=0.5, seed=3)
    # A generator that was made before the workers are started must not be theirs.
    alone = collate([row])["labels"]

    def labels() -> list[Any]:
        loader = torch.utils.data.DataLoader(
            [row, row], batch_size=1, collate_fn=collate, num_workers=2
        )
        return [batch["labels"] for batch in loader]

    first, second = labels()
    assert not torch.equal(first, second)
    assert not torch.equal(first, alone)
    assert all(map(torch.equal, labels(), (first, second)))


def test_special_tokens_without_a_name_are_not_masked() -> None:
    tokenizer = fissile.PreTrainedTokenizerFast(tokenizer_file=SMALL / "word_pieces.json")
    tokenizer.add_special_tokens({"pad_token": "[PAD]", "mask_token": "[MASK]"})
    assert tokenizer.cls_token is None
    batch = DataCollatorForLanguageModeling(tokenizer, mlm_probability=1.0, return_tensors="np")(
        [tokenizer(TEXTS[0])]
    )
    assert batch["labels"][0, [0, -1]].tolist() == [-100, -100]
    assert (batch["labels"][0, 1:-1] != -100).all()


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
