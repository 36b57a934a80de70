"""Words for masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from ..._rust import InvalidValueError
from ...auto.notices import warn
from ..batching import Batch
from .base import Encoded, Pipeline, one_each


class FillMaskPipeline(Pipeline):
    """Fills masks.

    A call takes `top_k` (how many words, 5 by default), `targets` (words to choose among) and
    `tokenizer_kwargs`. A text with several masks gets a list of words for each.
    """

    AUTO = "AutoModelForMaskedLM"
    OPTIONS = frozenset({"top_k", "targets", "tokenizer_kwargs"})

    def encode(self, items: Sequence[Any], options: dict[str, Any]) -> Encoded:
        """Encode texts, and look for their masks."""
        mask = self.tokenizer.mask_token_id
        if mask is None:
            raise InvalidValueError("fill-mask: the tokenizer has no mask_token")
        encoding = self.tokenizer(list(items), **(options.get("tokenizer_kwargs") or {}))
        for item, ids in zip(items, encoding["input_ids"], strict=True):
            if mask not in ids:
                raise InvalidValueError(
                    f"no mask_token ({self.tokenizer.mask_token}) in {item!r:.80}"
                )
        return Encoded(self.columns(encoding), one_each(len(items)), encoding["input_ids"])

    def forward(self, batch: Batch, options: dict[str, Any]) -> Sequence[Any]:
        """Run the model; only the masks are kept."""
        outputs = self.model(**batch.model_inputs())
        ids = batch.by_token(batch.inputs["input_ids"])
        targets = self._targets(options.get("targets"))
        count = int(options.get("top_k") or 5)
        kept = []
        for row, logits in zip(ids, batch.by_token(outputs.logits), strict=True):
            chances = logits[row == self.tokenizer.mask_token_id].float().softmax(-1)
            if targets is not None:
                chances = chances[:, targets]
            best = chances.topk(min(count, chances.shape[-1]))
            places = best.indices if targets is None else torch.tensor(targets)[best.indices.cpu()]
            kept.append((best.values.tolist(), places.tolist()))
        return kept

    def answer(
        self, item: Any, rows: Sequence[Any], extra: Sequence[Any], options: dict[str, Any]
    ) -> Any:
        """Write the text with every word."""
        ids, (scores, words) = extra[0], rows[0]
        masks = [place for place, id in enumerate(ids) if id == self.tokenizer.mask_token_id]
        alone = len(masks) == 1
        filled = [
            [
                self._filled(ids, mask, word, score, alone)
                for score, word in zip(chances, choice, strict=True)
            ]
            for mask, chances, choice in zip(masks, scores, words, strict=True)
        ]
        return filled[0] if alone else filled

    def _filled(
        self, ids: list[int], mask: int, word: int, score: float, alone: bool
    ) -> dict[str, Any]:
        whole = [*ids[:mask], word, *ids[mask + 1 :]]
        whole = [id for id in whole if id != self.tokenizer.pad_token_id]
        return {
            "score": score,
            "token": word,
            "token_str": self.tokenizer.decode([word]),
            "sequence": self.tokenizer.decode(whole, skip_special_tokens=alone),
        }

    def _targets(self, targets: Any) -> list[int] | None:
        if targets is None:
            return None
        known, found = self.tokenizer.get_vocab(), []
        for target in [targets] if isinstance(targets, str) else targets:
            id = known.get(target)
            if id is None:
                ids = self.tokenizer(target, add_special_tokens=False)["input_ids"]
                if not ids:
                    warn("the target %r has no tokens; it is left out", target)
                    continue
                id = ids[0]
                warn("the target %r is no token; its first one is taken", target)
            found.append(id)
        if not found:
            raise InvalidValueError("targets: none of them has tokens")
        return sorted(set(found))
