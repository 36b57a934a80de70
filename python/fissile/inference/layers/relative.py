"""Relative positions in buckets, as T5 adds them to attention scores."""

from __future__ import annotations

import math

import torch
from torch import nn

from .basic import Embedding


def bucket(distance: torch.Tensor, both_ways: bool, buckets: int, farthest: int) -> torch.Tensor:
    """Number distances: near ones one by one, far ones in steps that grow.

    Args:
        distance: Position of the key less that of the query.
        both_ways: Keys may stand behind the query; they get the upper half of the buckets.
        buckets: How many buckets there are.
        farthest: From here on all distances share the last bucket.

    Returns:
        The buckets. *Shape:* as `distance`.

    Example:
        >>> bucket(torch.tensor([-9, -1, 0, 1]), True, 8, 16).tolist()
        [3, 1, 0, 5]
    """
    first = torch.zeros_like(distance)
    if both_ways:
        buckets //= 2
        first = (distance > 0).long() * buckets
        distance = distance.abs()
    else:
        distance = (-distance).clamp(min=0)
    exact = buckets // 2
    steps = torch.log(distance.float() / exact) / math.log(farthest / exact) * (buckets - exact)
    far = (exact + steps.long()).clamp(max=buckets - 1)
    return first + torch.where(distance < exact, distance, far)


class RelativeBias(nn.Module):
    """What is added to the scores of heads, by distance."""

    def __init__(self, heads: int, buckets: int, farthest: int, both_ways: bool) -> None:
        super().__init__()
        self.table = Embedding(buckets, heads)
        self._buckets, self._farthest, self._both_ways = buckets, farthest, both_ways

    def forward(self, queries: int, keys: int) -> torch.Tensor:
        """Give the bias of the last `queries` of `keys` tokens. *Shape:* `(1, heads, queries, keys)`."""
        device = self.table.weight.device
        rows = torch.arange(keys - queries, keys, device=device)[:, None]
        distance = torch.arange(keys, device=device)[None, :] - rows
        found = bucket(distance, self._both_ways, self._buckets, self._farthest)
        return self.table(found).permute(2, 0, 1)[None]
