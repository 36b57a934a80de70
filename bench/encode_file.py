"""Memory and speed of encoding a file that may be larger than memory.

    python -m bench.encode_file TOKENIZER TEXTS [--megabytes 500]

TEXTS is written again and again until the file has the size; its lines are the documents.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from bench.worker import peak, resident


def _enlarged(source: Path, target: Path, megabytes: float) -> None:
    text = source.read_bytes()
    with open(target, "wb") as file:
        while file.tell() < megabytes * 1e6:
            file.write(text)


def main() -> None:
    """Print one line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("tokenizer")
    options.add_argument("texts", type=Path)
    options.add_argument("--megabytes", type=float, default=500)
    chosen = options.parse_args()
    from fissile import Tokenizer
    from fissile.tools import encode_file

    tokenizer = Tokenizer.from_file(chosen.tokenizer)
    tokenizer.encode_ids("first")
    with tempfile.TemporaryDirectory() as folder:
        texts, ids = Path(folder, "texts"), Path(folder, "ids")
        _enlarged(chosen.texts, texts, chosen.megabytes)
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before, clock = resident(), time.process_time()
        done = encode_file(tokenizer, texts, ids)
        seconds = time.process_time() - clock
        print(
            f"{done.bytes / 1e6:.0f} MB of text, {os.path.getsize(ids) / 1e6:.0f} MB of ids: "
            f"{peak() - before:.0f} MB of memory, {done.bytes / 1e6 / seconds:.0f} MB/s of CPU"
        )


if __name__ == "__main__":
    main()
