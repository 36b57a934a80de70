"""fastokens: byte-level BPE, ids only."""

from __future__ import annotations

from bench.engines.base import Engine
from bench.engines.flat import Flat


class Fastokens(Flat):
    """Its flat interface."""

    name = "fastokens"
    distribution = "fastokens"


def make() -> Engine:
    """The engine."""
    return Fastokens()
