"""The plain layers of torch, made without filling them.

A model that is loaded gets all of its weights from a file: making random ones first costs time and, with
torch's own layers on the device "meta", the import of half of torch's compiler.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from ..._rust import InvalidValueError, UnsupportedError

_EMPTY: ContextVar[bool] = ContextVar("fissile_weights_are_empty", default=False)


@contextlib.contextmanager
def without_weights() -> Iterator[None]:
    """Make layers whose weights have a shape and no memory."""
    token = _EMPTY.set(True)
    try:
        yield
    finally:
        _EMPTY.reset(token)


def weight(*shape: int, fill: str = "normal", std: float = 0.02) -> nn.Parameter:
    """Make a weight: a mere shape, or random, or of zeros or ones."""
    if _EMPTY.get():
        return nn.Parameter(torch.empty(*shape, device="meta"))
    made = torch.empty(*shape)
    if fill == "normal":
        made.normal_(0.0, std)
    else:
        made.fill_(1.0 if fill == "ones" else 0.0)
    return nn.Parameter(made)


class Linear(nn.Module):
    """A linear map.

    Args:
        inputs: The size of a vector that goes in.
        outputs: The size of a vector that comes out.
        bias: Add a bias.

    *Shape:* `(..., inputs)` to `(..., outputs)`.
    """

    def __init__(self, inputs: int, outputs: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = weight(outputs, inputs)
        self.bias = weight(outputs, fill="zeros") if bias else None

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Map vectors."""
        return F.linear(hidden, self.weight, self.bias)

    def extra_repr(self) -> str:
        """Say the sizes."""
        return f"{self.weight.shape[1]}, {self.weight.shape[0]}, bias={self.bias is not None}"


class TransposedLinear(nn.Module):
    """A linear map whose weight is stored inputs first, as GPT-2's are.

    *Shape:* `(..., inputs)` to `(..., outputs)`.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = weight(inputs, outputs)
        self.bias = weight(outputs, fill="zeros")

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Map vectors."""
        return F.linear(hidden, self.weight.t(), self.bias)


class Embedding(nn.Module):
    """A vector for every id.

    Args:
        count: How many ids there are.
        size: The size of a vector.
        name: What ids stand for, for messages.

    *Shape:* `(...)` of integers to `(..., size)`.
    """

    def __init__(self, count: int, size: int, name: str = "id") -> None:
        super().__init__()
        self.weight = weight(count, size)
        self._name = name

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Look vectors up.

        Raises:
            InvalidValueError: When there is no vector for an id. On a GPU only torch's own error tells.
        """
        try:
            return F.embedding(ids, self.weight)
        except IndexError as error:
            low, high = int(ids.min()), int(ids.max())
            bad = low if low < 0 else high
            raise InvalidValueError(
                f"{self._name} {bad}: the model has {self.weight.shape[0]} of them, 0 to "
                f"{self.weight.shape[0] - 1}. Look whether tokenizer and model belong together"
            ) from error


class LayerNorm(nn.Module):
    """Layer normalization with scale and shift.

    *Shape:* `(..., size)` to the same.
    """

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = weight(size, fill="ones")
        self.bias = weight(size, fill="zeros")
        self._eps = eps

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Normalize vectors."""
        return F.layer_norm(hidden, self.weight.shape, self.weight, self.bias, self._eps)


class RMSNorm(nn.Module):
    """Normalization by the root of the mean square, computed in float32.

    Args:
        size: The size of a vector.
        eps: Added to the mean square.
        offset: Added to the scale: 1 where files hold the scale less one.

    *Shape:* `(..., size)` to the same.
    """

    def __init__(self, size: int, eps: float, offset: float = 0.0) -> None:
        super().__init__()
        self.weight = weight(size, fill="zeros" if offset else "ones")
        self._eps, self._offset = eps, offset

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Normalize vectors."""
        wide = hidden.float()
        wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self._eps)
        if self._offset:
            return (wide * (self._offset + self.weight.float())).to(hidden.dtype)
        return self.weight * wide.to(hidden.dtype)


def _gelu_tanh(hidden: torch.Tensor) -> torch.Tensor:
    return F.gelu(hidden, approximate="tanh")


def _quick_gelu(hidden: torch.Tensor) -> torch.Tensor:
    return hidden * torch.sigmoid(1.702 * hidden)


ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "gelu": F.gelu,
    "gelu_fast": _gelu_tanh,
    "gelu_new": _gelu_tanh,
    "gelu_pytorch_tanh": _gelu_tanh,
    "quick_gelu": _quick_gelu,
    "relu": F.relu,
    "sigmoid": torch.sigmoid,
    "silu": F.silu,
    "swish": F.silu,
    "tanh": torch.tanh,
}


def activation(name: Any) -> Callable[[torch.Tensor], torch.Tensor]:
    """Find an activation by the name that configurations give it.

    Raises:
        UnsupportedError: When there is none of that name.
    """
    if name not in ACTIVATIONS:
        raise UnsupportedError(f"activation {name!r}: there are {', '.join(sorted(ACTIVATIONS))}")
    return ACTIVATIONS[name]
