"""Rotary positions: queries and keys are turned by angles that grow with the position.

The kinds of stretching that configurations name (`rope_type`) change the frequencies, nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch

from ..._rust import UnsupportedError


class Rotary:
    """Angles by position. It holds no weights.

    Args:
        size: The size of a head.
        options: `rope_theta`, `rope_type`, and what the type needs.
        longest: The positions the model was made for.
    """

    def __init__(self, size: int, options: Mapping[str, Any], longest: int) -> None:
        self._options = dict(options)
        kind = str(options.get("rope_type", options.get("type", "default")))
        if kind not in _KINDS:
            raise UnsupportedError(f"rope_type {kind!r}: there are {', '.join(sorted(_KINDS))}")
        theta = float(options.get("rope_theta", 10000.0))
        part = float(options.get("partial_rotary_factor", 1.0))
        if part != 1.0:
            raise UnsupportedError(f"partial_rotary_factor {part}: only whole heads are turned")
        self._frequencies, self._scale = _KINDS[kind](theta, size, options, longest)

    def __call__(
        self, positions: torch.Tensor, dtype: torch.dtype
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Give cosines and sines. *Shape:* `(batch, tokens)` to two of `(batch, 1, tokens, size)`."""
        if self._frequencies.device != positions.device:
            self._frequencies = self._frequencies.to(positions.device)
        angles = positions[..., None].float() * self._frequencies
        angles = torch.cat((angles, angles), dim=-1)[:, None]
        return (angles.cos() * self._scale).to(dtype), (angles.sin() * self._scale).to(dtype)


def turned(hidden: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Turn heads. *Shape:* `(batch, heads, tokens, size)` to the same."""
    first, second = hidden.chunk(2, dim=-1)
    return hidden * cos + torch.cat((-second, first), dim=-1) * sin


def _plain(theta: float, size: int) -> torch.Tensor:
    return 1.0 / theta ** (torch.arange(0, size, 2, dtype=torch.float32) / size)


def _default(theta: float, size: int, _: Any, __: int) -> tuple[torch.Tensor, float]:
    return _plain(theta, size), 1.0


def _linear(theta: float, size: int, options: Any, _: int) -> tuple[torch.Tensor, float]:
    return _plain(theta, size) / float(options["factor"]), 1.0


def _llama3(theta: float, size: int, options: Any, longest: int) -> tuple[torch.Tensor, float]:
    """Leave high frequencies, slow low ones down, blend between."""
    frequencies = _plain(theta, size)
    factor = float(options["factor"])
    low, high = float(options["low_freq_factor"]), float(options["high_freq_factor"])
    original = float(options.get("original_max_position_embeddings", longest))
    waves = 2 * math.pi / frequencies
    slowed = torch.where(waves > original / low, frequencies / factor, frequencies)
    blend = (original / waves - low) / (high - low)
    blended = (1 - blend) * slowed / factor + blend * slowed
    between = (waves >= original / high) & (waves <= original / low)
    return torch.where(between, blended, slowed), 1.0


def _yarn(theta: float, size: int, options: Any, longest: int) -> tuple[torch.Tensor, float]:
    original = float(options.get("original_max_position_embeddings") or longest)
    factor = float(options.get("factor") or longest / original)
    low, high = (
        size * math.log(original / (turns * 2 * math.pi)) / (2 * math.log(theta))
        for turns in (options.get("beta_fast") or 32, options.get("beta_slow") or 1)
    )
    if options.get("truncate", True):
        low, high = math.floor(low), math.ceil(high)
    low, high = max(low, 0), min(high, size - 1)
    ramp = (torch.arange(size // 2, dtype=torch.float32) - low) / ((high - low) or 0.001)
    kept = 1 - ramp.clamp(0, 1)
    frequencies = _plain(theta, size)
    scale = options.get("attention_factor")
    if scale is None:
        scale = _yarn_scale(factor, options.get("mscale"), options.get("mscale_all_dim"))
    return frequencies / factor * (1 - kept) + frequencies * kept, float(scale)


def _yarn_scale(factor: float, one: float | None, all_dims: float | None) -> float:
    def scale(weight: float) -> float:
        return 1.0 if factor <= 1 else 0.1 * weight * math.log(factor) + 1.0

    return scale(one) / scale(all_dims) if one and all_dims else scale(1.0)


_KINDS = {"default": _default, "linear": _linear, "llama3": _llama3, "yarn": _yarn}
