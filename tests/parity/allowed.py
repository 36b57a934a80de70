"""The list of argued differences."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class Allowed:
    """One difference from the reference that is wanted."""

    id: str
    what: str
    reason: str
    test: str


def allowed() -> list[Allowed]:
    """Every entry of `allowed.toml`."""
    text = Path(__file__).with_name("allowed.toml").read_text(encoding="utf-8")
    return [Allowed(**entry) for entry in tomllib.loads(text)["difference"]]
