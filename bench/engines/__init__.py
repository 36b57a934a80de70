"""One small file per engine; every one has the contract of `base.Engine`."""

from __future__ import annotations

from importlib import import_module

from bench.engines.base import Engine

# Name in reports, module here. The order is that of reports.
MODULES = {
    "fissile": "fissile_",
    "tokenizers": "reference",
    "tokenizers-1.0": "candidate",
    "gigatoken": "gigatoken_",
    "fastokens": "fastokens_",
    "snaptokens": "snaptokens_",
    "tokie": "tokie_",
    "splintr": "splintr_",
    "iree": "iree_",
    "tiktoken": "tiktoken_",
    "sentencepiece": "sentencepiece_",
    "toktok": "toktok_",
    "kitoken": "kitoken_",
}


def engine(name: str) -> Engine:
    """The engine of that name; `name@label` is the same engine, built elsewhere."""
    module = import_module(f"bench.engines.{MODULES[name.split('@')[0]]}")
    made: Engine = module.make()
    return made


def names() -> list[str]:
    """The names of all engines."""
    return list(MODULES)
