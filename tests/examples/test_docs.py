"""Every example that a reader may copy is run: the README's and those of public doc strings."""

from __future__ import annotations

import doctest
import importlib
import inspect
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fissile
import pytest

from tests.support.places import ROOT

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def _blocks(path: Path) -> str:
    """The Python blocks of a document, one after the other: later ones may use what earlier ones made."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    blocks = re.findall(r"^```(?:python|py)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return "\n".join(block for block in blocks if "from_pretrained" not in block)


def _modules() -> Iterator[Any]:
    yield fissile
    for info in pkgutil.walk_packages(fissile.__path__, "fissile."):
        if not info.name.endswith(("__main__", "demo")) and not info.name.startswith(
            "fissile.inference"
        ):
            yield importlib.import_module(info.name)


def _documented() -> dict[str, Any]:
    """Public objects with an example in their doc string."""
    found: dict[str, Any] = {}
    for module in _modules():
        for name, value in [("", module), *vars(module).items()]:
            home = str(getattr(value, "__module__", module.__name__))
            if not home.startswith(("fissile", "tokenizers")) or name.startswith("_"):
                continue
            members = inspect.getmembers(value) if inspect.isclass(value) else []
            for inner, member in [("", value), *members]:
                if ">>>" in str(getattr(member, "__doc__", None) or ""):
                    found[f"{module.__name__}.{name}.{inner}".rstrip(".")] = member
    return found


EXAMPLES = _documented()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents(path: Path, tmp_path: Path) -> None:
    """In a fresh interpreter, in a folder of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _blocks(path)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{path.name}\n{done.stderr}"


@pytest.mark.parametrize("name", EXAMPLES)
def test_doc_strings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if name.startswith("fissile.compat"):
        pytest.skip(
            "takes the name of the reference for the whole process; tests/compat runs it in one of its own"
        )
    home = vars(sys.modules.get(str(getattr(EXAMPLES[name], "__module__", ""))) or fissile)
    _run_doctest(EXAMPLES[name].__doc__, name, home)


def _run_doctest(text: str, name: str, home: dict[str, Any]) -> None:
    names = {**home, "fissile": fissile}
    test = doctest.DocTestParser().get_doctest(text, names, name, name, 0)
    runner = doctest.DocTestRunner(optionflags=OPTIONS)
    failures: list[str] = []
    runner.run(test, out=failures.append)
    assert not runner.failures, "".join(failures)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 1
