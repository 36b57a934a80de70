"""Many threads, forks and callbacks: no wrong results, no hangs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import fissile
import pytest

from tests.support.build import words

TEXTS = ["my name is john"] * 40


def test_settings_of_a_call_stay_in_it() -> None:
    tokenizer = words(fissile)

    def lengths(length: int) -> set[int]:
        return {
            len(encoding)
            for _ in range(50)
            for encoding in tokenizer.encode_batch(TEXTS, truncation={"max_length": length})
        }

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lengths, [3, 4, 5, 6]))
    assert found == [{3}, {4}, {5}, {6}]
    assert tokenizer.truncation is None


def test_a_batch_sees_one_setting() -> None:
    """While another thread changes settings, every batch is of one piece."""
    tokenizer = words(fissile)
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            tokenizer.enable_truncation(3)
            tokenizer.enable_truncation(5)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(100):
            assert {len(encoding) for encoding in tokenizer.encode_batch(TEXTS)} in ({3}, {5}, {6})
    finally:
        stop.set()
        thread.join()


def test_parts_change_while_others_encode() -> None:
    tokenizer = words(fissile, special=False)
    errors: list[BaseException] = []

    def encode() -> None:
        try:
            for _ in range(60):
                assert tokenizer.encode_batch(TEXTS)[0].ids == [4, 5, 6, 7]
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=encode) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(200):
        tokenizer.normalizer = fissile.normalizers.Lowercase()
        tokenizer.normalizer = None
        tokenizer.add_tokens([])
    for thread in threads:
        thread.join()
    assert not errors


def test_others_run_meanwhile() -> None:
    tokenizer = words(fissile)
    text = "hello world " * 400_000
    ticks = 0
    done = threading.Event()

    def encode() -> None:
        tokenizer.encode(text)
        tokenizer.encode_ids(text)
        done.set()

    thread = threading.Thread(target=encode)
    thread.start()
    while not done.is_set():
        ticks += 1
        time.sleep(0.001)
    thread.join()
    assert ticks > 3


def _child(tokenizer: Any, queue: Any) -> None:
    queue.put([encoding.ids for encoding in tokenizer.encode_batch(TEXTS)][:2])


@pytest.mark.parametrize("parallelism", ["true", "false", None])
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_fork_after_use(monkeypatch: pytest.MonkeyPatch, parallelism: str | None) -> None:
    if parallelism is None:
        monkeypatch.delenv("TOKENIZERS_PARALLELISM", raising=False)
    else:
        monkeypatch.setenv("TOKENIZERS_PARALLELISM", parallelism)
    tokenizer = words(fissile)
    expected = [encoding.ids for encoding in tokenizer.encode_batch(TEXTS)][:2]
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=_child, args=(tokenizer, queue))
    process.start()
    assert queue.get(timeout=30) == expected
    process.join(timeout=30)
    assert process.exitcode == 0


FORK_AFTER_ASYNC = """
import asyncio, os, sys, warnings
warnings.simplefilter("ignore")
import fissile
from tests.support.build import words
t = words(fissile)
async def run():
    return [e.ids for e in await t.async_encode_batch(["my name"] * 30)]
first = asyncio.run(run())
child = os.fork()
if child == 0:
    os._exit(0 if asyncio.run(run()) == first else 3)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_fork_after_asynchronous_use() -> None:
    done = subprocess.run([sys.executable, "-c", FORK_AFTER_ASYNC], timeout=60, check=False)
    assert done.returncode == 0


EXIT_AFTER_ASYNC = """
import asyncio, fissile
from tests.support.build import words
t = words(fissile)
async def run():
    t.async_encode_batch(["my name"] * 200)
    await t.async_encode("my name")
asyncio.run(run())
"""


def test_exit_right_after_asynchronous_use() -> None:
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", EXIT_AFTER_ASYNC], timeout=60, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr


INTERRUPTED = """
import fissile, signal, sys
from tests.support.build import byte_level
# A shell's background job ignores the signal, and its children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
t = byte_level(fissile)
print("ready", flush=True)
try:
    while True:
        t.encode_batch(["hello world " * 2000] * 200)
except KeyboardInterrupt:
    sys.exit(42)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_control_c() -> None:
    process = subprocess.Popen([sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    process.stdout.close()
    assert process.wait(timeout=30) == 42


def test_texts_to_train_on_may_come_from_the_tokenizer_itself() -> None:
    tokenizer = words(fissile, special=False)
    tokenizer.normalizer = fissile.normalizers.Lowercase()

    def texts() -> Iterator[str]:
        for number in range(300):
            tokenizer.encode("my name")
            yield tokenizer.normalizer.normalize_str(f"Text {number}")

    tokenizer.train_from_iterator(texts(), fissile.trainers.WordLevelTrainer(show_progress=False))
    assert tokenizer.get_vocab_size() == 301


def test_others_encode_while_one_trains() -> None:
    tokenizer = words(fissile, special=False)
    before = tokenizer.encode("my name").ids
    waits, seen = threading.Event(), threading.Event()

    def texts() -> Iterator[str]:
        yield "other words"
        waits.set()
        assert seen.wait(timeout=30)

    trainer = fissile.trainers.WordLevelTrainer(show_progress=False)
    with ThreadPoolExecutor(1) as pool:
        trained = pool.submit(tokenizer.train_from_iterator, texts(), trainer)
        assert waits.wait(timeout=30)
        assert tokenizer.encode("my name").ids == before
        seen.set()
        trained.result(timeout=30)
    assert set(tokenizer.get_vocab()) == {"other", "words"}


def test_one_thread_or_many() -> None:
    tokenizer = words(fissile)
    texts = [f"my name is {number}" for number in range(300)]
    expected = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    for threads in (1, 2, 7):
        found = tokenizer.encode_batch(texts, num_threads=threads)
        assert [encoding.ids for encoding in found] == expected
