"""Training on a lot of text: time and peak memory of a process of its own, the text streamed.

    .venv/bin/python bench/train_memory.py                     # 1 GB, 52,000 tokens, two threads: at most 2 GB
    .venv/bin/python bench/train_memory.py --megabytes 300
    .venv/bin/python bench/train_memory.py --uncut --megabytes 10   # DNA-like, no pre-tokenizer

The text is that of all corpora again and again, documents in another order each time; in a tenth of each document
two letters change places, so that new words keep coming as they do in real text. With `--uncut` it is random
letters out of A, C, G and T, one text.

Exits with 1 where the process took more memory than `--limit`. What must not be concluded: how good the
vocabulary is.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def stream(megabytes: float) -> Iterator[str]:
    """So many megabytes of documents."""
    from tests.support.corpora import corpus_names, documents

    chance = random.Random(20_261_123)
    every = [text for name in corpus_names() for text in documents(name)]
    left = int(megabytes * 1_000_000)
    while left > 0:
        chance.shuffle(every)
        for text in every:
            begin = chance.randrange(len(text) + 1)
            end = begin + len(text) // 10
            a, b = chance.sample(LETTERS, 2)
            changed = text[begin:end].translate(str.maketrans(a + b, b + a))
            yield f"{text[:begin]}{changed}{text[end:]}"
            left -= len(text.encode())
            if left <= 0:
                return


def work(arguments: argparse.Namespace) -> None:
    """Train, and say what it took."""
    from fissile import Tokenizer, models, pre_tokenizers, trainers

    from bench.train import peak

    size = arguments.size
    if arguments.model == "unigram":
        tokenizer = Tokenizer(models.Unigram())
        trainer: trainers.Trainer = trainers.UnigramTrainer(vocab_size=size, show_progress=False)
    else:
        tokenizer = Tokenizer(models.BPE())
        trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False)
    if arguments.uncut:
        letters = random.Random(7).choices("ACGT", k=int(arguments.megabytes * 1_000_000))
        texts: Iterator[str] = iter(["".join(letters)])
        del letters
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        texts = stream(arguments.megabytes)
    before, begun, cpu = peak(), time.perf_counter(), time.process_time()
    counts = tokenizer.count_words(texts)
    counted, words, middle = time.perf_counter() - begun, len(counts), peak()
    tokenizer.train_from_counts(counts, trainer)
    print(
        json.dumps(
            {
                "model": arguments.model,
                "megabytes": arguments.megabytes,
                "tokens": tokenizer.get_vocab_size(),
                "words": words,
                "counting_s": round(counted, 1),
                "wall_s": round(time.perf_counter() - begun, 1),
                "cpu_s": round(time.process_time() - cpu, 1),
                "rss_before_mb": round(before),
                "rss_counted_mb": round(middle),
                "rss_mb": round(peak()),
            }
        )
    )


def main() -> int:
    """Measure in a child, or be the child."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=1000.0)
    parser.add_argument("--size", type=int, default=52_000, help="tokens")
    parser.add_argument("--model", choices=["bpe", "unigram"], default="bpe")
    parser.add_argument("--uncut", action="store_true", help="DNA-like text, no pre-tokenizer")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=float, default=2000.0, help="megabytes of memory at most")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        work(arguments)
        return 0
    path = os.pathsep.join([str(ROOT / "python"), str(ROOT)])
    environment = {**os.environ, "RAYON_NUM_THREADS": str(arguments.threads), "PYTHONPATH": path}
    command = [sys.executable, __file__, "--worker", *sys.argv[1:]]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    print(done.stdout.strip())
    return int(json.loads(done.stdout)["rss_mb"] > arguments.limit)


if __name__ == "__main__":
    sys.exit(main())
