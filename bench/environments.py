"""The environments of the engines, made by the bench itself under `.cache/bench`."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "bench"
REQUIREMENTS = ROOT / "bench" / "requirements"


@dataclass
class Environment:
    """An interpreter, and the packages that it could not be given."""

    python: Path
    missing: dict[str, str] = field(default_factory=dict)


def _install(python: Path, *what: str) -> str:
    """Install packages; why not, or nothing."""
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return (lines[-1] if lines else "unknown reason")[:200] if done.returncode else ""


def _requirements(path: Path) -> list[str]:
    lines = [line.split("#")[0].strip() for line in path.read_text().splitlines()]
    return [line for line in lines if line]


def environment(name: str) -> Environment:
    """The environment of that name, made when it is not there or its requirements have changed."""
    file = REQUIREMENTS / f"{name}.txt"
    folder = CACHE / name
    stamp = folder / "installed.json"
    mark = hashlib.sha256(file.read_bytes() + sys.version.encode()).hexdigest()
    made = Environment(folder / "bin" / "python")
    if stamp.exists() and (known := json.loads(stamp.read_text()))["mark"] == mark:
        made.missing = known["missing"]
        return made
    print(f"installing the engines of {file.relative_to(ROOT)}", flush=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    if _install(made.python, "-r", str(file)):
        for line in _requirements(file):
            why = _install(made.python, line)
            if why:
                made.missing[re.split(r"[=<>~]", line)[0]] = why
    stamp.write_text(json.dumps({"mark": mark, "missing": made.missing}))
    return made


def variables(threads: int, package: Path) -> dict[str, str]:
    """The environment variables of a worker."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(package)]),
        "PYTHONHASHSEED": "0",
        "RAYON_NUM_THREADS": str(threads),
        "OMP_NUM_THREADS": str(threads),
        "TOKENIZERS_PARALLELISM": "true" if threads > 1 else "false",
        "HF_HUB_OFFLINE": "1",
    }
