"""Training: fissile beside the field. Fresh processes in turn; CPU time of all threads; peak memory.

    python -m bench.train                          # 10 MB: BPE 32k, Unigram 8k, WordPiece 30k
    python -m bench.train --job bpe --megabytes 100 --without tokenizers

| job | what | bar |
|---|---|---|
| bpe | byte-level BPE, 32,000 tokens, from a file, line by line | 2 x gigabpe, no more memory than gigabpe |
| unigram | Unigram, 8,000 pieces (--size for more), lines | 4 x sentencepiece, 30 x the reference |
| wordpiece | WordPiece, 30,000 tokens, lines | 4 x the reference |

Every engine reads the same file and is asked for the same size, with one thread. Measured is its call to train;
what it learned is read out behind that, and checked before a ratio is printed: `=` has the reference's merges to
the last one (BPE), `≠` something else; the others count as done when they have the size that was asked for. Peers
live in an environment of their own (`--python`, made with `bench/train-requirements.txt`).

What must not be concluded: absolute figures are this machine's, on this day. Engines without `=` do other work:
rustbpe and bpeasy cut with the same pattern but break ties in other ways, sentencepiece and youtokentome cut at
spaces only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import csv_record

ROOT = Path(__file__).resolve().parents[1]
PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
SIZES = {"bpe": 32_000, "unigram": 8_000, "wordpiece": 30_000}
Learned = tuple[int, list[Any]]
"""How many tokens, and the merges where there are any to compare."""
Reading = Callable[[], Learned]
"""Reads what was learned out of what an engine trained: for the check, behind the measurement."""


def _library(name: str, job: str, path: str, size: int) -> Reading:
    library = __import__(name)
    models, trainers, cut = library.models, library.trainers, library.pre_tokenizers
    if job == "bpe":
        tokenizer = library.Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = cut.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False)
    elif job == "unigram":
        tokenizer = library.Tokenizer(models.Unigram())
        tokenizer.pre_tokenizer = cut.Metaspace()
        trainer = trainers.UnigramTrainer(
            vocab_size=size, show_progress=False, unk_token="<unk>", special_tokens=["<unk>"]
        )
    else:
        tokenizer = library.Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.pre_tokenizer = cut.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(
            vocab_size=size, show_progress=False, special_tokens=["[UNK]"]
        )
    tokenizer.train([path], trainer)

    def read() -> Learned:
        model = json.loads(tokenizer.to_str())["model"]
        return len(model["vocab"]), model.get("merges", [])

    return read


def _gigabpe(job: str, path: str, size: int) -> Reading:
    import gigabpe

    vocab, merges = gigabpe.train_bpe([path], vocab_size=size, pretokenizer="bytelevel", threads=1)
    return lambda: (len(vocab), [list(merge) for merge in merges])


def _lines(path: str) -> Any:
    with open(path, encoding="utf-8", newline="\n") as file:
        yield from file


def _rustbpe(job: str, path: str, size: int) -> Reading:
    import rustbpe

    tokenizer = rustbpe.Tokenizer()
    tokenizer.train_from_iterator(_lines(path), size, pattern=PATTERN)
    return lambda: (len(tokenizer.get_mergeable_ranks()), [])


def _bpeasy(job: str, path: str, size: int) -> Reading:
    import bpeasy

    made = bpeasy.train_bpe(_lines(path), PATTERN, 128, size)
    return lambda: (len(made), [])


def _youtokentome(job: str, path: str, size: int) -> Reading:
    import youtokentome

    with tempfile.NamedTemporaryFile() as model:
        made = youtokentome.BPE.train(data=path, vocab_size=size, model=model.name, n_threads=1)
        return lambda: (made.vocab_size(), [])


def _sentencepiece(job: str, path: str, size: int) -> Reading:
    import sentencepiece

    with tempfile.TemporaryDirectory() as folder:
        sentencepiece.SentencePieceTrainer.train(
            input=path,
            model_prefix=f"{folder}/m",
            vocab_size=size,
            model_type=job,
            character_coverage=1.0,
            normalization_rule_name="identity",
            max_sentence_length=1 << 24,
            num_threads=1,
            minloglevel=2,
        )
        model = Path(f"{folder}/m.model").read_bytes()
    return lambda: (len(sentencepiece.SentencePieceProcessor(model_proto=model)), [])


ENGINES: dict[str, tuple[Callable[[str, str, int], Reading], tuple[str, ...]]] = {
    "fissile": (lambda *a: _library("fissile", *a), ("bpe", "unigram", "wordpiece")),
    "tokenizers": (lambda *a: _library("tokenizers", *a), ("bpe", "unigram", "wordpiece")),
    "gigabpe": (_gigabpe, ("bpe",)),
    "rustbpe": (_rustbpe, ("bpe",)),
    "bpeasy": (_bpeasy, ("bpe",)),
    "youtokentome": (_youtokentome, ("bpe",)),
    "sentencepiece": (_sentencepiece, ("bpe", "unigram")),
}


def work(engine: str, job: str, path: str, size: int) -> dict[str, Any]:
    """One training, measured in the process that runs it."""
    __import__(engine)
    before = resource.getrusage(resource.RUSAGE_SELF)
    begun = time.perf_counter()
    read = ENGINES[engine][0](job, path, size)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF)
    most = peak()
    tokens, merges = read()
    return {
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "wall": wall,
        "rss": most,
        "tokens": tokens,
        "merges": hashlib.sha256(json.dumps(merges).encode()).hexdigest() if merges else "",
    }


def peak() -> float:
    """Most memory that this process had, in megabytes; `ru_maxrss` would count the parent's as well."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def corpus(megabytes: float, folder: Path) -> Path:
    """A file of so many megabytes of text, evenly out of all corpora, in lines."""
    from tests.support.corpora import corpus_names, documents

    path = folder / f"corpus-{megabytes:g}.txt"
    names = corpus_names()
    left = int(megabytes * 1_000_000)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for at, name in enumerate(names):
            share = left // (len(names) - at)
            for text in documents(name):
                if share <= 0:
                    break
                text = text[:share] + "\n"
                file.write(text)
                share -= len(text.encode())
                left -= len(text.encode())
    return path


