"""Where writing stops: at ids that end a text, at strings, at a length."""

from __future__ import annotations

from typing import Any

import torch

from ..._rust import InvalidValueError
from .settings import Settings


class Ends:
    """Tells which rows have just ended.

    Args:
        settings: The ids and strings that end a text.
        longest: How many tokens there may be.
        prompt: How many there were before writing; strings in the prompt end nothing.
        tokenizer: Decodes ids, where strings are looked for.
    """

    def __init__(self, settings: Settings, longest: int, prompt: int, tokenizer: Any) -> None:
        if settings.stop_strings and tokenizer is None:
            raise InvalidValueError(
                f"stop_strings={list(settings.stop_strings)}: finding them needs generate(..., tokenizer=...)"
            )
        self._ids = settings.ends
        self._strings = settings.stop_strings
        self._longest, self._prompt = longest, prompt
        self._tokenizer = tokenizer
        # A token has at least one byte, but for special ones: so far back a string may begin.
        self._reach = max((len(text.encode()) for text in self._strings), default=0) + 8

    def __call__(self, ids: torch.Tensor) -> torch.Tensor:
        """Look at the last token of every row. *Shape:* `(rows, tokens)` to `(rows,)` of booleans."""
        last = ids[:, -1]
        ended = torch.zeros_like(last, dtype=torch.bool)
        for end in self._ids:
            ended |= last == end
        if self._strings:
            ended |= torch.tensor(self._finds_string(ids), device=ids.device)
        if ids.shape[1] >= self._longest:
            ended |= True
        return ended

    def _finds_string(self, ids: torch.Tensor) -> list[bool]:
        first = max(self._prompt, ids.shape[1] - self._reach)
        texts = self._tokenizer.batch_decode(ids[:, first:].tolist(), skip_special_tokens=True)
        return [any(string in text for string in self._strings) for text in texts]
