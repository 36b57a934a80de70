"""The bars that are no race over documents: threads, load, import, hostile texts, memory."""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from bench import texts, vocabularies
from bench.engines.base import Vocabulary
from bench.environments import ROOT, variables
from bench.field import Field

QUIET = 0.1  # share of the cores that others may take where the wall clock is to count
HEAVY = ("numpy", "torch", "transformers")
IMPORT = f"""
import sys, time
before, wall, cpu = set(sys.modules), time.perf_counter(), time.process_time()
import fissile
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
print(wall, cpu, *[name for name in {HEAVY} if name in sys.modules and name not in before])
"""


@dataclass
class Line:
    """A bar, what was measured, and whether it is met (None: not measured)."""

    id: str
    text: str
    bar: str
    measured: str
    met: bool | None


def spread(values: list[float], unit: str = "", digits: int = 2) -> str:
    """Least, middle and greatest."""
    low, high = min(values), max(values)
    return f"{statistics.median(values):.{digits}f}{unit} ({low:.{digits}f} to {high:.{digits}f})"


def threads(field: Field, vocabulary: Vocabulary, corpora: list[str]) -> list[Line]:
    """P8."""
    if len(os.sched_getaffinity(0)) < 2:
        return [Line("P8", "two threads over one", ">= 1.8 x", "one core only", None)]
    task = {"vocabulary": asdict(vocabulary), "jobs": ["threads"],
            "long": [str(texts.long(name)) for name in corpora]}  # fmt: skip
    answer = field.work("fissile", task, threads=2)
    lines = []
    for shape in ("batch", "document"):
        text = f"two threads over one, {shape}, {vocabulary.name}"
        measured = answer.get("threads", {}).get(shape)
        if not measured or not measured["1"] or not measured["2"]:
            lines.append(
                Line("P8", text, ">= 1.8 x", str(answer.get("failed", "too little text")), None)
            )
            continue
        lines.append(scaling(text, measured["1"], measured["2"]))
    return lines


def scaling(text: str, one: list[list[float]], two: list[list[float]]) -> Line:
    """P8 of samples (wall, CPU, others' share of the cores): quiet ones are judged, where there are any."""
    ratios = [a[0] / b[0] for a, b in zip(one, two, strict=False)]
    quiet = [[sample[0] for sample in samples if sample[2] <= QUIET] for samples in (one, two)]
    cpu = statistics.median(b[1] for b in two) / statistics.median(a[1] for a in one)
    others = statistics.median(sample[2] for sample in (*one, *two))
    said = f"{spread(ratios)} x on the wall; a byte costs {cpu:.2f} x the CPU"
    if not all(quiet):
        said += f"; not to be judged: others took {100 * others:.0f} % of the cores"
        return Line("P8", text, ">= 1.8 x", said, None)
    reached = statistics.median(quiet[0]) / statistics.median(quiet[1])
    said = f"{reached:.2f} x on quiet cores; " + said
    return Line("P8", text, ">= 1.8 x", said, reached >= 1.8)


def load(field: Field, vocabulary: Vocabulary, part: float, rounds: int = 3) -> Line:
    """P10: CPU seconds until the first text is encoded."""
    seconds: dict[str, list[float]] = {"fissile": [], "tokenizers": []}
    rss: dict[str, list[float]] = {"fissile": [], "tokenizers": []}
    task = {"vocabulary": asdict(vocabulary), "jobs": []}
    for _ in range(rounds):
        for name in seconds:
            answer = field.work(name, task)
            if "load" not in answer:
                return Line("P10", f"load {vocabulary.name}", f"<= 1/{part:.0f}", str(answer), None)
            seconds[name].append(answer["load"]["cpu"] + answer["first"]["cpu"])
            rss[name].append(answer["load"]["rss"])
    ratios = [a / b for a, b in zip(seconds["fissile"], seconds["tokenizers"], strict=True)]
    megabytes = os.path.getsize(vocabulary.path) / 1e6
    said = (
        f"{spread(ratios)} of the reference: {min(seconds['fissile']):.2f} s against {min(seconds['tokenizers']):.2f} s, "
        f"{min(rss['fissile']):.0f} MB against {min(rss['tokenizers']):.0f} MB"
    )
    return Line(
        "P10", f"load {vocabulary.name} ({megabytes:.0f} MB)", f"<= 1/{part:.0f} of the reference",
        said, statistics.median(ratios) <= 1 / part,
    )  # fmt: skip


