"""Labels that nobody trained the model on: each is put to it as a statement about the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from ..._rust import InvalidValueError
from ...auto.notices import warn
from ..batching import Batch
from .base import Encoded, Pipeline

_TEMPLATE = "This example is {}."


class ZeroShotClassificationPipeline(Pipeline):
    """Labels texts with labels of the caller.

    A call takes `candidate_labels` (a list, or one text with commas), `hypothesis_template` with `{}` for
    the label, and `multi_label`: whether several may be true.
    """

    AUTO = "AutoModelForSequenceClassification"
    OPTIONS = frozenset({"candidate_labels", "hypothesis_template", "multi_label"})

    def __call__(self, inputs: Any = None, candidate_labels: Any = None, **options: Any) -> Any:
        """Label one text or several; see `Pipeline.__call__`."""
        if "sequences" in options:
            inputs = options.pop("sequences")
        if candidate_labels is not None:
            options["candidate_labels"] = candidate_labels
        return super().__call__(inputs, **options)

    def encode(self, items: Sequence[Any], options: dict[str, Any]) -> Encoded:
        """Pair every text with the statement that each label makes."""
        labels = self._labels(options)
        template = options.get("hypothesis_template", _TEMPLATE)
        if template.format(labels[0]) == template:
            raise InvalidValueError(f"hypothesis_template={template!r} has no {{}} for the label")
        pairs = [(item, template.format(label)) for item in items for label in labels]
        # Only the text is cut: the statement is what is asked.
        encoding = self.tokenizer(pairs, truncation="only_first", max_length=self.limit())
        owners = [place for place in range(len(items)) for _ in labels]
        return Encoded(self.columns(encoding), owners, [None] * len(pairs))

    @staticmethod
    def _labels(options: dict[str, Any]) -> list[str]:
        labels = options.get("candidate_labels")
        if isinstance(labels, str):
            labels = [label.strip() for label in labels.split(",") if label.strip()]
        if not labels:
            raise InvalidValueError("candidate_labels: give at least one")
        return list(labels)

    def forward(self, batch: Batch, options: dict[str, Any]) -> Sequence[Any]:
        """Run the model."""
        logits = self.model(**batch.model_inputs()).logits.float().cpu()
        return list(logits)

    def answer(
        self, item: Any, rows: Sequence[Any], extra: Sequence[Any], options: dict[str, Any]
    ) -> Any:
        """Rank labels by how much the text entails their statements."""
        labels, logits = self._labels(options), torch.stack(list(rows))
        entailed = self._entailed()
        if options.get("multi_label") or len(labels) == 1:
            denied = -1 if entailed == 0 else 0
            scores = logits[:, [denied, entailed]].softmax(-1)[:, 1]
        else:
            scores = logits[:, entailed].softmax(0)
        order = sorted(range(len(labels)), key=lambda place: -float(scores[place]))
        return {
            "sequence": item,
            "labels": [labels[place] for place in order],
            "scores": [float(scores[place]) for place in order],
        }

    def _entailed(self) -> int:
        for name, place in self.model.config.label2id.items():
            if name.lower().startswith("entail"):
                return int(place)
        warn("no label of the model begins with 'entail': the last one is taken for it")
        return -1
