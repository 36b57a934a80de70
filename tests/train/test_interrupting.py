"""Ctrl-C while training: heard in every stage, within a second of work, and the tokenizer is as it was."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")

CHILD = """
import os, signal, sys, threading, time
import fissile
from fissile import trainers

# A shell's background job ignores Ctrl-C, and Python inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)
model, wanted, source = sys.argv[1:]
kind = {"BPE": "Bpe"}.get(model, model)
trainer = getattr(trainers, kind + "Trainer")(show_progress=False, vocab_size=120_000)
tokenizer = fissile.Tokenizer(getattr(fissile.models, model)())
tokenizer.train_from_iterator(["as it was"], getattr(trainers, kind + "Trainer")(show_progress=False))
before = tokenizer.to_str()
sent = None


def send():
    global sent
    sent = time.process_time()
    os.kill(os.getpid(), signal.SIGINT)


def listen(stage, done, total):
    if stage == wanted and not timer.is_alive() and sent is None:
        timer.start()


def texts():
    state = 1
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield format(state, "x") * 50


def uncut(length):
    state, letters = 1, []
    for _ in range(length):
        state = (state * 1103515245 + 12345) % 2**31
        letters.append("ACGT"[state >> 16 & 3])
    return "".join(letters)


timer = threading.Timer(0.05, send)
try:
    if source == "texts":
        tokenizer.train_from_iterator(texts(), trainer, progress=listen)
    elif source == "uncut":
        tokenizer.train_from_iterator([uncut(1_000_000)], trainer, progress=listen)
    else:
        words = {f"{n:x}{n * n:x}{n * 7919 % 1_000_003:o}": 1 + n % 97 for n in range(150_000)}
        tokenizer.train_from_counts(trainers.WordCounts(words), trainer, progress=listen)
except KeyboardInterrupt:
    taken = time.process_time() - sent
    assert tokenizer.to_str() == before
    assert taken < 1, f"{taken:.2f} s of work after Ctrl-C"
    print("stopped")
"""


@pytest.mark.parametrize(
    ("model", "stage", "source"),
    [
        ("BPE", "Pre-processing sequences", "texts"),
        ("WordLevel", "Pre-processing sequences", "texts"),
        ("BPE", "Tokenize words", "counts"),
        ("BPE", "Count pairs", "counts"),
        ("BPE", "Compute merges", "counts"),
        ("BPE", "Count pairs", "uncut"),
        ("WordPiece", "Count pairs", "counts"),
        ("WordPiece", "Compute merges", "counts"),
        ("Unigram", "Suffix array seeds", "counts"),
        ("Unigram", "Suffix array seeds", "uncut"),
        ("Unigram", "EM training", "counts"),
        ("Unigram", "EM training", "uncut"),
    ],
)
def test_ctrl_c_is_heard(model: str, stage: str, source: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, model, stage, source],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "RAYON_NUM_THREADS": "1"},
    )
    assert done.stdout == "stopped\n", done.stderr
