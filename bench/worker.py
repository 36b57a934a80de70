"""One engine in one process: reads a task from standard input, writes what it found as one line.

    python -m bench.worker < task.json

Jobs, in the order in which the task names them (`encode` texts are met in no other job before):

    cold      documents in one batch; none was met before
    unseen    other documents, now that the process is warm
    again     those of `unseen` once more
    document  one text of 1 MB
    short     texts of 60 characters in one batch
    one       a text of 60 characters in one call, a list out; many such calls
    call      the same by `encode(text).ids`
    full      encodings with offsets, words and masks, read
    decode    the ids of `cold` back into texts
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

Task = dict[str, Any]
# Jobs that are one batch, and the part of the texts that each takes.
BATCHES = {
    "cold": "first",
    "unseen": "second",
    "again": "second",
    "document": "document",
    "short": "short",
}
STATM = Path("/proc/self/statm")
STATUS = Path("/proc/self/status")


def resident() -> float:
    """Megabytes of memory in use now."""
    return (
        int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        if STATM.exists()
        else 0.0
    )


def peak() -> float:
    """Megabytes of memory in use at most."""
    if not STATUS.exists():
        return 0.0
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def size(texts: list[str]) -> int:
    """Bytes of UTF-8."""
    return sum(len(text.encode()) for text in texts)


def limited(texts: list[str], megabytes: float) -> list[str]:
    """As many of the first texts as there is room for, one at least."""
    kept: list[str] = []
    room = megabytes * 1e6
    for text in texts:
        if kept and room < 0:
            break
        kept.append(text)
        room -= len(text.encode())
    return kept


def timed(job: Callable[[], Any]) -> tuple[Any, float, float]:
    """What a job gives, the CPU seconds of all threads, and the seconds on the wall."""
    gc.collect()
    gc.disable()
    wall, cpu = time.perf_counter(), time.process_time()
    result = job()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    gc.enable()
    return result, cpu, wall


def each(call: Callable[[str], Any], texts: list[str]) -> None:
    """One call after another."""
    for text in texts:
        call(text)


def digest(row: Any) -> str:
    """A short name of a row of numbers."""
    return blake2b(json.dumps(row).encode(), digest_size=6).hexdigest()


class Session:
    """An engine with a vocabulary, and what has been measured of it."""

    def __init__(self, task: Task) -> None:
        # Late, so that nothing that an engine imports has been imported before the clock of `import_`.
        from bench.engines import engine
        from bench.engines.base import UnsupportedError, Vocabulary

        self.unsupported = UnsupportedError
        self.megabytes: float = task.get("megabytes", 4.0)
        self.found: dict[str, Any] = {}
        self.engine = engine(task["engine"])
        vocabulary = Vocabulary(**task["vocabulary"])
        why = self.engine.supports(vocabulary)
        if why:
            raise UnsupportedError(why)
        _, cpu, wall = timed(self.engine.import_)
        self.found["import"] = {"cpu": cpu, "wall": wall, "rss": resident()}
        before = resident()
        _, cpu, wall = timed(lambda: self.engine.load(vocabulary, task.get("threads", 1)))
        self.found["load"] = {"cpu": cpu, "wall": wall, "rss": resident() - before}
        # What an engine puts off until it is first used belongs to loading.
        _, cpu, wall = timed(lambda: self.engine.encode_batch(["first"]))
        self.found["first"] = {"cpu": cpu, "wall": wall}
        self.found["version"] = self.engine.version()

    def note(self, name: str, texts: list[str], job: Callable[[Any], Any], given: Any) -> Any:
        """Measure a job that is given something made of texts."""
        result, cpu, wall = timed(partial(job, given))
        self.found[name] = {"cpu": cpu, "wall": wall, "bytes": size(texts), "texts": len(texts)}
        return result

    def attempt(self, name: str, texts: list[str], job: Callable[[Any], Any], given: Any) -> None:
        """Measure a job that an engine may not be able to do; then note why."""
        try:
            self.note(name, texts, job, given)
        except Exception as why:
            self.found[name] = {"cannot": str(why)[:200]}

    def batches(self, jobs: list[str], texts: dict[str, list[str]]) -> None:
        """cold, unseen, again, document, short, decode."""
        rows = None
        for job, part in BATCHES.items():
            if job not in jobs:
                continue
            found = limited(texts[part], self.megabytes)
            if job == "again" and "unseen" not in jobs:
                self.engine.encode_batch(found)
            result = self.note(job, found, self.engine.encode_batch, found)
            if job == "cold" and "decode" in jobs:
                rows = self.engine.rows(result)
            del result
        if rows is not None:
            kept = limited(texts["first"], self.megabytes)
            self.attempt("decode", kept, self.engine.decode_batch, rows)

    def calls(self, jobs: list[str], texts: list[str]) -> None:
        """One and call: other texts for each."""
        half = len(texts) // 2
        for job, part, call in (
            ("one", texts[:half], self.engine.encode_one),
            ("call", texts[half:], self.engine.call),
        ):
            if job in jobs and part:
                self.attempt(job, part, partial(each, call), part)

    def full(self, texts: list[str]) -> None:
        """Encodings with everything."""
        found = limited(texts, min(self.megabytes, 1.0))
        self.attempt("full", found, self.engine.encode_full, found)

    def check(self, texts: dict[str, list[str]]) -> None:
        """Digests of ids and offsets, and the speed of it."""
        self.found["check"] = {}
        for name, part in texts.items():
            result, cpu, _ = timed(partial(self.engine.encode_batch, part))
            entry: dict[str, Any] = {"ids": [digest(row) for row in self.engine.rows(result)]}
            entry["pace"] = size(part) / 1e6 / max(cpu, 1e-6)
            try:
                entry["offsets"] = [digest(row) for row in self.engine.offsets(part)]
            except self.unsupported:
                entry["offsets"] = None
            self.found["check"][name] = entry


def read(path: str) -> Any:
    """Texts that the driver left in a file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def main() -> None:
    """Do one task."""
    task: Task = json.loads(sys.stdin.read())
    if task.get("cores") and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(task["cores"]))
    answer: dict[str, Any]
    try:
        session = Session(task)
        jobs = task["jobs"]
        texts = read(task["texts"]) if "texts" in task else {}
        if "check" in jobs:
            session.check(texts)
        elif texts:
            session.batches(jobs, texts)
            session.calls(jobs, texts["calls"])
            if "full" in jobs:
                session.full(texts["full"])
        for job in jobs:
            if job in ("hostile", "memory", "threads"):
                from bench import stress

                session.found[job] = getattr(stress, job)(session, task)
        session.found["peak"] = peak()
        answer = session.found
    except BaseException as error:  # an engine's panic too
        name = type(error).__name__
        said = str(error).strip().splitlines()[:1] or [""]
        unsupported = name == "UnsupportedError"
        answer = {"cannot": said[0]} if unsupported else {"failed": f"{name}: {said[0]}"[:240]}
    sys.stdout.flush()
    print("\n" + json.dumps(answer))


if __name__ == "__main__":
    main()
