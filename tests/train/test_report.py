"""What a vocabulary is worth, and smaller vocabularies."""

from __future__ import annotations

import fissile
from fissile import models, pre_tokenizers, trainers
from fissile.tools.report import report

TEXTS = ["the cat sat on the mat", "the hat of the cat"] * 5


def trained() -> fissile.Tokenizer:
    tokenizer = fissile.Tokenizer(models.BPE(unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.BpeTrainer(vocab_size=30, special_tokens=["?"], show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def test_compression_and_coverage() -> None:
    tokenizer = trained()
    found = report(tokenizer, {"known": TEXTS, "new": ["der Hut"], "none": []})
    known, new, none = found.sources
    assert known.bytes == sum(map(len, TEXTS))
    assert known.bytes_per_token == known.bytes / sum(len(e) for e in tokenizer.encode_batch(TEXTS))
    assert known.coverage == none.coverage == 1.0
    # "d", "r", "H" and "u" are unknown; "e" and "t" are not.
    assert new.coverage == 2 / 6
    assert (none.bytes_per_token, none.tokens) == (0.0, 0)


def test_bytes_of_a_character_count_once() -> None:
    tokenizer = fissile.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(initial_alphabet=alphabet, show_progress=False, vocab_size=256)
    tokenizer.train_from_iterator(["a"], trainer)
    (source,) = report(tokenizer, {"": ["日本 語"]}).sources
    assert (source.visible, source.covered, source.tokens) == (3, 3, 10)


def test_tokens_out_of_reach() -> None:
    vocab = {"a": 0, "b": 1, "c": 2, "ab": 3, "abc": 4, "bc": 5}
    tokenizer = fissile.Tokenizer(models.BPE(vocab=vocab, merges=[("a", "b")]))
    assert report(tokenizer, {}).unreachable == ("abc", "bc")


def test_the_picture() -> None:
    found = report(trained(), {"known": TEXTS, "<new>": ["der Hut"]})
    first, second, third = str(found).splitlines()
    assert first.startswith("30 tokens") or "tokens" in first
    assert second.count("█") == 32 > third.count("█") > 0
    assert "&lt;new&gt;" in found._repr_html_()
