"""Vectors for texts: one a token, or one a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch.nn.functional as F

from ..._rust import InvalidValueError
from ..batching import Batch
from .base import Encoded, Pipeline, one_each

POOLINGS = ("mean", "cls", "none")


class FeatureExtractionPipeline(Pipeline):
    """Makes vectors of texts.

    A call takes `pooling`: "mean" and "cls" give one vector a text, the average of its tokens or that of
    its first; without it there is one a token, in a list of one. `normalize` makes them one long.
    `return_tensors` gives tensors in place of lists. `truncation` and `tokenize_kwargs` are the
    tokenizer's; where vectors are pooled, long texts are cut by default.
    """

    AUTO = "AutoModel"
    OPTIONS = frozenset(
        {"pooling", "normalize", "return_tensors", "truncation", "max_length", "tokenize_kwargs"}
    )

    def encode(self, items: Sequence[Any], options: dict[str, Any]) -> Encoded:
        """Encode texts."""
        tokenizing = dict(options.get("tokenize_kwargs") or {})
        if pooling_of(options) != "none":
            tokenizing.setdefault("truncation", True)
            tokenizing.setdefault("max_length", self.limit())
        tokenizing.update({k: options[k] for k in ("truncation", "max_length") if k in options})
        encoding = self.tokenizer(list(items), **tokenizing)
        return Encoded(self.columns(encoding), one_each(len(items)), [None] * len(items))

    def forward(self, batch: Batch, options: dict[str, Any]) -> Sequence[Any]:
        """Run the model."""
        states = self.model(**batch.model_inputs())[0]
        pooling = pooling_of(options)
        if pooling == "none":
            rows = [part[None].clone() for part in batch.by_token(states.float().cpu())]
            return [F.normalize(row, dim=-1) for row in rows] if options.get("normalize") else rows
        pooled = (batch.mean(states) if pooling == "mean" else batch.first(states)).float()
        return list((F.normalize(pooled, dim=-1) if options.get("normalize") else pooled).cpu())

    def answer(
        self, item: Any, rows: Sequence[Any], extra: Sequence[Any], options: dict[str, Any]
    ) -> Any:
        """Give lists, or tensors where these are asked for."""
        return rows[0] if options.get("return_tensors") else rows[0].tolist()


def pooling_of(options: dict[str, Any]) -> str:
    """Read how vectors are pooled.

    Raises:
        InvalidValueError: When there is no such way.
    """
    asked = options.get("pooling") or "none"
    if asked not in POOLINGS:
        raise InvalidValueError(f"pooling={asked!r}: one of {', '.join(POOLINGS)}")
    return str(asked)
