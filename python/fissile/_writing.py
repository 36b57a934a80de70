"""Files that nobody ever sees half of: written beside their place, and moved there when they are whole."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give the place to write to; what is there takes the place of `path` at the end, if nothing was raised.

    What stood at `path` stays as it was until then, and for good when something is raised.
    """
    # A place for each writer: of several that write one file, the last to end has it.
    writer = f"{os.getpid()}-{threading.get_ident()}"
    beside = path.with_name(f".{path.name}.{writer}.part")
    try:
        yield beside
        with open(beside, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
