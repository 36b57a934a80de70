"""Pickling, fingerprints, what is imported, and the batch as a mapping."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest
from fissile import BatchEncoding

from tests.auto.conftest import SMALL

TEXT = "the words of a text"


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.strip()


def test_copies_and_pickles(small: Any) -> None:
    small.chat_template = "x"
    expected = dict(small(TEXT))
    for other in (copy.deepcopy(small), copy.copy(small), pickle.loads(pickle.dumps(small))):
        assert dict(other(TEXT)) == expected
        assert other.special_tokens_map == small.special_tokens_map
        assert other.chat_template == "x"
    copied = copy.deepcopy(small)
    copied.add_tokens(["neverseen"])
    assert len(copied) == len(small) + 1


def test_batches_pickle_with_their_encodings(small: Any) -> None:
    batch = small([TEXT, "a"], padding=True)
    again = pickle.loads(pickle.dumps(batch))
    assert dict(again) == dict(batch)
    assert again.word_ids(1) == batch.word_ids(1)


def test_encodings_made_late_are_those_of_the_call(small: Any) -> None:
    batch = small([TEXT, "neverseen"])
    before = [small(text).tokens() for text in (TEXT, "neverseen")]
    small.add_tokens(["neverseen"])
    small.pad_token = "[SEP]"
    assert [batch.tokens(row) for row in (0, 1)] == before


def test_fingerprints_hold_across_processes_and_use() -> None:
    pytest.importorskip("datasets")
    code = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "from datasets.fingerprint import Hasher\n"
        "from fissile import AutoTokenizer\n"
        f"tokenizer = AutoTokenizer.from_pretrained({str(SMALL / 'word_pieces.json')!r})\n"
        "tokenizer.add_special_tokens({'extra_special_tokens': ['<b>', '<a>']})\n"
        "def tokenize(rows): return tokenizer(rows['text'])\n"
        "first = Hasher.hash(tokenizer), Hasher.hash(tokenize)\n"
        "tokenizer.model_max_length = tokenizer.model_max_length\n"
        "tokenizer(['some words'] * 9, padding=True, truncation=True, max_length=5).word_ids(0)\n"
        "assert first == (Hasher.hash(tokenizer), Hasher.hash(tokenize))\n"
        "print(first)"
    )
    assert run(code) == run(code)


def test_a_changed_tokenizer_has_another_fingerprint(small: Any) -> None:
    fingerprint = pytest.importorskip("datasets.fingerprint")
    before = fingerprint.Hasher.hash(small)
    small.add_tokens(["neverseen"])
    assert fingerprint.Hasher.hash(small) != before


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_map_of_data_sets(small: Any) -> None:
    datasets = pytest.importorskip("datasets")
    texts = [f"{TEXT} {number}" for number in range(40)]
    rows = datasets.Dataset.from_dict({"text": texts, "label": list(range(40))})

    def tokenize(batch: Any) -> Any:
        return small(batch["text"], truncation=True, max_length=6)

    expected = small(texts, truncation=True, max_length=6)["input_ids"]
    assert rows.map(tokenize, batched=True)["input_ids"][:] == expected
    assert rows.map(tokenize)["input_ids"][:] == expected
    assert rows.map(tokenize, batched=True, num_proc=2)["input_ids"][:] == expected
    stream = rows.to_iterable_dataset().map(tokenize, batched=True)
    assert [row["input_ids"] for row in stream] == expected

    def split(batch: Any) -> Any:
        result = small(batch["text"], truncation=True, max_length=6, return_overflowing_tokens=True)
        samples = result.pop("overflow_to_sample_mapping")
        return {**result, **{key: [values[i] for i in samples] for key, values in batch.items()}}

    pieces = rows.map(split, batched=True)
    assert len(pieces) > len(rows)
    assert sorted(set(pieces["label"])) == list(range(40))


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from fissile import AutoTokenizer, BatchEncoding\n"
        f"tokenizer = AutoTokenizer.from_pretrained({str(SMALL / 'word_pieces.json')!r})\n"
        "tokenizer(['a', 'b'], padding=True).word_ids(0)\n"
        "heavy = ['numpy', 'torch', 'jinja2', 'huggingface_hub', 'transformers', 'inspect', 'asyncio']\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    assert run(code) == "[]"


def test_importing_the_package_imports_no_part_of_this() -> None:
    code = "import sys, fissile; print([m for m in sys.modules if m.startswith('fissile.auto.')])"
    assert run(code) == "[]"


def test_every_public_name_is_there() -> None:
    import fissile
    from fissile.auto import EXPORTS

    for name in EXPORTS:
        assert getattr(fissile, name) is getattr(fissile.auto, name)
        assert name in fissile.__all__
        assert name in dir(fissile)


def test_a_batch_is_a_mapping(small: Any) -> None:
    batch = small([TEXT, "a"])
    assert {**batch} == batch.data
    assert batch.input_ids is batch["input_ids"]
    assert batch[0].ids == batch["input_ids"][0]
    assert batch.n_sequences == 1
    with pytest.raises(AttributeError):
        _ = batch.nothing
    bare = BatchEncoding({"input_ids": [[1], [2]]})
    assert bare[0:1] == {"input_ids": [[1]]}
    assert not bare.is_fast
    with pytest.raises(KeyError):
        _ = bare[0]
    with pytest.raises(ValueError, match="not available"):
        bare.tokens()


def test_from_tokens_to_text_and_back(small: Any) -> None:
    batch = small([TEXT, "a b"])
    for row, text in enumerate([TEXT, "a b"]):
        for place, token in enumerate(batch.tokens(row)):
            span = batch.token_to_chars(row, place)
            if batch.token_to_word(row, place) is None:
                assert token in ("[CLS]", "[SEP]")
                continue
            assert batch.char_to_token(row, span.start) == place
            word = batch.token_to_word(row, place)
            assert batch.char_to_word(row, span.start) == word
            first, last = batch.word_to_tokens(row, word)
            assert first <= place < last
            assert text[slice(*batch.word_to_chars(row, word))].count(text[slice(*span)])
            assert batch.token_to_sequence(row, place) == 0
    assert batch.token_to_word(1, -2) == batch.token_to_word(1, 2)
    assert batch.word_to_chars(99) is None
    assert batch.char_to_token(0) == 1
