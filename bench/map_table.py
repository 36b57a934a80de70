"""`AutoTokenizer` of fissile and of transformers at work: batches to arrays, and `Dataset.map`.

Run it with an interpreter that has both, Torch and `datasets` (`make setup` makes one):

    .venv/bin/python -m bench.map_table [--vocabulary NAME ...] [--rounds 15] [--rows 5000] [--skip-map]

Batches: 1,000 sentences of real text to padded arrays, in the middle of a corpus: 20 batches of other
sentences go before; then every batch is met for the first time, and once more.
Map: the timing table of the course (`batched`, `num_proc`) on paragraphs of real text. Times are CPU
seconds, those of child processes included; the libraries take turns; results are compared first.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import csv_record
from bench.cold_start import SHARED, folders
from bench.texts import documents

ROOT = Path(__file__).resolve().parent.parent
BAR = 15.0
BATCH = 1_000
WARM = 20
TURN = 5
KINDS = ("np", "pt")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def seconds() -> float:
    """CPU seconds so far, those of finished children included."""
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def sentences(count: int) -> list[str]:
    """Sentences of 20 to 300 characters, each once."""
    found: dict[str, None] = {}
    for document in documents("en"):
        for sentence in SENTENCE_END.split(document):
            if 20 <= len(sentence) <= 300:
                found[sentence] = None
        if len(found) >= count:
            break
    return list(found)[:count]


def paragraphs(count: int) -> list[str]:
    """Texts of about 500 characters, as long as a product review."""
    found: list[str] = []
    for document in documents("en"):
        found += [document[start : start + 500] for start in range(0, len(document), 500)]
        if len(found) >= count:
            break
    return found[:count]


def opened(folder: Path) -> dict[str, Any]:
    """The tokenizers of both libraries, with something to pad with."""
    import fissile
    import transformers

    transformers.logging.set_verbosity_error()
    tokenizers = {
        "fissile": fissile.AutoTokenizer.from_pretrained(folder),
        "transformers": transformers.AutoTokenizer.from_pretrained(folder),
    }
    for tokenizer in tokenizers.values():
        tokenizer.pad_token = tokenizer.pad_token or tokenizer.convert_ids_to_tokens(0)
    return tokenizers


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of a call, and what it gave."""
    start = seconds()
    result = work()
    return seconds() - start, result


def batches(folder: Path, texts: list[str], rounds: int) -> Iterator[dict[str, object]]:
    """Medians over batches of new sentences, in the middle of a corpus: `WARM` batches go before."""
    tokenizers = opened(folder)
    parts = (texts[start : start + BATCH] for start in range(0, len(texts), BATCH))
    warm = [next(parts) for _ in range(WARM)]
    for part in warm:
        for tokenizer in tokenizers.values():
            tokenizer(part)
    new = {kind: [next(parts) for _ in range(rounds)] for kind in KINDS}
    for kind in KINDS:
        for what, chosen in (("new", new[kind]), ("met before", new[kind])):
            yield {
                "job": f"{BATCH} {what} sentences to {kind}",
                "vocabulary": folder.name,
                **compared(tokenizers, chosen, warm[-1], kind),
            }


def compared(
    tokenizers: dict[str, Any], parts: list[list[str]], before: list[str], kind: str
) -> dict[str, object]:
    """Medians of both libraries, in turns of `TURN` batches.

    A program uses one library: a batch between those of the other would find every cache of the processor
    full of foreign data. So each turn begins with a batch that is not timed.
    """
    options = {"padding": True, "truncation": True, "max_length": 128, "return_tensors": kind}
    taken: dict[str, list[float]] = {name: [] for name in tokenizers}
    for start in range(0, len(parts), TURN):
        made: dict[str, list[Any]] = {}
        for name, tokenizer in tokenizers.items():
            tokenizer(before, **options)
            timings = [
                timed(lambda: tokenizer(part, **options))  # noqa: B023
                for part in parts[start : start + TURN]
            ]
            taken[name] += [cost for cost, _ in timings]
            made[name] = [batch for _, batch in timings]
        for ours, theirs in zip(made["fissile"], made["transformers"], strict=True):
            if not all((ours[column] == theirs[column]).all() for column in theirs):
                sys.exit("the libraries disagree: no time is taken of a wrong answer")
    ratios = [theirs / ours for ours, theirs in zip(*taken.values(), strict=True)]
    return {
        "fissile ms": round(1e3 * statistics.median(taken["fissile"]), 2),
        "transformers ms": round(1e3 * statistics.median(taken["transformers"]), 1),
        "ratio": round(statistics.median(ratios), 1),
        "ratio min": round(min(ratios), 1),
        "ratio max": round(max(ratios), 1),
    }


