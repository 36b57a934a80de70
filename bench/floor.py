"""The speed floor: fissile against the reference on one core, ids checked first.

Run it with an interpreter that has both (`make setup` makes one):

    .venv/bin/python -m bench.floor [--vocabulary NAME ...] [--corpus NAME ...] [--megabytes 4] [--rounds 3]
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import csv_record

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("FISSILE_SHARED", ROOT.parent / "shared"))
FLOORS = {"ids": 10.0, "full": 5.0, "lists": 1.0, "decode": 1.0}
BYTE_LEVEL = {"gpt2", "cl100k", "o200k", "llama3", "qwen3"}

Job = Callable[[list[str]], object]


def documents(corpus: str) -> Iterator[str]:
    """The documents of a shared corpus, or files of Python's library where there is none."""
    packed = SHARED / "corpora" / f"{corpus}.txt.xz"
    if packed.exists():
        with lzma.open(packed, "rt", encoding="utf-8", newline="") as file:
            text = file.read(200_000_000)
        yield from text.split("\n\x1e\n")
        return
    library = Path(os.__file__).parent
    for path in sorted(library.rglob("*.py")):
        try:
            yield path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue


def slices(corpus: str, size: int, count: int) -> list[list[str]]:
    """`count` disjoint lists of texts of 1 to 4 KB, `size` bytes each."""
    found: list[list[str]] = [[]]
    filled = 0
    for document in documents(corpus):
        for start in range(0, len(document), 3000):
            text = document[start : start + 3000]
            found[-1].append(text)
            filled += len(text.encode())
            if filled >= size:
                if len(found) == count:
                    return found
                found.append([])
                filled = 0
    return found[:-1] or found


def engines(path: Path) -> dict[str, dict[str, Job]]:
    """Both libraries with the same jobs."""
    import fissile
    import tokenizers

    ours = fissile.Tokenizer.from_file(path)
    theirs = tokenizers.Tokenizer.from_file(str(path))

    def full(tokenizer: object) -> Job:
        return lambda texts: [(e.ids, e.offsets) for e in tokenizer.encode_batch(texts)]  # type: ignore[attr-defined]

    def decode(tokenizer: object) -> Job:
        return lambda rows: tokenizer.decode_batch(rows)  # type: ignore[attr-defined]

    return {
        "fissile": {
            "ids": lambda texts: ours.encode_ids_batch(texts),
            "full": lambda texts: ours.encode_batch(texts),
            "lists": full(ours),
            "decode": decode(ours),
        },
        "reference": {
            "ids": lambda texts: theirs.encode_batch(texts),
            "full": lambda texts: theirs.encode_batch(texts),
            "lists": full(theirs),
            "decode": decode(theirs),
        },
    }


def check(jobs: dict[str, dict[str, Job]], texts: list[str]) -> list[list[int]]:
    """Equal ids and offsets on `texts`, or nothing is timed; the ids.

    Raises:
        SystemExit: When the engines disagree.
    """
    ours, theirs = (jobs[name]["lists"](texts) for name in ("fissile", "reference"))
    if ours != theirs:
        sys.exit("the engines disagree: no time is taken of a wrong answer")
    return [ids for ids, _ in theirs]  # type: ignore[attr-defined]


def seconds(job: Job, texts: list[str]) -> float:
    """CPU seconds of a job."""
    begin = time.process_time()
    job(texts)
    return time.process_time() - begin


def measure(path: Path, corpus: str, size: int, rounds: int) -> Iterator[dict[str, object]]:
    """One row per job: median MB/s of both engines and the median of the ratios."""
    parts = slices(corpus, size, 2 * rounds + 1)
    jobs = engines(path)
    check(jobs, parts[0])
    for number, job in enumerate(("ids", "full", "lists", "decode")):
        ratios, ours, theirs = [], [], []
        for texts in parts[1 + rounds * (number % 2) :][:rounds]:
            rows = check(jobs, texts) if job == "decode" else texts
            megabytes = sum(len(text.encode()) for text in texts) / 1e6
            pair = {name: megabytes / seconds(jobs[name][job], rows) for name in jobs}  # type: ignore[arg-type]
            ours.append(pair["fissile"])
            theirs.append(pair["reference"])
            ratios.append(pair["fissile"] / pair["reference"])
        yield {
            "vocabulary": path.parent.name,
            "corpus": corpus,
            "job": job,
            "fissile MB/s": round(statistics.median(ours), 1),
            "reference MB/s": round(statistics.median(theirs), 2),
            "ratio": round(statistics.median(ratios), 1),
            "ratio min": round(min(ratios), 1),
            "ratio max": round(max(ratios), 1),
        }


def floor_of(row: dict[str, object]) -> float:
    """The least ratio a row must reach."""
    return FLOORS[str(row["job"])] if row["vocabulary"] in BYTE_LEVEL else 1.0


def main() -> None:
    """Measure, print, record."""
    command = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    command.add_argument("--vocabulary", nargs="*")
    command.add_argument("--corpus", nargs="*", default=["en", "code", "multi"])
    command.add_argument("--megabytes", type=float, default=4.0)
    command.add_argument("--rounds", type=int, default=3)
    options = command.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    paths = sorted((SHARED / "tokenizers").glob("*/tokenizer.json"))
    if options.vocabulary:
        paths = [path for path in paths if path.parent.name in options.vocabulary]
    rows, missed = [], 0
    for path in paths:
        for corpus in options.corpus:
            for row in measure(path, corpus, int(options.megabytes * 1e6), options.rounds):
                below = float(str(row["ratio"])) < floor_of(row)
                missed += below
                rows.append(row)
                print(json.dumps(row), "BELOW THE FLOOR" if below else "", flush=True)
    record = csv_record.write("floor", rows)
    print(f"{len(rows)} rows, {missed} below the floor; record: {record}")


if __name__ == "__main__":
    main()
