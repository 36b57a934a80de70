"""What goes wrong while training: a typed error, and the tokenizer is as it was."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fissile
import pytest
from fissile import trainers

TEXTS = ["the cat sat on the mat"] * 20
KINDS = ["BPE", "WordPiece", "WordLevel", "Unigram"]


def tokenizer(model: str = "BPE") -> fissile.Tokenizer:
    made = fissile.Tokenizer(getattr(fissile.models, model)())
    made.pre_tokenizer = fissile.pre_tokenizers.Whitespace()
    made.train_from_iterator(TEXTS, settings(model, vocab_size=20))
    return made


def settings(model: str = "BPE", **given: Any) -> trainers.Trainer:
    kind = {"BPE": "Bpe"}.get(model, model)
    made: trainers.Trainer = getattr(trainers, f"{kind}Trainer")(show_progress=False, **given)
    return made


def unchanged(
    model: str, train: Callable[[fissile.Tokenizer], None], error: Any, match: str
) -> None:
    made = tokenizer(model)
    before = made.to_str()
    with pytest.raises(error, match=match):
        train(made)
    assert made.to_str() == before


@pytest.mark.parametrize("model", KINDS)
def test_an_iterator_that_raises(model: str) -> None:
    def texts() -> Iterator[str]:
        yield "new words here"
        raise KeyError("gone")

    unchanged(model, lambda t: t.train_from_iterator(texts(), settings(model)), KeyError, "gone")


@pytest.mark.parametrize("item", [3, None, 2.5, b"bytes", [1], [["a"]], {"text": 1}.values()])
def test_items_that_are_no_texts(item: Any) -> None:
    unchanged("BPE", lambda t: t.train_from_iterator(["a", item], settings()), TypeError, "str")


@pytest.mark.parametrize("source", [3, None])
def test_no_iterator(source: Any) -> None:
    unchanged("BPE", lambda t: t.train_from_iterator(source, settings()), TypeError, ".")


@pytest.mark.parametrize("model", KINDS)
@pytest.mark.parametrize("texts", [[], [""], [[], []]])
def test_no_text_at_all(model: str, texts: list[Any]) -> None:
    unchanged(
        model,
        lambda t: t.train_from_iterator(texts, settings(model)),
        fissile.FissileError,
        "nothing to train on",
    )


def test_no_text_but_special_tokens() -> None:
    made = tokenizer()
    made.train_from_iterator([], settings(special_tokens=["<s>"], initial_alphabet=["a"]))
    assert made.get_vocab() == {"<s>": 0, "a": 1}


def test_a_vocabulary_too_small_for_the_characters() -> None:
    unchanged(
        "Unigram",
        lambda t: t.train_from_iterator(TEXTS, settings("Unigram", vocab_size=3)),
        Exception,
        "not large enough",
    )
    made = tokenizer()
    made.train_from_iterator(TEXTS, settings(vocab_size=3))
    # As in the reference: the alphabet stays whole.
    assert made.get_vocab_size() == len(set("".join(TEXTS)) - {" "})


def test_a_vocabulary_too_small_for_the_special_tokens() -> None:
    special = [f"<{n}>" for n in range(30)]
    unchanged(
        "Unigram",
        lambda t: t.train_from_iterator(
            ["a"], settings("Unigram", vocab_size=5, special_tokens=special)
        ),
        Exception,
        "no room",
    )


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "good").write_text("new words")
    (tmp_path / "broken").write_bytes(b"fine\n\xff\xfe\n")
    good = str(tmp_path / "good")
    for name in ("nowhere", "broken", "."):
        path = str(tmp_path / name)
        unchanged("BPE", lambda t, p=path: t.train([good, p], settings()), OSError, ".")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk() -> None:
    with pytest.raises(OSError, match="full"):
        trainers.WordCounts({"a": 1}).save("/dev/full")
    with pytest.raises(OSError, match="full"):
        tokenizer().save("/dev/full")


def test_a_listener_that_raises() -> None:
    def stop(*_: object) -> None:
        raise RuntimeError("enough")

    unchanged(
        "BPE",
        lambda t: t.train_from_iterator(TEXTS, settings(), progress=stop),
        RuntimeError,
        "enough",
    )


@pytest.mark.parametrize("model", KINDS)
def test_the_iterator_may_use_the_tokenizer(model: str) -> None:
    made = tokenizer(model)

    def texts() -> Iterator[str]:
        for text in TEXTS:
            yield "".join(made.encode(text).tokens) + " " + made.to_str()[:400]

    made.train_from_iterator(texts(), settings(model, vocab_size=60))
    characters = {character for token in made.get_vocab() for character in token}
    assert {"{", '"', "v"} <= characters or model == "WordLevel"
    assert made.to_str() != tokenizer(model).to_str()


@pytest.fixture
def heard() -> Iterator[None]:
    """Ctrl-C is heard. A shell's background job ignores it, and Python inherits that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("model", ["BPE", "Unigram"])
@pytest.mark.usefixtures("heard")
def test_ctrl_c_stops_a_training(model: str) -> None:
    words = {f"{n:x}{n * n:x}{n * 7919 % 1_000_003:o}": 1 + n % 97 for n in range(150_000)}
    counts = trainers.WordCounts(words)
    made = tokenizer(model)
    before = made.to_str()
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        made.train_from_counts(counts, settings(model, vocab_size=120_000))
    assert made.to_str() == before


def test_uncut_text_takes_no_minutes() -> None:
    """DNA-like text without a pre-tokenizer: merges look at the places that they change only."""
    state, letters = 1, []
    for _ in range(200_000):
        state = (state * 1103515245 + 12345) % 2**31
        letters.append("ACGT"[state >> 16 & 3])
    made = fissile.Tokenizer(fissile.models.BPE())
    made.train_from_iterator(["".join(letters)], settings(vocab_size=300))
    assert made.get_vocab_size() == 300
