"""Tiny random models as transformers writes them, and what transformers makes of the same weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")

from tests.inference import tiny  # noqa: E402


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def transformers() -> ModuleType:
    """The library that wrote most of the world's checkpoints."""
    module = pytest.importorskip("transformers", reason="transformers is not installed")
    module.logging.set_verbosity_error()
    module.logging.disable_progress_bar()
    found: ModuleType = module
    return found


@pytest.fixture(scope="session")
def written(
    transformers: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., tuple[Any, Path]]:
    """Makes a random model by architecture and class: transformers' own, and the folder it is written to."""
    made: dict[tuple[str, str], tuple[Any, Path]] = {}

    def make(name: str, head: str) -> tuple[Any, Path]:
        if (name, head) not in made:
            model = tiny.theirs(transformers, name, head)
            folder = tmp_path_factory.mktemp(f"{name}-{head}")
            model.save_pretrained(folder)
            made[name, head] = (model, folder)
        return made[name, head]

    return make


# Real vocabularies, where the machine has them.
from tests.auto.conftest import checkpoint, load, model_folder  # noqa: E402, F401