def mapped(folder: Path, texts: list[str], rounds: int) -> Iterator[dict[str, object]]:
    """The table: one row for each way to map."""
    import datasets

    warnings.simplefilter("ignore")
    datasets.disable_progress_bars()
    rows = datasets.Dataset.from_dict({"review": texts})
    tokenizers = opened(folder)
    for options in (
        {"batched": True},
        {"batched": False},
        {"batched": True, "num_proc": 2},
        {"batched": False, "num_proc": 2},
    ):
        taken: dict[str, list[float]] = {name: [] for name in tokenizers}
        walls: dict[str, list[float]] = {name: [] for name in tokenizers}
        for _ in range(rounds):
            made = {}
            for name, tokenizer in tokenizers.items():

                def tokenize(examples: Any, tokenizer: Any = tokenizer) -> Any:
                    return tokenizer(examples["review"], truncation=True, max_length=512)

                wall = time.perf_counter()
                cost, made[name] = timed(
                    lambda: rows.map(tokenize, load_from_cache_file=False, **options)  # noqa: B023
                )
                taken[name].append(cost)
                walls[name].append(time.perf_counter() - wall)
            if made["fissile"][:50] != made["transformers"][:50]:
                sys.exit("the libraries disagree: no time is taken of a wrong answer")
        ratios = [theirs / ours for ours, theirs in zip(*taken.values(), strict=True)]
        yield {
            "job": f"map {len(texts)} rows, "
            + ", ".join(f"{name}={value}" for name, value in options.items()),
            "vocabulary": folder.name,
            "fissile ms": round(1e3 * statistics.median(taken["fissile"])),
            "transformers ms": round(1e3 * statistics.median(taken["transformers"])),
            "ratio": round(statistics.median(ratios), 1),
            "ratio min": round(min(ratios), 1),
            "ratio max": round(max(ratios), 1),
            "fissile wall s": round(min(walls["fissile"]), 2),
            "transformers wall s": round(min(walls["transformers"]), 2),
        }


def measured(options: argparse.Namespace) -> Iterator[dict[str, object]]:
    """All rows."""
    chosen = folders(options.vocabulary)
    texts = sentences((WARM + len(KINDS) * options.rounds) * BATCH)
    for folder in chosen:
        yield from batches(folder, texts, options.rounds)
    if not options.skip_map:
        cased = SHARED / "tokenizers" / "bert_cased"
        folder = cased if cased.is_dir() else chosen[0]
        yield from mapped(folder, paragraphs(options.rows), 3)


def main() -> None:
    """Measure, print, record."""
    command = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    command.add_argument("--vocabulary", nargs="*")
    command.add_argument("--rounds", type=int, default=15)
    command.add_argument("--rows", type=int, default=5_000)
    command.add_argument("--skip-map", action="store_true")
    options = command.parse_args()
    os.environ.update(TOKENIZERS_PARALLELISM="false", HF_HUB_OFFLINE="1")
    import torch

    torch.set_num_threads(1)
    rows = []
    for row in measured(options):
        below = "sentences" in str(row["job"]) and float(str(row["ratio"])) < BAR
        rows.append(row)
        print(json.dumps(row), "BELOW THE BAR" if below else "", flush=True)
    record = csv_record.write("map_table", rows)
    print(f"{len(rows)} rows; record: {record}")


if __name__ == "__main__":
    main()
