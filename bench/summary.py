"""What the measurements say: medians, ratios, and whether the bars are met."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from typing import Any

from bench.extras import Line, spread
from bench.field import CALLS, Row, Verdict

OURS = "fissile"
MARK = "≠ ids differ from the reference's on real text"
Key = tuple[str, str, str, str]  # vocabulary, corpus, job, engine


class Summary:
    """The rows of a run, by what they are about."""

    def __init__(
        self, rows: list[Row], verdicts: dict[tuple[str, str], Verdict], families: dict[str, str]
    ) -> None:
        self.verdicts = verdicts
        self.families = families
        self.names = {name for name, _ in verdicts}
        self.by_key: dict[Key, dict[int, Row]] = defaultdict(dict)
        for row in rows:
            self.by_key[row.vocabulary, row.corpus, row.job, row.engine][row.round] = row

    def speeds(self, key: Key) -> list[float]:
        """MB/s of each round, or texts per second of calls."""
        found = self.by_key.get(key, {})
        return [row.speed for row in found.values()]

    def median(self, key: Key) -> float | None:
        """The middle speed."""
        speeds = self.speeds(key)
        return statistics.median(speeds) if speeds else None

    def cells(self, job: str, family: str | None = None) -> list[tuple[str, str]]:
        """Vocabularies and corpora for which we did a job."""
        return [
            (vocabulary, corpus)
            for vocabulary, corpus, done, name in self.by_key
            if done == job and name == OURS and family in (None, self.families[vocabulary])
        ]

    def ratios(self, ours: Key, theirs: Key) -> list[float]:
        """Our speed over theirs, round by round where both have the round."""
        a, b = self.by_key.get(ours, {}), self.by_key.get(theirs, {})
        return [a[number].speed / b[number].speed for number in a if number in b]

    def exact(self, name: str, vocabulary: str) -> bool:
        """Whether an engine's ids are the reference's."""
        return (name, vocabulary) in self.verdicts and self.verdicts[name, vocabulary].exact

    def failed(self, family: str | None) -> list[str]:
        """The vocabularies that we could not read or encode with."""
        return [
            vocabulary
            for (name, vocabulary), verdict in self.verdicts.items()
            if name == OURS and verdict.cannot and family in (None, self.families[vocabulary])
        ]

    def best(
        self, vocabulary: str, corpus: str, job: str, against: list[str], *, exact: bool = True
    ) -> tuple[str, list[float]] | None:
        """The peer that is hardest to beat, and our ratios to it."""
        ours = (vocabulary, corpus, job, OURS)
        found: list[tuple[str, list[float]]] = []
        for name in against:
            if exact and not self.exact(name, vocabulary):
                continue
            ratios = self.ratios(ours, (vocabulary, corpus, job, name))
            if ratios:
                found.append((name, ratios))
        return min(found, key=lambda item: statistics.median(item[1]), default=None)


def hardest(
    summary: Summary, entry: dict[str, Any], vocabulary: str, corpus: str
) -> tuple[str, list[float]] | None:
    """Who a bar holds us against in a cell, and the ratios."""
    job = entry["job"]
    if "against_job" in entry:
        ours = (vocabulary, corpus, job, OURS)
        ratios = summary.ratios(ours, (vocabulary, corpus, entry["against_job"], OURS))
        return ("our ids alone", ratios) if ratios else None
    # Where no peer is exact, the inexact ones are what there is.
    return summary.best(vocabulary, corpus, job, entry["against"]) or summary.best(
        vocabulary, corpus, job, entry["against"], exact=False
    )


def wanted(entry: dict[str, Any]) -> str:
    """A bar in words."""
    if "against_job" in entry:
        return f">= {entry['ratio']:g} x our ids alone"
    peer = "the best peer" if len(entry["against"]) > 1 else entry["against"][0]
    return f">= {entry['ratio']:g} x {peer}"


def bar(summary: Summary, entry: dict[str, Any]) -> Line:
    """One bar of the definitions."""
    found: dict[str, tuple[str, list[float]]] = {}
    wrong = set(summary.failed(entry.get("family")))
    for vocabulary, corpus in summary.cells(entry["job"], entry.get("family")):
        if not summary.exact(OURS, vocabulary):
            wrong.add(vocabulary)
        elif best := hardest(summary, entry, vocabulary, corpus):
            found[f"{vocabulary}/{corpus}"] = best
    said = [f"no right answer with {', '.join(sorted(wrong))}"] if wrong else []
    if not found:
        measured = said[0] if said else "not measured"
        return Line(entry["id"], entry["text"], wanted(entry), measured, False if wrong else None)
    medians = {where: statistics.median(ratios) for where, (_, ratios) in found.items()}
    worst = min(medians, key=medians.__getitem__)
    mean = math.exp(statistics.fmean(map(math.log, medians.values())))
    met = sum(value >= entry["ratio"] for value in medians.values())
    name, ratios = found[worst]
    if name in summary.names and not summary.exact(name, worst.split("/")[0]):
        name += " ≠"
    said.insert(
        0,
        f"{met} of {len(medians)} met; mean {mean:.2f} x; worst {worst} {spread(ratios)} x {name}",
    )
    all_met = met == len(medians) and not wrong
    return Line(entry["id"], entry["text"], wanted(entry), "; ".join(said), all_met)


def shown(job: str, value: float) -> str:
    """A speed as tables show it: MB/s, or microseconds a call."""
    value = 1e3 / value if job in CALLS else value
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def table(summary: Summary, job: str, names: list[str]) -> list[list[str]]:
    """One row per vocabulary and corpus: our speed, each engine's, and the ratio to the best."""
    rows = [["", *names, "ours / best"]]
    for vocabulary, corpus in summary.cells(job):
        row = [f"{vocabulary} {corpus}"]
        for name in names:
            value = summary.median((vocabulary, corpus, job, name))
            mark = "" if summary.exact(name, vocabulary) else "≠"
            row.append("-" if value is None else shown(job, value) + mark)
        peers = [name for name in names if name.split("@")[0] != OURS]
        best = summary.best(vocabulary, corpus, job, peers)
        row.append(f"{spread(best[1])} {best[0]}" if best else "-")
        rows.append(row)
    return rows


def text_of(rows: list[list[str]]) -> str:
    """A table in columns."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
