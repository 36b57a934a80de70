"""The Unigram trainer beside its slow twin, and the twin beside the reference."""

from __future__ import annotations

import json
from collections import Counter
from types import ModuleType
from typing import Any

import fissile
import pytest

from tests.reference import unigram
from tests.support.corpora import corpus_names, documents


def texts_of(corpus: str, size: int) -> list[str]:
    texts: list[str] = []
    for text in documents(corpus):
        texts.append(text[:size])
        size -= len(text)
        if size <= 0:
            break
    return texts


def counted(texts: list[str]) -> dict[str, int]:
    cut = fissile.pre_tokenizers.Metaspace()
    return dict(Counter(word for text in texts for word, _ in cut.pre_tokenize_str(text)))


def trained(library: ModuleType, texts: list[str], **settings: Any) -> dict[str, float]:
    tokenizer = library.Tokenizer(library.models.Unigram())
    tokenizer.pre_tokenizer = library.pre_tokenizers.Metaspace()
    trainer = library.trainers.UnigramTrainer(show_progress=False, **settings)
    tokenizer.train_from_iterator(texts, trainer)
    return dict(json.loads(tokenizer.to_str())["model"]["vocab"])


@pytest.mark.parametrize("corpus", corpus_names())
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_the_trainer_is_its_twin(corpus: str, share: float) -> None:
    texts = texts_of(corpus, 12_000)
    counts = counted(texts)
    first = unigram.seeds(counts, unigram.Settings(vocab_size=0))
    characters = {character for word in counts for character in word}
    size = len(characters) + int(len(first) * share / 2)
    wanted = dict(unigram.train(counts, unigram.Settings(vocab_size=size)))
    found = trained(fissile, texts, vocab_size=size)
    assert found.keys() == wanted.keys()
    assert found == pytest.approx(wanted, abs=1e-9)


def test_seeds_are_the_reference_s(oracle: ModuleType) -> None:
    texts = texts_of(corpus_names()[0], 20_000)
    settings = unigram.Settings(vocab_size=0)
    theirs = trained(oracle, texts, vocab_size=10**6, n_sub_iterations=0)
    assert theirs == pytest.approx(unigram.seeds(counted(texts), settings), abs=1e-9)


def test_the_first_scores_are_the_reference_s(oracle: ModuleType) -> None:
    texts = texts_of(corpus_names()[0], 12_000)
    counts = counted(texts)
    theirs = trained(oracle, texts, vocab_size=10**6, n_sub_iterations=1)
    seeds = unigram.seeds(counts, unigram.Settings(vocab_size=0))
    scores = unigram.maximise(seeds, unigram.expect(seeds, counts))
    # The reference brings characters back that nobody expects.
    shared = {piece: theirs[piece] for piece in scores}
    assert shared == pytest.approx(scores, abs=1e-9)
    assert all(len(piece) == 1 for piece in theirs.keys() - scores.keys())


def test_a_loss_by_hand() -> None:
    # "ab" is used 4 times of 10; "a" and "b" are used 3 times each.
    published = unigram.loss(4.0, 10.0, [3.0, 3.0], published=True)
    assert published == pytest.approx(1.8800, abs=1e-3)
    # Four uses more in all: the six other uses have a share of 10/14 of what they had.
    assert unigram.loss(4.0, 10.0, [3.0, 3.0], published=False) == pytest.approx(
        published + 6 * 0.33647, abs=1e-3
    )
