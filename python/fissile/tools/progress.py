"""The bar that training shows: in a terminal and in a notebook, and nowhere else."""

from __future__ import annotations

import importlib
import sys
from typing import Any


def bar() -> Bar | None:
    """A bar where somebody watches: standard error is a terminal, or this is a notebook."""
    stream = sys.stderr
    watched = stream is not None and stream.isatty()
    return Bar() if watched or "ipykernel" in sys.modules else None


class Bar:
    """Shows the stages of a training one after the other; with tqdm where it is installed."""

    def __init__(self) -> None:
        """Nothing is shown until the first call."""
        self._stage = ""
        self._bar: Any = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` steps of a stage are done; a total of 0 says that nobody knows."""
        if stage != self._stage:
            self._close()
            self._stage = stage
            self._bar = _tqdm(stage)
        if self._bar is None:
            _line(stage, done, total)
            return
        self._bar.total = total or None
        self._bar.n = done
        self._bar.refresh()
        if total and done >= total:
            self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
            self._stage = ""


def _tqdm(stage: str) -> Any:
    try:
        tqdm = importlib.import_module("tqdm.auto").tqdm
    except ImportError:
        return None
    return tqdm(desc=stage, leave=True)


def _line(stage: str, done: int, total: int) -> None:
    end = "\n" if total and done >= total else ""
    sys.stderr.write(f"\r{stage:<30} {done:>9}/{total or '?':<9}{end}")
    sys.stderr.flush()
