"""Layers of transformers that normalize after adding: BERT's, RoBERTa's, DistilBERT's, BART's, Marian's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from .attention import Attention
from .basic import LayerNorm, Linear
from .scope import Scope


class FeedForward(nn.Module):
    """Two linear maps with an activation between.

    *Shape:* `(..., size)` to the same.
    """

    def __init__(
        self,
        size: int,
        inner: int,
        act: Callable[[torch.Tensor], torch.Tensor],
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.up = Linear(size, inner)
        self.down = Linear(inner, size)
        self._act, self._dropout = act, dropout

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Map vectors."""
        inner = self._act(self.up(hidden))
        if self.training and self._dropout:
            inner = F.dropout(inner, self._dropout)
        return self.down(inner)


class EncoderLayer(nn.Module):
    """Attention, then two linear maps; each is added and normalized.

    Args:
        attention: The attention.
        feed_forward: The maps.
        size: The size of hidden vectors.
        eps: Of the normalizations.
        dropout: How much is dropped in training before it is added.
    """

    def __init__(
        self, attention: Attention, feed_forward: nn.Module, size: int, eps: float, dropout: float
    ) -> None:
        super().__init__()
        self.attention = attention
        self.attention_norm = LayerNorm(size, eps)
        self.feed_forward = feed_forward
        self.norm = LayerNorm(size, eps)
        self._dropout = dropout

    def forward(
        self, hidden: torch.Tensor, scope: Scope, weights: bool = False
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Go through the layer. *Shape:* `(batch, tokens, size)` to the same, and the weights."""
        taken, found = self.attention(hidden, scope, weights=weights)
        hidden = self.attention_norm(hidden + self._drop(taken))
        return self.norm(hidden + self._drop(self.feed_forward(hidden))), found

    def _drop(self, hidden: torch.Tensor) -> torch.Tensor:
        return F.dropout(hidden, self._dropout) if self.training else hidden


class CrossLayer(nn.Module):
    """A decoder's layer: attention to what is before, to an encoder's states, then two linear maps."""

    def __init__(
        self,
        attention: Attention,
        across: Attention,
        feed_forward: nn.Module,
        size: int,
        eps: float,
        dropout: float,
    ) -> None:
        super().__init__()
        self.attention = attention
        self.attention_norm = LayerNorm(size, eps)
        self.across = across
        self.across_norm = LayerNorm(size, eps)
        self.feed_forward = feed_forward
        self.norm = LayerNorm(size, eps)
        self._dropout = dropout

    def forward(
        self,
        hidden: torch.Tensor,
        scope: Scope,
        context: torch.Tensor,
        context_scope: Scope,
        *,
        cache: Any = None,
        across_cache: Any = None,
        weights: bool = False,
    ) -> tuple[torch.Tensor, torch.Tensor | None, torch.Tensor | None]:
        """Go through the layer. *Shape:* `(batch, tokens, size)` to the same, and the two weights."""
        taken, found = self.attention(hidden, scope, cache=cache, weights=weights)
        hidden = self.attention_norm(hidden + self._drop(taken))
        taken, found_across = self.across(
            hidden, context_scope, context=context, cache=across_cache, weights=weights
        )
        hidden = self.across_norm(hidden + self._drop(taken))
        hidden = self.norm(hidden + self._drop(self.feed_forward(hidden)))
        return hidden, found, found_across

    def _drop(self, hidden: torch.Tensor) -> torch.Tensor:
        return F.dropout(hidden, self._dropout) if self.training else hidden


class Trail:
    """What a stack of layers leaves behind, where it is asked for.

    Args:
        states: Keep the hidden states before every layer and after the last.
        weights: Keep the weights of attention.
    """

    def __init__(self, states: bool, weights: bool) -> None:
        self.weights = weights
        self._states: list[torch.Tensor] | None = [] if states else None
        self._found: list[torch.Tensor] | None = [] if weights else None
        self._across: list[torch.Tensor] | None = [] if weights else None

    def state(self, hidden: torch.Tensor) -> None:
        """Keep hidden states."""
        if self._states is not None:
            self._states.append(hidden)

    def found(self, weights: torch.Tensor | None, across: torch.Tensor | None = None) -> None:
        """Keep the weights of a layer."""
        if self._found is not None and weights is not None:
            self._found.append(weights)
        if self._across is not None and across is not None:
            self._across.append(across)

    @property
    def hidden_states(self) -> tuple[torch.Tensor, ...] | None:
        """The hidden states, `None` when they were not asked for."""
        return None if self._states is None else tuple(self._states)

    @property
    def attentions(self) -> tuple[torch.Tensor, ...] | None:
        """The weights, one a layer."""
        return None if self._found is None else tuple(self._found)

    @property
    def cross_attentions(self) -> tuple[torch.Tensor, ...] | None:
        """The weights over an encoder's states, one a layer."""
        return None if self._across is None else tuple(self._across)
