"""Attention: queries look at keys and take values, in whatever way is fastest and exact.

Rows that are padded go through `scaled_dot_product_attention`. Packed texts go through the
variable-length kernel on a GPU that has it, elsewhere text by text, those of one length together.
"""

from __future__ import annotations

import functools
import inspect
import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from .basic import Linear
from .rotary import turned
from .scope import Packing, Scope, one_way

_HALF = (torch.float16, torch.bfloat16)


def attend(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    scope: Scope,
    *,
    scale: float | None = None,
    bias: torch.Tensor | None = None,
    dropout: float = 0.0,
    weights: bool = False,
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Let queries look at keys.

    Args:
        query: *Shape:* `(batch, heads, queries, size)`.
        key: *Shape:* `(batch, groups, keys, size)`; `groups` divides `heads`.
        value: As `key`.
        scope: What may be looked at.
        scale: What scores are multiplied by; one over the root of the size by default.
        bias: Added to the scores. *Shape:* broadcasts to `(batch, heads, queries, keys)`.
        dropout: How much of the weights is dropped.
        weights: Give the weights as well; slower, since they have to be written down.

    Returns:
        What was taken, *Shape:* `(batch, heads, queries, size)`, and the weights or `None`.
    """
    if scope.packing is not None:
        return _packed(query, key, value, scope, scale, bias), None
    groups = query.shape[1] // key.shape[1]
    if groups > 1:
        key, value = (_spread(tensor, groups) for tensor in (key, value))
    if weights:
        return _written_down(query, key, value, scope, scale, bias, dropout)
    mask = scope.allowed
    if bias is not None:
        mask = _added(bias, scope, query.shape[-2], key.shape[-2]).to(query.dtype)
    causal = scope.causal and mask is None
    taken = F.scaled_dot_product_attention(
        query, key, value, attn_mask=mask, dropout_p=dropout, is_causal=causal, scale=scale
    )
    return taken, None


def _spread(tensor: torch.Tensor, groups: int) -> torch.Tensor:
    batch, heads, length, size = tensor.shape
    wide = tensor[:, :, None].expand(batch, heads, groups, length, size)
    return wide.reshape(batch, heads * groups, length, size)


def _added(bias: torch.Tensor, scope: Scope, queries: int, keys: int) -> torch.Tensor:
    allowed = scope.allowed
    if scope.causal:
        allowed = torch.ones(queries, keys, dtype=torch.bool, device=bias.device).tril()
    if allowed is None:
        return bias
    return bias.masked_fill(~allowed, torch.finfo(bias.dtype).min)


def _written_down(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    scope: Scope,
    scale: float | None,
    bias: torch.Tensor | None,
    dropout: float,
) -> tuple[torch.Tensor, torch.Tensor]:
    scores = query @ key.transpose(-1, -2)
    scores = scores * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)
    zero = scores.new_zeros(()) if bias is None else bias.to(scores.dtype)
    scores = scores + _added(zero, scope, query.shape[-2], key.shape[-2])
    found = scores.float().softmax(-1).to(query.dtype)
    dropped = F.dropout(found, dropout) if dropout else found
    return dropped @ value, found


# Packed texts.


def _packed(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    scope: Scope,
    scale: float | None,
    bias: torch.Tensor | None,
) -> torch.Tensor:
    packing = scope.packing
    assert packing is not None
    if bias is None and scope.window is None and _has_kernel(query):
        return _in_kernel(query, key, value, packing, scope.causal, scale)
    return _text_by_text(query, key, value, scope, scale)


def _has_kernel(query: torch.Tensor) -> bool:
    return query.is_cuda and query.dtype in _HALF and _kernel() is not None


@functools.cache
def _kernel() -> Any:
    """Find torch's kernel; older ones have none, or one that is called in another way."""
    try:
        from torch.nn.attention.varlen import varlen_attn
    except ImportError:
        return None
    return varlen_attn if "window_size" in inspect.signature(varlen_attn).parameters else None


def _in_kernel(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    packing: Packing,
    causal: bool,
    scale: float | None,
) -> torch.Tensor:
    groups = query.shape[1] // key.shape[1]
    if groups > 1:
        key, value = (_spread(tensor, groups) for tensor in (key, value))
    rows = [tensor[0].transpose(0, 1).contiguous() for tensor in (query, key, value)]
    window = (-1, 0) if causal else (-1, -1)
    taken = _kernel()(
        *rows,
        packing.borders,
        packing.borders,
        packing.longest,
        packing.longest,
        scale=scale,
        window_size=window,
    )
    return taken.transpose(0, 1)[None]


def _text_by_text(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    scope: Scope,
    scale: float | None,
) -> torch.Tensor:
    """Attend within every text, those of one length in one call."""
    assert scope.packing is not None
    taken = torch.empty_like(query)
    starts = scope.packing.borders.tolist()
    by_length: dict[int, list[int]] = {}
    for start, length in zip(starts, scope.packing.lengths(), strict=False):
        by_length.setdefault(length, []).append(start)
    for length, firsts in by_length.items():
        steps = torch.arange(length, device=query.device)
        places = torch.tensor(firsts, device=query.device)[:, None] + steps
        rows, columns, values = (
            tensor[0][:, places].transpose(0, 1) for tensor in (query, key, value)
        )
        inner = Scope()
        if scope.causal:
            inner = one_way(None, length, length, query.device, window=scope.window)
        found, _ = attend(rows, columns, values, inner, scale=scale)
        taken[0][:, places] = found.transpose(0, 1)
    return taken


# The layer.


class Attention(nn.Module):
    """Attention with its four linear maps.

    Args:
        size: The size of hidden vectors.
        heads: How many heads look.
        groups: How many heads are looked at; as many as look by default.
        head_size: The size of a head; what `size` gives each by default.
        bias: The maps of queries, keys and values have biases.
        output_bias: The map of what was taken has one; as `bias` by default.
        scale: What scores are multiplied by.
        dropout: How much of the weights is dropped in training.
    """

    def __init__(
        self,
        size: int,
        heads: int,
        *,
        groups: int | None = None,
        head_size: int | None = None,
        bias: bool = True,
        output_bias: bool | None = None,
        scale: float | None = None,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        groups = groups or heads
        self.head_size = head_size or size // heads
        self.query = Linear(size, heads * self.head_size, bias)
        self.key = Linear(size, groups * self.head_size, bias)
        self.value = Linear(size, groups * self.head_size, bias)
        self.output = Linear(
            heads * self.head_size, size, bias if output_bias is None else output_bias
        )
        self.query_norm: nn.Module | None = None
        self.key_norm: nn.Module | None = None
        self._scale, self._dropout = scale, dropout

    def forward(
        self,
        hidden: torch.Tensor,
        scope: Scope,
        *,
        context: torch.Tensor | None = None,
        cache: Any = None,
        bias: torch.Tensor | None = None,
        angles: tuple[torch.Tensor, torch.Tensor] | None = None,
        weights: bool = False,
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Look around.

        Args:
            hidden: Who looks. *Shape:* `(batch, queries, size)`.
            scope: What may be looked at.
            context: What is looked at; `hidden` by default. *Shape:* `(batch, keys, size)`.
            cache: Keys and values from before, a `LayerCache`; those of `context` are computed once.
            bias: Added to the scores.
            angles: Cosines and sines that queries and keys are turned by.
            weights: Give the weights as well.

        Returns:
            New hidden vectors, *Shape:* `(batch, queries, size)`, and the weights or `None`.
        """
        query = self.heads(self.query(hidden))
        if context is not None and cache is not None and cache.length:
            key, value = cache.read()
        else:
            source = hidden if context is None else context
            key, value = self.heads(self.key(source)), self.heads(self.value(source))
            if self.query_norm is not None and self.key_norm is not None:
                query, key = self.query_norm(query), self.key_norm(key)
            if angles is not None:
                query, key = turned(query, *angles), turned(key, *angles)
            if cache is not None:
                key, value = cache.append(key, value)
        dropout = self._dropout if self.training else 0.0
        taken, found = attend(
            query, key, value, scope, scale=self._scale, bias=bias, dropout=dropout, weights=weights
        )
        return self.output(taken.transpose(1, 2).flatten(2)), found

    def heads(self, hidden: torch.Tensor) -> torch.Tensor:
        """Split vectors into heads. *Shape:* `(batch, tokens, size)` to `(batch, heads, tokens, size)`."""
        return hidden.unflatten(-1, (-1, self.head_size)).transpose(1, 2)
