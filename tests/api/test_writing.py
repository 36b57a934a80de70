"""Files that are written whole or not at all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fissile._writing import whole


def test_threads_that_write_one_file_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "file"
    both_are_writing = threading.Barrier(2, timeout=60)

    def write(letter: str) -> None:
        with whole(path) as beside, open(beside, "w", encoding="utf-8") as file:
            file.write(letter * 10)
            both_are_writing.wait()
            file.write(letter * 10)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text(encoding="utf-8") in ("a" * 20, "b" * 20)
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(RuntimeError, match="half way"), whole(path) as beside:
        beside.write_text("half", encoding="utf-8")
        raise RuntimeError("half way")
    assert path.read_text(encoding="utf-8") == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