def measure(engine: str, job: str, path: Path, size: int, python: str) -> dict[str, Any] | str:
    """What a fresh process says, or why it says nothing."""
    ours = engine == "fissile"
    environment = {
        **os.environ,
        "RAYON_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "true",
        "PYTHONPATH": os.pathsep.join([*([str(ROOT / "python")] if ours else []), str(ROOT)]),
    }
    command = [python, "-m", "bench.train", "--worker", engine, "--job", job, "--file", str(path)]
    done = subprocess.run(
        [*command, "--size", str(size)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["it failed"])[-1][:100]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def run(job: str, arguments: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """All engines that do a job, in turn."""
    path = corpus(arguments.megabytes, folder)
    size = arguments.size or SIZES[job]
    engines = [
        name for name, (_, jobs) in ENGINES.items() if job in jobs and name not in arguments.without
    ]
    rows = []
    for turn in range(arguments.rounds):
        for name in engines[turn % len(engines) :] + engines[: turn % len(engines)]:
            found = measure(name, job, path, size, arguments.python)
            if isinstance(found, str):
                print(f"{job:10} {name:14} {found}")
                continue
            rows.append(
                {
                    "job": job,
                    "engine": name,
                    "round": turn,
                    "size": size,
                    "megabytes": arguments.megabytes,
                    **found,
                }
            )
    show(job, rows)
    return rows


def show(job: str, rows: list[dict[str, Any]]) -> None:
    """The table of a job."""
    expected = {row["merges"] for row in rows if row["engine"] == "tokenizers"}
    expected = expected or {row["merges"] for row in rows if row["engine"] == "gigabpe"}
    ours = [row for row in rows if row["engine"] == "fissile"]
    for name in dict.fromkeys(row["engine"] for row in rows):
        mine = [row for row in rows if row["engine"] == name]
        cpu, rss = (sorted(row[key] for row in mine)[len(mine) // 2] for key in ("cpu", "rss"))
        base = sorted(row["cpu"] for row in ours)[len(ours) // 2] if ours else float("nan")
        learned = mine[0]["merges"]
        mark = ("=" if learned in expected else "≠") if learned else ""
        print(
            f"{job:10} {name:14} {cpu:8.2f} s CPU  {cpu / base:6.2f} x ours  {rss:7.0f} MB  "
            f"{mine[0]['tokens']:7} tokens {mark}",
            flush=True,
        )


def main() -> None:
    """Measure and record, or be one measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--job", action="append", default=[], choices=list(SIZES))
    parser.add_argument("--megabytes", type=float, default=10.0)
    parser.add_argument("--size", type=int, default=0, help="tokens; by default the job's")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", action="append", default=[], choices=list(ENGINES))
    parser.add_argument("--python", default=sys.executable, help="of the peers' environment")
    parser.add_argument("--no-record", action="store_true")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        print(json.dumps(work(arguments.worker, arguments.job[0], arguments.file, arguments.size)))
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for job in arguments.job or SIZES:
            rows += run(job, arguments, Path(folder))
    if rows and not arguments.no_record:
        jobs = "-".join(dict.fromkeys(row["job"] for row in rows))
        csv_record.write(f"train-{jobs}-{arguments.megabytes:g}mb", rows)


if __name__ == "__main__":
    main()
