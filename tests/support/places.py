"""Folders that tests read from."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
CORPORA = ROOT / "corpora"
CACHE = ROOT / ".cache"


def shared() -> Path | None:
    """The folder of large real data, if this machine has one.

    `FISSILE_SHARED` names it; without that, a folder `shared` beside the checkout is taken.
    """
    named = os.environ.get("FISSILE_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    return folder if folder.is_dir() else None
