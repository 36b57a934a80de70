"""Loading by way of a cache file, and without one.

    .venv/bin/python -m bench.load_cache [--vocabulary NAME ...] [--rounds 7]

CPU milliseconds until the first word is encoded, each in a process of its own, by turns; the cache file is
there already. The files lie in the memory of the system.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import csv_record
from tests.support.vocabularies import JSON, vocabularies

PROGRAM = """
import sys, time
import fissile
start = time.process_time()
path, cache = sys.argv[1], sys.argv[2] or None
ids = fissile.Tokenizer.from_file(path, cache=cache).encode("first").ids
print(1e3 * (time.process_time() - start), *ids)
"""


def run(path: Path, cache: str) -> tuple[float, list[str]]:
    """CPU milliseconds of a process, and what it encoded."""
    command = [sys.executable, "-c", PROGRAM, str(path), cache]
    time, *ids = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(time), ids


def measured(path: Path, cache: str, rounds: int) -> dict[str, float]:
    """Milliseconds without a cache file and with one, the middle of so many rounds."""
    _, expected = run(path, cache)
    times: dict[str, list[float]] = {"": [], cache: []}
    for _ in range(rounds):
        for way, found in times.items():
            time, ids = run(path, way)
            if ids != expected:
                message = f"{path}: {ids} with the cache file {way!r}, {expected} before"
                raise AssertionError(message)
            found.append(time)
    plain, cached = (statistics.median(found) for found in times.values())
    return {"plain_ms": round(plain, 1), "cache_ms": round(cached, 1)}


def main() -> None:
    """Measure, print, and write the record."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--vocabulary", nargs="*", help="names; every tokenizer.json if none is given"
    )
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for vocabulary in vocabularies():
            wanted = not arguments.vocabulary or vocabulary.name in arguments.vocabulary
            if vocabulary.kind != JSON or not wanted:
                continue
            cache = str(Path(folder) / f"{vocabulary.name}.fissile")
            times = measured(vocabulary.path, cache, arguments.rounds)
            ratio = round(times["cache_ms"] / times["plain_ms"], 2)
            size = round(vocabulary.path.stat().st_size / 1e6, 1)
            rows.append({"vocabulary": vocabulary.name, "MB": size, **times, "ratio": ratio})
            print(*(f"{name} {value}" for name, value in rows[-1].items()), sep="  ")
    print(csv_record.write("load_cache", rows))


if __name__ == "__main__":
    main()