def importing(field: Field, rounds: int = 7) -> Line:
    """P11."""
    wall, heavy = [], set()
    package = field.packages["fissile"]
    for _ in range(rounds):
        done = subprocess.run(
            [str(field.environments["peers"].python), "-c", IMPORT],
            env=variables(1, package), cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            return Line("P11", "import", "<= 10 ms", done.stderr[-100:], None)
        numbers = done.stdout.split()
        wall.append(float(numbers[1]) * 1000)
        heavy.update(numbers[2:])
    said = f"{spread(wall, ' ms', 1)} of CPU" + (f", imports {', '.join(heavy)}" if heavy else "")
    return Line(
        "P11",
        "import",
        "<= 10 ms, no numpy, no torch",
        said,
        statistics.median(wall) <= 10 and not heavy,
    )


def hostile(field: Field, chosen: list[Vocabulary], definitions: dict[str, Any]) -> list[Line]:
    """P12."""
    documents = {name: str(texts.parts(name, definitions)[0]) for name in ("en", "multi")}
    lines = []
    for vocabulary in chosen:
        task = {"vocabulary": asdict(vocabulary), "jobs": ["hostile"], "documents": documents}
        answer = field.work("fissile", task, limit=240)
        text = f"1 MB of one character or word, {vocabulary.name}"
        if "hostile" not in answer:
            lines.append(Line("P12", text, "<= 2 x 1 MB of text", str(answer), None))
            continue
        found = answer["hostile"]
        ratios = {
            name: seconds / found["plain"][found["against"][name]]
            for name, seconds in found["seconds"].items()
        }
        worst = sorted(ratios, key=ratios.__getitem__, reverse=True)[:3]
        said = ", ".join(f"{name} {ratios[name]:.1f} x" for name in worst)
        over = sum(ratio > 2 for ratio in ratios.values())
        lines.append(
            Line(
                "P12",
                text,
                "<= 2 x 1 MB of text",
                f"{over} of {len(ratios)} over; worst: {said}",
                over == 0,
            )
        )
    return lines


def memory(field: Field, vocabulary: Vocabulary, corpora: list[str]) -> Line:
    """P13."""
    task = {"vocabulary": asdict(vocabulary), "jobs": ["memory"], "limit": 100.0,
            "long": [str(texts.long(name)) for name in corpora]}  # fmt: skip
    answer = field.work("fissile", task)
    text = f"memory over 100 MB of text never met, {vocabulary.name}"
    if "memory" not in answer:
        return Line("P13", text, "<= 150 MB", str(answer), None)
    found = answer["memory"]
    said = (
        f"{found['stream']:.0f} MB at most over {found['megabytes']:.0f} MB in batches of 500 "
        f"(texts' own UTF-8 included), {found['megabytes'] / found['cpu']:.0f} MB/s"
    )
    enough = found["megabytes"] > 99
    return Line("P13", text, "<= 150 MB", said, found["stream"] <= 150 if enough else None)


def all_of(
    field: Field, found: list[Vocabulary], corpora: list[str], definitions: dict[str, Any]
) -> Iterator[Line]:
    """P8 and P10 to P13, one after the other."""
    by_family: dict[str, Vocabulary] = {}
    for vocabulary in found:
        by_family.setdefault(vocabulary.family, vocabulary)
    byte_level = [one for one in found if one.family == "byte-level"]
    large = max(byte_level, key=lambda one: os.path.getsize(one.path), default=None)
    large = next((one for one in byte_level if one.name == "llama3"), large)
    unigram = by_family.get("unigram")
    jobs: list[Any] = [lambda: importing(field)]
    if large:
        jobs += [
            lambda: load(field, large, 3),
            lambda: threads(field, large, corpora),
            lambda: memory(field, large, corpora),
        ]
    if unigram:
        jobs.append(lambda: load(field, vocabularies.large(unigram), 5))
    jobs.append(lambda: hostile(field, list(by_family.values()), definitions))
    for job in jobs:
        made = job()
        for line in made if isinstance(made, list) else [made]:
            print(f"  {line.id} {line.text}: {line.measured}", flush=True)
            yield line
