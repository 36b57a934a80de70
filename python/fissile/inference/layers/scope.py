"""What every token may look at: padding, order in time, borders between packed texts.

A `Scope` is made once a forward pass and read by every attention layer. Where nothing is hidden it holds
no mask at all, so that the fast kernels of `scaled_dot_product_attention` can be taken.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch

from ..._rust import InvalidValueError


class Packing(NamedTuple):
    """Texts laid end to end in one row.

    Attributes:
        borders: Where texts begin, and where the last one ends; 32-bit integers. *Shape:* `(texts + 1,)`.
        longest: The length of the longest text.
    """

    borders: torch.Tensor
    longest: int

    def lengths(self) -> list[int]:
        """Give the length of every text."""
        return list((self.borders[1:] - self.borders[:-1]).tolist())

    def positions(self, tokens: int) -> torch.Tensor:
        """Number every token in its own text. *Shape:* `(1, tokens)`.

        Args:
            tokens: How many there are in all; counting them here would make a GPU wait.
        """
        return torch.arange(tokens, device=self.borders.device)[None] - self.spread(
            self.borders[:-1].long(), tokens
        )

    def spread(self, values: torch.Tensor, tokens: int) -> torch.Tensor:
        """Give every token the value of its text. *Shape:* `(texts,)` to `(tokens,)`."""
        lengths = (self.borders[1:] - self.borders[:-1]).long()
        return values.repeat_interleave(lengths, output_size=tokens)


class Scope(NamedTuple):
    """What tokens may look at.

    Attributes:
        allowed: Which keys a query may look at. *Shape:* broadcasts to `(batch, heads, queries, keys)`.
        causal: Queries look at nothing after them; only where there is no mask.
        packing: The texts of the one row.
        window: How many tokens back a query may look.
    """

    allowed: torch.Tensor | None = None
    causal: bool = False
    packing: Packing | None = None
    window: int | None = None


def packing_of(options: dict[str, Any]) -> Packing | None:
    """Take the borders of packed texts out of the options of a forward pass.

    Args:
        options: May hold `cu_seq_lens_q` and `max_length_q`, as `PackingCollator` gives them.

    Returns:
        The packing, `None` where texts are not packed.
    """
    borders = options.pop("cu_seq_lens_q", None)
    longest = options.pop("max_length_q", None)
    options.pop("cu_seq_lens_k", None)
    options.pop("max_length_k", None)
    if borders is None:
        return None
    if longest is None:
        longest = int((borders[1:] - borders[:-1]).max())
    return Packing(borders, int(longest))


def padding(attention_mask: torch.Tensor | None) -> torch.Tensor | None:
    """Read an attention mask; `None` when it hides nothing.

    *Shape:* `(batch, keys)` of ones and zeros to `(batch, 1, 1, keys)` of booleans.
    """
    if attention_mask is None:
        return None
    if attention_mask.dim() != 2:
        raise InvalidValueError(
            f"attention_mask has {attention_mask.dim()} axes; expected (batch, tokens) of ones and zeros"
        )
    seen = attention_mask.bool()
    return None if bool(seen.all()) else seen[:, None, None, :]


def both_ways(attention_mask: torch.Tensor | None, packing: Packing | None = None) -> Scope:
    """Let every token look at every other of its text."""
    return Scope(packing=packing) if packing is not None else Scope(padding(attention_mask))


def one_way(
    attention_mask: torch.Tensor | None,
    queries: int,
    keys: int,
    device: Any,
    *,
    packing: Packing | None = None,
    window: int | None = None,
) -> Scope:
    """Let every token look at itself and what is before it.

    Args:
        attention_mask: Which keys are no padding. *Shape:* `(batch, keys)`.
        queries: How many tokens look; they are the last ones.
        keys: How many tokens are looked at.
        device: Where masks are made.
        packing: The texts of the one row.
        window: How many tokens back one may look.

    Returns:
        The scope.
    """
    if packing is not None:
        return Scope(causal=True, packing=packing, window=window)
    hidden = padding(attention_mask)
    bounded = window is not None and keys > window
    if hidden is None and not bounded:
        if queries == keys:
            return Scope(causal=True)
        if queries == 1:
            return Scope()
    rows = torch.arange(keys - queries, keys, device=device)[:, None]
    columns = torch.arange(keys, device=device)[None, :]
    allowed = columns <= rows
    if bounded:
        allowed = allowed & (columns > rows - int(window or 0))
    allowed = allowed[None, None]
    if hidden is not None:
        # Padding looks at itself: a row that may look at nothing has no softmax.
        allowed = (allowed & hidden) | (columns == rows)
    return Scope(allowed)
