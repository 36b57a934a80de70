"""Trainers: what they are made of. What they learn is tested with the trainers themselves."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.support.build import letters

DEFAULTS: dict[str, dict[str, Any]] = {
    "BpeTrainer": {
        "vocab_size": 30_000,
        "min_frequency": 0,
        "show_progress": True,
        "special_tokens": [],
        "limit_alphabet": None,
        "initial_alphabet": [],
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "max_token_length": None,
    },
    "WordPieceTrainer": {
        "vocab_size": 30_000,
        "min_frequency": 0,
        "continuing_subword_prefix": "##",
    },
    "WordLevelTrainer": {"vocab_size": 30_000, "min_frequency": 0, "show_progress": True},
    "UnigramTrainer": {"vocab_size": 8_000, "initial_alphabet": [], "show_progress": True},
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_defaults(library: ModuleType, name: str) -> None:
    trainer = getattr(library.trainers, name)()
    assert isinstance(trainer, library.trainers.Trainer)
    for attribute, value in DEFAULTS[name].items():
        assert getattr(trainer, attribute) == value, attribute


@pytest.mark.parametrize("name", DEFAULTS)
def test_attributes(library: ModuleType, name: str) -> None:
    trainer = getattr(library.trainers, name)(
        vocab_size=7, special_tokens=["<s>", library.AddedToken("<x>")]
    )
    assert trainer.vocab_size == 7
    trainer.vocab_size = 9
    trainer.show_progress = False
    assert (trainer.vocab_size, trainer.show_progress) == (9, False)
    assert [token.content for token in trainer.special_tokens] == ["<s>", "<x>"]
    assert all(token.special for token in trainer.special_tokens[:1])


def test_shown_as_the_reference_does(oracle: ModuleType) -> None:
    for name in DEFAULTS:
        ours, theirs = getattr(fissile.trainers, name), getattr(oracle.trainers, name)
        assert str(ours(vocab_size=5)) == str(theirs(vocab_size=5))
        assert ours().__getstate__() == theirs().__getstate__()


def test_wrong_pairing(library: ModuleType) -> None:
    tokenizer = letters(library)
    with pytest.raises(Exception, match=r".+"):
        tokenizer.train_from_iterator(["a"], library.trainers.UnigramTrainer())
    assert tokenizer.encode("ab").ids == [5]
