"""Measure fissile beside the field.

    python -m bench                         everything
    python -m bench --slice gpt2/en         one vocabulary, one corpus
    python -m bench --slice bert_uncased --also before=../other/python

`--also LABEL=FOLDER` measures another build of fissile too: FOLDER holds a package `fissile` with its extension.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import extras, picture, readme, record, summary, vocabularies
from bench.engines import names as all_names
from bench.engines.base import Vocabulary
from bench.environments import CACHE, ROOT, environment
from bench.field import CALLS, JOBS, Deadline, Field, Row, order

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib

Cell = tuple[Vocabulary, str]


def options() -> argparse.Namespace:
    """The command line."""
    command = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    command.add_argument(
        "--slice", default="", help="vocabulary, /corpus or vocabulary/corpus; several with commas"
    )
    command.add_argument(
        "--engines", default="", help="only these, with commas; fissile and the reference always"
    )
    command.add_argument("--jobs", default="", help=f"only these of {', '.join(JOBS)}")
    command.add_argument("--rounds", type=int, default=5)
    command.add_argument(
        "--minutes", type=float, help="begin nothing after so long (8.5; with a slice 1)"
    )
    command.add_argument(
        "--package", help="the folder of the package `fissile` that is measured (python)"
    )
    command.add_argument("--also", action="append", default=[], metavar="LABEL=FOLDER")
    command.add_argument("--core", type=int, help="the core that workers are bound to")
    command.add_argument("--bars", action="store_true", help="the other bars too, with a slice")
    command.add_argument(
        "--record", action="store_true", help="keep the record of a slice in bench/record"
    )
    return command.parse_args()


def wanted(slices: str, vocabulary: str, corpus: str) -> bool:
    """Whether a cell is in the slice."""
    for one in filter(None, slices.split(",")):
        name, _, text = one.partition("/")
        if name in ("", vocabulary) and text in ("", corpus):
            return True
    return not slices


def run(
    field: Field,
    cells: list[Cell],
    names: list[str],
    chosen: argparse.Namespace,
    deadline: Deadline,
    rows: list[Row],
) -> Iterator[int]:
    """Round after round, in a round corpus after corpus, in a cell the engines in turn; the number of each sweep.

    Those that no bar names have their turn in every third round: in a long run not in the first, so that the bars
    have something to go by early.
    """
    turn = 0 if chosen.slice else 1
    jobs = [job for job in JOBS if not chosen.jobs or job in chosen.jobs.split(",")]
    corpora = dict.fromkeys(corpus for _, corpus in cells)
    sweeps = itertools.product(range(chosen.rounds), corpora)
    for sweep, (number, corpus) in enumerate(sweeps):
        for vocabulary in (one for one, text in cells if text == corpus):
            contenders = field.definitions["families"][vocabulary.family]["contenders"]
            able = [
                name for name in order(names, number)
                if not field.verdicts[name, vocabulary.name].cannot
                and (number % 3 == turn or name.split("@")[0] in contenders)
            ]  # fmt: skip
            if deadline.left() < 0:
                break
            for name in able:
                rows += field.measure(number, name, vocabulary, corpus, jobs)
        print(f"round {number + 1}, {corpus}: {max(deadline.left(), 0):.0f} s left", flush=True)
        yield sweep
        if deadline.left() < 0:
            return


def report(
    found: summary.Summary, names: list[str], lines: list[extras.Line], field: Field
) -> None:
    """Print the tables and the bars."""
    for job in JOBS:
        if found.cells(job):
            unit = "CPU microseconds a call" if job in CALLS else "MB per CPU second"
            print(f"\n{job}: {unit}; {summary.MARK}")
            shown = [
                n for n in names if any(found.median((*cell, job, n)) for cell in found.cells(job))
            ]
            print(summary.text_of(summary.table(found, job, shown)))
    print()
    for (name, vocabulary), verdict in field.verdicts.items():
        if verdict.cannot:
            print(f"{name} with {vocabulary}: {verdict.cannot}")
        elif set(verdict.share.values()) != {1.0}:
            print(
                f"{name} with {vocabulary}: equal ids in "
                + ", ".join(f"{100 * s:.1f} % of {c}" for c, s in verdict.share.items())
            )
        if any(share != 1.0 for share in verdict.offsets.values()):
            print(f"{name} with {vocabulary}: OFFSETS DIFFER {verdict.offsets}")
    print()
    for line in lines:
        met = {True: "met", False: "NOT met", None: "-"}[line.met]
        print(f"{line.id:4} {met:8} {line.text} ({line.bar}): {line.measured}")


def prepare(chosen: argparse.Namespace, definitions: dict[str, Any]) -> tuple[Field, list[str]]:
    """The environments and the names of the engines."""
    environments = {name: environment(name) for name in ("peers", "candidate")}
    packages = {"fissile": Path(chosen.package or ROOT / "python").resolve()}
    for one in chosen.also:
        label, _, folder = one.partition("=")
        packages[f"fissile@{label}"] = Path(folder).resolve()
    only = chosen.engines.split(",") if chosen.engines else all_names()
    names = [name for name in all_names() if name in only or name in ("fissile", "tokenizers")]
    names[1:1] = [name for name in packages if name != "fissile"]
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    core = cores[-1] if chosen.core is None else chosen.core
    return Field(definitions, environments, packages, core), names


def main() -> None:
    """Check, measure, judge, record."""
    chosen = options()
    deadline = Deadline(chosen.minutes or (1 if chosen.slice else 8.5))
    definitions = tomllib.loads((ROOT / "bench" / "definitions.toml").read_text(encoding="utf-8"))
    field, names = prepare(chosen, definitions)
    peers, package = field.environments["peers"], field.packages["fissile"]
    corpora = list(definitions["corpora"])
    cells: list[Cell] = []
    every: list[Vocabulary] = []
    for entry in definitions["vocabulary"]:
        used = [corpus for corpus in corpora if wanted(chosen.slice, entry["name"], corpus)]
        needed = chosen.slice or entry.get("instead_of") not in {one.name for one in every}
        vocabulary = vocabularies.find(entry, peers, package) if used and needed else None
        if vocabulary is None:
            continue
        every.append(vocabulary)
        field.check(names, vocabulary, corpora)
        cells += [(vocabulary, corpus) for corpus in used]
        print(f"checked {vocabulary.name}", flush=True)
    if not cells:
        sys.exit(f"nothing to measure: no such vocabulary or corpus here: {chosen.slice}")
    rows: list[Row] = []
    lines: list[extras.Line] = []
    try:
        for sweep in run(field, cells, names, chosen, deadline, rows):
            if sweep == 0 and (chosen.bars or not chosen.slice):
                lines.extend(extras.all_of(field, every, corpora, definitions))
    except KeyboardInterrupt:
        print("stopped: what follows is what there is", flush=True)
    found = summary.Summary(rows, field.verdicts, {v.name: v.family for v in every})
    lines = [summary.bar(found, entry) for entry in definitions["bar"]] + lines
    lines.sort(key=lambda line: int(line.id[1:]))
    report(found, names, [line for line in lines if line.measured != "not measured"], field)
    kept = chosen.record or not chosen.slice
    folder = ROOT / "bench" / "record" if kept else CACHE / "record"
    path = record.write(folder, found, lines, field, chosen)
    drawn = path.with_suffix(".svg") if chosen.slice else folder / "field.svg"
    picture.write(drawn, found, names)
    if not chosen.slice:
        record.page(folder / "field.md", found, lines, names, path)
        readme.update(path)
    print(f"\nrecord: {path.relative_to(ROOT)}, picture: {drawn.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
