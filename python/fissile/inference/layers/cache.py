"""Keys and values of tokens that were seen, so that generation computes each only once.

Room is made in strides: appending a token copies that token, not all those before it.

Example:
    >>> import torch
    >>> cache = LayerCache()
    >>> keys, values = cache.append(torch.zeros(1, 2, 3, 4), torch.zeros(1, 2, 3, 4))
    >>> cache.append(torch.ones(1, 2, 1, 4), torch.ones(1, 2, 1, 4))[0].shape
    torch.Size([1, 2, 4, 4])
"""

from __future__ import annotations

import torch

_STRIDE = 64


class LayerCache:
    """Keys and values of one layer. *Shape:* `(batch, heads, tokens, size)`."""

    def __init__(self) -> None:
        self._key: torch.Tensor | None = None
        self._value: torch.Tensor | None = None
        self.length = 0

    def append(self, key: torch.Tensor, value: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Add tokens; give all of them."""
        if self._key is None or self._value is None:
            # What comes first is often all there is: it is kept as it is.
            self._key, self._value, self.length = key, value, key.shape[2]
            return key, value
        end = self.length + key.shape[2]
        if end > self._key.shape[2] or not self._key.is_contiguous():
            self._key, self._value = _grown(self._key, end), _grown(self._value, end)
        self._key[:, :, self.length : end] = key
        self._value[:, :, self.length : end] = value
        self.length = end
        return self.read()

    def read(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Give keys and values of all tokens."""
        assert self._key is not None
        assert self._value is not None
        return self._key[:, :, : self.length], self._value[:, :, : self.length]

    def reorder(self, rows: torch.Tensor) -> None:
        """Take rows of the batch in another order, some perhaps several times."""
        if self._key is not None and self._value is not None:
            self._key = self._key.index_select(0, rows)
            self._value = self._value.index_select(0, rows)


def _grown(tensor: torch.Tensor, least: int) -> torch.Tensor:
    batch, heads, length, size = tensor.shape
    room = max(least + _STRIDE, length + length // 2)
    grown = tensor.new_empty(batch, heads, room, size)
    grown[:, :, :length] = tensor
    return grown


class Cache:
    """Keys and values of all layers, and of what they look at in an encoder.

    Args:
        layers: How many layers there are.
    """

    def __init__(self, layers: int) -> None:
        self.layers = [LayerCache() for _ in range(layers)]
        self.across = [LayerCache() for _ in range(layers)]

    @property
    def length(self) -> int:
        """How many tokens were seen."""
        return self.layers[0].length if self.layers else 0

    def get_seq_length(self) -> int:
        """Say how many tokens were seen, by the name that other libraries ask by."""
        return self.length

    def reorder(self, rows: torch.Tensor) -> None:
        """Take rows of the batch in another order, some perhaps several times."""
        for layer in (*self.layers, *self.across):
            layer.reorder(rows)
