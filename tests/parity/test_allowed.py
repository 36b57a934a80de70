"""Every argued difference has a test that shows it."""

from __future__ import annotations

import ast

import pytest

from tests.parity.allowed import Allowed, allowed
from tests.support.places import ROOT


def test_ids_are_unique() -> None:
    names = [entry.id for entry in allowed()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("entry", allowed(), ids=lambda entry: entry.id)
def test_has_a_test(entry: Allowed) -> None:
    path, _, name = entry.test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    assert name in functions
    assert entry.what.endswith(".")
    assert entry.reason.endswith(".")
