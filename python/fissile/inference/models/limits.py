"""What the forward passes of all architectures look at first: what is asked for, and whether it fits."""

from __future__ import annotations

from typing import Any

from ..._rust import InvalidValueError


def wants(options: dict[str, Any], config: Any) -> tuple[bool, bool]:
    """Say whether hidden states and whether weights of attention are asked for."""
    states, weights = options.get("output_hidden_states"), options.get("output_attentions")
    return (
        bool(config.output_hidden_states if states is None else states),
        bool(config.output_attentions if weights is None else weights),
    )


def check_length(tokens: int, limit: int) -> None:
    """Refuse sequences that are longer than there are positions.

    Raises:
        InvalidValueError: When they are.
    """
    if tokens > limit:
        raise InvalidValueError(
            f"a sequence of {tokens} tokens, and the model has {limit} positions: truncate it "
            f"(tokenizer(..., truncation=True, max_length={limit})), or cut it into parts "
            "(return_overflowing_tokens=True, stride=...)"
        )
