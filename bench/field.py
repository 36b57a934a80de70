"""Runs workers: engines checked first, then measured in turn, each time in a fresh process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench import texts
from bench.engines import engine
from bench.engines.base import Vocabulary
from bench.environments import CACHE, ROOT, Environment, variables

JOBS = ["cold", "unseen", "again", "document", "short", "one", "call", "full", "decode"]
CALLS = ("one", "call")
Answer = dict[str, Any]


@dataclass
class Verdict:
    """What checking an engine with a vocabulary gave."""

    share: dict[str, float] = field(default_factory=dict)  # of texts with equal ids, per corpus
    offsets: dict[str, float] = field(default_factory=dict)
    pace: dict[str, float] = field(default_factory=dict)
    cannot: str = ""

    @property
    def exact(self) -> bool:
        """Whether the ids of all real texts are those of the reference."""
        real = [share for name, share in self.share.items() if name != "hostile"]
        return not self.cannot and all(share == 1.0 for share in real)


@dataclass
class Row:
    """One measurement."""

    round: int
    vocabulary: str
    corpus: str
    engine: str
    job: str
    cpu: float
    wall: float
    bytes: int = 0
    texts: int = 0
    rss: float = 0.0

    @property
    def speed(self) -> float:
        """MB per CPU second; thousand calls for jobs that count calls; once for jobs without text."""
        amount = self.texts / 1e3 if self.job in CALLS else self.bytes / 1e6
        return (amount or 1.0) / max(self.cpu, 1e-9)


class Field:
    """The engines of a run, and where they run."""

    def __init__(
        self,
        definitions: dict[str, Any],
        environments: dict[str, Environment],
        packages: dict[str, Path],
        core: int,
    ) -> None:
        self.definitions = definitions
        self.environments = environments
        self.packages = packages  # of fissile, by engine name
        self.core = core
        self.verdicts: dict[tuple[str, str], Verdict] = {}
        self.versions: dict[str, str] = {}

    def work(self, name: str, task: dict[str, Any], threads: int = 1, limit: int = 180) -> Answer:
        """Run a worker; what it found, or `failed` and why."""
        made = engine(name)
        environment = self.environments[made.environment]
        if made.distribution in environment.missing:
            return {"failed": f"not installed: {environment.missing[made.distribution]}"}
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        task = {"engine": name, "threads": threads, **task}
        task["cores"] = [self.core] if threads == 1 else cores[:threads]
        package = self.packages.get(name, self.packages["fissile"])
        try:
            done = subprocess.run(
                [str(environment.python), "-m", "bench.worker"],
                input=json.dumps(task), env=variables(threads, package), cwd=ROOT,
                capture_output=True, text=True, timeout=limit, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return {"failed": f"took more than {limit} s"}
        last = (done.stdout.strip().splitlines() or [""])[-1]
        try:
            answer: Answer = json.loads(last)
        except json.JSONDecodeError:
            said = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
            return {"failed": f"process ended with {done.returncode}: {said[:160]}"}
        if "version" in answer:
            self.versions[name] = answer["version"]
        return answer

    def check(self, names: list[str], vocabulary: Vocabulary, corpora: list[str]) -> None:
        """Compare the ids of every engine with the reference's, before any clock starts."""
        path = texts.to_check(corpora, self.definitions)
        task = {"vocabulary": asdict(vocabulary), "jobs": ["check"], "texts": str(path)}
        expected = self.known("tokenizers", task)
        if "check" not in expected:
            sys.exit(f"the reference does not encode with {vocabulary.name}: {expected}")
        for name in names:
            found = self.known(name, task)
            self.verdicts[name, vocabulary.name] = verdict(found, expected["check"])

    def known(self, name: str, task: dict[str, Any]) -> Answer:
        """What checking a peer gave before on the same texts; ourselves we check anew each time."""
        if name.startswith("fissile"):
            return self.work(name, task)
        mark = hashlib.sha256(json.dumps([name, task]).encode())
        for path in (
            Path(task["texts"]),
            Path(task["vocabulary"]["path"]),
            *sorted((ROOT / "bench" / "requirements").glob("*.txt")),
            ROOT / "bench" / "worker.py",
            Path(str(sys.modules[type(engine(name)).__module__].__file__)),
        ):
            mark.update(path.read_bytes())
        path = CACHE / "checked" / f"{name}-{mark.hexdigest()[:16]}.json"
        if path.exists():
            answer: Answer = json.loads(path.read_text(encoding="utf-8"))
            self.versions[name] = answer.get("version", "")
            return answer
        answer = self.work(name, task)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(answer), encoding="utf-8")
        return answer

    def measure(
        self, number: int, name: str, vocabulary: Vocabulary, corpus: str, jobs: list[str]
    ) -> list[Row]:
        """One process of one engine over one corpus."""
        known = self.verdicts[name, vocabulary.name]
        sizes = self.definitions["sizes"]
        megabytes = min(sizes["batch"], max(sizes["least"], known.pace[corpus] * sizes["slow"]))
        path, _ = texts.parts(corpus, self.definitions)
        answer = self.work(
            name,
            {
                "vocabulary": asdict(vocabulary),
                "jobs": jobs,
                "texts": str(path),
                "megabytes": megabytes,
            },
        )
        if "failed" in answer or "cannot" in answer:
            known.cannot = answer.get("cannot") or answer["failed"]
            return []
        return rows(answer, number, name, vocabulary.name, corpus)


def rows(answer: Answer, number: int, name: str, vocabulary: str, corpus: str) -> list[Row]:
    """The measurements in a worker's answer."""
    found = []
    for job in ("import", "load", "first", *JOBS):
        entry = answer.get(job)
        if entry and "cpu" in entry:
            found.append(Row(number, vocabulary, corpus, name, job, **entry))
    found.append(Row(number, vocabulary, corpus, name, "peak", 0, 0, rss=answer["peak"]))
    return found


def verdict(found: Answer, expected: Answer) -> Verdict:
    """How far an engine agrees with the reference."""
    if "check" not in found:
        return Verdict(cannot=found.get("cannot") or found.get("failed", "unknown reason"))
    made = Verdict()
    for corpus, right in expected.items():
        got = found["check"][corpus]
        made.share[corpus] = equal(got["ids"], right["ids"])
        if got["offsets"]:
            made.offsets[corpus] = equal(got["offsets"], right["offsets"])
        made.pace[corpus] = got["pace"]
    return made


def equal(got: list[str], right: list[str]) -> float:
    """The share of equal texts."""
    return sum(a == b for a, b in zip(got, right, strict=True)) / max(len(right), 1)


def order(names: list[str], number: int) -> list[str]:
    """The names in turn: another one begins each round."""
    at = number % max(len(names), 1)
    return names[at:] + names[:at]


class Deadline:
    """The time that a run may take."""

    def __init__(self, minutes: float) -> None:
        self.end = time.monotonic() + 60 * minutes

    def left(self) -> float:
        """Seconds left."""
        return self.end - time.monotonic()
