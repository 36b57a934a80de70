"""Counting words here and training there."""

from __future__ import annotations

import pickle
from collections import Counter
from pathlib import Path

import fissile
import pytest
from fissile.trainers import BpeTrainer, WordCounts
from hypothesis import given
from hypothesis import strategies as st

TEXTS = ["the cat sat on the mat", "the dog\tdug", "a cat, a dog; a the"]
WORDS = st.text(max_size=6)
TABLES = st.dictionaries(WORDS, st.integers(1, 2**40), max_size=20)


def tokenizer() -> fissile.Tokenizer:
    made = fissile.Tokenizer(fissile.models.BPE())
    made.pre_tokenizer = fissile.pre_tokenizers.Whitespace()
    return made


TRAINER = BpeTrainer(vocab_size=40, show_progress=False)


def test_counts_are_those_of_the_words() -> None:
    counts = tokenizer().count_words(TEXTS)
    cut = fissile.pre_tokenizers.Whitespace()
    wanted = Counter(word for text in TEXTS for word, _ in cut.pre_tokenize_str(text))
    assert counts.to_dict() == wanted
    assert counts.most_common(1) == [("the", 4)]
    assert (len(counts), counts.total(), counts["the"], counts["none"]) == (
        len(wanted),
        wanted.total(),
        4,
        0,
    )
    assert "cat" in counts
    assert "none" not in counts
    assert list(counts) == counts.keys() == sorted(wanted, key=str.encode)


def test_training_on_counts_is_training_on_texts() -> None:
    direct = tokenizer()
    direct.train_from_iterator(TEXTS, TRAINER)
    counts = tokenizer().count_words(TEXTS)
    for given_counts in (counts, counts.to_dict(), counts.items(), Counter(counts.to_dict())):
        made = tokenizer()
        made.train_from_counts(given_counts, TRAINER)
        assert made.to_str() == direct.to_str()


@given(TABLES, TABLES)
def test_counts_of_parts_add_up(one: dict[str, int], other: dict[str, int]) -> None:
    total = dict(Counter(one) + Counter(other))
    assert WordCounts(one) + WordCounts(other) == WordCounts(total)
    assert (WordCounts(one) + WordCounts(other)).to_dict() == total


@given(TABLES)
def test_tables_are_saved_whole(table: dict[str, int]) -> None:
    assert pickle.loads(pickle.dumps(WordCounts(table))) == WordCounts(table)


def test_files(tmp_path: Path) -> None:
    table = WordCounts({"two\nlines": 3, "\\t": 1, "\r\t": 2**64 - 1, "": 5})
    table.save(tmp_path / "counts")
    assert WordCounts.load(tmp_path / "counts") == table
    text = (tmp_path / "counts").read_bytes().decode()
    assert text.splitlines()[0] == "fissile word counts 1"
    assert "3\ttwo\\nlines\n" in text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "line 1"),
        ("the 3\n", "line 1"),
        ("fissile word counts 1\n3 the\n", "line 2"),
        ("fissile word counts 1\n1\ta\n-3\tthe\n", "line 3"),
        ("fissile word counts 1\n1\ta\\x\n", "line 2"),
    ],
)
def test_broken_files_say_where(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "counts").write_text(text, "utf-8")
    with pytest.raises(fissile.FissileError, match=place):
        WordCounts.load(tmp_path / "counts")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        WordCounts.load(tmp_path / "nowhere")


@pytest.mark.parametrize("counts", [{"a": -1}, {"a": 2**64}, {1: 1}, [("a",)], ["ab"], {"a": "1"}])
def test_counts_that_are_none(counts: object) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError)):
        WordCounts(counts)  # type: ignore[arg-type]


def test_counts_beyond_32_bits() -> None:
    """The reference's overflow, and "the" is lost."""
    made = tokenizer()
    many = {"the": 2**40, "thy": 3}
    made.train_from_counts(many, BpeTrainer(vocab_size=6, show_progress=False))
    assert "the" in made.get_vocab()
    with pytest.raises(fissile.FissileError):
        WordCounts({"a": 2**64 - 1}) + WordCounts({"a": 1})
