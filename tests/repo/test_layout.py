"""The laws of the house: arrows one way, short files, no heavy imports, stubs complete."""

from __future__ import annotations

import ast
import functools
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.places import ROOT

LONGEST_FILE = 600
# Generated tables and the stub of the extension, which is one table of signatures.
LONG_FILES = ("rust/unicode/src/tables/", "python/fissile/_rust/__init__.pyi")

# Rooms of the core, lowest first: a room may use those of its own row and above. Siblings, the
# implementations of the stages, do not know each other.
BASE = {"error", "token", "util", "Error", "ErrorKind", "Result"}
ROWS = [
    BASE,
    {"encoding"},
    {"text", "vocab"},
    {"stages"},
    {"normalizers", "pre_tokenizers", "models", "post_processors", "decoders"},
    {"cache"},
    {"tokenizer"},
    {"format"},
]
STAGES = ROWS[4]

UNSAFE_FILES = {f"rust/python/src/{name}.rs" for name in ("arrow", "arrow_in", "capsule", "dlpack")}
# References that are borrowed for as long as it takes to read a number.
UNSAFE_FILES |= {"rust/python/src/list_ints.rs"}
# A processor's own instructions, where it has them; none of them reads or writes by an address.
UNSAFE_FILES |= {
    f"rust/core/src/{name}.rs"
    for name in (
        *(f"pre_tokenizers/scan/tier/{tier}" for tier in ("sse2", "v3", "v4")),
        "util/level",
        "util/prefetch",
    )
}

# Crates that each of ours may depend on directly. A new one is a decision: say why in the commit.
DEPENDENCIES = {
    "fissile-unicode": set(),
    "fissile-core": {
        "aho-corasick", "base64", "bytemuck", "fancy-regex", "fastrand", "foldhash", "hashbrown", "memchr",
        "memmap2", "regex-automata", "regex-syntax", "serde", "serde_json", "simdutf8", "unicode-segmentation",
    },
    "fissile-train": {
        "fastrand", "foldhash", "hashbrown", "memchr", "serde", "serde_json", "simdutf8",
    },
    "fissile-python": {"arc-swap", "base64", "pyo3", "serde", "serde_json"},
}  # fmt: skip

# More modules than Python itself loads: a budget that a heavy import breaks.
MODULES_OF_IMPORT = 20


@functools.cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout")
    return tuple(name for name in listed.stdout.splitlines() if (ROOT / name).is_file())


def sources(*suffixes: str) -> list[str]:
    """Tracked files with one of these endings."""
    return [name for name in tracked() if name.endswith(suffixes)]


def read(name: str) -> str:
    """The text of a tracked file."""
    return (ROOT / name).read_text(encoding="utf-8")


def rust_code(name: str) -> str:
    """A Rust file without its comments."""
    return re.sub(r"//[^\n]*", "", read(name))


def test_files_are_short() -> None:
    long = {
        name: lines
        for name in sources(".rs", ".py", ".pyi")
        if not name.startswith(LONG_FILES) and (lines := read(name).count("\n")) > LONGEST_FILE
    }
    assert not long


def _uses(code: str) -> set[str]:
    """The rooms named after `crate::`."""
    found: set[str] = set()
    for group in re.findall(r"\bcrate::(\{[^;]*?\}|\w+)", code):
        if group.startswith("{"):
            found |= set(re.findall(r"(?:^\{|,)\s*(\w+)", group))
        else:
            found.add(group)
    return found


def test_arrows_point_one_way() -> None:
    row_of = {room: row for row, rooms in enumerate(ROWS) for room in rooms}
    wrong = []
    for name in sources(".rs"):
        if not name.startswith("rust/core/src/"):
            continue
        room = name.removeprefix("rust/core/src/").split("/")[0].removesuffix(".rs")
        if room == "lib":
            continue
        for used in _uses(rust_code(name)) - {room}:
            sibling = room in STAGES and used in STAGES
            if sibling or row_of[used] > row_of[room]:
                wrong.append(f"{name}: {room} uses {used}")
    assert not wrong


