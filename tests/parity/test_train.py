"""Trained vocabularies beside the reference's, on little text; `make parity-train` looks closer."""

from __future__ import annotations

import pytest

from tests.parity.train import CASES, Case, check
from tests.support.corpora import corpus_names

pytestmark = pytest.mark.parity


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.model}-{case.name}")
def test_as_the_reference_trains(case: Case) -> None:
    pytest.importorskip("tokenizers", reason="the reference is the oracle")
    corpora = corpus_names()
    corpus = corpora[CASES.index(case) % len(corpora)]
    wrong, _ = check(case, corpus, 0.2)
    assert not wrong, f"{corpus}: {wrong}"
