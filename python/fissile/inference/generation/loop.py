"""Writing one token after another, the likeliest or one chosen by chance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from .sampling import Rule, choose
from .settings import Settings
from .stopping import Ends


def write(
    steps: Any,
    ids: torch.Tensor,
    settings: Settings,
    rules: list[Rule],
    ends: Ends,
    *,
    longest: int,
    generator: torch.Generator | None = None,
    tell: Callable[[torch.Tensor], None] | None = None,
) -> torch.Tensor:
    """Go on with every row until it ends.

    Args:
        steps: Scores what may come next.
        ids: The prompts. *Shape:* `(rows, tokens)`.
        settings: How to choose.
        rules: What is done to scores first.
        ends: Tells which rows have ended.
        longest: How many tokens there may be.
        generator: Where chance comes from; torch's own by default.
        tell: Called with the new tokens of all rows.

    Returns:
        The rows, filled up behind their ends. *Shape:* `(rows, tokens)`.
    """
    rows, begin = ids.shape
    room = torch.full((rows, longest), settings.filling, dtype=ids.dtype, device=ids.device)
    room[:, :begin] = ids
    open_rows = torch.ones(rows, dtype=torch.bool, device=ids.device)
    length = begin
    while length < longest:
        so_far = room[:, :length]
        scores = steps(so_far)
        for rule in rules:
            scores = rule(so_far, scores)
        chosen = choose(scores, settings.do_sample, generator)
        chosen = torch.where(open_rows, chosen, settings.filling)
        room[:, length] = chosen
        length += 1
        if tell is not None:
            tell(chosen)
        open_rows &= ~ends(room[:, :length])
        if not bool(open_rows.any()):
            break
    return room[:, :length]
