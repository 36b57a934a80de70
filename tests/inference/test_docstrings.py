"""Examples in the layer's doc strings are run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import fissile.inference
import pytest

MODULES = sorted(
    info.name for info in pkgutil.walk_packages(fissile.inference.__path__, "fissile.inference.")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert not failed


def test_some_are_run() -> None:
    finder = doctest.DocTestFinder()
    assert (
        sum(bool(t.examples) for n in MODULES for t in finder.find(importlib.import_module(n))) > 10
    )
