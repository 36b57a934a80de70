"""The README's table of speeds, out of a record.

    python -m bench.readme [RECORD]

Without a name it is the newest record of a full run. `make bench` does the same when it has written one.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from bench.summary import OURS

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ROOT / "bench" / "record"
JOBS = {"cold": "new", "again": "again"}
BEGIN, END = "<!-- speeds: written by make bench -->", "<!-- end of speeds -->"


def newest() -> Path:
    """The newest record of a full run."""
    full = list(RECORDS.glob("????-??-??-????.json"))
    if not full:
        sys.exit("there is no record of a full run: make bench")
    return max(full)


def _cell(results: list[dict[str, Any]], exact: set[tuple[str, str]]) -> str:
    """Our speed, and the best one of the engines whose ids are right."""
    speeds = {
        entry["engine"]: entry["MB/s"][1]
        for entry in results
        if (entry["engine"], entry["vocabulary"]) in exact and "MB/s" in entry
    }
    ours = speeds.pop(OURS, None)
    if ours is None:
        return "-"
    if not speeds:
        return f"**{ours:.0f}**"
    best = max(speeds, key=speeds.__getitem__)
    shown = f"**{ours:.0f}**" if ours >= speeds[best] else f"{ours:.0f}"
    return f"{shown} / {speeds[best]:.0f} {best}"


def lines(record: dict[str, Any]) -> list[str]:
    """The table: a row for each vocabulary, a column for each corpus and job."""
    results: list[dict[str, Any]] = record["results"]
    exact = {(one["engine"], one["vocabulary"]) for one in record["checked"] if one["exact"]}
    by_key: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for entry in results:
        key = entry["vocabulary"], entry["corpus"], entry["job"]
        by_key.setdefault(key, []).append(entry)
    names = list(dict.fromkeys(vocabulary for vocabulary, _, job in by_key if job in JOBS))
    corpora = list(dict.fromkeys(corpus for _, corpus, job in by_key if job in JOBS))
    columns = [(corpus, job) for corpus in corpora for job in JOBS]
    heads = ["", *(f"{corpus}, {JOBS[job]}" for corpus, job in columns)]
    rows = [
        [name, *(_cell(by_key.get((name, *column), []), exact) for column in columns)]
        for name in names
    ]
    table = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(row) + " |" for row in table]


def update(path: Path, readme: Path = ROOT / "README.md") -> None:
    """Write the table of a record into the README, where its marks are."""
    record = json.loads(path.read_text(encoding="utf-8"))
    said = (
        f"MB of text a CPU second on one core, ours / the fastest other engine whose ids are right, on text met for the\n"
        f"first time (new) and once more (again); {record['machine']['cpu']}, [record](bench/record/{path.name}):"
    )
    block = "\n".join([BEGIN, said, "", *lines(record), END])
    text = readme.read_text(encoding="utf-8")
    changed, count = re.subn(
        re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: block, text, flags=re.DOTALL
    )
    if count != 1:
        sys.exit(f"{readme.name} has no one place between {BEGIN} and {END}")
    readme.write_text(changed, encoding="utf-8")


if __name__ == "__main__":
    update(Path(sys.argv[1]) if len(sys.argv) > 1 else newest())
