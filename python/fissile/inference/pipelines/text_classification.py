"""Labels for texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ..._rust import InvalidValueError
from ..batching import Batch
from .base import Encoded, Pipeline, one_each

TOKENIZING = frozenset({"truncation", "max_length", "add_special_tokens", "is_split_into_words"})


class TextClassificationPipeline(Pipeline):
    """Labels texts.

    A call takes `top_k` (how many labels; `None` for all; a list of them then, likeliest first),
    `function_to_apply` ("softmax", "sigmoid", "none"), and options of the tokenizer.
    """

    AUTO = "AutoModelForSequenceClassification"
    OPTIONS = frozenset({"top_k", "function_to_apply", "return_all_scores"}) | TOKENIZING

    def encode(self, items: Sequence[Any], options: dict[str, Any]) -> Encoded:
        """Encode texts, and pairs given as mappings of `text` and `text_pair`."""
        texts = [item["text"] if isinstance(item, Mapping) else item for item in items]
        pairs = [item.get("text_pair") if isinstance(item, Mapping) else None for item in items]
        for item in texts:
            if not isinstance(item, str) and not options.get("is_split_into_words"):
                raise InvalidValueError(
                    f"an input of type {type(item).__name__}: give texts, and pairs as "
                    '{"text": ..., "text_pair": ...}'
                )
        tokenizing = {name: options[name] for name in TOKENIZING if name in options}
        inputs: Any = texts
        if any(pair is not None for pair in pairs):
            inputs = [t if p is None else (t, p) for t, p in zip(texts, pairs, strict=True)]
        encoding = self.tokenizer(inputs, **tokenizing)
        return Encoded(self.columns(encoding), one_each(len(items)), [None] * len(items))

    def forward(self, batch: Batch, options: dict[str, Any]) -> Sequence[Any]:
        """Run the model."""
        logits = self.model(**batch.model_inputs()).logits.float()
        return self._scores(logits, options.get("function_to_apply")).tolist()  # type: ignore[no-any-return]

    def _scores(self, logits: torch.Tensor, asked: Any) -> torch.Tensor:
        name = str(getattr(asked, "value", asked) or self._function()).lower()
        if name == "softmax":
            return logits.softmax(-1)
        if name == "sigmoid":
            return logits.sigmoid()
        if name == "none":
            return logits
        raise InvalidValueError(f"function_to_apply={asked!r}: softmax, sigmoid or none")

    def _function(self) -> str:
        config = self.model.config
        if config.problem_type == "regression":
            return "none"
        several = config.problem_type == "multi_label_classification" or config.num_labels == 1
        return "sigmoid" if several else "softmax"

    def answer(
        self, item: Any, rows: Sequence[Any], extra: Sequence[Any], options: dict[str, Any]
    ) -> Any:
        """Name labels, likeliest first."""
        names = self.model.config.id2label
        scored = [{"label": names[place], "score": score} for place, score in enumerate(rows[0])]
        best = sorted(scored, key=lambda one: -one["score"])
        if options.get("return_all_scores"):
            return scored
        if "top_k" not in options or options["top_k"] == "":
            return best[0]
        return best[: options["top_k"]]

    def single(self, answer: Any, options: dict[str, Any]) -> Any:
        """Give a list even to a text that came alone."""
        return [answer] if isinstance(answer, dict) else answer
