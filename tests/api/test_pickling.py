"""Every object that has a state can be pickled and copied."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from types import ModuleType
from typing import Any

import fissile
import pytest

BOTH: list[Callable[[ModuleType], Any]] = [
    lambda lib: lib.models.BPE({"a": 0, "b": 1, "ab": 2}, [("a", "b")], dropout=0.5),
    lambda lib: lib.models.WordPiece({"[UNK]": 0}),
    lambda lib: lib.models.WordLevel({"a": 0}, unk_token="a"),
    lambda lib: lib.models.Unigram([("a", -0.5)], 0),
    lambda lib: lib.normalizers.BertNormalizer(lowercase=False),
    lambda lib: lib.normalizers.Sequence(
        [lib.normalizers.NFC(), lib.normalizers.Strip(right=False)]
    ),
    lambda lib: lib.normalizers.Prepend("x"),
    lambda lib: lib.pre_tokenizers.ByteLevel(add_prefix_space=False),
    lambda lib: lib.pre_tokenizers.Sequence([lib.pre_tokenizers.Digits(True)]),
    lambda lib: lib.pre_tokenizers.Metaspace("_", "never", False),
    lambda lib: lib.pre_tokenizers.CharDelimiterSplit("-"),
    lambda lib: lib.pre_tokenizers.FixedLength(3),
    lambda lib: lib.processors.RobertaProcessing(("</s>", 1), ("<s>", 0), False, False),
    lambda lib: lib.processors.BertProcessing(("</s>", 1), ("<s>", 0)),
    lambda lib: lib.processors.TemplateProcessing("[A] $0", "$A $B", [("[A]", 1)]),
    lambda lib: lib.decoders.Sequence([lib.decoders.Fuse(), lib.decoders.Strip("x", 1, 2)]),
    lambda lib: lib.decoders.CTC("p", "w", False),
    lambda lib: lib.trainers.BpeTrainer(vocab_size=7, special_tokens=["<s>"]),
    lambda lib: lib.trainers.WordPieceTrainer(vocab_size=7),
    lambda lib: lib.trainers.WordLevelTrainer(min_frequency=7),
    lambda lib: lib.trainers.UnigramTrainer(shrinking_factor=0.5),
]


@pytest.mark.parametrize("build", BOTH)
def test_parts(library: ModuleType, build: Callable[[ModuleType], Any]) -> None:
    part = build(library)
    for again in (pickle.loads(pickle.dumps(part)), copy.copy(part), copy.deepcopy(part)):
        assert type(again) is type(part)
        assert str(again) == str(part)
        assert again.__getstate__() == part.__getstate__()


@pytest.mark.parametrize("build", BOTH)
def test_states_are_the_references(oracle: ModuleType, build: Callable[[ModuleType], Any]) -> None:
    assert build(fissile).__getstate__() == build(oracle).__getstate__()
    assert str(build(fissile)) == str(build(oracle))


def test_split_keeps_its_pattern(library: ModuleType) -> None:
    split = library.pre_tokenizers.Split(library.Regex(r"\d"), "isolated", invert=True)
    again = pickle.loads(pickle.dumps(split))
    assert again.pre_tokenize_str("a1b") == split.pre_tokenize_str("a1b")


def test_what_the_reference_cannot_pickle() -> None:
    def again(value: Any) -> Any:
        return pickle.loads(pickle.dumps(value))

    assert again(fissile.normalizers.Replace("a", "b")).normalize_str("aa") == "bb"
    assert again(fissile.decoders.Replace("a", "b")).decode(["aa"]) == "bb"
    assert again(fissile.Regex(r"\d+")).pattern == r"\d+"
    token = fissile.models.WordLevel({"a": 0}, unk_token="a").tokenize("a")[0]
    assert again(token).as_tuple() == token.as_tuple()
