"""What all tests share: oracles, vocabularies, texts, and how hard hypothesis tries."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support import corpora
from tests.support.vocabularies import JSON, Vocabulary, of_kind

# Panics of the reference are expected in places; their traces are of no use.
os.environ["RUST_BACKTRACE"] = "0"
# Before anything imports huggingface_hub, which reads it once: tests ask nothing of the network.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

slow_machines = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile(
    "fast", max_examples=25, deadline=None, suppress_health_check=slow_machines
)
settings.register_profile(
    "ci", max_examples=50, deadline=None, suppress_health_check=slow_machines, derandomize=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


@pytest.fixture(scope="session")
def oracle() -> ModuleType:
    """The reference."""
    return pytest.importorskip("tokenizers", reason="the reference is not installed")


@pytest.fixture(params=["fissile", "tokenizers"])
def library(request: pytest.FixtureRequest) -> ModuleType:
    """fissile and the reference, one after the other: what a test asserts holds for both."""
    return pytest.importorskip(request.param, reason="the reference is not installed")


@pytest.fixture(params=of_kind(JSON), ids=str)
def vocabulary(request: pytest.FixtureRequest) -> Vocabulary:
    """Every `tokenizer.json` that this machine has."""
    found: Vocabulary = request.param
    return found


@pytest.fixture(scope="session")
def texts() -> list[str]:
    """A few dozen real texts of many kinds."""
    return [text[:600] for name in corpora.corpus_names() for text in corpora.documents(name, 12)]


@pytest.fixture
def silence() -> Iterator[Any]:
    """Nothing that is written to standard error is shown."""
    from tests.parity.outcome import quiet_stderr

    with quiet_stderr() as quiet:
        yield quiet
