"""What goes wrong while training: a typed error, and the tokenizer is as it was."""

from __future__ import annotations

import os
import subprocess
import sys
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


@pytest.mark.parametrize(
    "item", [3, None, 2.5, b"bytes", [1], [["a"]], {"text": 1}.values(), {"text": "a"}]
)
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
def test_a_full_device() -> None:
    with pytest.raises(OSError, match="full"):
        trainers.WordCounts({"a": 1}).save("/dev/full")
    with pytest.raises(OSError, match="full"):
        tokenizer().save("/dev/full")


FULL_DISK = """
import resource, signal, sys
import fissile
from fissile import trainers

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
tokenizer = fissile.Tokenizer.from_file(sys.argv[1])
counts = trainers.WordCounts({f"word {n}": n for n in range(2000)})
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
for save in (
    lambda: tokenizer.save(sys.argv[1]),
    lambda: tokenizer.model.save(sys.argv[2]),
    lambda: counts.save(sys.argv[1]),
):
    try:
        save()
    except OSError as error:
        print(type(error).__name__)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits on the size of files")
def test_a_disk_that_fills(tmp_path: Path) -> None:
    """Nothing is written by half: what was there before is there still, and nothing else is left."""
    folder = tmp_path / "model"
    folder.mkdir()
    path = tmp_path / "tokenizer.json"
    path.write_text(tokenizer().to_str(), "utf-8")
    made = tokenizer()
    made.train_from_iterator(
        [" ".join(f"word{n}" for n in range(500))], settings(vocab_size=600, min_frequency=1)
    )
    made.save(str(path))
    before = path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path), str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["FileError"] * 3
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["model", "tokenizer.json"]


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


def test_uncut_text_takes_no_minutes() -> None:
    """DNA-like text without a pre-tokenizer: merges look at the places that they change only."""
    state, letters = 1, []
    for _ in range(200_000):
        state = (state * 1103515245 + 12345) % 2**31
        letters.append("ACGT"[state >> 16 & 3])
    made = fissile.Tokenizer(fissile.models.BPE())
    made.train_from_iterator(["".join(letters)], settings(vocab_size=300))
    assert made.get_vocab_size() == 300
