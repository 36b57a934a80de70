"""Text as it is written: ids in, pieces of text out, each as soon as it is certain.

Example:
    >>> streamer = TextStreamer(tokenizer)  # doctest: +SKIP
    >>> model.generate(**inputs, streamer=streamer)  # doctest: +SKIP
"""

from __future__ import annotations

import queue
from collections.abc import Iterator
from typing import Any

from ..._rust import InvalidValueError
from ...decoders import DecodeStream


class TextStreamer:
    """Prints text as it is written. One row at a time.

    Args:
        tokenizer: Decodes ids.
        skip_prompt: Leave the prompt out.
        skip_special_tokens: Leave special tokens out.
    """

    def __init__(
        self, tokenizer: Any, skip_prompt: bool = False, skip_special_tokens: bool = False
    ) -> None:
        self._tokenizer = getattr(tokenizer, "backend_tokenizer", tokenizer)
        self._skips, self._is_prompt = skip_prompt, True
        self._special = skip_special_tokens
        self._stream = DecodeStream(skip_special_tokens=skip_special_tokens)

    def put(self, value: Any) -> None:
        """Take ids: first those of the prompt, then one after the other."""
        ids = value.tolist() if hasattr(value, "tolist") else list(value)
        if ids and isinstance(ids[0], list):
            if len(ids) > 1:
                raise InvalidValueError(f"{len(ids)} rows: a streamer takes one")
            ids = ids[0]
        skipped, self._is_prompt = self._is_prompt and self._skips, False
        if skipped:
            return
        for id in ids:
            piece = self._stream.step(self._tokenizer, id)
            if piece:
                self.write(piece)

    def end(self) -> None:
        """Take notice of the end, and be ready for another prompt."""
        self.finish()
        self._is_prompt = True
        self._stream = DecodeStream(skip_special_tokens=self._special)

    def write(self, piece: str) -> None:
        """Do something with a piece of text."""
        print(piece, end="", flush=True)

    def finish(self) -> None:
        """Do something at the end."""
        print(flush=True)


class TextIteratorStreamer(TextStreamer):
    """Gives text as it is written, to a loop in another thread.

    Args:
        tokenizer: Decodes ids.
        skip_prompt: Leave the prompt out.
        skip_special_tokens: Leave special tokens out.
        timeout: Seconds to wait for a piece; without end by default.
    """

    def __init__(
        self,
        tokenizer: Any,
        skip_prompt: bool = False,
        skip_special_tokens: bool = False,
        timeout: float | None = None,
    ) -> None:
        super().__init__(tokenizer, skip_prompt, skip_special_tokens)
        self._pieces: queue.Queue[str | None] = queue.Queue()
        self._timeout = timeout

    def write(self, piece: str) -> None:
        """Keep a piece for the loop."""
        self._pieces.put(piece)

    def finish(self) -> None:
        """Tell the loop that there is no more."""
        self._pieces.put(None)

    def __iter__(self) -> Iterator[str]:
        while (piece := self._pieces.get(timeout=self._timeout)) is not None:
            yield piece
