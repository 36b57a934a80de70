"""What a call gives, failures included, as a value that can be compared."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

PANIC = "panicked"


def attempt(call: Callable[[], Any]) -> Any:
    """What a call gives, or what kind of failure it is; how failures are worded is asserted elsewhere."""
    try:
        return call()
    except Exception as error:
        kind = "TypeError" if isinstance(error, TypeError) else "an error"
        return PANIC if "internal error:" in str(error) else f"refused with {kind}"
    except BaseException as error:
        # The reference's panics are not exceptions.
        if type(error).__name__ != "PanicException":
            raise
        return PANIC


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Nothing that is written to file descriptor 2 is shown: the reference reports its panics there."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
