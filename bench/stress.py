"""Jobs of a worker that no batch of documents shows: hostile texts, much text, several threads."""

from __future__ import annotations

import gc
import json
import os
import random
from functools import partial
from pathlib import Path
from typing import Any

from bench.worker import Session, Task, limited, peak, read, resident, size, timed

MEGABYTE = 1_000_000
PATIENCE = 20.0  # seconds that 1 MB of anything may take, judged by a sixteenth of it


def _word(alphabet: str, seed: int) -> str:
    """One "word" of a megabyte that never repeats itself."""
    letters = random.Random(seed).choices(alphabet, k=MEGABYTE // len(alphabet[0].encode()))
    return "".join(letters)


def hostile_texts() -> dict[str, tuple[str, str]]:
    """Name to the corpus it is held against, and a megabyte of text."""
    repeated = {"a": "en", " ": "en", "\n": "en", "0": "en", ".": "en", "'": "en",
                "é": "multi", "中": "multi", "\u0301": "multi", "\u00a0": "multi", "😀": "multi"}  # fmt: skip
    found = {
        f"{json.dumps(char)} repeated": (corpus, char * (MEGABYTE // len(char.encode())))
        for char, corpus in repeated.items()
    }
    lower = "abcdefghijklmnopqrstuvwxyz"
    found["word of letters"] = ("en", _word(lower, 1))
    found["word of two letters"] = ("en", _word("ab", 2))
    found["word of letters and digits"] = ("en", _word(lower + "0123456789", 3))
    found["word of Han"] = ("multi", _word("".join(map(chr, range(0x4E00, 0x5E00))), 4))
    found["word of Cyrillic"] = ("multi", _word("абвгдежзийклмнопрстуфхцчшщ", 5))
    return found


def hostile(session: Session, task: Task) -> dict[str, Any]:
    """CPU seconds of 1 MB of each hostile text, and of 1 MB of each corpus."""
    encode = session.engine.encode_batch
    found: dict[str, Any] = {"plain": {}, "seconds": {}, "against": {}}
    for corpus, path in task["documents"].items():
        document = read(path)["document"]
        encode(limited(read(path)["first"], 0.5))
        _, cpu, _ = timed(partial(encode, document))
        found["plain"][corpus] = cpu / size(document) * MEGABYTE
    for name, (corpus, text) in hostile_texts().items():
        _, part, _ = timed(partial(encode, [text[: len(text) // 16]]))
        if part > PATIENCE / 16:
            found["seconds"][name] = 16 * part
        else:
            _, found["seconds"][name], _ = timed(partial(encode, [text]))
        found["against"][name] = corpus
    return found


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def memory(session: Session, task: Task) -> dict[str, Any]:
    """Megabytes over the texts while much text is encoded: batch after batch, then all in one call."""
    texts = [text for path in task["long"] for text in read(path)]
    texts = limited(texts, task["limit"])
    gc.collect()
    _reset_peak()
    before = resident()
    _, cpu, _ = timed(partial(_in_batches, session, texts))
    found = {"megabytes": size(texts) / 1e6, "stream": peak() - before, "cpu": cpu}
    found["kept"] = resident() - before
    return found


def _in_batches(session: Session, texts: list[str]) -> None:
    for start in range(0, len(texts), 500):
        session.engine.encode_batch(texts[start : start + 500])


def _busy() -> float:
    """Seconds that all cores together have worked, for anybody."""
    numbers = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    user, nice, system, _, _, irq, softirq, steal = map(int, numbers)
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def threads(session: Session, task: Task) -> dict[str, Any]:
    """With one thread and with two: seconds on the wall, of CPU, and the share of the cores that others took."""
    engine: Any = session.engine
    texts = [text for path in task["long"] for text in read(path)]
    found: dict[str, Any] = {}
    for shape, megabytes, repeats in (("batch", 3.0, 8), ("document", 10.0, 2)):
        measured: dict[str, list[list[float]]] = {"1": [], "2": []}
        for number in range(2 * repeats + 2):
            part = limited(texts, megabytes)
            del texts[: len(part)]
            if not texts:
                break
            engine.threads = 1 + number % 2
            jobs = part if shape == "batch" else ["\n".join(part)]
            before = _busy()
            _, cpu, wall = timed(partial(engine.encode_batch, jobs))
            others = max(_busy() - before - cpu, 0.0) / (wall * (os.cpu_count() or 1))
            if number >= 2:  # the first of each fills caches
                measured[str(engine.threads)].append([wall / size(part), cpu / size(part), others])
        found[shape] = measured
    return found
