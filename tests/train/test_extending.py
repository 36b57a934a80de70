"""Vocabularies that grow, seed tokens, and the trainers' ways without the reference's habits."""

from __future__ import annotations

import itertools
import json
from typing import Any

import fissile
import pytest
from fissile import trainers

OLD = ["the cat sat on the mat", "the hat of the cat"] * 3
SEEDS = ["that", "mate", "cats", "hated", "sate", "mats"]
NEW = ["der Hut, der Kater und das Tuch", "der Kater hat den Hut, Katers Hut"] * 3


def tokenizer(model: str = "BPE", **options: Any) -> fissile.Tokenizer:
    made = fissile.Tokenizer(getattr(fissile.models, model)(**options))
    made.pre_tokenizer = fissile.pre_tokenizers.Whitespace()
    return made


def settings(kind: str, **given: Any) -> trainers.Trainer:
    made: trainers.Trainer = getattr(trainers, f"{kind}Trainer")(show_progress=False, **given)
    return made


@pytest.mark.parametrize("model", ["BPE", "WordLevel", "WordPiece", "Unigram"])
def test_old_ids_and_merges_stay(model: str) -> None:
    kind = {"BPE": "Bpe"}.get(model, model)
    options = {"unk_token": "<s>"} if model == "WordPiece" else {}
    grown = tokenizer(model, **options)
    grown.train_from_iterator(OLD, settings(kind, vocab_size=30, special_tokens=["<s>"]))
    grown.add_tokens(["<added>"])
    before, old = grown.get_vocab(), json.loads(grown.to_str())["model"]
    grown.extend_from_iterator(NEW, settings(kind, vocab_size=60, special_tokens=["<new>"]))
    after, new = grown.get_vocab(), json.loads(grown.to_str())["model"]
    assert before.items() <= after.items()
    assert len(after) > len(before)
    assert len(set(after.values())) == len(after)
    assert grown.encode("<added> der <new>").ids[0] == before["<added>"]
    if model == "BPE":
        assert new["merges"][: len(old["merges"])] == old["merges"]
    if model == "Unigram":
        assert new["vocab"][: len(old["vocab"])] == old["vocab"]
    assert grown.get_vocab_size() <= 60
    assert fissile.Tokenizer.from_str(grown.to_str()).get_vocab() == after
    for text in OLD:
        assert "<s>" not in grown.encode(text).tokens
        assert grown.encode(text).ids == [after[t] for t in grown.encode(text).tokens]


@pytest.mark.parametrize("model", ["BPE", "WordPiece", "Unigram"])
def test_new_text_takes_fewer_tokens(model: str) -> None:
    kind = {"BPE": "Bpe"}.get(model, model)
    grown = tokenizer(model)
    grown.train_from_iterator(OLD, settings(kind, vocab_size=30, special_tokens=["[UNK]"]))
    before = len(grown.encode(OLD[0]).ids)
    grown.extend_from_counts(grown.count_words(NEW), settings(kind, vocab_size=70))
    assert len(grown.encode(OLD[0]).ids) <= before
    assert grown.encode("Kater").tokens == ["Kater"]
    assert "[UNK]" not in grown.encode(NEW[0]).tokens


@pytest.mark.parametrize("model", ["BPE", "WordPiece", "WordLevel", "Unigram"])
def test_growing_is_the_same_every_time(model: str) -> None:
    kind = {"BPE": "Bpe"}.get(model, model)

    def grow(new: list[str]) -> str:
        grown = tokenizer(model)
        grown.train_from_iterator(OLD, settings(kind, vocab_size=30))
        grown.extend_from_iterator(new, settings(kind, vocab_size=60))
        return grown.to_str()

    assert grow(NEW) == grow(NEW[::-1])


def test_a_vocabulary_that_is_full_stays() -> None:
    for model in ("WordPiece", "Unigram"):
        full = tokenizer(model)
        full.train_from_iterator(OLD, settings(model, vocab_size=40))
        size = full.get_vocab_size()
        full.extend_from_iterator(OLD, settings(model, vocab_size=size))
        assert full.get_vocab_size() == size