def test_arrows_are_seen() -> None:
    """The scan is able to fail."""
    assert _uses("use crate::{a::B, c};\nuse crate::d::{E, F};\ncrate::g::h()") == {
        "a",
        "c",
        "d",
        "g",
    }


def test_core_does_not_know_python() -> None:
    for name in ("rust/core", "rust/unicode", "rust/train"):
        assert "pyo3" not in read(f"{name}/Cargo.toml")
    assert not [
        name
        for name in sources(".rs")
        if not name.startswith("rust/python/") and "pyo3::" in rust_code(name)
    ]


def test_train_is_not_imported_by_core() -> None:
    assert not [
        name
        for name in sources(".rs")
        if name.startswith("rust/core/") and "fissile_train" in rust_code(name)
    ]


def test_unsafe_only_where_listed() -> None:
    marked = {
        name
        for name in sources(".rs")
        if name.startswith("rust/")
        and re.search(r"\bunsafe\s*(\{|fn|extern|impl)", rust_code(name))
    }
    assert marked <= UNSAFE_FILES
    for name in marked:
        blocks = len(re.findall(r"\bunsafe\s*\{", rust_code(name)))
        assert read(name).count("SAFETY:") >= blocks, (
            f"{name}: a block does not say why it is sound"
        )


def test_tables_are_generated() -> None:
    tables = [name for name in tracked() if name.startswith("rust/unicode/src/tables/")]
    assert tables
    missing = [
        name
        for name in tables
        if not name.endswith("mod.rs") and "do not edit" not in read(name)[:600].lower()
    ]
    assert not missing


def test_direct_dependencies_are_chosen() -> None:
    if shutil.which("cargo") is None:
        pytest.skip("no cargo")
    command = ["cargo", "metadata", "--format-version", "1", "--no-deps", "--offline", "--locked"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for package in json.loads(done.stdout)["packages"]:
        if package["name"] not in DEPENDENCIES:
            continue
        direct = {
            d["name"]
            for d in package["dependencies"]
            if d["kind"] is None and not d["name"].startswith("fissile")
        }
        assert direct <= DEPENDENCIES[package["name"]], package["name"]


def test_no_machine_is_named() -> None:
    """Paths of one machine and hosts of registries do not belong in the repository."""
    names = [
        "/" + "root/",
        "/" + "work/",
        "/" + "home/",
        "files." + "pythonhosted.org",
        "index." + "crates.io",
    ]
    found = [
        f"{name}: {word}"
        for name in tracked()
        if not name.endswith((".lock", ".xz", ".gz", ".model", ".tiktoken"))
        and not name.startswith("corpora/")
        for word in names
        if word in (ROOT / name).read_text(encoding="utf-8", errors="replace")
    ]
    assert not found


def _import(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_import_is_light() -> None:
    code = (
        "import sys; before = set(sys.modules); import fissile; print(*(set(sys.modules) - before))"
    )
    loaded = _import(code)
    heavy = {"torch", "numpy", "transformers", "huggingface_hub", "tokenizers", "asyncio"}
    # These two take longer than everything of ours, so nothing that is imported at once may need them.
    slow = {"typing", "enum"}
    assert not (heavy | slow) & set(loaded)
    assert len(loaded) <= MODULES_OF_IMPORT, sorted(loaded)


def _stub_names(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


@pytest.mark.parametrize(
    "module", ["", "models", "normalizers", "pre_tokenizers", "processors", "decoders", "trainers"]
)
def test_stubs_cover_exports(module: str) -> None:
    import fissile._rust as extension

    folder = ROOT / "python/fissile/_rust"
    actual = getattr(extension, module) if module else extension
    path = folder / f"{module or '__init__'}.pyi"
    exported = {name for name in vars(actual) if not name.startswith("_")}
    assert exported <= _stub_names(path), exported - _stub_names(path)


def test_every_exported_name_exists() -> None:
    import fissile

    for name in fissile.__all__:
        assert getattr(fissile, name) is not None
    assert sorted(fissile.__all__) == list(fissile.__all__)
