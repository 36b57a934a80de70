"""snaptokens: byte-level BPE, ids only."""

from __future__ import annotations

from bench.engines.base import Engine
from bench.engines.flat import Flat


class Snaptokens(Flat):
    """Its flat interface."""

    name = "snaptokens"
    distribution = "snaptokens"


def make() -> Engine:
    """The engine."""
    return Snaptokens()
