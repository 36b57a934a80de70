"""Writes what a run found: one JSON file, one line per result."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bench.extras import Line
from bench.field import Field
from bench.picture import TITLES
from bench.summary import MARK, Summary, table


def machine() -> dict[str, Any]:
    """What kind of machine this is; nothing that names it."""
    cpu, flags = platform.processor(), []
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text().splitlines()
        cpu = next(
            (line.split(":")[1].strip() for line in lines if line.startswith("model name")), cpu
        )
        known = next((line.split(":")[1].split() for line in lines if line.startswith("flags")), [])
        flags = [flag for flag in ("avx2", "avx512bw", "avx512vbmi2") if flag in known]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "system": platform.system(), "architecture": platform.machine(), "cpu": cpu, "flags": flags,
        "cores": os.cpu_count(), "memory GB": round(memory), "python": platform.python_version(),
        "load": [round(value, 1) for value in os.getloadavg()],
    }  # fmt: skip


def results(found: Summary) -> list[dict[str, Any]]:
    """One entry per vocabulary, corpus, job and engine."""
    entries = []
    for (vocabulary, corpus, job, name), by_round in found.by_key.items():
        rows = list(by_round.values())
        entry: dict[str, Any] = {
            "vocabulary": vocabulary,
            "corpus": corpus,
            "job": job,
            "engine": name,
            "rounds": len(rows),
        }
        if rows[0].bytes:
            speeds = [row.speed for row in rows]
            entry |= {"MB/s": _three(speeds), "MB": round(rows[0].bytes / 1e6, 2)}
        if job in ("one", "call"):
            entry["us"] = _three([row.cpu / row.texts * 1e6 for row in rows])
        if job in ("import", "load", "first"):
            entry["cpu ms"] = _three([row.cpu * 1e3 for row in rows])
        if rows[0].rss:
            entry["MB of memory"] = round(max(row.rss for row in rows))
        entries.append(entry)
    return entries


def _three(values: list[float]) -> list[float]:
    """Least, middle, greatest."""
    return [
        float(f"{value:.4g}") for value in (min(values), statistics.median(values), max(values))
    ]


def write(
    folder: Path, found: Summary, lines: list[Line], field: Field, chosen: argparse.Namespace
) -> Path:
    """Write the record; its path."""
    now = datetime.now(timezone.utc)
    verdicts = [
        {"engine": name, "vocabulary": vocabulary, "exact": verdict.exact,
         **({"cannot": verdict.cannot} if verdict.cannot else {"equal ids": verdict.share})}
        for (name, vocabulary), verdict in field.verdicts.items()
    ]  # fmt: skip
    head = {
        "when": now.strftime("%Y-%m-%d %H:%M UTC"),
        "slice": chosen.slice,
        "machine": machine(),
        "versions": field.versions,
    }
    parts = [f'"{key}": {json.dumps(value)}' for key, value in head.items()]
    for key, entries in (
        ("bars", [asdict(line) for line in lines]), ("checked", verdicts), ("results", results(found)),
    ):  # fmt: skip
        body = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
        parts.append(f'"{key}": [\n{body}\n]')
    folder.mkdir(parents=True, exist_ok=True)
    name = chosen.slice.replace("/", "-").replace(",", "+")
    path = folder / f"{now.strftime('%Y-%m-%d-%H%M')}{'-' + name if name else ''}.json"
    path.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")
    return path


def page(path: Path, found: Summary, lines: list[Line], names: list[str], record: Path) -> None:
    """The newest full run as a page: bars, and ids per second in each cell."""
    met = {True: "yes", False: "no", None: "not judged"}
    out = [
        "# The newest full run", "",
        f"Written by `make bench`; all figures are in [{record.name}]({record.name}). {machine()['cpu']}.", "",
        f"![The table]({path.with_suffix('.svg').name})", "",
        "| bar | what | wanted | measured: middle (least to greatest) | met |", "|---|---|---|---|---|",
        *(f"| {line.id} | {line.text} | {line.bar} | {line.measured} | {met[line.met]} |" for line in lines),
    ]  # fmt: skip
    for job, title in TITLES.items():
        rows = table(found, job, names)
        out += ["", f"## {title}", "", f"MB per CPU second on one core; {MARK}.", ""]
        out += ["| " + " | ".join(rows[0]) + " |", "|---" * len(rows[0]) + "|"]
        out += ["| " + " | ".join(row) + " |" for row in rows[1:]]
    path.write_text("\n".join(out) + "\n", encoding="utf-8")
