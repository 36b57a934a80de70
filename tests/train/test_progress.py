"""What is seen of a training: a bar where somebody watches, nothing elsewhere, a callback for others."""

from __future__ import annotations

import os
import subprocess
import sys
import types
from typing import Any

import fissile
import pytest
from fissile import trainers

CHILD = """
import sys
import fissile
from fissile import trainers

{before}
tokenizer = fissile.Tokenizer(fissile.models.{model}())
tokenizer.train_from_iterator(["low lower lowest", "new newer newest"] * 9, trainers.{trainer}(vocab_size=30))
"""
STAGES = {
    "BPE": ["Pre-processing sequences", "Tokenize words", "Count pairs", "Compute merges"],
    "WordPiece": ["Pre-processing sequences", "Tokenize words", "Count pairs", "Compute merges"],
    "Unigram": ["Pre-processing sequences", "Suffix array seeds", "EM training"],
    "WordLevel": ["Pre-processing sequences"],
}


def child(model: str, before: str = "") -> list[str]:
    trainer = {"BPE": "Bpe"}.get(model, model) + "Trainer"
    text = CHILD.format(before=before, model=model, trainer=trainer)
    return [sys.executable, "-c", text]


def seen_in_terminal(command: list[str]) -> str:
    """What a process writes to standard error when that is a terminal."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    # A new terminal has no width, and a bar no room in it.
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    with subprocess.Popen(command, stderr=theirs, stdout=subprocess.DEVNULL) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 1 << 16)
            except OSError:
                # How Linux says that nobody has the other end any more.
                break
            if not part:
                break
            seen += part
    os.close(ours)
    assert process.returncode == 0, seen
    return seen.decode()


@pytest.mark.skipif(os.name != "posix", reason="terminals")
@pytest.mark.parametrize("model", STAGES)
def test_a_terminal_shows_a_bar(model: str) -> None:
    pytest.importorskip("tqdm")
    seen = seen_in_terminal(child(model))
    assert "\r" in seen
    for stage in STAGES[model]:
        assert stage in seen
    if len(STAGES[model]) > 1:
        assert "100%" in seen


@pytest.mark.skipif(os.name != "posix", reason="terminals")
def test_a_bar_without_tqdm() -> None:
    seen = seen_in_terminal(child("BPE", 'sys.modules["tqdm.auto"] = None'))
    for stage in STAGES["BPE"]:
        assert f"\r{stage}" in seen
    assert "27/27" in seen


@pytest.mark.parametrize("model", STAGES)
def test_nothing_is_shown_elsewhere(model: str) -> None:
    done = subprocess.run(child(model), capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_notebook_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []

    class Bar:
        def __init__(self, desc: str, leave: bool) -> None:
            self.desc, self.total, self.n, self.closed = desc, None, 0, False
            shown.append(self)

        def refresh(self) -> None:
            assert not self.closed

        def close(self) -> None:
            self.closed = True

    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    notebook = types.ModuleType("tqdm.auto")
    notebook.tqdm = Bar  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tqdm", types.ModuleType("tqdm"))
    monkeypatch.setitem(sys.modules, "tqdm.auto", notebook)
    tokenizer = fissile.Tokenizer(fissile.models.BPE())
    tokenizer.train_from_iterator(["low lower"] * 9, trainers.BpeTrainer(vocab_size=12), length=9)
    names = [bar.desc for bar in shown]
    assert list(dict.fromkeys(names)) == STAGES["BPE"]
    assert any(bar.desc == "Pre-processing sequences" and bar.n == bar.total == 9 for bar in shown)
    merges = [bar for bar in shown if bar.desc == "Compute merges"]
    assert merges
    assert all(bar.n == bar.total and bar.closed for bar in merges)
    shown.clear()
    tokenizer.train_from_iterator(["low"], trainers.BpeTrainer(show_progress=False))
    assert not shown


@pytest.mark.parametrize("model", STAGES)
def test_a_callback_hears_every_stage(model: str, capfd: pytest.CaptureFixture[str]) -> None:
    heard: list[tuple[str, int, int]] = []
    trainer = getattr(trainers, {"BPE": "Bpe"}.get(model, model) + "Trainer")(vocab_size=30)
    tokenizer = fissile.Tokenizer(getattr(fissile.models, model)())
    tokenizer.train_from_iterator(
        ["low lower", "new newer"], trainer, length=2, progress=lambda *news: heard.append(news)
    )
    assert list(dict.fromkeys(stage for stage, _, _ in heard)) == STAGES[model]
    assert heard[0][1:] == (2, 2)
    assert all(0 <= done <= total for _, done, total in heard)
    assert capfd.readouterr() == ("", "")


def test_lines_for_programs(capfd: pytest.CaptureFixture[str]) -> None:
    trainer = trainers.BpeTrainer(vocab_size=12, progress_format="json")
    tokenizer = fissile.Tokenizer(fissile.models.BPE())
    tokenizer.train_from_iterator(["low lower"], trainer, length=1)
    lines = capfd.readouterr().err.splitlines()
    assert lines[0] == '{"stage":"Pre-processing sequences","current":1,"total":1}'
    assert lines[-1] == '{"stage":"Compute merges","current":12,"total":12}'