def test_no_room_for_new_characters() -> None:
    full = tokenizer("Unigram")
    full.train_from_iterator(OLD, settings("Unigram", vocab_size=40, seed_tokens=SEEDS))
    size, saved = full.get_vocab_size(), full.to_str()
    with pytest.raises(fissile.FissileError, match="no room"):
        full.extend_from_iterator(NEW, settings("Unigram", vocab_size=size + 2))
    assert full.to_str() == saved


def test_ids_with_gaps() -> None:
    sparse = tokenizer(vocab={"a": 0, "b": 5}, merges=[])
    with pytest.raises(fissile.FissileError, match="gaps"):
        sparse.extend_from_iterator(NEW, settings("Bpe"))
    sparse = tokenizer("WordPiece", vocab={"a": 0, "b": 5})
    with pytest.raises(fissile.FissileError, match="gaps"):
        sparse.extend_from_iterator(NEW, settings("WordPiece"))


@pytest.mark.parametrize("model", ["BPE", "WordPiece", "Unigram", "WordLevel"])
def test_seed_tokens_are_tokens(model: str) -> None:
    kind = {"BPE": "Bpe"}.get(model, model)
    made = tokenizer(model)
    made.train_from_iterator(
        OLD, settings(kind, vocab_size=45, seed_tokens=["zebra", "cat", "cats"])
    )
    assert {"zebra", "cat", "cats"} <= made.get_vocab().keys()
    assert made.encode("cat").tokens == ["cat"]


def test_seed_tokens_with_affixes() -> None:
    made = tokenizer(continuing_subword_prefix="##", end_of_word_suffix="</w>")
    made.train_from_iterator(
        OLD,
        settings(
            "Bpe", seed_tokens=["zebra"], continuing_subword_prefix="##", end_of_word_suffix="</w>"
        ),
    )
    assert made.encode("zebra").tokens == ["zebra</w>"]


def test_settings_are_kept() -> None:
    trainer = trainers.BpeTrainer(seed_tokens=["a b"], clean=True)
    copy = trainers.BpeTrainer()
    copy.__setstate__(trainer.__getstate__())
    assert (copy.seed_tokens, copy.clean) == (["a b"], True)


def textbook(words: dict[str, int], size: int, longest: int) -> list[str]:
    """BPE as the textbook has it: count all pairs anew for each merge."""
    spelled = {word: list(word) for word in words}
    tokens = sorted({character for word in words for character in word})
    while len(tokens) < size:
        pairs: dict[tuple[str, str], int] = {}
        for word, parts in spelled.items():
            for pair in itertools.pairwise(parts):
                pairs[pair] = pairs.get(pair, 0) + words[word]
        short = [pair for pair in pairs if len(pair[0] + pair[1]) <= longest]
        if not short:
            break
        rank = {token: at for at, token in enumerate(tokens)}
        left, right = min(short, key=lambda p: (-pairs[p], rank[p[0]], rank[p[1]]))
        for word, parts in spelled.items():
            at = 0
            while at + 1 < len(parts):
                if (parts[at], parts[at + 1]) == (left, right):
                    spelled[word][at : at + 2] = [left + right]
                at += 1
        if left + right not in tokens:
            tokens.append(left + right)
    return tokens


@pytest.mark.parametrize("longest", [3, 5, 100])
def test_clean_is_the_textbook_s_way(longest: int) -> None:
    words = {"abababab": 3, "aaaaa": 4, "abcabcab": 2, "cabbac": 5, "bcbcb": 2, "aabb": 1}
    made = tokenizer()
    made.train_from_counts(
        words, settings("Bpe", vocab_size=25, clean=True, max_token_length=longest)
    )
    vocab = made.get_vocab()
    assert sorted(vocab, key=lambda token: vocab[token]) == textbook(words, 25, longest)
